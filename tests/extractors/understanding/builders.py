"""Pages made of words for the tests: one string a row, cells parted by "|"."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.geometry import Box
from schemas.readings import PageReading, Source, Word
from schemas.vocabulary import Legibility


def make_page(
    *rows: str,
    page: int = 1,
    sheet: int = 0,
    source: Source = Source.TEXT_LAYER,
    confidence: float = 1.0,
    scale: float = 10.0,
    columns: Sequence[float] | None = None,
    legibility: Legibility = Legibility.LEGIBLE,
) -> PageReading:
    """A page; a row that begins with "#" is in large letters, an empty row is a gap.

    Args:
        scale: height of a word: everything else follows, so that pages in points and in pixels can be compared.
        columns: left edge of each cell, in word heights; by default 25 heights apart.
    """
    words: list[Word] = []
    y = 3 * scale
    for index, text in enumerate(rows):
        height = scale * (1.6 if text.startswith("#") else 1.0)
        for number, cell in enumerate(text.lstrip("#").split("|")):
            left = columns[number] if columns and number < len(columns) else 25.0 * number
            x = (5 + left) * scale
            for word in cell.split():
                box = Box(x, y, x + 0.55 * height * len(word), y + height)
                words.append(Word(text=word, box=box, polygon=box.to_polygon(), confidence=confidence, line=index))
                x = box.x1 + 0.3 * height
        y += 1.5 * height
    size = (90 * scale, 120 * scale)
    return PageReading(
        page=page, width=size[0], height=size[1], unit="pt", source=source, sheet=sheet, upright_size=size,
        legibility=legibility, words=tuple(words),
    )  # fmt: skip
