"""Papers of a file as a person says that its pages belong together, in place of how they were sorted by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors.limits import Limits
from extractors.reading import read_pages
from extractors.understanding import understand_as_one
from schemas.readings import DocumentReading


def read_groups(
    path: Path, groups: Sequence[Sequence[int]], limits: Limits | None = None
) -> tuple[DocumentReading, ...]:
    """Read a file and understand each group of its pages as one paper.

    Args:
        path: of the file.
        groups: numbers of pages from 1.
        limits: what the file may cost.

    Returns:
        one reading for each group.

    Raises:
        FileRefusedError: the file or one of its pages cannot be read.
    """
    pages = read_pages(path.read_bytes(), limits or Limits())
    return tuple(understand_as_one([page for page in pages if page.page in group]) for group in groups)
