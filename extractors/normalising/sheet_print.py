"""Where print is on a photo: what a sheet must hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.components import find_characters, measure_print_contrast

#: Long side at which print is looked for: enough for small print, half the time of a whole photo.
_SIDE = 1300
#: White letters on a dark band stand out by so many grey levels at least.
_WHITE_CONTRAST = 45
#: A line of print is so many times longer than tall, and holds so many characters.
_STRETCH, _FEWEST = 3.0, 4
#: With fewer characters in lines than this, every character counts.
_ENOUGH = 30
#: How much smaller the mask is on which lines are looked for.
_COARSE = 2


@dataclass(frozen=True, eq=False, slots=True)
class Print:
    """What looks like print on a photo.

    Attributes:
        characters: middles of what stands in lines (of everything, where next to nothing does), n x 2.
        specks: middles of what does not, n x 2.
        down: whether the lines run down the photo.
        sure: enough stands in lines to tell print from grain.
    """

    characters: npt.NDArray[np.float64]
    specks: npt.NDArray[np.float64]
    down: bool
    sure: bool


def find_print(grey: Pixels, factor: float) -> Print:
    """The print on a photo, black on white and white on dark bands.

    Grain of wood, flowers on a cloth and knots look like characters, but do not stand in lines.

    Args:
        grey: the photo.
        factor: from its pixels to the ones wanted.
    """
    reduction = min(1.0, _SIDE / max(grey.shape))
    if reduction < 1.0:
        small = cv2.resize(grey, None, fx=reduction, fy=reduction, interpolation=cv2.INTER_AREA)
        grey = np.asarray(small, dtype=np.uint8)
    black = find_characters(grey, measure_print_contrast(grey))
    white = find_characters(np.asarray(cv2.bitwise_not(grey), dtype=np.uint8), _WHITE_CONTRAST)
    lined = [_stand_in_lines(blobs, grey.shape) for blobs in (black, white)]
    across, down = (sum(int(np.count_nonzero(ways[way])) for ways in lined) for way in (0, 1))
    scale = factor / reduction
    standing = np.concatenate([ways.any(axis=0) for ways in lined])
    middles = _find_middles(np.concatenate([black, white])) * scale
    characters, specks = middles[standing], middles[~standing]
    if len(characters) < _ENOUGH:
        return Print(middles[: len(black)], middles, down > across, sure=False)
    return Print(characters, specks, down > across, sure=True)


def _find_middles(blobs: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    return np.asarray(blobs[:, :2] + blobs[:, 2:4] / 2.0, dtype=np.float64)


def _stand_in_lines(blobs: npt.NDArray[np.int32], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Whether each blob is part of a row (first line), or of a column (second), of blobs close to each other."""
    found = np.zeros((2, len(blobs)), dtype=bool)
    if len(blobs) == 0:
        return found
    blobs = blobs // _COARSE  # neighbours are as near on a small mask
    shape = (shape[0] // _COARSE + 1, shape[1] // _COARSE + 1)
    size = max(2.0, float(np.median(np.maximum(blobs[:, 2], blobs[:, 3]))))
    middles = (blobs[:, :2] + blobs[:, 2:4] // 2).astype(int)
    alike = (np.maximum(blobs[:, 2], blobs[:, 3]) < 3.0 * size) & (np.maximum(blobs[:, 2], blobs[:, 3]) > 0.4 * size)
    boxes = _draw_boxes(blobs[alike], shape)
    reach = max(3, round(1.0 * size))
    for way, kernel in enumerate((np.ones((1, reach), np.uint8), np.ones((reach, 1), np.uint8))):
        joined = cv2.morphologyEx(boxes, cv2.MORPH_CLOSE, kernel)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
        along, thick = (stats[:, 2], stats[:, 3]) if way == 0 else (stats[:, 3], stats[:, 2])
        own = labels[middles[:, 1], middles[:, 0]]
        members = np.bincount(own[alike], minlength=len(stats))
        line = (along > _STRETCH * thick) & (along > 5.0 * size) & (members >= _FEWEST)
        line[0] = False
        found[way] = line[own] & alike
    return found


def _draw_boxes(blobs: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Mask of the boxes of blobs."""
    rise = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.int16)
    x, y, width, height = blobs[:, 0], blobs[:, 1], blobs[:, 2] + 1, blobs[:, 3] + 1
    for rows, columns, step in ((y, x, 1), (y, x + width, -1), (y + height, x, -1), (y + height, x + width, 1)):
        np.add.at(rise, (np.minimum(rows, shape[0]), np.minimum(columns, shape[1])), step)
    cover = rise.cumsum(axis=0, dtype=np.int16).cumsum(axis=1, dtype=np.int16)
    return np.asarray(cover[:-1, :-1] > 0, dtype=np.uint8)
