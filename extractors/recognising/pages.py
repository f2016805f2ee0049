"""From a sheet to its words: the first reading, and rivals where it is poor."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.frames import Homography, Pixels
from extractors.limits import Limits
from extractors.normalising import NormalisedSheet, turn_sheet
from extractors.normalising.components import find_characters
from extractors.recognising.scoring import ReadingScore, score_reading
from extractors.recognising.tesseract import SeenWord, read_words
from schemas.errors import FileRefusedError

#: A reading at least this sure is taken as it is.
_GOOD_CONFIDENCE = 0.80
#: Below this, the page may lie upside down.
_TURN_CONFIDENCE = 0.60
#: A crop decides a turn only if one way reads this much better than the other.
_TURN_RATIO = 1.5


@dataclass(frozen=True, eq=False, slots=True)
class SheetReading:
    """Words of a sheet.

    Attributes:
        words: in pixels of the upright picture.
        sheet: as it was read (its turn may have changed).
        score: of the words.
        rivals: how many other readings were tried.
    """

    words: tuple[SeenWord, ...]
    sheet: NormalisedSheet
    score: ReadingScore
    rivals: int = 0

    @property
    def to_received(self) -> Homography:
        """From the upright picture to the received frame."""
        return self.sheet.picture.to_received


def read_sheet(sheet: NormalisedSheet, limits: Limits) -> SheetReading:
    """The best reading of a sheet.

    Raises:
        FileRefusedError: no reading ended in time.
    """
    if sheet.rotation:
        sheet = _choose_turn(sheet, limits)
    best = _read(sheet, limits)
    rivals = 0
    if best.score.confidence < _TURN_CONFIDENCE and best.score.letters:
        turned = _choose_turn(sheet, limits)
        if turned.rotation != sheet.rotation:
            rivals += 1
            best = max(best, _read(turned, limits), key=lambda reading: reading.score.value)
    return SheetReading(best.words, best.sheet, best.score, rivals)


def _read(sheet: NormalisedSheet, limits: Limits) -> SheetReading:
    words = read_words(sheet.picture.pixels, seconds=limits.page_seconds)
    return SheetReading(words, sheet, score_reading(words))


def _choose_turn(sheet: NormalisedSheet, limits: Limits) -> NormalisedSheet:
    """This way up or the other: a crop with much text is read both ways."""
    crop = _crop_text(sheet.picture.pixels)
    upside_down = np.asarray(cv2.rotate(crop, cv2.ROTATE_180), dtype=np.uint8)
    try:
        here = score_reading(read_words(crop, seconds=limits.page_seconds / 4))
        there = score_reading(read_words(upside_down, seconds=limits.page_seconds / 4))
    except FileRefusedError:
        return sheet
    if max(0.0, there.value) > _TURN_RATIO * max(0.0, here.value) and there.solid_letters >= 8:
        return turn_sheet(sheet, (sheet.rotation + 180) % 360)
    return sheet


def _crop_text(grey: Pixels) -> Pixels:
    """The eighth of the page, full width, that holds the most characters."""
    blobs = find_characters(grey)
    band = max(120, grey.shape[0] // 8)
    if len(blobs) == 0 or band >= grey.shape[0]:
        return grey
    rows = np.bincount(np.clip(blobs[:, 1] + blobs[:, 3] // 2, 0, grey.shape[0] - 1), minlength=grey.shape[0])
    totals = np.concatenate([[0], np.cumsum(rows)])
    start = int(np.argmax(totals[band:] - totals[:-band]))
    return np.ascontiguousarray(grey[start : start + band])
