"""Papers that a gestionnaire groups otherwise: what the new ones say, understood by the site's reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError as TooLongError

import structlog

from extractors.regrouping import Regrouped, bring, choose_pages, leave_absent, number_elsewhere, settle
from portal.site_reader import open_reader
from portal.words import load_pages
from schemas.errors import RefusedActError
from schemas.readings import DocumentReading, PageReading
from storage.models import Piece
from storage.regrouping import list_pages

log = structlog.get_logger(__name__)

#: Seconds that a gestionnaire waits for the new papers to be understood.
_PATIENCE = 20.0


def read_parts(
    piece: Piece, document: DocumentReading, groups: Sequence[tuple[int, ...]]
) -> tuple[DocumentReading, ...]:
    """What the parts of a paper say; where it cannot be found out, their values are absent with the reason.

    Args:
        piece: the file, read.
        document: the paper, as corrected so far.
        groups: the pages of each part.

    Raises:
        RefusedActError: the reader does not answer in time.
    """
    pages = load_pages(piece)
    return _understand([Regrouped(numbers, choose_pages(pages, numbers), (document,)) for numbers in groups])


def read_merged(papers: Sequence[tuple[Piece, DocumentReading]], pieces: Mapping[str, Piece]) -> DocumentReading:
    """What papers say together, in the file of the first one (else as ``read_parts``).

    Args:
        papers: each with its file, as corrected so far.
        pieces: every file of the dossier that was read, by its identifier.
    """
    places = [place for piece, document in papers for place in list_pages(piece, document)]
    files = list(dict.fromkeys(file for file, _ in places))
    pages: list[PageReading] = []
    for nth, file in enumerate(files):
        numbers = tuple(page for where, page in places if where == file)
        chosen = choose_pages(load_pages(pieces[file]), numbers) if file in pieces else ()
        if not chosen:
            pages = []
            break
        pages += [page.model_copy(update={"page": number_elsewhere(page.page, nth)}) for page in chosen]
    before = tuple(bring(document, files.index(str(piece.pk)), files) for piece, document in papers)
    numbers = tuple(page for document in before for page in document.pages)
    (merged,) = _understand([Regrouped(numbers, tuple(pages), before)])
    return settle(merged, files)


def _understand(asked: Sequence[Regrouped]) -> tuple[DocumentReading, ...]:
    answer = open_reader().regroup(asked, _PATIENCE)
    try:
        return answer.result(_PATIENCE)
    except TooLongError as error:  # a busy machine: nothing is lost by asking again
        answer.cancel()
        raise RefusedActError(
            "not understood in time",
            message_fr="Les pages n’ont pas pu être relues à temps et rien n’a été changé. Réessayez dans un instant.",
        ) from error
    except (OSError, RuntimeError) as error:  # a dead reader is an OSError of pebble's: these words may be why
        log.warning("regrouped papers not understood", error=type(error).__name__)
        return tuple(leave_absent(group) for group in asked)
