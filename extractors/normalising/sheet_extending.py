"""A sheet that was found without its banner: sides move outwards to the print that stands beyond them.

A dark band along the head or the side of a paper looks like the table; its boundary, being parallel to the sides of the
paper, gives the right perspective but leaves the letterhead out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Homography, project
from extractors.normalising.sheet_judging import Sheet, share_inside
from extractors.normalising.sheet_print import Print
from extractors.normalising.sheet_proposals import Corners, measure_area

#: Print beyond a side counts from so many characters, and this share of all.
_FEWEST, _LEAST_SHARE = 8, 0.01
#: Shares of the sheet's side: the widest bare strip before such print, how far it reaches, what margin follows.
_GAP, _FURTHEST, _MARGIN = 0.13, 0.45, 0.03
#: How far a corner may fall outside the picture, as a share of its side.
_OVERHANG = 0.08
#: Specks for one character beyond a side, from which it is the grain of the table.
_MOST_GRAIN = 1.5


def extend_to_print(sheet: Sheet, others: Sequence[Sheet], seen: Print, size: tuple[int, int]) -> Sheet:
    """The sheet with the print that stands close to its sides.

    Args:
        sheet: as found.
        others: sheets that it must not run into.
        seen: print on the picture.
        size: width and height of the picture.
    """
    text = seen.characters
    if not seen.sure or sheet.text_share > 1.0 - _LEAST_SHARE:
        return sheet
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    to_picture = cv2.getPerspectiveTransform(square, sheet.corners.astype(np.float32)).astype(np.float64)
    low, high = np.zeros(2), np.ones(2)
    to_square = np.linalg.inv(to_picture).astype(np.float64)
    places, specks = _place(to_square, text), _place(to_square, seen.specks)
    for axis in (0, 1):
        low[axis] = -_reach(-places, -specks, axis, len(text), 0.0)
        high[axis] = 1.0 + _reach(places, specks, axis, len(text), 1.0)
    wider = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    if np.array_equal(wider, square):
        return sheet
    corners = project(to_picture, wider)
    if not _may_lie_there(corners, others, size):
        return sheet
    share = share_inside(corners, text)
    return replace(sheet, corners=corners, text_share=share, area_share=measure_area(corners) / (size[0] * size[1]))


def _place(to_square: Homography, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points on the sheet and near it, the sheet being the unit square."""
    if len(points) == 0:
        return points
    with np.errstate(divide="ignore", invalid="ignore"):
        places = project(to_square, points)
    near = np.isfinite(places).all(axis=1) & (np.abs(places - 0.5) < 0.5 + _FURTHEST).all(axis=1)
    return np.asarray(places[near], dtype=np.float64)


def _reach(
    places: npt.NDArray[np.float64], specks: npt.NDArray[np.float64], axis: int, total: int, side: float
) -> float:
    """How far a side must move to take in the print beyond it; 0 where there is none, or where it is grain.

    Args:
        places: of characters, in units of the sheet, growing outwards along the axis.
        specks: of what looks like characters but does not stand in lines, likewise.
        axis: across the side.
        total: characters on the picture.
        side: where the side is along the axis.
    """
    outside = np.sort(_find_beyond(places, axis, side))
    if len(outside) < max(_FEWEST, _LEAST_SHARE * total):
        return 0.0
    gaps = np.diff(outside, prepend=0.0)
    far = np.nonzero(gaps > _GAP)[0]
    near = outside[: far[0]] if len(far) else outside
    if len(near) < _FEWEST:
        return 0.0
    end = float(near[-1])
    grain = int(np.count_nonzero(_find_beyond(specks, axis, side) <= end))
    endless = end > _FURTHEST - _MARGIN  # a table goes on, a banner ends
    return end + _MARGIN if grain <= _MOST_GRAIN * len(near) and not endless else 0.0


def _find_beyond(places: npt.NDArray[np.float64], axis: int, side: float) -> npt.NDArray[np.float64]:
    """Distances from a side of the points that stand beside the sheet there."""
    along = np.abs(places[:, 1 - axis])
    beyond = places[(along > -0.02) & (along < 1.02), axis] - side
    return np.asarray(beyond[beyond > 0], dtype=np.float64)


def _may_lie_there(corners: Corners, others: Sequence[Sheet], size: tuple[int, int]) -> bool:
    overhang = _OVERHANG * np.array(size)
    if (corners < -overhang).any() or (corners > np.array(size) + overhang).any():
        return False
    return all(measure_overlap(corners, other.corners) < 0.02 for other in others)


def measure_overlap(first: Corners, second: Corners) -> float:
    """Part of the smaller of two outlines that lies in the other, 0 to 1."""
    shared, _ = cv2.intersectConvexConvex(first.astype(np.float32), second.astype(np.float32))
    return float(shared) / max(1.0, min(measure_area(first), measure_area(second)))
