"""Does a guess lie on the sides of a sheet of paper? What is looked at is what lies along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.normalising.sheet_proposals import Corners, Lab, measure_area

LEAST_AREA = 0.06
_LEAST_SCORE = 0.5
#: A side on the edge of the picture proves nothing and costs little.
_CUT_SHARE = 0.55
_SAMPLES = 48
#: Paper and table differ by at least so much (Lab units, colour counted double).
_LEAST_DIFFERENCE = 5.0
#: Depths, in pixels, at which both sides of a side are looked at.
_DEPTHS = (4.0, 6.0, 8.0)


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


def smooth_light(lab: Lab) -> npt.NDArray[np.float32]:
    """How bright the picture is, fine grain taken away: where sides are looked for (see ``refine_corners``)."""
    return np.asarray(cv2.GaussianBlur(lab[..., 0], (0, 0), 1.0), dtype=np.float32)


def refine_corners(corners: Corners, light: npt.NDArray[np.float32]) -> Corners:
    """Move each side to where the picture changes most, within a few pixels, then cross the sides again.

    Args:
        corners: of a guess.
        light: of the picture, smoothed.
    """
    height, width = light.shape
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


def _middle_of_three(values: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    first, second, third = values
    return np.maximum(np.minimum(first, second), np.minimum(np.maximum(first, second), third))


def judge_guesses(
    guesses: Sequence[Corners], lab: Lab, text: npt.NDArray[np.float64], *, tolerance: float = 1.0
) -> list[Sheet]:
    """The guesses that are sheets, as what lies along their sides says.

    Args:
        guesses: corners.
        lab: the picture.
        text: middles of characters on it, n x 2.
        tolerance: below 1 asks less.
    """
    height, width = lab.shape[:2]
    guesses = [c for c in guesses if measure_area(c) >= LEAST_AREA * width * height and _is_plausible(c)]
    if not guesses:
        return []
    starts = np.stack(guesses)  # guesses x 4 x 2
    steps = np.roll(starts, -1, axis=1) - starts
    along = steps / np.maximum(1e-6, np.linalg.norm(steps, axis=2, keepdims=True))
    normals = np.stack([along[..., 1], -along[..., 0]], axis=-1)[:, :, None, :]
    spots = starts[:, :, None, :] + steps[:, :, None, :] * np.linspace(0.04, 0.96, _SAMPLES)[:, None]
    outside = spots + normals * 7.0
    cut = np.mean(((outside < 0) | (outside > [width - 1, height - 1])).any(axis=-1), axis=2) > 0.5
    inner = _middle_of_three([_sample(lab, spots - normals * depth) for depth in _DEPTHS])
    outer = _middle_of_three([_sample(lab, spots + normals * depth) for depth in _DEPTHS])
    difference = (inner - outer) * np.array([1.0, 2.0, 2.0], dtype=np.float32)
    usual = _take_middle(difference)
    size = np.linalg.norm(usual, axis=-1)
    # A side of a sheet differs all along in the same direction; noise and print point anywhere.
    likeness = np.einsum("gsnc,gsc->gsn", difference, usual / np.maximum(size, 1e-6)[..., None])
    alike = np.mean(likeness > 0.45 * np.minimum(size, 20.0)[..., None], axis=2)
    shares = np.where(cut, _CUT_SHARE, alike)
    brighter = _take_middle(inner[..., :1])[..., 0] - _take_middle(outer[..., :1])[..., 0]
    scores = 0.5 * shares.mean(axis=1) + 0.5 * shares.min(axis=1)
    fine = (cut | (size >= _LEAST_DIFFERENCE * tolerance)).all(axis=1) & (cut.sum(axis=1) <= 2)
    fine &= scores >= _LEAST_SCORE * tolerance
    found: list[Sheet] = []
    for index in np.nonzero(fine)[0]:
        if float(np.median(brighter[index][~cut[index]])) < -12.0:
            continue
        corners = guesses[index]
        area = measure_area(corners) / (width * height)
        inside = share_inside(corners, text)
        found.append(Sheet(corners, float(scores[index]), int(cut[index].sum()), inside, area))
    return found


def _take_middle(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The upper median along the samples of each side (third axis)."""
    middle = values.shape[2] // 2
    return np.asarray(np.partition(values, middle, axis=2)[:, :, middle], dtype=np.float32)


def share_inside(corners: Corners, points: npt.NDArray[np.float64]) -> float:
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
