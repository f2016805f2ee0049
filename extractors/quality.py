"""Can a careful person read this page, and if not, what is wrong with the picture?

Two looks: at the picture before it is read (cheap, and it spares the OCR a page that would take it twenty seconds
for nothing), and at the reading afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.frames import Pixels
from extractors.normalising.chain import NormalisedSheet
from extractors.normalising.components import binarise_ink, find_characters
from extractors.normalising.light import estimate_paper, to_grey
from extractors.normalising.shrinking import shrink
from extractors.recognising.scoring import ReadingScore
from schemas.vocabulary import Legibility, LegibilityReason

#: Sharpness (see ``PictureMeasures``): below the first no letter is told from another; below the second neither, when
#: the blur has taken their darkness too; below the third some are not.
_NO_SHARPNESS, _HOPELESS_SHARPNESS, _SOFT_SHARPNESS = 1.3, 2.0, 3.5
#: Height in pixels below which letters have too few pixels to be told apart, however sharp.
_TOO_SMALL = 3.5
#: Widths of a stroke's edge in pixels: of a focused picture; of one so soft that small print is lost.
_FINE_EDGE, _SOFT_EDGE = 2.4, 3.0
#: Contrast of ink that is too faint for a reader.
_FAINT = 0.22
#: Characters of a page stand in lines; fewer than this and what looks like ink is grain.
LEAST_AGREEMENT = 0.45
#: Print covers less of a page than this; pale ink over more of it is grain, which takes the OCR minutes.
_MOST_INK = 0.10
#: A blank page: next to no ink, and no more relief than grain, folds and show-through.
_BLANK_INK, _BLANK_RELIEF = 0.002, 0.045
_FEW_CHARACTERS = 25
_SMALL_TEXT = 8.0
_DARK_PAPER = 95.0
#: Part of the page whose strokes are measured: the one with the most print.
_LOOKED_AT = 0.34
_GLARE = 0.05
#: A reading with fewer sure letters, or less sure of them, is no reading.
_FEWEST_LETTERS, _DOUBTFUL_CONFIDENCE = 12, 0.72
#: The same for a picture with nothing wrong that was measured: the engine's doubt alone does not refuse a page.
_HOPELESS_CONFIDENCE, _HOPELESS_CONFIDENCE_OF_CLEAR = 0.45, 0.30


@dataclass(frozen=True, slots=True)
class PictureMeasures:
    """What can be measured on a sheet before it is read.

    Attributes:
        characters: blobs that may be characters.
        text_height: median height of a character, in pixels of the received picture.
        agreement: share of the characters that stand in lines, 0 to 1; low for grain and texture.
        edge_width: pixels that the edge of a stroke takes from paper to ink.
        contrast: darkness of ink against its paper, 0 (none) to 1 (black on white).
        paper: how bright bare paper is, 0 to 255.
        ink_share: part of the sheet that is darker than its surroundings.
        relief: how much the sheet varies once its grain is smoothed away, 0 (blank) to 1.
        glare_share: part of the sheet that is burnt out while the rest is not.
        cut: part of the page is outside the picture, or missing at its end.
    """

    characters: int
    text_height: float
    agreement: float
    edge_width: float
    contrast: float
    paper: float
    ink_share: float
    relief: float
    glare_share: float
    cut: bool

    @property
    def sharpness(self) -> float:
        """Text height in edge widths: below about 2 the letters run into each other."""
        return self.text_height / max(0.5, self.edge_width)

    @property
    def lacks_something(self) -> bool:
        """Small print may be lost in blur, or a part of the page is not there."""
        return self.sharpness < _SOFT_SHARPNESS or self.cut


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer and its reasons (none for a legible page)."""

    legibility: Legibility
    reasons: tuple[LegibilityReason, ...] = ()


def measure_picture(sheet: NormalisedSheet, *, cut_share: float = 0.0) -> PictureMeasures:
    """Measure a sheet.

    Args:
        sheet: as normalised; its flat picture is looked at, because normalising hides what is wrong.
        cut_share: part of the picture lost because the file stops early.
    """
    grey = to_grey(sheet.flat.pixels)
    height = sheet.shape.height if sheet.shape else 0.0
    paper = estimate_paper(grey, max(12.0, height))
    ink_share = float(np.mean(binarise_ink(grey) > 0))
    rows = _find_dense_rows(grey, _LOOKED_AT)
    contrast, edge_width = _measure_strokes(grey[rows], paper[rows])
    bright = float(np.median(paper[::8, ::8]))
    burnt = (paper[::4, ::4] >= 253) & (grey[::4, ::4] >= 252)
    return PictureMeasures(
        characters=sheet.shape.count if sheet.shape else len(find_characters(grey)),
        text_height=height,
        agreement=sheet.shape.agreement if sheet.shape else 0.0,
        edge_width=edge_width,
        contrast=contrast,
        paper=bright,
        ink_share=ink_share,
        relief=measure_relief(grey, paper),
        glare_share=float(burnt.mean()) if bright < 225 else 0.0,
        cut=cut_share > 0.02 or _is_cut(sheet, grey),
    )


def _find_dense_rows(grey: Pixels, share: float) -> slice:
    """The rows, as one piece of so much of the page, where the picture changes most: where print is."""
    height = max(1, round(grey.shape[0] * share))
    change = np.abs(np.diff(grey[:, ::4].astype(np.int16), axis=1)).sum(axis=1)
    totals = np.concatenate([[0], np.cumsum(change)])
    start = int(np.argmax(totals[height:] - totals[:-height])) if height < grey.shape[0] else 0
    return slice(start, start + height)


def _measure_strokes(grey: Pixels, paper: Pixels) -> tuple[float, float]:
    """Contrast of ink (0 to 1) and width of its edges in pixels; 0 and 99 where there is no ink."""
    ink = binarise_ink(grey) > 0
    if not ink.any():
        return 0.0, 99.0
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *way, scale=0.125) for way in ((1, 0), (0, 1)))
    slopes = cv2.magnitude(across, down)
    bare = np.maximum(paper[ink], 1).astype(np.float32)
    contrast = float(np.percentile((bare - grey[ink]) / bare, 80))
    steepest = float(np.percentile(slopes[ink] / bare, 95))
    return contrast, contrast / steepest if steepest > 1e-6 else 99.0


def measure_relief(grey: Pixels, paper: Pixels) -> float:
    """Depth of what stays when grain is averaged out, against the paper: print leaves some even when blurred."""
    step = max(1, min(grey.shape) // 250)
    small = shrink(grey, step).astype(np.float32)
    bare = cv2.GaussianBlur(shrink(paper, step).astype(np.float32), (0, 0), 12)
    height, width = small.shape
    inner = (slice(height // 20, -height // 20 or None), slice(width // 20, -width // 20 or None))
    ratio = (small / np.maximum(bare, 1.0))[inner]
    return float(np.median(ratio) - np.percentile(ratio, 0.5)) if ratio.size else 0.0


def _is_cut(sheet: NormalisedSheet, grey: Pixels) -> bool:
    """Ink runs over a side of the sheet that is a side of the picture."""
    if sheet.sheet is None or sheet.sheet.cut_sides == 0:
        return False
    rims = (grey[:3], grey[-3:], grey[:, :3], grey[:, -3:])
    return any(bool(np.mean(rim < 0.6 * float(np.median(grey[::8, ::8]))) > 0.02) for rim in rims)


def judge_picture(measures: PictureMeasures) -> Verdict | None:
    """The verdict before reading: blank or hopeless pages; None for a page that must be read to know."""
    if measures.characters < _FEW_CHARACTERS and measures.relief < _BLANK_RELIEF and measures.ink_share < _BLANK_INK:
        return Verdict(Legibility.ILLEGIBLE, (LegibilityReason.PAGE_BLANCHE,))
    if measures.characters >= _FEW_CHARACTERS and measures.text_height > 0:
        faint = measures.contrast < _FAINT
        grain = faint and (measures.agreement < LEAST_AGREEMENT or measures.ink_share > _MOST_INK)
        blurred = measures.sharpness < (_HOPELESS_SHARPNESS if faint else _NO_SHARPNESS)
        hopeless = grain or blurred or measures.text_height < _TOO_SMALL
    else:
        hopeless = measures.edge_width > _SOFT_EDGE or measures.contrast < _FAINT
    return Verdict(Legibility.ILLEGIBLE, find_reasons(measures)) if hopeless else None


def judge_at_first_sight(measures: PictureMeasures, *, smeared: bool = False) -> Verdict:
    """What the picture alone says, before anything is read: quick, and kinder than the verdict after reading.

    Args:
        measures: of the picture.
        smeared: a part of the page holds print that is blurred away (``find_smeared_parts``).
    """
    hopeless = judge_picture(measures)
    if hopeless is not None:
        return hopeless
    reasons = find_reasons(measures)
    if measures.lacks_something:
        return Verdict(Legibility.DOUBTFUL, reasons)
    if smeared:
        return Verdict(Legibility.DOUBTFUL, reasons or (LegibilityReason.FLOU,))
    return Verdict(Legibility.LEGIBLE)


def judge_reading(measures: PictureMeasures, score: ReadingScore, *, smeared: bool = False) -> Verdict:
    """The verdict after reading.

    Args:
        measures: of the picture.
        score: of what was read.
        smeared: a part of the page holds print that is blurred away (``find_smeared_parts``).
    """
    reasons = find_reasons(measures)
    clear = measures.contrast >= _FAINT and measures.sharpness >= _HOPELESS_SHARPNESS
    least = _HOPELESS_CONFIDENCE_OF_CLEAR if clear else _HOPELESS_CONFIDENCE
    if score.solid_letters < _FEWEST_LETTERS or score.confidence < least:
        return Verdict(Legibility.ILLEGIBLE, reasons or (LegibilityReason.FLOU,))
    if score.confidence < _DOUBTFUL_CONFIDENCE or measures.lacks_something:
        return Verdict(Legibility.DOUBTFUL, reasons)
    if smeared:
        return Verdict(Legibility.DOUBTFUL, reasons or (LegibilityReason.FLOU,))
    return Verdict(Legibility.LEGIBLE)


def find_reasons(measures: PictureMeasures) -> tuple[LegibilityReason, ...]:
    """What is wrong with the picture, worst first."""
    reasons: list[LegibilityReason] = []
    if measures.paper < _DARK_PAPER:
        reasons.append(LegibilityReason.SOMBRE)
    if measures.contrast < _FAINT and measures.edge_width < _SOFT_EDGE:
        reasons.append(LegibilityReason.CONTRASTE_FAIBLE)
    elif measures.edge_width > _SOFT_EDGE or 0 < measures.sharpness < _SOFT_SHARPNESS:
        small = 0 < measures.text_height < _SMALL_TEXT and measures.edge_width < _FINE_EDGE
        reasons.append(LegibilityReason.RESOLUTION_FAIBLE if small else LegibilityReason.FLOU)
    if measures.glare_share > _GLARE:
        reasons.append(LegibilityReason.REFLET)
    if measures.cut:
        reasons.append(LegibilityReason.PAGE_COUPEE)
    return tuple(reasons)
