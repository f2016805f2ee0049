"""The text that a PDF carries, with its boxes, and whether it deserves trust.

pdfium gives the characters (a few milliseconds a page); pdfplumber's grouping makes words of them. Where pdfium's
characters do not pass the test, pdfplumber's own decoding of the fonts is asked too, before OCR. A layer that passes
is compared with the picture of its page (``recognising.layer_check``, docs/decisions/0006).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pdfplumber.utils.text import dedupe_chars, extract_words

from extractors.frames import Homography, map_box, undo_quarter_turn
from extractors.pdf_pages import PdfPage
from extractors.recognising.layer_check import (
    FEWEST_UNCOVERED,
    agree,
    choose_strip,
    find_seen,
    find_uncovered,
    place_words,
    turn_upright,
)
from extractors.recognising.pdf_characters import DESCENT, Character, invert, load_characters, load_characters_again
from extractors.recognising.tesseract import SeenWord, read_words
from extractors.recognising.trust import TextEvidence, examine_text
from schemas.errors import FileRefusedError
from schemas.geometry import Box, bound_boxes, bound_points
from schemas.readings import Source

#: A picture over more of the page than this makes it a scan: text on top must prove itself.
_SCAN_SHARE = 0.5
#: A scan with fewer visible words than this has a stamp or a footer on it, not its text.
_FEWEST_WORDS_ON_SCAN = 40
_MOST_HIDDEN = 0.3
#: Text of the picture that the layer does not have, as shares of its letters: on a scan, on any other page. Above it
#: the whole page is read; below it the rest is read and added.
_MOST_UNCOVERED_ON_SCAN, _MOST_UNCOVERED = 0.2, 1.0
#: Text lower than this, in points, cannot be read on the page.
_LOWEST_TEXT = 2.5
#: Points around what is read of a page, and the resolution at which it is drawn for that.
_MARGIN, _STRIP_DPI, _REST_DPI = 4.0, 200.0, 250.0
#: A word that completes a layer must be this sure: logos and drawings give rubbish.
_LEAST_SURE = 0.5
_STRIP_SECONDS = 10.0
#: Gap that ends a word, as a share of the size of its characters; a space is 0.25 of it in most fonts.
_GAP_SHARE = 0.17
#: From the baseline to the top of a line of text, as a share of the font size; close to most text fonts.
_ASCENT = 0.76
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x02": "-", "\xad": "-"}
)


@dataclass(frozen=True, eq=False, slots=True)
class TextLayer:
    """Words of a text layer.

    Attributes:
        words: in the upright frame, in points.
        to_received: from the upright frame to the displayed page.
        upright_size: width and height of the upright frame, in points.
        rotation: degrees clockwise that bring the displayed page upright.
        evidence: what its characters look like.
        hidden_share: characters that the page does not show, 0 to 1.
        believed: the layer may be read instead of the picture.
        uncovered: where the page shows text that the layer has not, in points of the displayed page.
    """

    words: tuple[SeenWord, ...]
    to_received: Homography
    upright_size: tuple[float, float]
    rotation: int
    evidence: TextEvidence
    hidden_share: float
    believed: bool
    uncovered: tuple[Box, ...] = ()


def read_text_layer(page: PdfPage) -> TextLayer | None:
    """The text layer of a page, tested; None when there is no text at all.

    Raises:
        FileRefusedError: the page cannot be drawn.
    """
    characters = load_characters(page)
    if not characters:
        return None
    layer = _build_layer(page, characters)
    if layer.evidence.enough and not layer.evidence.plausible:
        second = _build_layer(page, load_characters_again(page))
        if second.evidence.plausible and second.evidence.characters >= layer.evidence.characters * 0.8:
            layer = second
    return _compare_with_picture(page, layer) if layer.believed else layer


def _build_layer(page: PdfPage, characters: list[Character]) -> TextLayer:
    hidden = float(np.mean([character.hidden for character in characters])) if characters else 0.0
    shown = [character for character in characters if not character.hidden]
    # A layer that is hidden altogether still has words, for what they tell of the file.
    turns = Counter(character.turn for character in shown or characters if not character.text.isspace())
    rotation = turns.most_common(1)[0][0] if turns else 0
    width, height = page.size.width, page.size.height
    to_received = undo_quarter_turn(rotation, width, height)
    upright_size = (height, width) if rotation % 180 else (width, height)
    upright = [character for character in shown or characters if character.turn == rotation]
    words = _group_words(_turn_characters(upright, invert(to_received))) if upright else ()
    evidence = examine_text(" ".join(word.text for word in words))
    believed = evidence.enough and evidence.plausible and hidden <= _MOST_HIDDEN and not _is_scan(page, len(words))
    return TextLayer(words, to_received, upright_size, rotation, evidence, hidden, believed)


def _compare_with_picture(page: PdfPage, layer: TextLayer) -> TextLayer:
    """What the page really shows of a layer, and what it shows besides."""
    drawings = page.draw_apart()
    seen = find_seen(drawings.whole, drawings.bare, [word.box for word in layer.words], layer.to_received)
    words = tuple(
        word for word, shown in zip(layer.words, seen, strict=True) if shown and word.box.height >= _LOWEST_TEXT
    )
    letters, letters_seen = _count_letters(layer.words), _count_letters(words)
    hidden = max(layer.hidden_share, 1.0 - letters_seen / max(1, letters))
    rest = find_uncovered(turn_upright(drawings.bare, layer.rotation))
    most = _MOST_UNCOVERED_ON_SCAN if page.picture_share >= _SCAN_SHARE else _MOST_UNCOVERED
    believed = hidden <= _MOST_HIDDEN and rest.shapes <= max(FEWEST_UNCOVERED, most * letters_seen)
    uncovered = rest.regions if rest.shapes >= FEWEST_UNCOVERED else ()
    layer = replace(layer, words=words, hidden_share=hidden, believed=believed, uncovered=uncovered)
    if layer.believed and layer.evidence.doubtful:
        layer = replace(layer, believed=_confirm_by_reading(page, layer))
    return layer


def _confirm_by_reading(page: PdfPage, layer: TextLayer) -> bool:
    """Read the strip of the page that says the most, and compare."""
    strip = choose_strip(layer.words, layer.upright_size[1])
    if strip is None:
        return False
    strip = Box(0.0, strip.y0 - _MARGIN, layer.upright_size[0], strip.y1 + _MARGIN)
    inside = [word for word in layer.words if strip.y0 <= word.box.y0 and word.box.y1 <= strip.y1]
    region = page.draw_region(bound_points(map_box(layer.to_received, strip)), dpi=_STRIP_DPI)
    try:
        read = read_words(turn_upright(region, layer.rotation).pixels, seconds=_STRIP_SECONDS)
    except FileRefusedError:
        return False
    return agree(inside, read)


def read_uncovered(page: PdfPage, layer: TextLayer, *, seconds: float) -> tuple[SeenWord, ...]:
    """Words that the page shows and the layer has not: stamps, pasted scans, filled fields.

    Args:
        page: of the layer.
        layer: one that is believed.
        seconds: time limit of the reader.

    Returns:
        Words in the upright frame of the layer; those that the reader is sure of.

    Raises:
        FileRefusedError: not in time.
    """
    if not layer.uncovered:
        return ()
    around = [Box(b.x0 - _MARGIN, b.y0 - _MARGIN, b.x1 + _MARGIN, b.y1 + _MARGIN) for b in layer.uncovered]
    region = page.draw_region(bound_boxes(around), dpi=_REST_DPI, text=False)
    picture = turn_upright(region, layer.rotation)
    words = place_words(read_words(picture.pixels, seconds=seconds), picture, invert(layer.to_received))
    return tuple(word for word in words if word.confidence >= _LEAST_SURE and _count_letters((word,)))


def _count_letters(words: Sequence[SeenWord]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)


def _is_scan(page: PdfPage, words: int) -> bool:
    return page.picture_share >= _SCAN_SHARE and (words < _FEWEST_WORDS_ON_SCAN or page.picture_on_top)


def _group_words(characters: list[dict[str, Any]]) -> tuple[SeenWord, ...]:
    characters = dedupe_chars(characters, tolerance=0.7, extra_attrs=())
    grouped = extract_words(characters, x_tolerance_ratio=_GAP_SHARE, y_tolerance=2.0, use_text_flow=False)
    words: list[SeenWord] = []
    for word in grouped:
        text = "".join(word["text"].translate(_LIGATURES).split())
        if text:
            box = Box(word["x0"], word["top"], word["x1"], word["bottom"])
            words.append(SeenWord(text, box, 1.0, Source.TEXT_LAYER))
    return tuple(words)


def _turn_characters(characters: list[Character], back: Homography) -> list[dict[str, Any]]:
    """Characters in the upright frame, in the form that pdfplumber groups; heights from baseline and font size.

    The boxes of single glyphs are not used for heights: many fonts give each letter a top of its own, and words
    would fall apart.
    """
    corners = np.array([[c.x0, c.y0, c.x1, c.y1, c.base_x, c.base_y] for c in characters]).reshape(-1, 3, 2)
    upright = corners @ back[:2, :2].T + back[:2, 2]
    low, high, base = upright[:, :2].min(axis=1), upright[:, :2].max(axis=1), upright[:, 2]
    return [
        {
            "text": character.text,
            "x0": float(low[i, 0]),
            "x1": float(high[i, 0]),
            "top": float(base[i, 1]) - _ASCENT * character.size,
            "bottom": float(base[i, 1]) + DESCENT * character.size,
            "doctop": float(base[i, 1]) - _ASCENT * character.size,
            "size": character.size,
            "upright": True,
        }
        for i, character in enumerate(characters)
    ]
