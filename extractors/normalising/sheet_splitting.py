"""Two papers that nearly touch are found as one: the strip between them tells them apart."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import project
from extractors.normalising.sheet_proposals import Corners, Lab

#: Width and height, in pixels, of the copy that is looked at, its lines of print running across.
_WIDTH, _HEIGHT = 480, 360
#: Where the strip may cross the head and the foot of the copy (shares of its width), and how far it may lean.
_FROM, _TO, _LEAN = 0.25, 0.75, 0.12
_STEP = 3
#: Strip and paper differ by so much (Lab units); a fold differs less. Part of the strip that must.
_DIFFERENCE, _LEAST_PART = 16.0, 0.7
#: Print stays clear of the strip by this share of the width; each side holds this share of it.
_CLEAR, _LEAST_PRINT = 0.008, 0.2
#: Two papers together are wider than tall, as their lines run.
_LEAST_ASPECT = 1.1


def split_papers(corners: Corners, lab: Lab, text: npt.NDArray[np.float64], *, down: bool) -> list[Corners] | None:
    """The outlines of two papers side by side inside one outline; None when it holds one.

    Args:
        corners: of the outline, clockwise from the top left.
        lab: the picture.
        text: middles of characters, n x 2, in pixels of the picture.
        down: whether lines of print run down the picture.
    """
    if down:  # so that lines run across
        corners = np.roll(corners, 1, axis=0)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if sides[0] + sides[2] < _LEAST_ASPECT * (sides[1] + sides[3]):
        return None
    frame = np.array([[0, 0], [_WIDTH, 0], [_WIDTH, _HEIGHT], [0, _HEIGHT]], dtype=np.float32)
    to_picture = cv2.getPerspectiveTransform(frame, corners.astype(np.float32)).astype(np.float64)
    flat = cv2.warpPerspective(lab, to_picture, (_WIDTH, _HEIGHT), flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR)
    places = project(np.linalg.inv(to_picture).astype(np.float64), text)
    places = places[((places >= 0) & (places < [_WIDTH, _HEIGHT])).all(axis=1)]
    if len(places) == 0:
        return None
    strip = _find_strip(_tell_from_paper(np.asarray(flat, dtype=np.float32), places), places)
    if strip is None:
        return None
    head, foot = project(to_picture, np.array([[strip[0], 0.0], [strip[1], float(_HEIGHT)]]))
    return [np.array([corners[0], head, foot, corners[3]]), np.array([head, corners[1], corners[2], foot])]


def _tell_from_paper(flat: Lab, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """How much each place differs from the paper about it, in lightness or in colour."""
    columns, rows = places[:, 0].astype(int), places[:, 1].astype(int)
    colour = np.median(flat[rows, columns, 1:], axis=0)
    light = flat[..., 0]
    bright = cv2.dilate(light, np.ones((1, _WIDTH // 8), np.uint8))
    return np.asarray(np.maximum(bright - light, 2.0 * np.abs(flat[..., 1:] - colour).max(axis=2)), dtype=np.float32)


def _find_strip(difference: npt.NDArray[np.float32], places: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """Where the strip crosses the head and the foot."""
    starts = np.arange(_FROM * _WIDTH, _TO * _WIDTH, _STEP)
    leans = np.arange(-_LEAN * _WIDTH, _LEAN * _WIDTH + 1, _STEP)
    heads, feet = (grid.ravel() for grid in np.meshgrid(starts, leans))
    feet = heads + feet
    inside = (feet > _FROM * _WIDTH) & (feet < _TO * _WIDTH)
    heads, feet = heads[inside], feet[inside]
    rows = np.arange(2, _HEIGHT - 2, 4)
    along = heads[:, None] + (feet - heads)[:, None] * (rows / _HEIGHT)[None, :]
    part = np.mean(difference[rows[None, :], np.rint(along).astype(int)] > _DIFFERENCE, axis=1)
    for index in np.argsort(-part)[:40]:
        if part[index] < _LEAST_PART:
            break
        offset = places[:, 0] - (heads[index] + (feet[index] - heads[index]) * places[:, 1] / _HEIGHT)
        left, right = float(np.mean(offset < 0)), float(np.mean(offset > 0))
        clear = float(np.mean(np.abs(offset) < _CLEAR * _WIDTH)) < 0.004
        if clear and min(left, right) >= _LEAST_PRINT:
            return float(heads[index]), float(feet[index])
    return None
