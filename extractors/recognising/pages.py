"""From a sheet to its words: the first reader for the page, the second for every line in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.frames import Picture, Pixels, map_points
from extractors.limits import Limits
from extractors.normalising import NormalisedSheet, turn_sheet
from extractors.normalising.chain import TARGET_HEIGHT
from extractors.recognising.merging import merge_line, place_words
from extractors.recognising.pen_figures import join_pen_figures
from extractors.recognising.scoring import ReadingScore, score_reading
from extractors.recognising.second_reader import SeenCharacter, read_line
from extractors.recognising.stamps import SURE, find_slanted_lines
from extractors.recognising.struck import mark_struck
from extractors.recognising.tesseract import SeenWord, read_words
from extractors.recognising.text_lines import (
    LinePiece,
    add_ink_lines,
    crop_piece,
    cut_lines,
    find_ink_lines,
    find_marks,
    split_doubt,
)
from schemas.geometry import Box

#: A line all of whose words the first reader is at least this sure of is not read again.
_SURE_WORD = 0.9
#: Below this mean confidence of the first reader, the page may lie upside down.
_TURN_CONFIDENCE = 0.60
#: Lines read both ways to find which side is up, and how much better one way must be.
_TURN_LINES, _TURN_RATIO = 5, 1.25
#: So many times better, with so many letters read, no further line is needed.
_TURN_PLAIN, _TURN_LETTERS = 2.5, 20.0
#: Lines that tell the turn are at least this long, and at most, in text heights.
_SHORTEST, _LONGEST = 4.0, 30.0
#: A stamp is read when it has so many letters, each word so sure.
_FEWEST_STAMPED, _SURE_STAMP = 3, 0.75
#: Paper around a piece that is read again, as shares of its height, in the order tried; and when to stop trying.
_MARGINS, _SURE_CHARACTER = (0.22, 0.06, 0.4), 0.7
#: A word that shares so much of the smaller area with a surer one is the same ink read twice.
_DOUBLE = 0.55
#: What the first reader makes of the rules of tables.
_RULES = frozenset("|¦[]{}")
#: Words as tall as this, in text heights, would count as rows of their own.
_MOST_ROW = 2.0
#: So many lines are read again at most: a page has fewer, a carpet has more.
_MOST_LINES = 110


@dataclass(frozen=True, eq=False, slots=True)
class SheetReading:
    """Words of a sheet.

    Attributes:
        words: in pixels of the upright picture.
        sheet: as it was read (its turn may have changed).
        score: of the words.
        read_twice: how many pieces of lines the second reader looked at.
    """

    words: tuple[SeenWord, ...]
    sheet: NormalisedSheet
    score: ReadingScore
    read_twice: int = 0


def read_sheet(sheet: NormalisedSheet, limits: Limits) -> SheetReading:
    """The words of a sheet.

    Raises:
        FileRefusedError: the first reader did not end in time.
    """
    if sheet.rotation:  # the lines run down the page: which side is up is not known yet
        sheet = find_turn(sheet)
    words = read_words(sheet.picture.pixels, seconds=limits.page_seconds)
    score = score_reading(words)
    if score.confidence < _TURN_CONFIDENCE:
        turned = find_turn(sheet)
        if turned.rotation != sheet.rotation:
            sheet, words = turned, read_words(turned.picture.pixels, seconds=limits.page_seconds)
    height = measure_text_height(sheet)
    read_twice = 0
    if limits.steps.second_reader:
        words, read_twice = read_doubtful_lines(sheet.picture.pixels, words, height)
    if limits.steps.stamps:
        words = add_stamps(sheet.picture.pixels, words, height)
    words = mark_struck(sheet.picture.pixels, words, height)
    return SheetReading(words, sheet, score_reading(words), read_twice)


def read_doubtful_lines(
    grey: Pixels, words: Sequence[SeenWord], text_height: float
) -> tuple[tuple[SeenWord, ...], int]:
    """The first reader's words, with every line in doubt read again by the second reader.

    Args:
        grey: the upright page.
        words: the first reader's.
        text_height: of the median character, in pixels.

    Returns:
        the words, and how many pieces of lines were read again.
    """
    marks = find_marks(grey, text_height)
    words = [word for word in words if not set(word.text) <= _RULES]
    whole, unread = add_ink_lines(marks, cut_lines(words))
    kept: list[Sequence[SeenWord]] = []
    doubtful: list[LinePiece] = []
    for piece in whole + unread:
        if piece in unread or min(word.confidence for word in piece.words) < _SURE_WORD:
            sure, rest = split_doubt(piece, marks, _SURE_WORD)
            kept.append(sure)
            doubtful.extend(rest)
        else:
            kept.append(piece.words)
    if len(doubtful) > _MOST_LINES:
        doubtful.sort(key=lambda piece: piece.box.width, reverse=True)
        kept.extend(piece.words for piece in doubtful[_MOST_LINES:])
        doubtful = doubtful[:_MOST_LINES]
    kept.extend(
        [_lower(word, text_height) for word in merge_line(piece, *read_piece(grey, piece))] for piece in doubtful
    )
    return tuple(join_pen_figures(drop_doubles(kept))), len(doubtful)


def _lower(word: SeenWord, text_height: float) -> SeenWord:
    """Tall writing keeps to the row that it was written on: its box is cut to a height that rows are told by."""
    if word.box.height <= _MOST_ROW * text_height:
        return word
    middle, half = word.box.center.y, _MOST_ROW * text_height / 2
    return replace(word, box=Box(word.box.x0, middle - half, word.box.x1, middle + half))


def read_piece(grey: Pixels, piece: LinePiece) -> tuple[tuple[SeenCharacter, ...], float]:
    """The second reader's characters of a piece, and where its picture begins on the page, in pixels.

    Where he is not sure he looks again, with less and with more paper around: what stands on a rule or between other
    lines reads better one way, what was cut too tight the other. Where he sees nothing, or the same twice, another
    look would seldom tell more: that saves a quarter of his time.
    """
    best: tuple[SeenCharacter, ...] = ()
    best_left, best_worth = piece.box.x0, -1.0
    before = ""
    for margin in _MARGINS:
        strip, left = crop_piece(grey, piece, margin)
        seen = read_line(strip)
        letters = [c.confidence for c in seen if c.text != " "]
        worth = sum(confidence - 0.5 for confidence in letters)
        if worth > best_worth:
            best, best_left, best_worth = seen, left, worth
        text = "".join(character.text for character in seen)
        if not letters or min(letters) >= _SURE_CHARACTER or text == before:
            break
        before = text
    return best, best_left


def drop_doubles(pieces: Sequence[Sequence[SeenWord]]) -> list[SeenWord]:
    """The words of pieces of lines without those that lie on a surer one of another piece: pieces may share ink.

    Words of one piece are never doubles of each other, however their boxes overlap: the first reader draws that of
    "831,00" over the currency behind it.
    """
    kept: list[SeenWord] = []
    numbered = [(number, word) for number, words in enumerate(pieces) for word in words]
    numbered.sort(key=lambda pair: (-pair[1].confidence, -pair[1].box.width))
    boxes, owners = np.zeros((0, 4)), np.zeros(0, dtype=int)
    for number, word in numbered:
        x0, y0, x1, y1 = word.box
        taken = boxes[owners != number]
        if len(taken):
            across = np.minimum(x1, taken[:, 2]) - np.maximum(x0, taken[:, 0])
            down = np.minimum(y1, taken[:, 3]) - np.maximum(y0, taken[:, 1])
            smaller = np.minimum((x1 - x0) * (y1 - y0), (taken[:, 2] - taken[:, 0]) * (taken[:, 3] - taken[:, 1]))
            if bool(np.any((across > 0) & (down > 0) & (across * down > _DOUBLE * smaller))):
                continue
        kept.append(word)
        boxes, owners = np.vstack([boxes, word.box]), np.append(owners, number)
    return kept


def add_stamps(grey: Pixels, words: Sequence[SeenWord], text_height: float) -> tuple[SeenWord, ...]:
    """The words, with those that stand askew, are large or framed, and were not read with the rows of the page.

    Args:
        grey: the upright page.
        words: what was read so far; what lies under a stamp and says less than it gives way.
        text_height: of the median character, in pixels.
    """
    kept = list(words)
    found: list[SeenWord] = []
    taken: list[Box] = []
    for line in find_slanted_lines(grey, words, text_height):
        if any(_lies_on(line.box, other) for other in taken):
            continue
        seen = place_words(read_line(line.strip), line.strip.shape[1], line.box)
        if not seen or min(word.confidence for word in seen) < _SURE_STAMP:
            continue
        under = [word for word in kept if _lies_on(word.box, line.box)]
        unsure = sum(_count_letters(word) for word in under if word.confidence < SURE)
        if _count_letters(*seen) >= max(_FEWEST_STAMPED, _count_letters(*under) - unsure):
            kept = [word for word in kept if all(word is not other for other in under)]
            found.extend(seen)
            taken.append(line.box)
    return (*kept, *found)


def _count_letters(*words: SeenWord) -> int:
    return sum(char.isalnum() for word in words for char in word.text)


def _lies_on(box: Box, other: Box) -> bool:
    across = min(box.x1, other.x1) - max(box.x0, other.x0)
    down = min(box.y1, other.y1) - max(box.y0, other.y0)
    return across > 0 and down > 0 and across * down > 0.4 * min(box.width * box.height, other.width * other.height)


def measure_text_height(sheet: NormalisedSheet) -> float:
    """Height of the median character on the upright picture, in pixels."""
    if sheet.shape is None:
        return TARGET_HEIGHT
    return sheet.shape.height * _measure_unit(sheet.flat) / max(1e-6, _measure_unit(sheet.picture))


def _measure_unit(picture: Picture) -> float:
    """Length on the received page of one pixel in the middle of a picture, across the lines or along them."""
    x, y = picture.width / 2, picture.height / 2
    (x0, y0), (x1, y1), (x2, y2) = map_points(picture.to_received, [(x, y), (x + 10, y), (x, y + 10)])
    return float(np.sqrt(abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))) / 10)


def find_turn(sheet: NormalisedSheet) -> NormalisedSheet:
    """This way up or the other: the longest lines are read both ways; the sheet as it is when that tells nothing."""
    grey = sheet.picture.pixels
    height = measure_text_height(sheet)
    lines = [
        box for box in find_ink_lines(find_marks(grey, height)) if _SHORTEST * height <= box.width <= _LONGEST * height
    ]
    lines.sort(key=lambda box: box.width, reverse=True)
    here = there = 0.0
    for box in lines[:_TURN_LINES]:
        strip, _ = crop_piece(grey, LinePiece(box))
        here += _weigh(read_line(strip))
        there += _weigh(read_line(np.ascontiguousarray(cv2.rotate(strip, cv2.ROTATE_180), dtype=np.uint8)))
        if max(here, there) > max(_TURN_LETTERS, _TURN_PLAIN * min(here, there)):
            break
    if there > _TURN_RATIO * here:
        return turn_sheet(sheet, (sheet.rotation + 180) % 360)
    return sheet


def _weigh(characters: Sequence[SeenCharacter]) -> float:
    """How much was read: letters and digits, each by how sure the reader is of it."""
    return sum(c.confidence**2 for c in characters if c.text.isalnum())
