"""The words printed on a paper, with their places: to point at them, and to find again what somebody typed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.french import MONTHS
from schemas.errors import ObjectNotFoundError
from schemas.geometry import Box, Point, Polygon, bound_points
from schemas.readings import FieldContent, PageReading, Word
from storage.intake import fold_text
from storage.models import Piece
from storage.objects import default_store
from storage.values import to_reading

#: A value is rarely printed as more words than this.
_MOST_WORDS = 12


@dataclass(frozen=True)
class PlacedWord:
    """A word and its four corners in the received frame."""

    text: str
    polygon: Polygon


@dataclass(frozen=True)
class FoundText:
    """Where a value stands on a paper."""

    page: int
    raw_text: str
    polygon: Polygon


def load_words(piece: Piece) -> dict[int, tuple[PlacedWord, ...]]:
    """The words of every page of a read paper; nothing where none were kept."""
    found: dict[int, list[PlacedWord]] = {}
    for page in _load(piece):  # two sheets on one photo are two entries of the same page
        found.setdefault(page["page"], []).extend(_place(*word) for word in page["words"])
    return {number: tuple(words) for number, words in found.items()}


def load_pages(piece: Piece) -> tuple[PageReading, ...]:
    """The pages of a read paper with their words, as they were understood; empty where those were not kept whole.

    Earlier releases kept of a word its letters and its place alone.
    """
    kept = _load(piece)
    if not kept or any("read" not in page for page in kept):
        return ()
    words = {(page["page"], page["sheet"]): page for page in kept}
    return tuple(
        _fill(page, words[page.page, page.sheet]) if (page.page, page.sheet) in words else page
        for page in to_reading(piece.reading).pages
    )


def _load(piece: Piece) -> list[dict[str, Any]]:
    stored = getattr(piece, "reading", None)
    if stored is None or not stored.words_key:
        return []
    try:
        pages: list[dict[str, Any]] = json.loads(gzip.decompress(default_store().get(stored.words_key)))
    except ObjectNotFoundError:
        return []
    return pages


def _fill(page: PageReading, kept: dict[str, Any]) -> PageReading:
    words = tuple(
        Word(
            text=word[0],
            box=Box(*read[:4]),
            polygon=_place(*word).polygon,
            confidence=read[4],
            line=read[5],
            source=read[6],
            agreed=read[7],
            struck=len(read) > 8,
        )
        for word, read in zip(kept["words"], kept["read"], strict=True)
    )
    return page.model_copy(update={"words": words, "upright_size": tuple(kept["upright"])})


def find_value(
    words: dict[int, tuple[PlacedWord, ...]],
    pages: Sequence[int],
    value: FieldContent,
    near: tuple[int, Polygon] | None = None,
) -> FoundText | None:
    """Where a typed value stands on a paper, None where it is not found.

    Args:
        words: from ``load_words``.
        pages: of the paper.
        value: what was typed.
        near: page and place where the machine had read the field: the nearest of several places is taken.
    """
    forms = {form for form in _write_forms(value) if form}
    places = [place for page in pages for place in _find_forms(page, words.get(page, ()), forms)]
    if not places:
        return None
    return min(places, key=lambda place: _distance(place, near)) if near else places[0]


def _place(text: str, *corners: float) -> PlacedWord:
    points = [Point(x, y) for x, y in zip(corners[::2], corners[1::2], strict=True)]
    return PlacedWord(text, (points[0], points[1], points[2], points[3]))


def _find_forms(page: int, words: Sequence[PlacedWord], forms: set[str]) -> Iterator[FoundText]:
    longest = max((len(form) for form in forms), default=0)
    bare = [_bare(word.text) for word in words]
    for start in range(len(words)):
        joined = ""
        for end in range(start, min(start + _MOST_WORDS, len(words))):
            joined += bare[end]
            if len(joined) > longest:
                break
            if joined in forms and bare[start] and bare[end]:
                run = words[start : end + 1]
                yield FoundText(page, " ".join(word.text for word in run), join_places(run))
                break


def join_places(words: Sequence[PlacedWord]) -> Polygon:
    """One frame around some words; around a single one, its own, however it leans."""
    if len(words) == 1:
        return words[0].polygon
    return bound_points([corner for word in words for corner in word.polygon]).to_polygon()


def _bare(text: str) -> str:
    return "".join(letter for letter in fold_text(text) if letter.isalnum())


def _write_forms(value: FieldContent) -> list[str]:
    """How a value may be printed, letters and digits only."""
    if isinstance(value, bool):
        return []
    if isinstance(value, Decimal):
        cents = f"{abs(value):.2f}".replace(".", "")
        return [cents, f"{cents}eur", *([cents[:-2]] if cents.endswith("00") else [])]
    if isinstance(value, tuple):
        return [form for day in value for form in _write_day(day)]
    if isinstance(value, dt.date):
        return _write_day(value)
    return [_bare(str(value))]


def _write_day(day: dt.date) -> list[str]:
    month = _bare(MONTHS[day.month - 1])
    years = (f"{day.year}", f"{day.year % 100:02d}")
    return [
        form
        for year in years
        for form in (
            f"{day.day:02d}{day.month:02d}{year}",
            f"{day.day}{day.month}{year}",
            f"{day.day}{month}{year}",
            f"{day.day:02d}{month}{year}",
            f"{day.day}er{month}{year}",
        )
    ]


def _distance(place: FoundText, near: tuple[int, Polygon]) -> float:
    page, polygon = near
    if place.page != page:
        return math.inf
    there, here = bound_points(place.polygon).center, bound_points(polygon).center
    return math.hypot(there.x - here.x, there.y - here.y)
