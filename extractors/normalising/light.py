"""Even light: shadows, folds and grey paper taken away, ink left as it is."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.frames import Pixels
from extractors.normalising.shrinking import shrink

#: Paper of a clean scan: this bright, and differing by no more than that across the page.
_WHITE, _FLAT = 235, 12
#: Paper in the deepest shadow, as a share of the brightest; what is darker is a band of print.
_DARKEST = 0.45


def to_grey(pixels: Pixels) -> Pixels:
    """Luminance of a grey or RGB picture."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def estimate_paper(grey: Pixels, text_height: float) -> Pixels:
    """How bright the bare paper is at each place.

    Args:
        grey: the page.
        text_height: of a character, in pixels; the estimate looks beyond strokes and bands of print (two heights
            around each place) but not beyond shadows.
    """
    step = max(1, round(text_height / 3))
    small = shrink(grey, step)
    paper = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    paper = cv2.medianBlur(paper, 21 if min(small.shape) > 60 else 7)
    return np.asarray(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def even_light(grey: Pixels, text_height: float) -> Pixels:
    """The page as if lit evenly on white paper; a page that already is comes back untouched."""
    paper = estimate_paper(grey, text_height)
    low, high = np.percentile(paper[::8, ::8], [2, 98])
    if low >= _WHITE and high - low <= _FLAT:
        return grey
    # White print on a dark banner keeps its contrast: paper is never believed darker than this share of the page's.
    floor = max(24, round(_DARKEST * float(high)))
    return np.asarray(cv2.divide(grey, np.maximum(paper, floor), scale=245), dtype=np.uint8)
