"""Where the lines of text are: pieces of lines that a reader of single lines can be given.

They come from the first reader's words, and from ink that stands in a row where the first reader saw nothing it was
sure of. What he is sure of is cut away: a handwritten answer is read without the printed question before it, at its
own height.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.components import TALL, binarise_print, enlarge_blobs, label_blobs
from extractors.recognising.lines import number_lines
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

#: Words further apart than this many times their height are two pieces: columns of a table, label and amount.
_PIECE_GAP = 2.0
#: Ink further apart than this many text heights is not one piece.
_INK_GAP = 1.6
#: Marks that may be characters, in text heights: lower, higher and wider than this they are specks, rules, pictures.
_LOWEST, _HIGHEST, _WIDEST = 0.3, 2.6, 18.0
#: Taller than this, in text heights, and this much taller than wide: a rule of a table.
_RULE_HEIGHT, _RULE_SHAPE = 1.3, 6.0
#: Pieces of ink, in text heights.
_LEAST_WIDTH, _LEAST_HEIGHT, _MOST_HEIGHT = 0.7, 0.45, 3.2
#: A row of ink is left to the first reader where no hole between his words is wider than this, in heights.
_LARGEST_HOLE = 1.3
#: Below this the first reader's word does not cover anything.
_SURE = 0.3
#: A run of sure words is cut away from the doubtful rest when it has so many letters.
_RUN_LETTERS = 4
#: Ink nearer to a word than this, in text heights, belongs to it.
_LEAST_SPACE = 0.4
#: Ink between sure words is looked at when it is this wide, in heights.
_LEAST_REST = 0.35


@dataclass(frozen=True, slots=True)
class LinePiece:
    """A piece of a line of text, in pixels of the upright picture.

    Attributes:
        box: around its ink.
        words: what the first reader saw in it, left to right; empty where he saw nothing.
        reach: from where to where a picture of it may go without touching its neighbours.
    """

    box: Box
    words: tuple[SeenWord, ...] = ()
    reach: tuple[float, float] = (0.0, float("inf"))


@dataclass(frozen=True, eq=False, slots=True)
class InkMarks:
    """Marks of a page that may be characters or parts of them.

    Attributes:
        boxes: n x 4: x0, y0, x1, y1.
        text_height: of the median character, in pixels.
        shape: rows and columns of the page.
    """

    boxes: npt.NDArray[np.float64]
    text_height: float
    shape: tuple[int, int]

    def find_extent(self, box: Box) -> Box | None:
        """Around the ink of a row within a stretch of it, None where there is none."""
        x0, y0, x1, y1 = self.boxes.T
        across, down = (x0 + x1) / 2, (y0 + y1) / 2
        reach = 0.25 * box.height
        inside = (across > box.x0) & (across < box.x1) & (down > box.y0 - reach) & (down < box.y1 + reach)
        inside &= (y1 - y0) > 0.35 * self.text_height
        if not inside.any():
            return None
        return Box(*(float(v) for v in (x0[inside].min(), y0[inside].min(), x1[inside].max(), y1[inside].max())))


def find_marks(grey: Pixels, text_height: float) -> InkMarks:
    """Marks that may be characters.

    Args:
        grey: the upright page, evenly lit.
        text_height: of the median character, in pixels.
    """
    ink, step = binarise_print(grey, text_height)
    _, stats = label_blobs(ink)
    x, y, width, height, area = enlarge_blobs(stats[1:], step).T.astype(np.float64)
    kept = (
        (height > _LOWEST * text_height)
        & (height < _HIGHEST * text_height)
        & (width < _WIDEST * text_height)
        & (area > 0.05 * text_height**2)
        & ~((height > _RULE_HEIGHT * text_height) & (height > _RULE_SHAPE * width))
    )
    boxes = np.stack([x, y, x + width, y + height], axis=1)[kept]
    return InkMarks(boxes, text_height, (int(grey.shape[0]), int(grey.shape[1])))


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


def add_ink_lines(marks: InkMarks, pieces: Sequence[LinePiece]) -> tuple[list[LinePiece], list[LinePiece]]:
    """Complete the first reader's pieces by ink that stands in rows and that none of his words covers.

    Args:
        marks: of the page.
        pieces: the first reader's.

    Returns:
        the pieces that are as they were, and those that were widened or are new (without words): these were not
        read in full.
    """
    whole = list(pieces)
    widened: list[LinePiece] = []
    for box in find_ink_lines(marks):
        touched = [piece for piece in (*whole, *widened) if _is_in_row(piece.box, box)]
        words = [word for piece in touched for word in piece.words if word.confidence >= _SURE]
        if words and _is_covered(box, words):
            continue
        whole = [piece for piece in whole if piece not in touched]
        widened = [piece for piece in widened if piece not in touched]
        together = sorted((word for piece in touched for word in piece.words), key=lambda word: word.box.x0)
        widened.append(LinePiece(_surround([box, *(piece.box for piece in touched)]), tuple(together)))
    return whole, widened


def split_doubt(piece: LinePiece, marks: InkMarks, sure: float) -> tuple[list[SeenWord], list[LinePiece]]:
    """Part the sure words of a piece from its doubtful stretches.

    Args:
        piece: a piece that holds some doubt.
        marks: of the page.
        sure: confidence from which a word of the first reader needs no second look.

    Returns:
        the words to keep, and what is to be read again; a short sure word amid doubt is read again with it.
    """
    runs = _mend_cut_words(list(_find_runs(piece.words, sure)), piece, marks)
    kept: list[SeenWord] = []
    rest: list[LinePiece] = []
    start, doubtful = piece.reach[0], []
    for run, is_sure in runs:
        if not is_sure:
            doubtful.extend(run)
            continue
        rest.extend(_make_rest(piece, marks, start, run[0].box.x0, doubtful))
        kept.extend(run)
        start, doubtful = run[-1].box.x1, []
    rest.extend(_make_rest(piece, marks, start, piece.reach[1], doubtful))
    return kept, rest


def _mend_cut_words(
    runs: list[tuple[list[SeenWord], bool]], piece: LinePiece, marks: InkMarks
) -> list[tuple[list[SeenWord], bool]]:
    """A sure word with ink right beside it, nearer than a space, is part of a longer one: it is in doubt after all."""
    space = _LEAST_SPACE * marks.text_height
    mended: list[tuple[list[SeenWord], bool]] = []
    for index, (run, is_sure) in enumerate(runs):
        if not is_sure:
            mended.append((run, False))
            continue
        before = runs[index - 1][0][-1].box.x1 if index else piece.reach[0]
        after = runs[index + 1][0][0].box.x0 if index + 1 < len(runs) else piece.reach[1]
        first, last = run[0].box, run[-1].box
        left = marks.find_extent(Box(max(before, piece.box.x0 - 1), piece.box.y0, first.x0, piece.box.y1))
        right = marks.find_extent(Box(last.x1, piece.box.y0, min(after, piece.box.x1 + 1), piece.box.y1))
        head = 1 if left is not None and first.x0 - left.x1 < space else 0
        tail = 1 if right is not None and right.x0 - last.x1 < space else 0
        tail = min(tail, len(run) - head)
        mended.append((run[:head], False))
        mended.append((run[head : len(run) - tail], True))
        mended.append((run[len(run) - tail :], False))
    return [(run, is_sure) for run, is_sure in mended if run]


def _find_runs(words: Sequence[SeenWord], sure: float) -> Iterator[tuple[list[SeenWord], bool]]:
    """Neighbours that are all sure, or all not, without a hole; too short a sure run counts as not sure."""
    run: list[SeenWord] = []
    for index, word in enumerate(words):
        run.append(word)
        is_sure = _needs_no_look(word, sure)
        following = words[index + 1] if index + 1 < len(words) else None
        if following is None or _needs_no_look(following, sure) != is_sure or _is_hole(word, following):
            letters = sum(char.isalnum() for w in run for char in w.text)
            yield run, is_sure and letters >= _RUN_LETTERS
            run = []


def _is_hole(word: SeenWord, following: SeenWord) -> bool:
    return following.box.x0 - word.box.x1 > _LARGEST_HOLE * min(word.box.height, following.box.height)


def _needs_no_look(word: SeenWord, sure: float) -> bool:
    return word.confidence >= sure or not any(char.isalnum() for char in word.text)


def _make_rest(
    piece: LinePiece, marks: InkMarks, start: float, end: float, words: Sequence[SeenWord]
) -> Iterator[LinePiece]:
    """The stretch of a piece between two sure runs, at the height of its own ink."""
    inner = Box(max(start, piece.box.x0 - 1.0), piece.box.y0, min(end, piece.box.x1 + 1.0), piece.box.y1)
    if words or inner.width >= _LEAST_REST * marks.text_height:
        extent = marks.find_extent(inner)
        if extent is not None:
            around = _surround([extent, *([_join(words)] if words else [])])
            yield LinePiece(around, tuple(words), (start + 1.0, end - 1.0))
        elif words:
            yield LinePiece(inner, tuple(words), (start + 1.0, end - 1.0))


def find_ink_lines(marks: InkMarks) -> list[Box]:
    """Boxes around ink that stands in rows, top to bottom.

    Args:
        marks: of the page.
    """
    step = 2 if marks.text_height >= TALL else 1
    height = marks.text_height / step
    drawn = np.zeros((marks.shape[0] // step + 1, marks.shape[1] // step + 1), dtype=np.uint8)
    for x0, y0, x1, y1 in (marks.boxes / step).astype(int):
        inset = max(1, int(0.12 * (y1 - y0)))  # so that lines whose letters nearly touch stay two
        drawn[y0 + inset : y1 - inset + 1, x0:x1] = 255
    closed = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones((1, max(3, int(_INK_GAP * height))), np.uint8))
    brush = max(2, int(0.25 * height))
    rows = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((brush, brush), np.uint8))
    _, stats = label_blobs(np.asarray(rows, dtype=np.uint8))
    boxes = []
    for left, top, wide, high in stats[1:, :4].astype(float) * step:
        if wide >= _LEAST_WIDTH * marks.text_height and _LEAST_HEIGHT <= high / marks.text_height <= _MOST_HEIGHT:
            boxes.append(Box(left, top - 0.15 * high, left + wide, top + 1.15 * high))
    return sorted(boxes, key=lambda box: (box.y0, box.x0))


def crop_piece(grey: Pixels, piece: LinePiece, margin: float = 0.22) -> tuple[Pixels, float]:
    """The picture of a piece with paper around it (a share of its height), and where it begins on the page."""
    box = piece.box
    across, along = margin * box.height, 1.25 * margin * box.height
    left = int(max(0.0, box.x0 - along, min(piece.reach[0], box.x0)))
    right = int(np.ceil(min(box.x1 + along, max(piece.reach[1], box.x1))))
    top, bottom = max(0, int(box.y0 - across)), int(np.ceil(box.y1 + across))
    return grey[top:bottom, left:right], float(left)


def _is_in_row(box: Box, row: Box) -> bool:
    """The box lies across the row, not just above or below it."""
    if box.x0 >= row.x1 or box.x1 <= row.x0 or box.y0 >= row.y1 or box.y1 <= row.y0:  # nearly always: soon said
        return False
    return min(box.y1, row.y1) - max(box.y0, row.y0) > 0.5 * min(box.height, row.height)


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
    return statistics.median(heights)
