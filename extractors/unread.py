"""Where on a page print is seen that was not read, or can be no more: so that a member is told what to take again."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.chain import TARGET_HEIGHT
from extractors.normalising.components import measure_text
from extractors.normalising.light import estimate_paper, to_grey
from extractors.quality import LEAST_AGREEMENT, measure_relief
from extractors.recognising.tesseract import SeenWord
from schemas.vocabulary import PagePart

#: Blobs of the size of characters that a sixth of a page has at least where it holds print.
_PRINT = 15
#: Words under this confidence are not read; with fewer letters read than this, a part may be empty, or smeared.
_READ_CONFIDENCE, _FEW_LETTERS = 0.6, 10
#: Degrees by which lines of an upright page may lean.
_LEVEL = 12.0
#: Smeared print has so much relief: less is bare paper, more a dark thing or print that is there to be read.
_SMEARED_RELIEF = (0.03, 0.32)
#: Fewer dark bands than this are no lines.
_FEWEST_LINES = 2
#: Upright strips that a part is looked at in: lines start and end where they like, and a curled page bends them.
_STRIPS = 4
#: A line of smeared print is so much darker than what is above and below it, as a share of the paper.
_LINE_DEPTH = 0.012
#: From one line to the next, in heights of its characters.
_LINE_PITCH = (1.0, 4.5)
#: What is left of strokes in a line, as a share of its depth: print that shines through, wrinkles and grain keep more.
_MOST_STROKES = 0.17
FloatPixels: TypeAlias = npt.NDArray[np.float32]
_PARTS = (
    (PagePart.TOP_LEFT, PagePart.TOP_RIGHT),
    (PagePart.MIDDLE_LEFT, PagePart.MIDDLE_RIGHT),
    (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT),
)


def find_smeared_parts(picture: Pixels, words: Sequence[SeenWord] = ()) -> tuple[PagePart, ...]:
    """The sixths of an upright page without words where lines of print are seen whose strokes are blurred away.

    Shadows, folds, stains and the dark ground of a photo show no lines; print that shines through has strokes.

    Args:
        picture: upright, as it was read or would be: its characters about ``TARGET_HEIGHT`` tall.
        words: that were read on it; none before it is read.
    """
    return tuple(
        part for part, cell, letters in _divide(to_grey(picture), words) if letters < _FEW_LETTERS and _is_smeared(cell)
    )


def find_unread_parts(
    picture: Pixels, words: Sequence[SeenWord], smeared: Collection[PagePart]
) -> tuple[PagePart, ...]:
    """The sixths of an upright page in which more print is seen than was read, or smeared print.

    Args:
        picture: upright, as it was read.
        words: that were read on it.
        smeared: what ``find_smeared_parts`` says of both.
    """
    found = []
    for part, cell, letters in _divide(to_grey(picture), words):
        if part in smeared:
            found.append(part)
            continue
        shape = measure_text(cell)
        lines = shape is not None and shape.agreement >= LEAST_AGREEMENT and abs(shape.angle) < _LEVEL
        # a blob is a letter, or several that have run together
        if shape is not None and lines and shape.count >= max(_PRINT, 2 * letters):
            found.append(part)
    return tuple(found)


def _divide(grey: Pixels, words: Sequence[SeenWord]) -> Iterator[tuple[PagePart, Pixels, int]]:
    """The sixths of a page, each with its pixels and how many letters were surely read in it."""
    height, width = grey.shape
    sure = [word for word in words if word.confidence >= _READ_CONFIDENCE]
    for row, parts in enumerate(_PARTS):
        top, bottom = row * height // 3, (row + 1) * height // 3
        for column, part in enumerate(parts):
            left, right = column * width // 2, (column + 1) * width // 2
            letters = sum(
                len(word.text)
                for word in sure
                if top <= word.box.center.y < bottom and left <= word.box.center.x < right
            )
            yield part, np.ascontiguousarray(grey[top:bottom, left:right]), letters


def _is_smeared(cell: Pixels) -> bool:
    low, high = _SMEARED_RELIEF
    if not low <= measure_relief(cell, estimate_paper(cell, TARGET_HEIGHT)) <= high:
        return False
    # The rim may be the table, or what was made up where the picture ends.
    height, width = cell.shape
    cell = cell[height // 20 : -height // 20, width // 20 : -width // 20]
    strokes = _blur(cell, 0.06) - _blur(cell, 0.15)
    edges = [strip * cell.shape[1] // _STRIPS for strip in range(_STRIPS + 1)]
    strips = [slice(*ends) for ends in itertools.pairwise(edges)]
    seen = [_look_for_lines(cell[:, strip], strokes[:, strip]) for strip in strips]
    most = max(seen, key=lambda lines: lines.count)
    return most.count >= _FEWEST_LINES and most.strokes <= _MOST_STROKES


@dataclass(frozen=True, slots=True)
class _DarkLines:
    """Dark bands one under another, and what is left of strokes in them, as a share of their depth."""

    count: int = 0
    strokes: float = math.inf


def _look_for_lines(strip: Pixels, strokes: FloatPixels) -> _DarkLines:
    # Rules that were taken away leave white where they stood: next to it, bare paper looks like a dark line.
    paper = max(float(np.median(strip)), 1.0)
    profile = _blur(1 - np.minimum(strip, paper).mean(axis=1, keepdims=True) / paper, 0.25).ravel()
    run = _find_longest_run(_find_peaks(profile))
    if len(run) < _FEWEST_LINES:
        return _DarkLines()
    between = [(upper + lower) // 2 for upper, lower in itertools.pairwise(run)]
    depth = paper * float(profile[run].mean() - profile[between].mean())
    reach = round(0.4 * TARGET_HEIGHT)
    left = np.concatenate([strokes[max(row - reach, 0) : row + reach + 1] for row in run])
    return _DarkLines(len(run), float(np.sqrt((left**2).mean())) / depth if depth > 0 else math.inf)


def _find_peaks(profile: FloatPixels) -> list[int]:
    """Rows that are darkest between two that are paler by a line's depth.

    scipy has such a function; to import what it lives in takes each reader 70 MB.
    """
    peaks, turn, climbing = [], 0, False
    for row, value in enumerate(profile):
        swing = value - profile[turn]
        if abs(swing) >= _LINE_DEPTH and (swing < 0) == climbing:
            if climbing:
                peaks.append(turn)
            turn, climbing = row, not climbing
        elif (swing > 0) == climbing:
            turn = row
    return peaks


def _find_longest_run(rows: Sequence[int]) -> list[int]:
    low, high = (pitch * TARGET_HEIGHT for pitch in _LINE_PITCH)
    longest: list[int] = []
    run: list[int] = []
    for row in rows:
        run = [*run, row] if run and low <= row - run[-1] <= high else [row]
        longest = max(longest, run, key=len)
    return longest


def _blur(values: npt.NDArray[np.generic], heights: float) -> FloatPixels:
    """Blurred by so many heights of a character."""
    return np.asarray(cv2.GaussianBlur(values.astype(np.float32), (0, 0), heights * TARGET_HEIGHT), np.float32)
