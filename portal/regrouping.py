"""Pages that a person groups into papers in another way: what the form says, and reading the new papers again."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError as TooLongError
from pathlib import Path

from portal.keeping import stream_original
from portal.site_reader import open_reader
from schemas.errors import FileRefusedError, LiasseError, StorageError
from schemas.readings import DocumentReading
from storage.regrouping import Group

#: Seconds that somebody waits for a file to be read again.
_PATIENCE = 60.0
_PAGE = re.compile(r"page-(\d{1,6})")


class RereadError(LiasseError):
    """Pages cannot be read again as other papers."""

    code = "reread_failed"
    message_fr = "Ces pages n’ont pas pu être relues : rien n’est changé. Réessayez dans un instant."


def read_groups(form: Mapping[str, str]) -> tuple[Group, ...]:
    """The groups of pages that a form says: one number of a paper for each page.

    Args:
        form: with ``page-1``, ``page-2`` and so on.

    Returns:
        pages of each paper in their order; papers in the order of their first pages.

    Raises:
        ValueError: a number is none; the message says so in French.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    pages = sorted((int(match.group(1)), said) for name, said in form.items() if (match := _PAGE.fullmatch(name)))
    for page, said in pages:
        if not said.strip().isdecimal():
            raise ValueError(f"Page {page} : donnez le numéro de son document, par exemple 1.")
        groups[int(said)].append(page)
    return tuple(sorted(tuple(group) for group in groups.values()))


def read_again(sha256: str, groups: Sequence[Group]) -> tuple[DocumentReading, ...]:
    """What each group of pages says, as one paper.

    Args:
        sha256: of the original.
        groups: of its pages; with none nothing is read.

    Raises:
        RereadError: the original is not there, or cannot be read, or not in time.
    """
    if not groups:
        return ()
    with tempfile.NamedTemporaryFile(prefix="liasse-regroup-") as copy:
        try:
            copy.writelines(stream_original(sha256))
            copy.flush()
            answer = open_reader().read_groups(Path(copy.name), groups, _PATIENCE)
            return answer.result(_PATIENCE)
        except TooLongError as error:
            answer.cancel()
            raise RereadError("not read in time") from error
        except (FileRefusedError, StorageError, OSError) as error:  # a dead reader is an OSError of pebble's
            raise RereadError(f"not read: {type(error).__name__}") from error
