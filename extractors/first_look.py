"""A quick look at a file before it is sent: can its pages be read at all? Nothing is read, nothing is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extractors.limits import Limits
from extractors.opening import open_file
from extractors.page_reading import look_at_page
from extractors.reading import draw_preview
from extractors.refusing import name_refusal
from extractors.results import PagePreview, ReadFile
from schemas.errors import RefusalCode
from schemas.readings import FileReading, PageReading

#: Pages that are looked at; a photo has one, and a long PDF is seldom bad on its fourth page alone.
MOST_PAGES = 3


def look_at_file(path: Path, *, identifier: str, limits: Limits | None = None, previews: bool = False) -> ReadFile:
    """The verdict on the first pages of a file: legibility and reasons, without words or values.

    Args:
        path: of the file.
        identifier: name to remember.
        limits: what the file may cost.
        previews: also draw the pages.

    Returns:
        A reading with a refusal where the file cannot be opened; it never raises for a bad file.
    """
    data = path.read_bytes()
    pages: list[PageReading] = []
    drawn: list[PagePreview] = []
    refusal: RefusalCode | None = None
    try:
        with open_file(data, limits or Limits()) as opened:
            for number in range(1, min(opened.page_count, MOST_PAGES) + 1):
                page = opened.load_page(number)
                pages.append(look_at_page(page))
                if previews:
                    drawn.append(draw_preview(page))
    except Exception as error:
        refusal, pages, drawn = name_refusal(error), [], []
    digest = hashlib.sha256(data).hexdigest()
    reading = FileReading(id=identifier, file=str(path), sha256=digest, refusal=refusal, pages=tuple(pages))
    return ReadFile(reading, tuple(drawn))
