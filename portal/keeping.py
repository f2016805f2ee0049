"""Bytes for the pages, out of the object store."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from schemas.errors import ObjectNotFoundError
from storage.models import Reading
from storage.objects import CHUNK, default_store, page_key

#: Far above what any reading has; an address may name any number, and a key has a length.
_LAST_PAGE = 1_000_000


def page_image(sha256: str, number: int) -> bytes | None:
    """The picture of a page as received (JPEG), None where none was made."""
    if not 1 <= number <= _LAST_PAGE:
        return None
    try:
        return default_store().get(page_key(sha256, number))
    except ObjectNotFoundError:
        return None


def list_page_images(dossier_id: uuid.UUID, most: int) -> list[tuple[uuid.UUID, int]]:
    """The first page pictures of a dossier, as they are shown: paper and page number, in one query."""
    rows = Reading.objects.filter(piece__dossier=dossier_id).order_by("piece__received_at", "piece__name")
    found = [
        (piece, number) for piece, keys in rows.values_list("piece", "page_keys") for number in range(1, len(keys) + 1)
    ]
    return found[:most]


def stream_original(sha256: str) -> Iterator[bytes]:
    """The bytes of an original as it was received, verified before the first one is given.

    Raises:
        ObjectNotFoundError, ObjectCorruptError: see ``ObjectStore.open_original``.
    """
    with default_store().open_original(sha256) as file:
        while chunk := file.read(CHUNK):
            yield chunk
