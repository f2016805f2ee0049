"""Worn and bent sheets: points go where pixels go, ink stays readable, and what is missing is said."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pytest

from samples.surface import Surface, bend_sheet, draw_surface
from samples.tables import draw_table
from samples.wear import wear
from schemas.geometry import Box


def dotted(points: list[tuple[int, int]]) -> np.ndarray:  # type: ignore[type-arg]
    sheet = np.full((700, 500, 3), 255, np.uint8)
    for point in points:
        cv2.circle(sheet, point, 3, (0, 0, 0), -1)
    return sheet


@pytest.mark.parametrize("severity", ["usual", "hard"])
def test_dots_are_found_where_a_bent_sheet_says(severity: str) -> None:
    points = [(x, y) for x in (80, 250, 420) for y in (90, 350, 610)]
    moved_at_all = 0.0
    for seed in range(12):
        surface = draw_surface(Random(seed), severity, 1.4)
        bent, mask, move = bend_sheet(dotted(points), surface)
        assert bent.shape == (700, 500, 3)
        assert mask.shape == (700, 500)
        for point in points:
            x, y = move(np.array([point], np.float64))[0]
            moved_at_all = max(moved_at_all, float(np.hypot(x - point[0], y - point[1])))
            near = bent[int(y) - 12 : int(y) + 13, int(x) - 12 : int(x) + 13, 0].astype(np.float64)
            dark = np.argwhere(near < near.min() + 60).mean(axis=0)
            assert np.hypot(*(dark - 12)) < 2.5, (seed, point)
    assert moved_at_all > 3


def test_a_flat_surface_moves_nothing() -> None:
    sheet = dotted([(50, 50)])
    bent, mask, move = bend_sheet(sheet, Surface())
    assert bent is sheet
    assert mask.min() == 255
    assert move(np.array([[3.0, 4.0]])).tolist() == [[3.0, 4.0]]


def test_wear_keeps_print_readable_and_size() -> None:
    values = [Box(100, y, 300, y + 20) for y in range(60, 660, 60)]
    clean = np.full((700, 500, 3), 255, np.uint8)
    for box in values:
        cv2.putText(clean, "1 234,56", (int(box.x0), int(box.y1) - 3), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    changed = 0
    for severity in ("clean", "usual", "hard"):
        for seed in range(25):
            worn = wear(Random(seed), clean, severity, 60, values=values)
            assert worn.picture.shape == clean.shape
            changed += int(not np.array_equal(worn.picture, clean))
            for box in values:
                part = worn.picture[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
                assert int(part.max()) - int(part.min()) > 60, (severity, seed)
                if worn.gone is not None:
                    assert worn.gone[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].max() == 0
    assert changed > 40


def test_stamps_lose_ink_and_nothing_else_does() -> None:
    clean = np.full((200, 300, 3), 255, np.uint8)
    clean[40:160, 40:260] = (160, 40, 30)
    worn = wear(Random(3), clean, "illegible", 100, stamps=[Box(40, 40, 150, 160)])
    assert worn.picture[40:160, 40:150].std() > clean[40:160, 40:150, 0].std() + 5
    assert np.array_equal(worn.picture[:, 160:], clean[:, 160:])


def test_wear_and_tables_repeat() -> None:
    clean = dotted([(200, 200)])
    for seed in range(8):
        assert np.array_equal(
            wear(Random(seed), clean, "hard", 90).picture, wear(Random(seed), clean, "hard", 90).picture
        )
        assert np.array_equal(draw_table(Random(seed), 160, 120), draw_table(Random(seed), 160, 120))
        assert draw_table(Random(seed), 160, 120).shape == (120, 160, 3)
