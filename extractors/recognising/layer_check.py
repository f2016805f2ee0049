"""A text layer against the picture of its page.

The page is drawn small, with and without its text. Where the two differ, text is seen: everything else in the layer
is invisible (painted in no mode, in the colour of the paper, under a picture, off the page). What looks like text in
the page without its text is seen and is not in the layer: a stamp, a pasted scan, a form that was filled in, letters
drawn as outlines. Where the words themselves are in doubt, a strip is read and compared.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from extractors.frames import BentWay, Homography, Picture, Pixels, map_box, map_points, undo_quarter_turn
from extractors.recognising.squares import find_squares
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box, bound_boxes, bound_points

#: Grey levels by which text changes what is under it; less is not seen by a person either.
_SEEN_CHANGE = 12
#: Part of the box of a word that its strokes fill at least, at the resolution of the drawings.
_SEEN_SHARE = 0.01
#: Grey levels between ink and the paper around it.
_INK_CONTRAST = 25
#: A character in pixels of the drawings (100 dpi: 4-point to 30-point print).
_LOWEST, _HIGHEST, _WIDEST = 4, 42, 60
#: Letters of one word or line are at most so far apart, in pixels.
_REACH = (13, 3)
#: Fewer shapes in a row than this are a drawing, not a word.
_FEWEST_IN_ROW = 4
#: Fewer shapes in all than this are not worth an OCR run; a stamp has ten.
FEWEST_UNCOVERED = 8
#: Words of a strip that must be found in the picture, of the longer ones and of those with digits.
_LEAST_AGREEMENT = 0.6
_FEWEST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class UncoveredText:
    """What looks like text in a picture.

    Attributes:
        shapes: how many of the size and place of letters.
        regions: rows of them, in the frame of the picture's ``to_received``.
    """

    shapes: int
    regions: tuple[Box, ...]


def find_seen(whole: Picture, bare: Picture, boxes: Sequence[Box], to_received: Homography) -> npt.NDArray[np.bool_]:
    """Which words are really seen on a page.

    Args:
        whole: the page.
        bare: the page without its text, drawn at the same size.
        boxes: of the words, in the upright frame.
        to_received: from there to the received frame; quarter turns, nothing else.

    Returns:
        One answer a word.
    """
    changed = (cv2.absdiff(whole.pixels, bare.pixels) > _SEEN_CHANGE).astype(np.uint8)
    sums = cv2.integral(changed)
    if isinstance(whole.to_received, BentWay):
        raise TypeError("a page that was drawn is flat")
    to_pixels = np.linalg.inv(whole.to_received) @ to_received
    corners = np.array(boxes, dtype=np.float64).reshape(-1, 2, 2) @ to_pixels[:2, :2].T + to_pixels[:2, 2]
    limits = np.array([whole.width, whole.height])
    low = np.clip(np.floor(corners.min(axis=1)), 0, limits).astype(int)
    high = np.clip(np.ceil(corners.max(axis=1)), 0, limits).astype(int)
    area = (high - low).prod(axis=1)
    count = (
        sums[high[:, 1], high[:, 0]] - sums[low[:, 1], high[:, 0]] - sums[high[:, 1], low[:, 0]]
        + sums[low[:, 1], low[:, 0]]
    )  # fmt: skip
    return np.asarray(count >= np.maximum(1, _SEEN_SHARE * area), dtype=np.bool_)


def find_uncovered(bare: Picture) -> UncoveredText:
    """What looks like text on a page drawn without its text."""
    shapes = _find_shapes(bare.pixels)
    if len(shapes) < _FEWEST_IN_ROW:
        return UncoveredText(0, ())
    marks = np.zeros(bare.pixels.shape, dtype=np.uint8)
    for x, y, width, height in shapes:
        marks[y : y + height, x : x + width] = 1
    joined = cv2.dilate(marks, np.ones(_REACH[::-1], dtype=np.uint8))
    _, labels, rows, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    owner = labels[shapes[:, 1] + shapes[:, 3] // 2, shapes[:, 0] + shapes[:, 2] // 2]
    squares: list[Box] | None = None
    total, regions = 0, []
    for row in range(1, len(rows)):
        members = shapes[owner == row]
        if len(members) < _FEWEST_IN_ROW or not _is_text(members):
            continue
        x, y, width, height = (float(edge) for edge in rows[row][:4])
        region = bound_points(map_box(bare.to_received, Box(x, y, x + width, y + height)))
        squares = find_squares(bare) if squares is None else squares
        if not any(_is_inside(region, square) for square in squares):
            total += len(members)
            regions.append(region)
    return UncoveredText(total, tuple(regions))


def _find_shapes(grey: Pixels) -> npt.NDArray[np.int32]:
    """Boxes (x, y, width, height) of dark shapes of the size of letters."""
    paper = cv2.blur(grey, (31, 31))
    ink = (cv2.subtract(paper, grey) > _INK_CONTRAST).astype(np.uint8)
    # Outlines cost a fifth of labelling every pixel: a page without its text is mostly empty.
    outlines, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [outline for outline, links in zip(outlines, tree[0] if outlines else (), strict=True) if links[3] < 0]
    if not outer:
        return np.empty((0, 4), dtype=np.int32)
    boxes = np.array([cv2.boundingRect(outline) for outline in outer], dtype=np.int32)
    width, height = boxes[:, 2], boxes[:, 3]
    return boxes[(height >= _LOWEST) & (height <= _HIGHEST) & (width <= _WIDEST)]


def _is_text(members: npt.NDArray[np.int32]) -> bool:
    """Whether shapes side by side are letters; bars, dashes of a frame and hatching are not."""
    x, y, width, height = members.T
    middle = float(np.median(height))
    across, down = int((x + width).max() - x.min()), int((y + height).max() - y.min())
    narrow = width < 0.25 * height
    alike = np.abs(height - middle) <= 0.6 * middle
    square = down > 4.0 * middle and 0.7 < across / down < 1.4
    return bool(across >= 2.0 * middle and narrow.mean() < 0.7 and alike.mean() >= 0.6 and not square)


def _is_inside(region: Box, square: Box) -> bool:
    center = region.center
    return square.x0 <= center.x <= square.x1 and square.y0 <= center.y <= square.y1


def choose_strip(words: Sequence[SeenWord], height: float) -> Box | None:
    """The eighth of a page, from top to bottom, that says the most; None for no word.

    Args:
        words: in the upright frame.
        height: of the upright frame.
    """
    if not words:
        return None
    band = height / 8
    best, most = None, 0
    for first in words:
        inside = [word for word in words if first.box.y0 <= word.box.y0 and word.box.y1 <= first.box.y0 + band]
        # Digits count double: they are what is wanted of a paper.
        says = sum(len(word.text) + sum(character.isdigit() for character in word.text) for word in inside)
        if inside and says > most:
            best, most = bound_boxes(word.box for word in inside), says
    return best


def agree(layer: Sequence[SeenWord], read: Sequence[SeenWord]) -> bool:
    """Whether a layer says what the picture shows.

    Args:
        layer: words of the layer in a strip of the page.
        read: what the reader sees in the same strip.

    Returns:
        True only if enough words could be compared, most of them are the same, those with digits too, and the
        picture does not show accents that the layer has not.
    """
    seen = [_plain(word.text) for word in read]
    seen_folded = Counter(_fold(text) for text in seen)
    words = [text for word in layer if len(text := _plain(word.text)) >= 3]
    numbers = [text for text in words if sum(character.isdigit() for character in text) >= 2]
    if len(words) < _FEWEST_COMPARED:
        return False
    same = sum(_is_among(_fold(text), seen_folded) for text in words)
    same_numbers = sum(seen_folded[_fold(text)] > 0 for text in numbers)
    if same < _LEAST_AGREEMENT * len(words):
        return False
    if len(numbers) >= 2 and same_numbers < 0.5 * len(numbers):
        return False
    bare = {text for text in words if text == _fold(text)}
    lost = {_fold(text) for text in seen if text != _fold(text)} & bare
    kept = {text for text in words if text != _fold(text)}
    return len(lost) < 2 or len(kept) > len(lost)


def _is_among(text: str, seen: Counter[str]) -> bool:
    if seen[text]:
        return True
    # The reader slips too: one letter in five may differ, in words long enough to tell.
    return len(text) >= 5 and process.extractOne(text, list(seen), scorer=fuzz.ratio, score_cutoff=80) is not None


def _plain(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFC", text.lower()) if character.isalnum())


def _fold(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def turn_upright(picture: Picture, rotation: int) -> Picture:
    """A drawing of the displayed page, or of a part of it, turned clockwise by quarter turns (in degrees)."""
    turned = np.rot90(picture.pixels, -(rotation // 90))
    return picture.derive(turned, undo_quarter_turn(rotation, picture.width, picture.height))


def place_words(words: Sequence[SeenWord], picture: Picture, to_upright: Homography) -> tuple[SeenWord, ...]:
    """Words read in a picture, in the upright frame of their page.

    Args:
        words: in pixels of the picture.
        picture: the page, or a part of it, the right way up.
        to_upright: from the received frame to the upright one.
    """
    placed = []
    for word in words:
        received = map_box(picture.to_received, word.box)
        placed.append(replace(word, box=bound_points(map_points(to_upright, received))))
    return tuple(placed)
