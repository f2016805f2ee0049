"""Lines of print that do not run straight: what is left of a curled sheet, or of perspective that no edge told of.

Each line of print on the page should lie level. How far they do not is fitted by one smooth slide (see ``Bend``) over
all lines together, so that a few that are no lines (stamps, signatures, folds) change little.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Bend, Pixels
from extractors.normalising.components import binarise_ink, label_blobs

#: Height of characters, in pixels, at which lines are looked for: as small as they keep apart.
LINE_HEIGHT = 7.0
#: A line is this many text heights long at least, and this many tall at most.
_SHORTEST, _TALLEST = 7.0, 3.2
_FEWEST_LINES = 5
#: Points taken along a line.
_STOPS = 8
#: Text heights that some print must move for a page to be called bent, and by how much lines must come nearer to level
#: (difference of the mean squares, as a root): less is the noise of letters that reach up and down.
_LEAST_SLIDE, _LEAST_GAIN = 0.6, 0.05
#: Slides larger than this share of the page's width are no bend but a mistake.
_MOST_SLIDE = 0.12
_ROUNDS = 4


@dataclass(frozen=True, eq=False, slots=True)
class _Traces:
    """Points along lines of print, in pixels of the small picture; ``line`` numbers the line of each point."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    line: npt.NDArray[np.int64]
    count: int


def measure_bend(grey: Pixels, text_height: float) -> Bend | None:
    """The slide that makes the lines of a page straight and level; None where they are, or where they are too few.

    Args:
        grey: the page, quarter turns and tilt taken away, its characters about ``LINE_HEIGHT`` tall.
        text_height: of a character, in pixels.
    """
    height, width = grey.shape
    traces = _trace_lines(grey, text_height)
    if traces.count < _FEWEST_LINES:
        return None
    # A line is where its middle is: the slide is a function of the straightened page.
    x, y = 2.0 * traces.x / width - 1.0, 2.0 * (traces.y - _centre(traces, traces.y)) / height - 1.0
    coefficients = _fit(traces, x, y, text_height)
    before = _measure_unevenness(traces, traces.y)
    after = _measure_unevenness(traces, traces.y - Bend.terms(x, y) @ coefficients)
    bend = Bend(coefficients, width, height)
    slides = np.abs(Bend.terms(x, y) @ coefficients)
    if before**2 - after**2 < (_LEAST_GAIN * text_height) ** 2:
        return None
    if float(np.percentile(slides, 95)) < _LEAST_SLIDE * text_height:
        return None
    rim = np.stack(np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9)), axis=-1)
    return bend if float(np.abs(bend.slide(rim)).max()) <= _MOST_SLIDE * width else None


def _trace_lines(grey: Pixels, text_height: float) -> _Traces:
    ink = binarise_ink(grey)
    # Ruled lines join the lines of a table: they are taken out by what is taller than a dash.
    reach = max(3, round(1.6 * text_height))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((max(2, round(0.35 * text_height)), reach), np.uint8))
    labels, stats = label_blobs(np.asarray(joined, dtype=np.uint8))
    xs: list[npt.NDArray[np.float64]] = []
    ys: list[npt.NDArray[np.float64]] = []
    numbers: list[npt.NDArray[np.int64]] = []
    lines = 0
    for label in range(1, len(stats)):
        left, top, width, height, area = (int(value) for value in stats[label])
        if width < _SHORTEST * text_height or height > _TALLEST * text_height + 0.08 * width:
            continue
        if area < 0.3 * text_height * width or area > 2.0 * text_height * width:
            continue
        part = labels[top : top + height, left : left + width] == label
        weight = part.sum(axis=0)
        heights = (part * np.arange(height)[:, None]).sum(axis=0) / np.maximum(weight, 1)
        edges = np.linspace(0, width, _STOPS + 1).astype(int)
        middles = [
            (left + (a + b) / 2.0, top + float(np.median(heights[a:b][weight[a:b] > 0])))
            for a, b in pairwise(edges)
            if (weight[a:b] > 0).any()
        ]
        points = np.array(middles)
        xs.append(points[:, 0])
        ys.append(points[:, 1])
        numbers.append(np.full(len(points), lines))
        lines += 1
    if not lines:
        return _Traces(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), 0)
    return _Traces(np.concatenate(xs), np.concatenate(ys), np.concatenate(numbers), lines)


def _fit(
    traces: _Traces, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], text_height: float
) -> npt.NDArray[np.float64]:
    terms = _centre(traces, Bend.terms(x, y))
    wanted = _centre(traces, traces.y)
    weights = np.ones(len(wanted))
    # Terms of a higher degree are dearer: between lines the slide should stay as plain as it can.
    ridge = np.diag([0.0, 0.02, 0.02, 0.1, 0.1, 0.4]) * len(wanted) * 0.02
    coefficients: npt.NDArray[np.floating[Any]] = np.zeros(terms.shape[1])
    for _ in range(_ROUNDS):
        weighted = terms * weights[:, None]
        coefficients = np.linalg.solve(weighted.T @ terms + ridge + 1e-6 * np.eye(len(ridge)), weighted.T @ wanted)
        left = np.abs(wanted - terms @ coefficients)
        weights = 1.0 / (1.0 + (left / (0.15 * text_height)) ** 2)
    return np.asarray(coefficients, dtype=np.float64)


def _centre(traces: _Traces, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Values less their mean over each line."""
    sizes = np.bincount(traces.line, minlength=traces.count)
    columns = values.reshape(len(values), -1)
    means = np.stack([np.bincount(traces.line, weights=column, minlength=traces.count) for column in columns.T], -1)
    return np.asarray((columns - (means / sizes[:, None])[traces.line]).reshape(values.shape), dtype=np.float64)


def _measure_unevenness(traces: _Traces, y: npt.NDArray[np.float64]) -> float:
    """How far the points of the usual line are from level, in pixels (root mean square, middle of all lines)."""
    squares = np.bincount(traces.line, weights=_centre(traces, y) ** 2, minlength=traces.count)
    sizes = np.bincount(traces.line, minlength=traces.count)
    # Long lines tell more than short ones.
    return float(np.sqrt(np.percentile(np.repeat(squares / sizes, sizes), 60)))
