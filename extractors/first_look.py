"""A quick look at a file before it is sent: can its pages be read at all? Nothing is read, nothing is kept."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from extractors.limits import Limits
from extractors.opening import open_file
from extractors.page_reading import look_at_page
from schemas.errors import FileRefusedError, RefusalCode
from schemas.readings import FileReading, PageReading

#: Pages that are looked at; a photo has one, and a long PDF is seldom bad on its fourth page alone.
MOST_PAGES = 3

_log = logging.getLogger(__name__)


def look_at_file(path: Path, *, identifier: str, limits: Limits | None = None) -> FileReading:
    """The verdict on the first pages of a file: legibility and reasons, without words or values.

    Args:
        path: of the file.
        identifier: name to remember.
        limits: what the file may cost.

    Returns:
        A reading with a refusal where the file cannot be opened; it never raises for a bad file.
    """
    data = path.read_bytes()
    pages: tuple[PageReading, ...] = ()
    refusal: RefusalCode | None = None
    try:
        with open_file(data, limits or Limits()) as opened:
            count = min(opened.page_count, MOST_PAGES)
            pages = tuple(look_at_page(opened.load_page(number)) for number in range(1, count + 1))
    except FileRefusedError as error:
        refusal = error.refusal
    except MemoryError:
        refusal = RefusalCode.TOO_MANY_PIXELS
    except Exception as error:  # as in reading: only the kind of error is told, its text may quote the paper
        _log.error("unforeseen %s in a first look", type(error).__name__)
        refusal = RefusalCode.DAMAGED
    return FileReading(
        id=identifier, file=str(path), sha256=hashlib.sha256(data).hexdigest(), refusal=refusal, pages=pages
    )
