"""Find the sheet of paper (or two) on a photo.

Candidates come from several ways of telling paper from table; each is judged by what all share: along the four
sides, the inside looks different from the outside. A table printed on a page fails that test (white on both sides),
so a good scan is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.components import find_characters, measure_print_contrast
from extractors.normalising.light import to_grey
from extractors.normalising.sheet_proposals import (
    Corners,
    Lab,
    measure_area,
    propose_from_lines,
    propose_from_masks,
)

_WORK_SIDE = 720
_LEAST_AREA = 0.06
_LEAST_SCORE = 0.5
_SURE_SCORE, _SURE_TEXT = 0.85, 0.85
_LEAST_TEXT = 0.6
#: Sides so sure that they are believed even where the grain of the table looks like print.
_CERTAIN_SCORE = 0.95
#: A side on the edge of the picture proves nothing and costs little.
_CUT_SHARE = 0.55
#: Two sheets that fill so much of the outline around both are one sheet with a fold.
_FOLDED_FILL = 0.95
_SAMPLES = 48
#: Paper and table differ by at least so much (Lab units, colour counted double).
_LEAST_DIFFERENCE = 5.0


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """A sheet of paper on a picture.

    Attributes:
        corners: 4 x 2, clockwise from the one nearest the top left, in pixels of the picture.
        score: how surely its sides are sides of a sheet, 0 to 1.
        cut_sides: sides that lie on the edge of the picture.
        text_share: characters of the picture that are on it, 0 to 1.
        area_share: part of the picture that it covers, 0 to 1.
    """

    corners: Corners
    score: float
    cut_sides: int
    text_share: float
    area_share: float

    @property
    def worth(self) -> float:
        """To rank guesses: sure sides, all of the text, and the larger of two that are alike.

        A fold or a banner makes a good smaller rectangle inside the sheet.
        """
        return self.score + 0.6 * self.area_share + self.text_share - 0.2 * self.cut_sides


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
    if _is_paper_to_the_rim(lab):
        return ()
    grey = to_grey(pixels)
    blobs = find_characters(grey, measure_print_contrast(grey))
    text = (blobs[:, :2] + blobs[:, 2:4] / 2.0) * factor
    found = [sheet for corners in propose_from_masks(lab) if (sheet := _judge(_refine(corners, lab), lab, text))]
    chosen = _choose(found)
    if not chosen or min(s.score for s in chosen) < _SURE_SCORE or sum(s.text_share for s in chosen) < _SURE_TEXT:
        chosen = _choose(found + _judge_lines(lab, text))
    scale = np.array([pixels.shape[1] / size[0], pixels.shape[0] / size[1]])
    return tuple(replace(sheet, corners=sheet.corners * scale) for sheet in chosen)


def _judge_lines(lab: Lab, text: npt.NDArray[np.float64]) -> list[Sheet]:
    """The best few sheets whose sides are long straight edges; only those few are worth refining."""
    rough = [sheet for corners in propose_from_lines(lab) if (sheet := _judge(corners, lab, text, tolerance=0.8))]
    by_worth = sorted(rough, key=lambda sheet: sheet.worth, reverse=True)[:6]
    by_score = sorted(rough, key=lambda sheet: sheet.score, reverse=True)[:8]  # where each of two sheets is found
    return [sheet for guess in by_worth + by_score if (sheet := _judge(_refine(guess.corners, lab), lab, text))]


def _is_paper_to_the_rim(lab: Lab) -> bool:
    """A scan or a screenshot: the same bright paper all around, so there is no sheet to find."""
    light = lab[..., 0]
    rim = np.concatenate([side.ravel() for side in (light[:6], light[-6:], light[:, :6], light[:, -6:])])
    paper = float(np.median(light[light >= np.percentile(light, 50)]))
    same = np.abs(rim - paper) <= 10
    return bool(paper > 200 and same.mean() > 0.97)


def _refine(corners: Corners, lab: npt.NDArray[np.float32]) -> Corners:
    """Move each side to where the picture changes most, within a few pixels, then cross the sides again."""
    height, width = lab.shape[:2]
    light = np.asarray(cv2.GaussianBlur(lab[..., 0], (0, 0), 1.0), dtype=np.float32)
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


def _judge(corners: Corners, lab: Lab, text: npt.NDArray[np.float64], *, tolerance: float = 1.0) -> Sheet | None:
    """A sheet if what lies along its sides says so; ``tolerance`` below 1 asks less."""
    height, width = lab.shape[:2]
    area = measure_area(corners)
    if area < _LEAST_AREA * width * height or not _is_plausible(corners):
        return None
    shares: list[float] = []
    inner_light: list[float] = []
    outer_light: list[float] = []
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
            shares.append(_CUT_SHARE)
            continue
        inner = np.median([_sample(lab, spots - normal * depth) for depth in (4.0, 6.0, 8.0)], axis=0)
        outer = np.median([_sample(lab, spots + normal * depth) for depth in (4.0, 6.0, 8.0)], axis=0)
        difference = (inner - outer) * np.array([1.0, 2.0, 2.0])
        usual = np.median(difference, axis=0)
        size = float(np.linalg.norm(usual))
        if size < _LEAST_DIFFERENCE * tolerance:
            return None
        inner_light.append(float(np.median(inner[:, 0])))
        outer_light.append(float(np.median(outer[:, 0])))
        # A side of a sheet differs all along in the same direction; noise and print point anywhere.
        alike = difference @ (usual / size) > 0.45 * min(size, 20.0)
        shares.append(float(np.mean(alike)))
    if cut > 2 or np.median(inner_light) < np.median(outer_light) - 12.0:
        return None
    score = 0.5 * float(np.mean(shares)) + 0.5 * min(shares)
    if score < _LEAST_SCORE * tolerance:
        return None
    inside = _share_inside(corners, text)
    return Sheet(corners, score, cut, inside, area / (width * height))


def _share_inside(corners: Corners, points: npt.NDArray[np.float64]) -> float:
    """Points within a convex polygon, as a share of all; 1 where there are none."""
    if len(points) == 0:
        return 1.0
    following = np.roll(corners, -1, axis=0) - corners
    offset = points[:, None, :] - corners[None, :, :]
    side = following[None, :, 0] * offset[..., 1] - following[None, :, 1] * offset[..., 0]
    return float(np.mean(np.all(side >= 0, axis=1)))


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


def _choose(found: list[Sheet]) -> list[Sheet]:
    """The best sheet, or the best two that lie side by side; none when most of the print lies elsewhere."""
    if not found:
        return []
    ranked = sorted(found, key=lambda sheet: sheet.worth, reverse=True)[:40]
    chosen, worth = [ranked[0]], ranked[0].worth
    for first, second in combinations([sheet for sheet in ranked if _may_be_one_of_two(sheet)], 2):
        together = (first.score + second.score) / 2 + 0.6 * (first.area_share + second.area_share)
        together += first.text_share + second.text_share - 0.2 * (first.cut_sides + second.cut_sides)
        alike = min(first.area_share, second.area_share) > 0.3 * max(first.area_share, second.area_share)
        if together > worth and alike and _stand_apart(first, second):
            chosen, worth = [first, second], together
    certain = min(sheet.score for sheet in chosen) >= _CERTAIN_SCORE
    if not certain and sum(sheet.text_share for sheet in chosen) < _LEAST_TEXT:
        return []
    return sorted(chosen, key=lambda sheet: (float(sheet.corners[:, 0].mean()), float(sheet.corners[:, 1].mean())))


def _may_be_one_of_two(sheet: Sheet) -> bool:
    return sheet.score > 0.7 and sheet.area_share < 0.55 and sheet.text_share > 0.1 and sheet.cut_sides < 2


def _stand_apart(first: Sheet, second: Sheet) -> bool:
    """Two papers, not the two halves of a folded one: those fill the outline around both."""
    if _measure_overlap(first.corners, second.corners) >= 0.05:
        return False
    hull = cv2.convexHull(np.vstack([first.corners, second.corners]).astype(np.float32))
    filled = (measure_area(first.corners) + measure_area(second.corners)) / max(1.0, cv2.contourArea(hull))
    return filled < _FOLDED_FILL


def _measure_overlap(first: Corners, second: Corners) -> float:
    shared, _ = cv2.intersectConvexConvex(first.astype(np.float32), second.astype(np.float32))
    return float(shared) / max(1.0, min(measure_area(first), measure_area(second)))
