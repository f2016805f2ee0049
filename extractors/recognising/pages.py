"""From a sheet to its words: the first reading, and rivals where it is poor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.frames import Picture, Pixels, Way
from extractors.limits import Limits
from extractors.normalising import NormalisedSheet, turn_sheet
from extractors.normalising.chain import TARGET_HEIGHT
from extractors.normalising.components import find_characters
from extractors.recognising.scoring import ReadingScore, score_reading
from extractors.recognising.tesseract import SeenWord, read_words
from schemas.errors import FileRefusedError

#: A reading at least this sure is taken as it is; one below the second is worth seconds of cleaning.
_GOOD_CONFIDENCE, _POOR_CONFIDENCE = 0.80, 0.72
#: Grain (see ``measure_grain``) from which cleaning can help.
_LEAST_GRAIN = 0.9
#: Below this, the page may lie upside down.
_TURN_CONFIDENCE = 0.60
#: A crop decides a turn only if one way reads this much better than the other.
_TURN_RATIO = 1.5
#: A crop in which neither way gives so many sure letters decides nothing.
_FEWEST_LETTERS = 10


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
    def to_received(self) -> Way:
        """From the upright picture to the received frame."""
        return self.sheet.picture.to_received


def read_sheet(sheet: NormalisedSheet, limits: Limits) -> SheetReading:
    """The best reading of a sheet.

    Raises:
        FileRefusedError: no reading ended in time.
    """
    rivals = 0
    if sheet.rotation:
        # The lines run down the page: which side is up is not known yet.
        decided = _choose_turn(sheet, limits)
        best = _read(decided or sheet, limits)
    else:
        decided = sheet
        best = _read(sheet, limits)
        if best.score.confidence < _TURN_CONFIDENCE and best.score.letters:
            decided = _choose_turn(sheet, limits)
            if decided is not None and decided.rotation != sheet.rotation:
                rivals += 1
                best = max(best, _read(decided, limits), key=_value)
    if decided is None and best.score.confidence < _GOOD_CONFIDENCE:
        rivals += 1
        best = max(best, _read(turn_sheet(sheet, (sheet.rotation + 180) % 360), limits), key=_value)
    for threshold, make_rival in ((_GOOD_CONFIDENCE, soften_grain), (_POOR_CONFIDENCE, remove_grain)):
        if not best.score.letters or best.score.confidence >= threshold:
            break
        if measure_grain(best.sheet.picture.pixels) < _LEAST_GRAIN:
            break  # handwriting or odd print, on a clean picture: there is nothing to clean away
        rivals += 1
        picture = Picture(make_rival(best.sheet.picture.pixels), best.sheet.picture.to_received)
        best = max(best, _read(replace(best.sheet, picture=picture), limits), key=_value)
    return SheetReading(best.words, best.sheet, best.score, rivals)


def measure_grain(grey: Pixels) -> float:
    """How much neighbouring pixels of bare paper differ, in grey levels."""
    change = cv2.absdiff(grey, np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), dtype=np.uint8))
    paper = change[grey > 150]
    return float(paper.mean()) if paper.size else 0.0


def soften_grain(grey: Pixels) -> Pixels:
    """Grain averaged out over neighbouring pixels; cheap."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), dtype=np.uint8)


def remove_grain(grey: Pixels) -> Pixels:
    """Grain averaged out over patches that look alike, which keeps strokes sharp; takes seconds."""
    return np.asarray(cv2.fastNlMeansDenoising(grey, None, 18, 5, 15), dtype=np.uint8)


def _read(sheet: NormalisedSheet, limits: Limits) -> SheetReading:
    words = read_words(sheet.picture.pixels, seconds=limits.page_seconds)
    return SheetReading(words, sheet, score_reading(words))


def _value(reading: SheetReading) -> float:
    return reading.score.value


def _choose_turn(sheet: NormalisedSheet, limits: Limits) -> NormalisedSheet | None:
    """This way up or the other: a crop with much text is read both ways; None when that tells nothing."""
    crop = _crop_text(sheet.picture.pixels)
    upside_down = np.asarray(cv2.rotate(crop, cv2.ROTATE_180), dtype=np.uint8)
    try:
        here = score_reading(read_words(crop, seconds=limits.page_seconds / 4))
        there = score_reading(read_words(upside_down, seconds=limits.page_seconds / 4))
    except FileRefusedError:
        return None
    if max(here.solid_letters, there.solid_letters) < _FEWEST_LETTERS:
        return None
    if max(0.0, there.value) > _TURN_RATIO * max(0.0, here.value):
        return turn_sheet(sheet, (sheet.rotation + 180) % 360)
    return sheet


def _crop_text(grey: Pixels) -> Pixels:
    """The sixth of the page, full width, that holds the most characters of the usual size."""
    blobs = find_characters(grey)
    blobs = blobs[(blobs[:, 3] > 0.6 * TARGET_HEIGHT) & (blobs[:, 3] < 2.0 * TARGET_HEIGHT)]
    band = max(120, grey.shape[0] // 6)
    if len(blobs) == 0 or band >= grey.shape[0]:
        return grey
    rows = np.bincount(np.clip(blobs[:, 1] + blobs[:, 3] // 2, 0, grey.shape[0] - 1), minlength=grey.shape[0])
    totals = np.concatenate([[0], np.cumsum(rows)])
    start = int(np.argmax(totals[band:] - totals[:-band]))
    return np.ascontiguousarray(grey[start : start + band])
