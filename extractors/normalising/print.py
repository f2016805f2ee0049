"""What stands in the way of the OCR on a flat page: print in white on dark bands, and ruled or dashed lines.

Both are drawn on nearly every invoice. Sparse-text reading skips white print, and takes dashes under a word for part
of it. Nothing is lost for people: only the copy that is read is changed.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import Pixels
from extractors.normalising.components import TALL, label_blobs
from extractors.normalising.shrinking import shrink

_DARK = 128
#: A band is solid over this many text heights each way; a letter's stroke never is.
_BAND_CORE = 0.75
_BAND_WIDTH, _BAND_HEIGHT = 4.0, 1.1
_BAND_FILL = 0.55
#: A rule is at least so many text heights long, and at most so many thick; dashes may be so far apart.
_RULE_LENGTH, _RULE_THICKNESS, _DASH_GAP = 4.5, 0.28, 0.7

#: Share of a rule along which something may stand close to it (underlined words, crossings).
_MOST_COMPANY = 0.35


def prepare_print(grey: Pixels, text_height: float) -> Pixels:
    """The page with dark bands turned and rules wiped out; the same picture where there are none.

    Args:
        grey: upright, evenly lit.
        text_height: of a character, in pixels.
    """
    turned = turn_dark_bands(grey, text_height)
    rules = find_rules(turned, text_height)
    if not cv2.hasNonZero(rules):
        return turned
    return np.asarray(cv2.max(turned, cv2.dilate(rules, np.ones((3, 3), np.uint8))), dtype=np.uint8)


def turn_dark_bands(grey: Pixels, text_height: float) -> Pixels:
    """White print on dark bands made black on white."""
    step = 2 if text_height >= TALL else 1
    small = shrink(grey, step)
    text_height /= step
    dark = np.asarray(small < _DARK, dtype=np.uint8)
    core = max(3, round(_BAND_CORE * text_height))
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((core, core), np.uint8))
    if not solid.any():
        return grey
    # Print in the band makes holes in what is solid: close them, or every word would split the band.
    reach = max(3, round(2.0 * text_height))
    joined = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    labels, stats = label_blobs(np.asarray(joined, dtype=np.uint8))
    result = grey
    for label in range(1, len(stats)):
        x, y, width, height, area = (int(value) for value in stats[label])
        if width < _BAND_WIDTH * text_height or height < _BAND_HEIGHT * text_height:
            continue
        if area < _BAND_FILL * width * height or width * height > 0.5 * small.size:
            continue
        window = (slice(step * y, step * (y + height)), slice(step * x, step * (x + width)))
        part = np.asarray(labels[y : y + height, x : x + width] == label, dtype=np.uint8)
        size = grey[window].shape[::-1]
        inside = cv2.resize(part, size, interpolation=cv2.INTER_NEAREST) > 0
        values = grey[window][inside]
        ink = float(np.median(values))
        if ink > 110 or float(np.percentile(values, 99)) - ink < 60:
            continue  # not dark, or nothing is printed on it
        if result is grey:
            result = grey.copy()
        light = float(np.percentile(values, 99))
        flipped = np.clip((light - grey[window].astype(np.float32)) * (255.0 / (light - ink)), 0, 255)
        result[window] = np.where(inside, flipped.astype(np.uint8), result[window])
    return result


def find_rules(grey: Pixels, text_height: float) -> npt.NDArray[np.uint8]:
    """Mask (255) of straight lines along the axes, solid, dashed or dotted."""
    if text_height >= TALL:  # half the size shows them as well
        small = find_rules(shrink(grey, 2), text_height / 2)
        return np.asarray(cv2.resize(small, grey.shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    ink = np.asarray(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12), dtype=np.uint8
    )
    across = _find_lines_across(ink, text_height)
    down = _find_lines_across(np.asarray(cv2.transpose(ink), dtype=np.uint8), text_height)
    return np.asarray(cv2.bitwise_or(across, cv2.transpose(down)), dtype=np.uint8)


def _find_lines_across(ink: npt.NDArray[np.uint8], text_height: float) -> npt.NDArray[np.uint8]:
    gap = max(3, round(_DASH_GAP * text_height))
    length = max(20, round(_RULE_LENGTH * text_height))
    thick = max(3, round(_RULE_THICKNESS * text_height))
    # Thin marks only: what is taller than a rule is text, whatever it joins to.
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8))
    thin = cv2.subtract(ink, tall)
    joined = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    rules = np.zeros_like(ink)
    if not cv2.hasNonZero(lines):
        return rules
    labels, stats = label_blobs(np.asarray(lines, dtype=np.uint8))
    reach = max(3, round(0.4 * text_height))
    for label in range(1, len(stats)):
        x, y, width, height = (int(value) for value in stats[label][:4])
        if height > 2 * thick:
            continue
        # Tops and feet of letters also make long thin lines, but they have the rest of the letters beside them.
        above = ink[max(0, y - reach) : y, x : x + width].any(axis=0)
        below = ink[y + height : y + height + reach, x : x + width].any(axis=0)
        if float(np.mean(above | below)) < _MOST_COMPANY:
            place = (slice(y, y + height), slice(x, x + width))
            rules[place][labels[place] == label] = 255
    return np.asarray(cv2.bitwise_and(rules, ink), dtype=np.uint8)
