"""What is made from an original and may be made again: its words, the pictures of its pages.

Both are kept under the original's digest, so the same bytes received twice share them.
"""

from __future__ import annotations

import gzip

from pydantic import TypeAdapter, ValidationError

from schemas.errors import ObjectCorruptError
from schemas.readings import FileReading, PageReading
from storage.objects import ObjectStore, page_key, words_key

_Pages = TypeAdapter(tuple[PageReading, ...])


def save_words(store: ObjectStore, reading: FileReading) -> str:
    """Keep the pages of a reading with all their words.

    Returns:
        The key, for ``save_reading``.
    """
    key = words_key(reading.sha256)
    # The time in the header is left out: the same words then give the same bytes.
    store.put(key, gzip.compress(_Pages.dump_json(reading.pages), mtime=0), content_type="application/gzip")
    return key


def load_words(store: ObjectStore, sha256: str) -> tuple[PageReading, ...]:
    """The pages of a reading with all their words.

    Raises:
        ObjectNotFoundError: none are kept.
        ObjectCorruptError: what is kept is not readable.
    """
    try:
        return _Pages.validate_json(gzip.decompress(store.get(words_key(sha256))))
    except (OSError, EOFError, ValidationError) as error:
        raise ObjectCorruptError(f"words of {sha256} are damaged") from error


def save_page(store: ObjectStore, sha256: str, page: int, jpeg: bytes) -> str:
    """Keep the picture of a page as received.

    Args:
        store: where to keep it.
        sha256: of the original.
        page: counted from 1.
        jpeg: the picture.

    Returns:
        The key, for ``save_reading``.
    """
    key = page_key(sha256, page)
    store.put(key, jpeg, content_type="image/jpeg")
    return key
