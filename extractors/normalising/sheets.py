"""Find the sheet of paper (or two) on a photo.

Candidates come from several ways of telling paper from table; each is judged by what all share: along the four
sides, the inside looks different from the outside. A table printed on a page fails that test (white on both sides),
so a good scan is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.light import to_grey
from extractors.normalising.sheet_extending import extend_to_print, measure_overlap
from extractors.normalising.sheet_judging import Sheet, judge_guesses, refine_corners, share_inside, smooth_light
from extractors.normalising.sheet_print import Print, find_print
from extractors.normalising.sheet_proposals import (
    Corners,
    Lab,
    measure_area,
    order_corners,
    propose_from_lines,
    propose_from_masks,
)
from extractors.normalising.sheet_splitting import split_papers
from extractors.normalising.shrinking import shrink

_WORK_SIDE = 720
#: Long side, about, of the copy on which the rim of a picture is looked at.
_RIM_SIDE = 360
_SURE_SCORE, _SURE_TEXT = 0.85, 0.85
_LEAST_TEXT = 0.6
#: Sides so sure that they are believed even where the grain of the table looks like print.
_CERTAIN_SCORE = 0.95
#: Two sheets that fill so much of the outline around both are one sheet with a fold.
_FOLDED_FILL = 0.95
#: Corners of two halves of a folded sheet are no further apart than this share of its side.
_FOLDED_GAP = 0.03
#: Print that a sheet with only two sides of its own must hold.
_ALL_TEXT = 0.97
#: Characters in lines that the grain of a table may pretend; a second paper holds more.
_FEW_CHARACTERS = 100
#: Guesses whose corners are within so many pixels of each other come to the same after refining.
_SAME = 4.0
#: Characters that are enough for a first look.
_FEW_POINTS = 400


def find_sheets(pixels: Pixels) -> tuple[Sheet, ...]:
    """The sheets on a picture, left to right; none when the picture is the page.

    Args:
        pixels: grey or RGB.
    """
    if _is_paper_to_the_rim(pixels):
        return ()
    factor = min(1.0, _WORK_SIDE / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    lab = _smooth_colours(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    seen = find_print(to_grey(pixels), factor)
    text = seen.characters
    found = _judge_all(propose_from_masks(lab, text), lab, text)
    chosen = _choose(found)
    if not chosen or min(s.score for s in chosen) < _SURE_SCORE or sum(s.text_share for s in chosen) < _SURE_TEXT:
        chosen = _choose(found + _judge_lines(lab, text))
    chosen = [extend_to_print(sheet, [s for s in chosen if s is not sheet], seen, size) for sheet in chosen]
    if not _hold_the_print(chosen, seen):
        return ()
    if len(chosen) == 1:
        chosen = _split(chosen[0], lab, text, down=seen.down)
    scale = np.array([pixels.shape[1] / size[0], pixels.shape[0] / size[1]])
    return tuple(replace(sheet, corners=sheet.corners * scale) for sheet in chosen)


def _judge_all(guesses: Iterable[Corners], lab: Lab, text: npt.NDArray[np.float64]) -> list[Sheet]:
    """The sheets among some guesses; guesses that are nearly the same are looked at once."""
    kept: list[Corners] = []
    for corners in guesses:
        if not any(float(np.abs(corners - other).max()) < _SAME for other in kept):
            kept.append(corners)
    light = smooth_light(lab)
    return judge_guesses([refine_corners(corners, light) for corners in kept], lab, text)


def _judge_lines(lab: Lab, text: npt.NDArray[np.float64]) -> list[Sheet]:
    """The best few sheets whose sides are long straight edges; only those few are worth refining."""
    some = text[:: 1 + len(text) // _FEW_POINTS]
    rough = judge_guesses(list(propose_from_lines(lab)), lab, some, tolerance=0.8)
    by_worth = sorted(rough, key=lambda sheet: sheet.worth, reverse=True)[:6]
    by_score = sorted(rough, key=lambda sheet: sheet.score, reverse=True)[:8]  # where each of two sheets is found
    return _judge_all((guess.corners for guess in by_worth + by_score), lab, text)


def _smooth_colours(pixels: Pixels) -> Lab:
    """Lab colours of a small picture, grain and thin print taken away."""
    if pixels.ndim == 2:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(cv2.medianBlur(pixels, 5), cv2.COLOR_RGB2LAB), dtype=np.float32)


def _is_paper_to_the_rim(pixels: Pixels) -> bool:
    """A scan or a screenshot: the same bright paper all around, so there is no sheet to find."""
    step = max(1, max(pixels.shape[:2]) // _RIM_SIDE)
    light = _smooth_colours(shrink(pixels, step))[..., 0]
    rim = np.concatenate([side.ravel() for side in (light[:3], light[-3:], light[:, :3], light[:, -3:])])
    paper = float(np.percentile(light, 75))  # the middle of the brighter half
    same = np.abs(rim - paper) <= 10
    return bool(paper > 200 and same.mean() > 0.97)


def _choose(found: list[Sheet]) -> list[Sheet]:
    """The best sheet, or the best two that lie side by side; by what they are worth."""
    if not found:
        return []
    ranked = sorted(found, key=lambda sheet: sheet.worth, reverse=True)[:40]
    chosen, worth = [ranked[0]], ranked[0].worth
    for first, second in combinations([sheet for sheet in ranked if _may_be_one_of_two(sheet)], 2):
        together = (first.score + second.score) / 2 + 0.6 * (first.area_share + second.area_share)
        together += first.text_share + second.text_share - 0.2 * (first.cut_sides + second.cut_sides)
        alike = min(first.area_share, second.area_share) > 0.3 * max(first.area_share, second.area_share)
        if together > worth and alike and _stand_apart(first, second):
            chosen, worth = [first, second], together
    return sorted(chosen, key=lambda sheet: (float(sheet.corners[:, 0].mean()), float(sheet.corners[:, 1].mean())))


def _split(sheet: Sheet, lab: Lab, text: npt.NDArray[np.float64], *, down: bool) -> list[Sheet]:
    """Two sheets when two papers were found as one, else the sheet."""
    halves = split_papers(sheet.corners, lab, text, down=down)
    if halves is None:
        return [sheet]
    area = lab.shape[0] * lab.shape[1]
    ordered = [order_corners(half) for half in halves]
    return [
        replace(sheet, corners=half, text_share=share_inside(half, text), area_share=measure_area(half) / area)
        for half in ordered
    ]


def _hold_the_print(chosen: list[Sheet], seen: Print) -> bool:
    """Whether the sheets may be cut out: print that lies outside would be lost."""
    if not chosen:
        return False
    share = sum(sheet.text_share for sheet in chosen)
    if any(sheet.cut_sides > 1 for sheet in chosen):  # two sides are all that speaks for it
        return share >= _ALL_TEXT
    if share >= _LEAST_TEXT:
        return True
    specks = len(seen.specks) * (1.0 - sum(share_inside(sheet.corners, seen.specks) for sheet in chosen))
    outside = len(seen.characters) * (1.0 - share)
    return outside < min(specks, _FEW_CHARACTERS) and min(sheet.score for sheet in chosen) >= _CERTAIN_SCORE


def _may_be_one_of_two(sheet: Sheet) -> bool:
    return sheet.score > 0.7 and sheet.area_share < 0.55 and sheet.text_share > 0.1 and sheet.cut_sides < 2


def _stand_apart(first: Sheet, second: Sheet) -> bool:
    """Two papers, not the two halves of a folded one: those fill the outline around both, corner on corner."""
    if measure_overlap(first.corners, second.corners) >= 0.05:
        return False
    apart = np.linalg.norm(first.corners[:, None, :] - second.corners[None, :, :], axis=2)
    nearest = np.sort(apart, axis=None)[:2]  # on a fold, two corners of each half meet
    if nearest.max() > _FOLDED_GAP * float(np.sqrt(measure_area(first.corners))):
        return True
    hull = cv2.convexHull(np.vstack([first.corners, second.corners]).astype(np.float32))
    filled = (measure_area(first.corners) + measure_area(second.corners)) / max(1.0, cv2.contourArea(hull))
    return filled < _FOLDED_FILL
