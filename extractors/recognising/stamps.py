"""Print that stands askew or much larger than the text: stamps ("ACQUITTÉ le 12/03/2026"), notes in the margin.

The first reader and the search for rows look for level lines of the usual height. Here marks are joined to chains in
any direction near level, hollow frames are looked into, and everything is turned level before the second reader sees
it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.components import binarise_ink, binarise_print, enlarge_blobs, label_blobs
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

#: Marks that may be letters, in text heights.
_LOWEST, _HIGHEST, _WIDEST = 0.55, 9.0, 2.5
#: Of more marks than this the tallest are kept: the rest is texture.
_MOST_MARKS = 700
#: Marks of one chain: how much their heights may differ, and how far apart they stand, in heights.
_ALIKE, _APART, _STEP = 1.9, 1.1, 0.55
#: A chain worth reading: marks in it, and its length in heights.
_FEWEST, _SHORTEST = 3, 2.2
#: Level chains of the usual height are the rows of the page, which others look after.
_LEVEL, _TALL = 2.0, 2.3
_STEEPEST = 40.0
#: Share of its rectangle that the ink of a frame fills at most.
_MOST_FILL = 0.45
#: Words surer than this need no second look.
SURE = 0.6


@dataclass(frozen=True, eq=False, slots=True)
class SlantedLine:
    """A chain of marks.

    Attributes:
        strip: picture of it, level.
        box: around it on the upright page, in pixels.
    """

    strip: Pixels
    box: Box


def find_slanted_lines(
    grey: Pixels, words: Sequence[SeenWord], text_height: float, *, most: int = 14
) -> list[SlantedLine]:
    """Lines that stand askew, are large, or stand in a frame, and hold no word that was read for sure.

    Args:
        grey: the upright page, evenly lit.
        words: what was read so far.
        text_height: of the median character, in pixels.
        most: lines to return, the largest ones.
    """
    ink, step = binarise_print(grey, text_height)
    for word in words:
        if word.confidence >= SURE:
            x0, y0, x1, y1 = (int(value / step) for value in word.box)
            ink[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1] = 0
    labels, stats = label_blobs(ink)
    found = _find_framed(grey, labels, stats, text_height, step)
    found += _find_chains(grey, enlarge_blobs(stats, step), text_height)
    found.sort(key=lambda line: -line[0])
    return [line for _, line in found[:most]]


def _find_chains(grey: Pixels, stats: npt.NDArray[np.int32], text_height: float) -> list[tuple[float, SlantedLine]]:
    """Chains of marks in a direction near level, with their size."""
    lines: list[tuple[float, SlantedLine]] = []
    for chain in _join_marks(_keep_marks(stats, text_height)):
        x0, y0, wide, high = chain.T
        usual = float(np.median(high))
        middles = np.stack([x0 + wide / 2, y0 + high / 2], axis=1)
        across = float(np.ptp(middles[:, 0]))
        if len(chain) < _FEWEST or across < _SHORTEST * usual:
            continue
        angle = math.degrees(math.atan(float(np.polyfit(middles[:, 0], middles[:, 1], 1)[0])))
        if abs(angle) > _STEEPEST or (abs(angle) < _LEVEL and usual < _TALL * text_height):
            continue
        corners = [np.stack([x, y], axis=1) for x in (x0, x0 + wide) for y in (y0 + 0.1 * high, y0 + 0.9 * high)]
        strip = _cut_level(grey, np.concatenate(corners), angle, margin=0.18 * usual)
        if strip is not None:
            box = Box(float(x0.min()), float(y0.min()), float((x0 + wide).max()), float((y0 + high).max()))
            lines.append((across * usual, SlantedLine(strip, box)))
    return lines


def _find_framed(
    grey: Pixels, labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], text_height: float, step: int
) -> list[tuple[float, SlantedLine]]:
    """Rows of print in hollow frames that stand by themselves: what most stamps are, letters on the frame included.

    Args:
        grey: the upright page.
        labels: numbers of marks on a copy of it.
        stats: of these marks.
        text_height: of the median character, in pixels of the page.
        step: how much smaller the copy is.
    """
    lines: list[tuple[float, SlantedLine]] = []
    _, _, wide, high, area = stats.T
    text_height /= step
    hollow = (
        (wide > 4 * text_height)
        & (wide < 45 * text_height)
        & (high > 1.8 * text_height)
        & (high < 0.8 * wide)
        & (high < 16 * text_height)
        & (area < _MOST_FILL * wide * high)
    )
    for label in [index for index in np.nonzero(hollow)[0] if index > 0][:8]:
        x, y, width, height = (int(value) for value in stats[label][:4])
        points = np.argwhere(labels[y : y + height, x : x + width] == label)[:, ::-1].astype(np.float32)
        around = cv2.minAreaRect(points)
        (_, _), (long, short), angle = around
        if long < short:
            long, short, angle = short, long, angle - 90.0
        angle = (angle + 45.0) % 90.0 - 45.0
        if abs(angle) > _STEEPEST or len(points) < 1.2 * (long + short):
            continue
        corners = (cv2.boxPoints(around).astype(np.float64) + np.array([x, y])) * step
        x, y, width, height, long = x * step, y * step, width * step, height * step, long * step
        inside = _cut_level(grey, corners, angle, margin=-0.07 * short * step)
        if inside is None:
            continue
        for top, bottom in _find_rows(inside):
            box = Box(float(x), y + height * top / len(inside), float(x + width), y + height * bottom / len(inside))
            lines.append((long * (bottom - top), SlantedLine(np.ascontiguousarray(inside[top:bottom]), box)))
    return lines


def _find_rows(picture: Pixels) -> list[tuple[int, int]]:
    """Top and bottom of the rows of print in a small picture."""
    ink = binarise_ink(picture) > 0
    inner = ink[:, int(0.06 * ink.shape[1]) : int(0.94 * ink.shape[1])]
    filled = inner.mean(axis=1) > 0.02
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(np.int8), [0]])))
    rows = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bottom - top >= max(8, 0.12 * len(picture)):
            margin = round(0.15 * (bottom - top))
            rows.append((max(0, int(top) - margin), min(len(picture), int(bottom) + margin)))
    return rows


def _keep_marks(stats: npt.NDArray[np.int32], text_height: float) -> npt.NDArray[np.float64]:
    """Rows of x, y, width, height of marks that may be letters, from the left."""
    x, y, wide, high, area = stats[1:].T.astype(np.float64)
    kept = (
        (high >= _LOWEST * text_height)
        & (high <= _HIGHEST * text_height)
        & (wide <= _WIDEST * high)
        & (area >= 0.08 * wide * high)
        & (area <= 0.9 * wide * high + 0.3 * high)
    )
    marks = np.stack([x, y, wide, high], axis=1)[kept]
    marks = marks[np.argsort(-marks[:, 3])][:_MOST_MARKS]
    return np.asarray(marks[np.argsort(marks[:, 0])], dtype=np.float64)


def _join_marks(marks: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Chains of marks of like height, each close to the next and not far above or below it."""
    parent = list(range(len(marks)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    x0, y0, wide, high = marks.T
    middle = y0 + high / 2
    for index in range(len(marks)):
        later = slice(index + 1, None)
        tall = np.maximum(high[later], high[index])
        gap = x0[later] - (x0[index] + wide[index])
        near = (
            (gap < _APART * tall)
            & (gap > -0.5 * tall)
            & (np.abs(middle[later] - middle[index]) < _STEP * tall)
            & (tall < _ALIKE * np.minimum(high[later], high[index]))
        )
        for other in np.nonzero(near)[0] + index + 1:
            parent[root(int(other))] = root(index)
    chains: dict[int, list[int]] = {}
    for index in range(len(marks)):
        chains.setdefault(root(index), []).append(index)
    return [marks[members] for members in chains.values()]


def _cut_level(grey: Pixels, points: npt.NDArray[np.float64], angle: float, *, margin: float) -> Pixels | None:
    """The picture around some points (n x 2), turned level, with so many pixels of paper around."""
    middle = points.mean(axis=0)
    turn = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), angle, 1.0)
    level = points @ turn[:, :2].T + turn[:, 2]
    low, far = level.min(axis=0), level.max(axis=0)
    width, height = (far - low + 2 * margin).astype(int)
    if height < 8 or width < height or width > 60 * height:
        return None
    turn[:, 2] += margin - low
    return np.asarray(
        cv2.warpAffine(grey, turn, (int(width), int(height)), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )
