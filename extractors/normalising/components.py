"""Blobs of ink that may be characters, and what they say of a page: how tall, how tilted, which way it runs.

The direction comes from nearest neighbours (docstrum: O'Gorman, "The document spectrum for page layout analysis",
IEEE PAMI 15(11), 1993): inside a line of text the next character is closer than the next line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.shrinking import shrink

_FEWEST = 25
_MOST = 1200
_BIN_DEGREES = 1.0
#: Pictures with more pixels are looked at at half their size: always, and unless their characters are small.
_MANY_PIXELS, _SOME_PIXELS, _SMALL = 5_000_000, 2_000_000, 15.0
_LEAST_CONTRAST, _PRINT_DARKNESS = 15, 0.18
#: Characters smaller than this, in pixels, are looked at twice; long side of the picture searched for QR codes.
_TINY, _CODE_SIDE = 9.0, 2400
#: Characters from this height, in pixels, are as clear at half the size.
TALL = 16.0
#: A dash fills its box, and is short beside the larger letters.
_SOLID_FILL, _DASH_SIZE = 0.68, 0.45


@dataclass(frozen=True, slots=True)
class TextShape:
    """What the blobs of a page say together.

    Attributes:
        count: blobs that look like characters.
        height: median height of a character across its line, in pixels.
        angle: direction of the lines, in degrees clockwise from the x axis, -45 excluded to 135 included.
        agreement: share of neighbour directions near ``angle`` or opposite, 0 to 1.
    """

    count: int
    height: float
    angle: float
    agreement: float

    @property
    def vertical(self) -> bool:
        """The lines run up or down the picture."""
        return self.angle > 45.0

    @property
    def skew(self) -> float:
        """Degrees clockwise from the nearest axis, -45 to 45."""
        return self.angle - 90.0 if self.vertical else self.angle


def binarise_ink(grey: Pixels, contrast: int = _LEAST_CONTRAST) -> Pixels:
    """Ink (255) against paper (0), by a local threshold that follows shadows."""
    size = max(15, (min(grey.shape) // 24) | 1)
    return np.asarray(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, contrast),
        dtype=np.uint8,
    )


def binarise_print(grey: Pixels, text_height: float) -> tuple[Pixels, int]:
    """Ink of an upright page, on a copy no larger than its characters need.

    Args:
        grey: the page.
        text_height: of the median character, in pixels.

    Returns:
        ink (255) against paper (0), and the side of the block of the page that one of its pixels stands for.
    """
    step = 2 if text_height >= TALL else 1
    return binarise_ink(shrink(grey, step)), step


def label_blobs(mask: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Pixels of a mask that touch each other, corners included.

    OpenCV's default finds the same two to three times slower: the algorithm of Grana looks at blocks of two by two
    pixels, which is quick only where height and width are even.

    Args:
        mask: not zero where there is something.

    Returns:
        the number of its blob for each pixel (0 for none), and left, top, width, height and area of each blob; the
        first row is what is none.
    """
    height, width = mask.shape
    even = cv2.copyMakeBorder(mask, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT, value=0)
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(even, 8, cv2.CV_32S, cv2.CCL_GRANA)
    return np.asarray(labels[:height, :width], dtype=np.int32), np.asarray(stats, dtype=np.int32)


def enlarge_blobs(stats: npt.NDArray[np.int32], step: int) -> npt.NDArray[np.int32]:
    """What was measured on a copy (left, top, width, height, area), in pixels of the picture.

    Args:
        stats: as ``label_blobs`` returns them.
        step: how much smaller the copy is.
    """
    return stats * np.array([step, step, step, step, step * step], dtype=np.int32)


def find_characters(
    grey: Pixels, contrast: int = _LEAST_CONTRAST, *, many_pixels: int = _MANY_PIXELS
) -> npt.NDArray[np.int32]:
    """Blobs that may be characters: rows of x, y, width, height, area.

    Args:
        grey: the page.
        contrast: grey levels by which ink is darker than its surroundings.
        many_pixels: a page with more is looked at at half its size.
    """
    # Large print is as clear at half the size, and found four times as fast.
    step = 2 if grey.shape[0] * grey.shape[1] > many_pixels else 1
    grey = shrink(grey, step)
    stats = label_blobs(binarise_ink(grey, contrast))[1][1:]
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    longest, shortest = np.maximum(width, height), np.minimum(width, height)
    fill = area / np.maximum(1, width * height)
    tallest = max(12, min(grey.shape) // 12)
    wanted = (longest >= 5) & (longest <= tallest) & (longest <= 8 * np.maximum(shortest, 1)) & (area >= 10)
    wanted &= (fill >= 0.12) & (fill <= 0.98)
    return enlarge_blobs(stats[wanted], step)


def measure_text(grey: Pixels) -> TextShape | None:
    """Height and direction of the text of a page, None when there is too little to tell.

    Args:
        grey: the page; characters should be at least 6 pixels tall.
    """
    shape, blobs = _measure_at(grey, _SOME_PIXELS)
    if _SOME_PIXELS < grey.shape[0] * grey.shape[1] <= _MANY_PIXELS and (shape is None or shape.height < _SMALL):
        shape, blobs = _measure_at(grey, _MANY_PIXELS)
    if shape is not None and shape.height < _TINY:
        # Print this small is rare on a page that can be read: rather the squares of a QR code.
        without = _leave_out_codes(grey, blobs)
        if len(without) < len(blobs):
            return _measure_blobs(without)
    return shape


def _measure_at(grey: Pixels, many_pixels: int) -> tuple[TextShape | None, npt.NDArray[np.int32]]:
    # First what is dark enough to be print for sure: folds and grain leave pale blobs, in lines of their own.
    blobs = find_characters(grey, measure_print_contrast(grey), many_pixels=many_pixels)
    if len(blobs) < 2 * _FEWEST:
        blobs = find_characters(grey, many_pixels=many_pixels)
    return _measure_blobs(blobs), blobs


def measure_print_contrast(grey: Pixels) -> int:
    """Grey levels by which print is darker than its surroundings, where folds, wood and cloth are not."""
    return max(_LEAST_CONTRAST, round(_PRINT_DARKNESS * float(np.median(grey[::8, ::8]))))


def _leave_out_codes(grey: Pixels, blobs: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The blobs that are not part of a QR code."""
    factor = min(1.0, _CODE_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found, corners = cv2.QRCodeDetector().detect(small)
    if not found or corners is None:
        return blobs
    kept = np.ones(len(blobs), dtype=bool)
    for code in np.asarray(corners, dtype=np.float64).reshape(-1, 4, 2) / factor:
        (x0, y0), (x1, y1) = code.min(axis=0) - _TINY, code.max(axis=0) + _TINY
        kept &= ~((blobs[:, 0] >= x0) & (blobs[:, 0] <= x1) & (blobs[:, 1] >= y0) & (blobs[:, 1] <= y1))
    return blobs[kept]


def _leave_out_dashes(blobs: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Without the small solid marks that dashed rules are made of: there may be more of them than letters."""
    size = np.maximum(blobs[:, 2], blobs[:, 3])
    solid = blobs[:, 4] > _SOLID_FILL * blobs[:, 2] * blobs[:, 3]
    letters = ~(solid & (size < _DASH_SIZE * np.percentile(size, 90)))
    return blobs[letters] if np.count_nonzero(letters) >= _FEWEST else blobs


def _measure_blobs(blobs: npt.NDArray[np.int32]) -> TextShape | None:
    if len(blobs) < _FEWEST:
        return None
    blobs = _leave_out_dashes(blobs)
    # Dots, accents and specks have neighbours in every direction: only middling blobs are asked.
    size = np.maximum(blobs[:, 2], blobs[:, 3])
    middle = float(np.median(size[size >= np.percentile(size, 30)]))
    blobs = blobs[(size >= 0.5 * middle) & (size <= 2.5 * middle)]
    if len(blobs) < _FEWEST:
        return None
    if len(blobs) > _MOST:
        blobs = blobs[np.linspace(0, len(blobs) - 1, _MOST).astype(int)]
    centres = blobs[:, :2] + blobs[:, 2:4] / 2.0
    angles = _neighbour_angles(centres, middle)
    if len(angles) < _FEWEST:
        return None
    angle, agreement = _find_peak(angles)
    angle = _refine_angle(centres, angle, middle)
    across = blobs[:, 2] if angle > 45.0 else blobs[:, 3]
    return TextShape(count=len(blobs), height=float(np.median(across)), angle=angle, agreement=agreement)


def _neighbour_angles(centres: npt.NDArray[Any], size: float) -> npt.NDArray[np.float64]:
    """Directions, in degrees in [-45, 135), from each blob to its two nearest neighbours within reach."""
    angles: list[npt.NDArray[np.float64]] = []
    order = np.argsort(centres[:, 1], kind="stable")
    points = centres[order]
    reach = 3.0 * size
    for start in range(0, len(points), 256):  # blocks keep the distance table small
        block = points[start : start + 256]
        low = np.searchsorted(points[:, 1], block[0, 1] - reach)
        high = np.searchsorted(points[:, 1], block[-1, 1] + reach)
        near = points[low:high]
        delta = near[None, :, :] - block[:, None, :]
        distance = np.hypot(delta[..., 0], delta[..., 1])
        distance[distance < 1e-6] = np.inf
        nearest = np.argsort(distance, axis=1)[:, :2]
        for column in range(nearest.shape[1]):
            chosen = nearest[:, column]
            rows = np.arange(len(block))
            kept = distance[rows, chosen] <= reach
            step = delta[rows, chosen][kept]
            angles.append((np.degrees(np.arctan2(step[:, 1], step[:, 0])) + 45.0) % 180.0 - 45.0)
    return np.concatenate(angles) if angles else np.empty(0)


def _find_peak(angles: npt.NDArray[np.float64]) -> tuple[float, float]:
    bins = int(180 / _BIN_DEGREES)
    histogram, _ = np.histogram(angles, bins=bins, range=(-45.0, 135.0))
    # Characters of one line do not sit on one height: a wide window gathers their directions.
    kernel = np.hanning(17)
    smooth = np.convolve(np.concatenate([histogram[-16:], histogram, histogram[:16]]), kernel, mode="same")[16:-16]
    peak = float(np.argmax(smooth)) * _BIN_DEGREES - 45.0 + _BIN_DEGREES / 2
    gap = np.abs((angles - peak + 90.0) % 180.0 - 90.0)
    near = gap <= 8.0
    offset = float(np.mean((angles[near] - peak + 90.0) % 180.0 - 90.0)) if near.any() else 0.0
    return peak + offset, float(np.mean(gap <= 15.0))


def _refine_angle(centres: npt.NDArray[Any], angle: float, size: float) -> float:
    """The direction near ``angle`` in which the blobs fall into the sharpest lines."""
    best, best_energy = angle, -1.0
    for reach, step in ((4.0, 0.5), (0.5, 0.1)):
        middle = best
        for candidate in np.arange(middle - reach, middle + reach + 1e-9, step):
            turn = np.radians(candidate)
            heights = centres[:, 1] * np.cos(turn) - centres[:, 0] * np.sin(turn)
            histogram, _ = np.histogram(heights, bins=max(8, int(np.ptp(heights) / (0.35 * size)) + 1))
            energy = float(np.sum(histogram.astype(float) ** 2))
            if energy > best_energy:
                best, best_energy = float(candidate), energy
    return best
