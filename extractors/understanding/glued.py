"""A label and its amount that were printed, or read, without the space between them ("total275,00")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemas.geometry import Box, Point
from schemas.readings import Word

#: Three letters at least: shorter ones are marks of a number ("F27,00").
_GLUED = re.compile(r"(?P<label>[^\W\d_]{3,}:?)(?P<amount>\d{1,3}(?:\.?\d{3})*,\d{2}(?:€|EUR)?)")


def part_glued(words: Iterable[Word]) -> Iterator[Word]:
    """The words, with every label that an amount is glued to as a word of its own; letters share the place evenly."""
    for word in words:
        match = _GLUED.fullmatch(word.text)
        if match is None:
            yield word
            continue
        cut = len(match["label"]) / len(word.text)
        yield _take(word, match["label"], 0.0, cut)
        yield _take(word, match["amount"], cut, 1.0)


def _take(word: Word, text: str, start: float, end: float) -> Word:
    """A part of a word, from one share of its width to another."""
    box, (left, right, low_right, low_left) = word.box, word.polygon
    own = Box(box.x0 + start * box.width, box.y0, box.x0 + end * box.width, box.y1)
    corners = (
        _between(left, right, start), _between(left, right, end),
        _between(low_left, low_right, end), _between(low_left, low_right, start),
    )  # fmt: skip
    return word.model_copy(update={"text": text, "box": own, "polygon": corners})


def _between(first: Point, second: Point, share: float) -> Point:
    return Point(first.x + share * (second.x - first.x), first.y + share * (second.y - first.y))
