"""Papers of a file that a gestionnaire groups otherwise: what the new ones say, understood by the site's reader."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as TooLongError

import structlog

from extractors.regrouping import Regrouped, choose_pages, leave_absent
from portal.site_reader import open_reader
from portal.words import load_pages
from schemas.readings import DocumentReading
from storage.models import Piece

log = structlog.get_logger(__name__)

#: Seconds that a gestionnaire waits for the new papers to be understood.
_PATIENCE = 20.0


def read_regrouped(
    piece: Piece, before: Sequence[DocumentReading], groups: Sequence[tuple[int, ...]]
) -> tuple[DocumentReading, ...]:
    """What new papers say; where it cannot be found out, their values are absent with the reason.

    Args:
        piece: the file, read.
        before: the papers that the pages belong to, as corrected so far.
        groups: the pages of each new paper.
    """
    pages = load_pages(piece)
    asked = [Regrouped(numbers, choose_pages(pages, numbers), tuple(before)) for numbers in groups]
    try:
        return open_reader().regroup(asked, _PATIENCE).result(_PATIENCE)
    except (TooLongError, OSError, RuntimeError) as error:  # a dead reader is an OSError of pebble's
        log.warning("regrouped papers not understood", piece=str(piece.pk), error=type(error).__name__)
        return tuple(leave_absent(group) for group in asked)
