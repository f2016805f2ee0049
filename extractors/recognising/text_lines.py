"""Where the lines of text are: pieces of lines that a reader of single lines can be given.

They come from the first reader's words, and from ink that stands in a row where the first reader saw nothing it was
sure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.frames import Pixels
from extractors.normalising.components import binarise_ink
from extractors.recognising.lines import number_lines
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

#: Words further apart than this many times their height are two pieces: columns of a table, label and amount.
_PIECE_GAP = 2.0
#: Ink further apart than this many text heights is not one piece.
_INK_GAP = 1.6
#: Marks that may be characters, in text heights: lower, higher and wider than this they are specks, rules, pictures.
_LOWEST, _HIGHEST, _WIDEST = 0.3, 2.6, 10.0
#: Pieces of ink, in text heights.
_LEAST_WIDTH, _LEAST_HEIGHT, _MOST_HEIGHT = 0.7, 0.45, 3.2
#: A row of ink is left to the first reader where no hole between his words is wider than this, in heights.
_LARGEST_HOLE = 1.3
#: Below this the first reader's word does not cover anything.
_SURE = 0.3
#: Paper kept around a piece, as a share of its height.
_MARGIN_ACROSS, _MARGIN_ALONG = 0.22, 0.28


@dataclass(frozen=True, slots=True)
class LinePiece:
    """A piece of a line of text, in pixels of the upright picture.

    Attributes:
        box: around its ink.
        words: what the first reader saw in it, left to right; empty where he saw nothing.
    """

    box: Box
    words: tuple[SeenWord, ...] = ()


def cut_lines(words: Sequence[SeenWord]) -> list[LinePiece]:
    """The first reader's words as pieces of lines, in reading order."""
    rows: dict[int, list[SeenWord]] = {}
    for word, number in zip(words, number_lines([word.box for word in words]), strict=True):
        rows.setdefault(number, []).append(word)
    pieces: list[LinePiece] = []
    for number in sorted(rows):
        run: list[SeenWord] = []
        for word in sorted(rows[number], key=lambda word: word.box.x0):
            if run and word.box.x0 - max(w.box.x1 for w in run) > _PIECE_GAP * _usual_height([*run, word]):
                pieces.append(LinePiece(_join(run), tuple(run)))
                run = []
            run.append(word)
        pieces.append(LinePiece(_join(run), tuple(run)))
    return pieces


def add_ink_lines(
    grey: Pixels, pieces: Sequence[LinePiece], text_height: float
) -> tuple[list[LinePiece], list[LinePiece]]:
    """Complete the first reader's pieces by ink that stands in rows and that none of his words covers.

    Args:
        grey: the upright page, evenly lit.
        pieces: the first reader's.
        text_height: of the median character, in pixels.

    Returns:
        the pieces that are as they were, and those that were widened or are new (without words): these were not
        read in full.
    """
    whole = list(pieces)
    widened: list[LinePiece] = []
    for box in find_ink_lines(grey, text_height):
        touched = [piece for piece in (*whole, *widened) if _is_in_row(piece.box, box)]
        words = [word for piece in touched for word in piece.words if word.confidence >= _SURE]
        if words and _is_covered(box, words):
            continue
        whole, widened = (
            [p for p in pieces if all(p is not other for other in touched)] for pieces in (whole, widened)
        )
        together = sorted((word for piece in touched for word in piece.words), key=lambda word: word.box.x0)
        widened.append(LinePiece(_surround([box, *(piece.box for piece in touched)]), tuple(together)))
    return whole, widened


def _is_in_row(box: Box, row: Box) -> bool:
    """The box lies across the row, not just above or below it."""
    down = min(box.y1, row.y1) - max(box.y0, row.y0)
    across = min(box.x1, row.x1) - max(box.x0, row.x0)
    alike = max(box.height, row.height) < 2.2 * min(box.height, row.height)
    return across > 0 and down > 0.5 * min(box.height, row.height) and alike


def _is_covered(row: Box, words: Sequence[SeenWord]) -> bool:
    """Some words stand all along the row, without a hole that another word could be in."""
    reached = row.x0
    for word in sorted(words, key=lambda word: word.box.x0):
        if word.box.x0 - reached > _LARGEST_HOLE * word.box.height:
            return False
        reached = max(reached, word.box.x1)
    return row.x1 - reached <= _LARGEST_HOLE * row.height


def _surround(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def find_ink_lines(grey: Pixels, text_height: float) -> list[Box]:
    """Boxes around ink that stands in rows, top to bottom.

    Args:
        grey: the upright page, evenly lit.
        text_height: of the median character, in pixels.
    """
    ink = binarise_ink(grey)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height, area = stats[1:].T
    kept = (
        (height > _LOWEST * text_height)
        & (height < _HIGHEST * text_height)
        & (width < _WIDEST * text_height)
        & (area > 0.05 * text_height**2)
    )
    marks = np.zeros_like(ink)
    for left, top, wide, high in zip(x[kept], y[kept], width[kept], height[kept], strict=True):
        inset = max(1, int(0.12 * high))  # so that lines whose letters nearly touch stay two
        marks[top + inset : top + high - inset + 1, left : left + wide] = 255
    closed = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, max(3, int(_INK_GAP * text_height))), np.uint8))
    brush = max(2, int(0.25 * text_height))
    rows = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((brush, brush), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    boxes = []
    for left, top, wide, high in stats[1:, :4].astype(float):
        if wide >= _LEAST_WIDTH * text_height and _LEAST_HEIGHT * text_height <= high <= _MOST_HEIGHT * text_height:
            boxes.append(Box(left, top - 0.15 * high, left + wide, top + 1.15 * high))
    return sorted(boxes, key=lambda box: (box.y0, box.x0))


def crop_piece(grey: Pixels, box: Box) -> tuple[Pixels, float, float]:
    """The picture of a piece with paper around it, and where its top left corner is on the page."""
    across, along = _MARGIN_ACROSS * box.height, _MARGIN_ALONG * box.height
    left, top = max(0, int(box.x0 - along)), max(0, int(box.y0 - across))
    right, bottom = int(np.ceil(box.x1 + along)), int(np.ceil(box.y1 + across))
    return grey[top:bottom, left:right], float(left), float(top)


def _join(words: Sequence[SeenWord]) -> Box:
    """Around the words, but for marks much taller than the rest (a rule or a stamp taken for a letter)."""
    usual = _usual_height(words)
    fit = [word.box for word in words if word.box.height <= 1.9 * usual] or [word.box for word in words]
    return Box(
        min(word.box.x0 for word in words),
        min(box.y0 for box in fit),
        max(word.box.x1 for word in words),
        max(box.y1 for box in fit),
    )


def _usual_height(words: Sequence[SeenWord]) -> float:
    heights = [word.box.height for word in words for _ in word.text]
    return float(np.median(heights))
