"""Find the sheet of paper (or two) on a photo.

Candidates come from several ways of telling paper from table; each is judged by what all share: along the four
sides, the inside looks different from the outside. A table printed on a page fails that test (white on both sides),
so a good scan is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels

Corners = npt.NDArray[np.float64]

_WORK_SIDE = 720
_LEAST_AREA = 0.06
_LEAST_SCORE = 0.55
_SAMPLES = 48


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """A sheet of paper on a picture.

    Attributes:
        corners: 4 x 2, clockwise from the one nearest the top left, in pixels of the picture.
        score: how surely its sides are sides of a sheet, 0 to 1.
        cut_sides: sides that lie on the edge of the picture.
    """

    corners: Corners
    score: float
    cut_sides: int


def find_sheets(pixels: Pixels) -> tuple[Sheet, ...]:
    """The sheets on a picture, left to right; none when the picture is the page.

    Args:
        pixels: grey or RGB.
    """
    factor = min(1.0, _WORK_SIDE / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if small.ndim == 2:
        small = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    lab = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    found: list[Sheet] = []
    for corners in _propose(small, lab):
        sheet = _judge(_refine(corners, lab), lab)
        if sheet is not None:
            found.append(sheet)
    chosen = _choose(found, lab.shape[0] * lab.shape[1])
    scale = np.array([pixels.shape[1] / size[0], pixels.shape[0] / size[1]])
    return tuple(Sheet(sheet.corners * scale, sheet.score, sheet.cut_sides) for sheet in chosen)


def measure_area(corners: Corners) -> float:
    """Area of a polygon, in square pixels."""
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _propose(small: npt.NDArray[Any], lab: npt.NDArray[np.float32]) -> Iterator[Corners]:
    area = small.shape[0] * small.shape[1]
    for mask in _make_masks(lab):
        # Print makes holes in the paper, and a shadow notches it: fill before looking at the outline.
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((11, 11), np.uint8))
        outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:4]:
            if cv2.contourArea(outline) < _LEAST_AREA * area:
                break
            corners = _fit_four_corners(outline)
            if corners is not None:
                yield corners


def _make_masks(lab: npt.NDArray[np.float32]) -> Iterator[npt.NDArray[np.uint8]]:
    light = lab[..., 0].astype(np.uint8)
    smooth = cv2.GaussianBlur(light, (0, 0), 4)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for offset in (0, 18, -18):
        yield np.asarray(smooth > level + offset, dtype=np.uint8) * 255
    # Unlike the rim of the picture: colour clusters of the rim are the table, whatever its pattern.
    rim = np.concatenate(
        [lab[:10].reshape(-1, 3), lab[-10:].reshape(-1, 3), lab[:, :10].reshape(-1, 3), lab[:, -10:].reshape(-1, 3)]
    )
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    cv2.setRNGSeed(7)
    _, labels, centres = cv2.kmeans(np.ascontiguousarray(rim[::3]), 4, np.empty(0), criteria, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=4) / len(labels)
    weights = np.array([0.7, 1.6, 1.6], dtype=np.float32)  # a shadow changes lightness more than colour
    distance = np.min(
        [
            np.linalg.norm((lab - centre) * weights, axis=2)
            for centre, share in zip(centres, shares, strict=True)
            if share > 0.06
        ],
        axis=0,
    )
    distance8 = np.clip(cv2.GaussianBlur(distance, (0, 0), 2) * 3.0, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(distance8, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for factor in (1.0, 0.6):
        yield np.asarray(distance8 > level * factor, dtype=np.uint8) * 255
    # Closed by edges: works when paper and table have the same lightness.
    for low in (20, 50):
        edges = cv2.dilate(cv2.Canny(light, low, 3 * low), np.ones((3, 3), np.uint8))
        filled = edges.copy()
        outlines, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(filled, outlines, -1, 255, cv2.FILLED)
        yield np.asarray(filled, dtype=np.uint8)


def _fit_four_corners(outline: npt.NDArray[Any]) -> Corners | None:
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, closed=True)
    for tolerance in (0.02, 0.03, 0.045, 0.06, 0.08):
        polygon = cv2.approxPolyDP(hull, tolerance * around, closed=True)
        if len(polygon) == 4:
            return _order(polygon.reshape(4, 2).astype(np.float64))
        if len(polygon) < 4:
            break
    box = cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64)
    if cv2.contourArea(hull) < 0.8 * max(1.0, measure_area(box)):
        return None
    return _order(box)


def _order(corners: Corners) -> Corners:
    """Clockwise on screen, from the corner nearest the top left."""
    centre = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    corners = corners[np.argsort(angles)]
    return np.asarray(np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0), dtype=np.float64)


def _refine(corners: Corners, lab: npt.NDArray[np.float32]) -> Corners:
    """Move each side to where the picture changes most, within a few pixels, then cross the sides again."""
    height, width = lab.shape[:2]
    light = cv2.GaussianBlur(lab[..., 0], (0, 0), 1.0)
    lines: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]] = []
    reach = np.arange(-9, 10)
    for index in range(4):
        start, end = corners[index], corners[(index + 1) % 4]
        along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
        normal = np.array([along[1], -along[0]])  # outwards, as corners run clockwise on screen
        spots = start + (end - start) * np.linspace(0.06, 0.94, _SAMPLES)[:, None]
        grid = spots[:, None, :] + normal * reach[None, :, None]
        values = _sample(light, grid)
        change = np.abs(values[:, 2:] - values[:, :-2])
        best = np.argmax(change, axis=1)
        strong = change[np.arange(_SAMPLES), best] > 6.0
        edge = spots + normal * reach[best + 1][:, None]
        at_rim = (start[0] < 3 and end[0] < 3) or (start[1] < 3 and end[1] < 3)
        at_rim = (
            at_rim or (start[0] > width - 4 and end[0] > width - 4) or (start[1] > height - 4 and end[1] > height - 4)
        )
        if strong.sum() >= _SAMPLES // 3 and not at_rim:
            vx, vy, x0, y0 = cv2.fitLine(edge[strong].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
            lines.append((np.array([x0, y0]), np.array([vx, vy])))
        else:
            lines.append((start, along))
    moved = [_cross(lines[index - 1], lines[index]) for index in range(4)]
    if any(corner is None for corner in moved):
        return corners
    refined = np.array(moved, dtype=np.float64)
    if float(np.abs(refined - corners).max()) > 0.08 * max(width, height):
        return corners
    return np.asarray(np.clip(refined, [0, 0], [width - 1, height - 1]), dtype=np.float64)


def _cross(
    first: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    second: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64] | None:
    matrix = np.column_stack([first[1], -second[1]])
    if abs(float(np.linalg.det(matrix))) < 1e-3:
        return None
    return np.asarray(first[0] + first[1] * np.linalg.solve(matrix, second[0] - first[0])[0], dtype=np.float64)


def _sample(plane: npt.NDArray[np.float32], grid: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    height, width = plane.shape[:2]
    x = np.clip(np.rint(grid[..., 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(grid[..., 1]).astype(int), 0, height - 1)
    return np.asarray(plane[y, x], dtype=np.float32)


def _judge(corners: Corners, lab: npt.NDArray[np.float32]) -> Sheet | None:
    height, width = lab.shape[:2]
    area = measure_area(corners)
    if area < _LEAST_AREA * width * height or not _is_plausible(corners):
        return None
    shares: list[float] = []
    cut = 0
    for index in range(4):
        start, end = corners[index], corners[(index + 1) % 4]
        along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
        normal = np.array([along[1], -along[0]])
        spots = start + (end - start) * np.linspace(0.04, 0.96, _SAMPLES)[:, None]
        outside = spots + normal * 7.0
        off = (outside[:, 0] < 0) | (outside[:, 1] < 0) | (outside[:, 0] > width - 1) | (outside[:, 1] > height - 1)
        if off.mean() > 0.5:
            cut += 1
            continue
        inner = np.median([_sample(lab, spots - normal * depth) for depth in (4.0, 6.0, 8.0)], axis=0)
        outer = np.median([_sample(lab, spots + normal * depth) for depth in (4.0, 6.0, 8.0)], axis=0)
        difference = np.linalg.norm((inner - outer) * np.array([1.0, 2.0, 2.0]), axis=1)
        shares.append(float(np.mean((difference > 9.0) & (inner[:, 0] > outer[:, 0] - 12.0))))
    if cut > 2 or not shares:
        return None
    score = 0.5 * float(np.mean(shares)) + 0.5 * min(shares) - 0.05 * cut
    return Sheet(corners, score, cut) if score >= _LEAST_SCORE else None


def _is_plausible(corners: Corners) -> bool:
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if sides.min() < 40 or sides.max() > 12 * sides.min():
        return False
    if max(sides[0], sides[2]) > 1.8 * min(sides[0], sides[2]) or max(sides[1], sides[3]) > 1.8 * min(
        sides[1], sides[3]
    ):
        return False
    previous, following = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    cosines = np.sum(previous * following, axis=1) / (
        np.linalg.norm(previous, axis=1) * np.linalg.norm(following, axis=1) + 1e-9
    )
    return bool(np.all(np.abs(cosines) < 0.55))  # corners between 57 and 123 degrees


def _choose(found: list[Sheet], frame_area: float) -> list[Sheet]:
    """The best sheet, and a second one that stands beside it."""
    if not found:
        return []

    def worth(sheet: Sheet) -> float:
        # Larger wins among the sure ones: a fold or a banner makes a good smaller rectangle inside the sheet.
        return sheet.score + 0.6 * measure_area(sheet.corners) / frame_area

    ranked = sorted(found, key=worth, reverse=True)
    chosen = [ranked[0]]
    if measure_area(ranked[0].corners) < 0.55 * frame_area:
        for sheet in ranked[1:]:
            ratio = measure_area(sheet.corners) / measure_area(ranked[0].corners)
            if ratio > 0.3 and sheet.score > 0.7 and _measure_overlap(sheet.corners, ranked[0].corners) < 0.05:
                chosen.append(sheet)
                break
    return sorted(chosen, key=lambda sheet: (float(sheet.corners[:, 0].mean()), float(sheet.corners[:, 1].mean())))


def _measure_overlap(first: Corners, second: Corners) -> float:
    shared, _ = cv2.intersectConvexConvex(first.astype(np.float32), second.astype(np.float32))
    return float(shared) / max(1.0, min(measure_area(first), measure_area(second)))
