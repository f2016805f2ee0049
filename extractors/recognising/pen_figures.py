"""Figures written by hand or in boxes, put together: "5/1 0/202 5" is one date, "6 0 €" one amount.

Both readers leave spaces where a pen leaves gaps. Neighbours are joined only when together they are a date or an
amount with its currency and neither is one alone, and only across gaps that print does not leave between columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.recognising.lines import number_lines
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

_FIGURES = re.compile(r"[\d/.,\-]+")
_DATE = re.compile(r"\d{1,2}([/.\-])\d{1,2}\1(?:\d{4}|\d{2})")
_AMOUNT = re.compile(r"\d{1,5}(?:[.,]\d{2})?")
_CURRENCY = re.compile(r"(?:€|EUR|[Ee]uros?)[.,]?")
#: Wider gaps, in heights of the taller word, part two numbers.
_WIDEST_GAP = 1.0
#: A date has at most so many pieces.
_MOST_PIECES = 8


def join_pen_figures(words: Sequence[SeenWord]) -> list[SeenWord]:
    """The words, with figures that make one date or one amount put together."""
    rows: dict[int, list[SeenWord]] = {}
    for word, number in zip(words, number_lines([word.box for word in words]), strict=True):
        rows.setdefault(number, []).append(word)
    return [word for row in rows.values() for word in _join_row(sorted(row, key=lambda word: word.box.x0))]


def _join_row(row: Sequence[SeenWord]) -> list[SeenWord]:
    out: list[SeenWord] = []
    index = 0
    while index < len(row):
        end = _find_end(row, index)
        out.append(_join(row[index:end]) if end > index + 1 else row[index])
        index = max(end, index + 1)
    return out


def _find_end(row: Sequence[SeenWord], start: int) -> int:
    """Where the longest date or amount that begins here ends; ``start`` where there is none to put together."""
    text, best = "", start
    if _DATE.fullmatch(row[start].text):
        return start
    for index in range(start, min(len(row), start + _MOST_PIECES)):
        word = row[index]
        if not _FIGURES.fullmatch(word.text) or (index > start and not _are_near(row[index - 1], word)):
            break
        text += word.text
        if index == start:
            continue
        if _DATE.fullmatch(text):
            best = index + 1
        following = row[index + 1] if index + 1 < len(row) else None
        loose = any(len(w.text) == 1 or w.text.endswith((",", ".")) for w in row[start : index + 1])
        if loose and _AMOUNT.fullmatch(text) and following and _CURRENCY.fullmatch(following.text):
            best = index + 1
    return best


def _are_near(word: SeenWord, following: SeenWord) -> bool:
    return following.box.x0 - word.box.x1 < _WIDEST_GAP * max(word.box.height, following.box.height)


def _join(words: Sequence[SeenWord]) -> SeenWord:
    box = Box(words[0].box.x0, min(w.box.y0 for w in words), words[-1].box.x1, max(w.box.y1 for w in words))
    known = [w.agreed for w in words if w.agreed is not None]
    return replace(
        words[0],
        text="".join(word.text for word in words),
        box=box,
        confidence=min(word.confidence for word in words),
        agreed=all(known) if known else None,
    )
