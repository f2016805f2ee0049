"""Figures that somebody struck out: a stroke of a pen runs through them from end to end and beyond.

A printed number is a row of signs with paper between them. Where one stroke joins them, at half their height, and
sticks out thin at both ends, the number does not count any more, however well it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.frames import Pixels
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

#: Fewer figures than this may be anything: a dash, a tick, a corner of a frame.
_FEWEST_FIGURES = 3
#: Paper looked at beside the word: a stroke that goes on beyond it on both sides is a rule of the page.
_BESIDE = 4.0
#: Half the height that is looked at, around the middle of the word: rules and frames run above and below.
_HALF = 0.38
#: A stroke covers so much of the width of the word, which may hold what was written beside it.
_WIDTH, _NARROWEST = 0.45, 1.6
#: Its ends are thinner than this, and stick out by so much: each, together, and at most.
_THIN, _EACH_END, _STICKS_OUT, _FARTHEST = 0.3, 0.22, 0.5, 3.0
#: The ends lie at most so far above or below the middle.
_LEVEL, _STEEPEST = 0.25, 0.3
#: Ink is so much darker than the paper around it, in grey levels; less is noise.
_CONTRAST = 40.0
#: Boxes flatter or taller than this, in text heights, are the first reader's mistakes.
_FLATTEST, _TALLEST = 0.75, 1.6


def mark_struck(grey: Pixels, words: Sequence[SeenWord], text_height: float) -> tuple[SeenWord, ...]:
    """The words, with those marked that are numbers and were struck out.

    Args:
        grey: the upright page.
        words: in its pixels.
        text_height: of the median character, in pixels.
    """
    return tuple(
        replace(word, struck=True)
        if sum(sign.isdigit() for sign in word.text) >= _FEWEST_FIGURES and is_struck(grey, word.box, text_height)
        else word
        for word in words
    )


def is_struck(grey: Pixels, box: Box, text_height: float) -> bool:
    """Whether a stroke runs through what stands in a box.

    Args:
        grey: the upright page.
        box: around a printed number, in its pixels.
        text_height: of the median character, in pixels.
    """
    height = min(max(box.height, _FLATTEST * text_height), _TALLEST * max(text_height, 1.0))
    middle = box.center.y
    top, bottom = round(middle - _HALF * height), round(middle + _HALF * height)
    left, right = max(0, round(box.x0 - _BESIDE * height)), min(grey.shape[1], round(box.x1 + _BESIDE * height))
    part = grey[max(0, top) : bottom, left:right]
    if part.shape[0] < 6 or part.shape[1] < 2 * height:
        return False
    _, ink = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if not ink.any() or ink.all() or float(part[ink == 0].mean() - part[ink == 1].mean()) < _CONTRAST:
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for number in range(1, count):
        start, width = int(stats[number, cv2.CC_STAT_LEFT]), int(stats[number, cv2.CC_STAT_WIDTH])
        inside = min(start + width, box.x1 - left) - max(start, box.x0 - left)
        if inside < max(_WIDTH * box.width, _NARROWEST * height):
            continue
        if start <= 1 and start + width >= part.shape[1] - 1:
            continue
        if _ends_thin(labels[:, start : start + width] == number, height):
            return True
    return False


def _ends_thin(stroke: Pixels, height: float) -> bool:
    """Whether a piece of ink begins and ends as a pen's stroke does, thin, before and after the signs that it joins."""
    thickness = np.asarray(stroke.sum(axis=0))
    signs = np.flatnonzero(thickness > max(2.0, _THIN * height))
    if not len(signs):
        return False
    ends = stroke[:, : signs[0]], stroke[:, signs[-1] + 1 :]
    lengths = [end.shape[1] / height for end in ends]
    if min(lengths) < _EACH_END or max(lengths) > _FARTHEST or sum(lengths) < _STICKS_OUT:
        return False
    return all(_is_level(end, height) for end in ends)


def _is_level(end: Pixels, height: float) -> bool:
    """Whether an end lies at half the height of the signs, on the whole."""
    rows = np.flatnonzero(end.any(axis=1))
    away = abs(float(np.nonzero(end)[0].mean()) - (end.shape[0] - 1) / 2)
    return bool(away <= _LEVEL * height) and len(rows) <= _STEEPEST * height + end.shape[1]
