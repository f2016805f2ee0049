"""Where a sheet of paper may lie on a photo: many guesses, judged in ``sheets``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

#: 4 x 2, clockwise on screen from the corner nearest the top left.
Corners = npt.NDArray[np.float64]
#: A picture in Lab colours, OpenCV's 0 to 255 scale, as floats.
Lab = npt.NDArray[np.float32]

_LEAST_AREA = 0.06
#: Width of a finger holding the sheet, as a share of the picture's long side; an opening that wide cuts it off.
_FINGER = 0.075
_MOST_LINES = 6
_FILLING = 9
#: Characters from which the colour of the paper around them is believed; by how much others may differ (Lab units).
_ENOUGH_TEXT, _COLOUR_STEP = 40, 4.0


def measure_area(corners: Corners) -> float:
    """Area of a polygon, in square pixels."""
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def order_corners(corners: Corners) -> Corners:
    """Clockwise on screen, from the corner nearest the top left."""
    centre = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    corners = corners[np.argsort(angles)]
    return np.asarray(np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0), dtype=np.float64)


def propose_from_masks(lab: Lab, text: npt.NDArray[np.float64]) -> Iterator[Corners]:
    """Outlines of what looks like paper, by several ways of telling it from the table.

    Args:
        lab: the picture.
        text: middles of characters on it, n x 2.
    """
    area = lab.shape[0] * lab.shape[1]
    finger = max(9, round(_FINGER * max(lab.shape[:2])))
    for mask, filling in _make_masks(lab, text):
        # Print makes holes in the paper, and a shadow notches it: fill before looking at the outline.
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((filling, filling), np.uint8))
        outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        filled = np.zeros_like(closed)
        cv2.drawContours(
            filled, [line for line in outlines if cv2.contourArea(line) > 0.02 * area], -1, 255, cv2.FILLED
        )
        for width in (11, finger):
            kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, width))
            opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, kernel)
            outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
            for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:3]:
                if cv2.contourArea(outline) < _LEAST_AREA * area:
                    break
                corners = _fit_four_corners(outline)
                if corners is not None:
                    yield corners


def _make_masks(lab: Lab, text: npt.NDArray[np.float64]) -> Iterator[tuple[npt.NDArray[np.uint8], int]]:
    """Masks (255) of paper, each with how wide holes and notches in it may be, in pixels."""
    light = lab[..., 0].astype(np.uint8)
    smooth = cv2.GaussianBlur(light, (0, 0), 4)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for offset in (0, 18, -18):
        yield np.asarray(smooth > level + offset, dtype=np.uint8) * 255, _FILLING
    # Of two papers that nearly touch, the strip between them must stay open.
    sharp, _ = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield np.asarray(light > sharp, dtype=np.uint8) * 255, 1
    if len(text) >= _ENOUGH_TEXT:
        yield _mask_paper_colour(lab, text), _FILLING
    # Unlike the rim of the picture: colour clusters of the rim are the table, whatever its pattern.
    rim = np.concatenate([side.reshape(-1, 3) for side in (lab[:10], lab[-10:], lab[:, :10], lab[:, -10:])])
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    cv2.setRNGSeed(7)
    _, labels, centres = cv2.kmeans(np.ascontiguousarray(rim[::6]), 4, np.empty(0), criteria, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=4) / len(labels)
    unlike = _measure_difference(lab[::2, ::2], [c for c, part in zip(centres, shares, strict=True) if part > 0.06])
    distance = np.clip(cv2.GaussianBlur(unlike, (0, 0), 1.5) * 3.0, 0, 255).astype(np.uint8)
    distance = np.asarray(cv2.resize(distance, light.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    level, _ = cv2.threshold(distance, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for factor in (1.0, 0.6):
        yield np.asarray(distance > level * factor, dtype=np.uint8) * 255, _FILLING
    # Closed by edges: works when paper and table have the same lightness.
    for low in (20, 50):
        yield (
            np.asarray(cv2.dilate(cv2.Canny(light, low, 3 * low), np.ones((5, 5), np.uint8)), dtype=np.uint8),
            _FILLING,
        )


def _measure_difference(lab: Lab, colours: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """How far each pixel is from the nearest of some colours."""
    weights = (0.7, 1.6, 1.6)  # a shadow changes lightness more than colour
    # Plane by plane: sums over an axis of three numbers are numpy's slowest.
    planes = [np.ascontiguousarray(lab[..., channel]) * weight for channel, weight in enumerate(weights)]
    nearest: npt.NDArray[np.float32] = np.full(lab.shape[:2], np.inf, dtype=np.float32)
    for colour in colours:
        steps = [plane - weight * value for plane, weight, value in zip(planes, weights, colour, strict=True)]
        nearest = np.minimum(nearest, sum(step * step for step in steps))
    return np.sqrt(nearest)


def _mask_paper_colour(lab: Lab, text: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Pixels of the colour that the paper around print has, however dark a shadow makes them."""
    columns = np.clip(text[:, 0].astype(int), 0, lab.shape[1] - 1)
    rows = np.clip(text[:, 1].astype(int), 0, lab.shape[0] - 1)
    paper = np.median(lab[rows, columns], axis=0)
    colour = np.maximum(np.abs(lab[..., 1] - paper[1]), np.abs(lab[..., 2] - paper[2]))
    spread = float(np.percentile(colour[rows, columns], 75))
    return np.asarray((colour < spread + _COLOUR_STEP) & (lab[..., 0] > 0.35 * paper[0]), dtype=np.uint8) * 255


def _fit_four_corners(outline: npt.NDArray[Any]) -> Corners | None:
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, closed=True)
    for tolerance in (0.02, 0.03, 0.045, 0.06, 0.08):
        polygon = cv2.approxPolyDP(hull, tolerance * around, closed=True)
        if len(polygon) == 4:
            return order_corners(polygon.reshape(4, 2).astype(np.float64))
        if len(polygon) < 4:
            break
    box = cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64)
    if cv2.contourArea(hull) < 0.8 * max(1.0, measure_area(box)):
        return None
    return order_corners(box)


def propose_from_lines(lab: Lab) -> Iterator[Corners]:
    """Crossings of the longest straight edges, the sides of the picture included.

    For a sheet that is cut by the frame, or that hardly differs from the table.
    """
    height, width = lab.shape[:2]
    # A wide median leaves edges of paper and wipes out print.
    channels = [cv2.medianBlur(np.ascontiguousarray(lab[..., i]).astype(np.uint8), 13) for i in range(3)]
    edges: npt.NDArray[Any] = np.zeros((height, width), np.uint8)
    for channel, low in zip(channels, (8, 5, 5), strict=True):
        edges = np.maximum(edges, cv2.Canny(channel, low, 3 * low, L2gradient=True))
    reach = min(height, width)
    segments = cv2.HoughLinesP(
        edges, 1, np.pi / 360, threshold=reach // 10, minLineLength=reach // 6, maxLineGap=reach // 40
    )
    if segments is None:
        return
    across, down = _merge_segments(segments.reshape(-1, 4).astype(np.float64))
    across += [(0.0, 1.0, 1.0), (0.0, 1.0, height - 2.0)]
    down += [(1.0, 0.0, 1.0), (1.0, 0.0, width - 2.0)]
    for first, second in combinations(across, 2):
        for third, fourth in combinations(down, 2):
            crossings = [_cross(one, other) for one in (first, second) for other in (third, fourth)]
            corners = np.array([point for point in crossings if point is not None])
            if len(corners) < 4 or (corners < -0.02 * reach).any() or (corners > [1.02 * width, 1.02 * height]).any():
                continue
            corners = order_corners(np.clip(corners, [0, 0], [width - 1, height - 1]))
            if measure_area(corners) > 2 * _LEAST_AREA * width * height:
                yield corners


#: A line as (a, b, c): a x + b y = c, with (a, b) of length one.
_Line = tuple[float, float, float]


def _merge_segments(segments: npt.NDArray[np.float64]) -> tuple[list[_Line], list[_Line]]:
    """The strongest distinct lines, those that run more across and those that run more down."""
    step = segments[:, 2:] - segments[:, :2]
    lengths = np.linalg.norm(step, axis=1)
    groups: tuple[list[_Line], list[_Line]] = ([], [])
    for index in np.argsort(-lengths):
        along = step[index] / lengths[index]
        a, b = (-along[1], along[0]) if abs(along[0]) >= abs(along[1]) else (along[1], -along[0])
        if (abs(b) >= abs(a) and b < 0) or (abs(a) > abs(b) and a < 0):
            a, b = -a, -b
        middle = (segments[index, :2] + segments[index, 2:]) / 2
        group = groups[0] if abs(b) >= abs(a) else groups[1]
        if len(group) >= _MOST_LINES:
            continue
        near = any(
            abs(la * middle[0] + lb * middle[1] - lc) < 8 and abs(la * b - lb * a) < 0.08 for la, lb, lc in group
        )
        if not near:
            group.append((float(a), float(b), float(a * middle[0] + b * middle[1])))
    return groups


def _cross(first: _Line, second: _Line) -> tuple[float, float] | None:
    determinant = first[0] * second[1] - first[1] * second[0]
    if abs(determinant) < 0.2:
        return None
    x = (first[2] * second[1] - first[1] * second[2]) / determinant
    y = (first[0] * second[2] - first[2] * second[0]) / determinant
    return x, y
