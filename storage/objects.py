"""The object store: bytes under keys, on a file system or on any S3 server.

Originals are kept under their own SHA-256, so the same bytes are kept once, nothing can take their place, and every
reading of them can be checked. What is derived from them (page pictures, words) may be made again and replaced.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO, Protocol

from schemas.errors import InvalidKeyError
from schemas.settings import Settings, load_settings

ORIGINALS = "originals/"
DERIVED = "derived/"

#: Bytes moved at once.
CHUNK = 1 << 20

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a listing says of an object.

    Attributes:
        key: full key.
        size: bytes.
        modified: when it was last written, with time zone.
    """

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """Where an original went: its content address and its size in bytes."""

    sha256: str
    size: int


class ObjectStore(Protocol):
    """What every store does. Keys are ``/``-separated, see ``check_key``.

    Every method raises StorageError (retryable) when the store cannot be reached or fails, ConfigurationError when it
    refuses us, InvalidKeyError for a key that may not be used so.
    """

    def put(self, key: str, data: bytes | BinaryIO, *, content_type: str = "application/octet-stream") -> ObjectInfo:
        """Keep bytes under a key, in place of what was there; readers see the old bytes or the new, never a mixture.

        Not for originals: ``put_original`` keeps those.
        """
        ...

    def get(self, key: str) -> bytes:
        """The bytes under a key.

        Raises:
            ObjectNotFoundError: there are none.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The bytes under a key as a seekable file, for a ``with`` statement.

        Raises:
            ObjectNotFoundError: there are none.
        """
        ...

    def describe(self, key: str) -> ObjectInfo | None:
        """Size and age of an object, None where there is none."""
        ...

    def exists(self, key: str) -> bool:
        """Whether something is kept under a key."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """The objects whose key starts with a prefix, sorted by key."""
        ...

    def remove(self, key: str) -> None:
        """Take away what was dropped in the inbox; anything else is refused. Nothing there is no error."""
        ...

    def put_original(self, data: bytes | BinaryIO) -> KeptOriginal:
        """Keep bytes for ever under their own SHA-256; durable when this returns.

        Bytes that are already kept are compared, never written over (unless what is kept is damaged).
        """
        ...

    def get_original(self, sha256: str) -> bytes:
        """An original as it was received.

        Raises:
            ObjectNotFoundError: no such original.
            ObjectCorruptError: the bytes kept are not those that were received.
        """
        ...

    def open_original(self, sha256: str) -> AbstractContextManager[BinaryIO]:
        """An original as a seekable file at its start, its digest verified before the first byte is given.

        Raises:
            ObjectNotFoundError: no such original.
            ObjectCorruptError: the bytes kept are not those that were received.
        """
        ...

    def erase(self, sha256: str) -> None:
        """Take away an original and everything derived from it, for ever. Nothing there is no error.

        Only for ``storage.erasing``, which knows that no paper needs these bytes any more.
        """
        ...

    def remove_drafts(self, before: datetime) -> int:
        """Clear what interrupted writes left behind before a moment, and say how many."""
        ...


def original_key(sha256: str) -> str:
    """Key of an original."""
    if not _SHA256.fullmatch(sha256):
        raise InvalidKeyError("not a SHA-256 in lower case hexadecimal digits")
    return f"{ORIGINALS}{sha256[:2]}/{sha256}"


def page_key(sha256: str, page: int) -> str:
    """Key of the picture of a page as received; pages count from 1."""
    if page < 1:
        raise InvalidKeyError("pages are counted from 1")
    return f"{derived_folder(sha256)}page-{page}.jpg"


def words_key(sha256: str) -> str:
    """Key of the words read on an original."""
    return f"{derived_folder(sha256)}words.json.gz"


def derived_folder(sha256: str) -> str:
    """Prefix of everything derived from an original."""
    if not _SHA256.fullmatch(sha256):
        raise InvalidKeyError("not a SHA-256 in lower case hexadecimal digits")
    return f"{DERIVED}{sha256}/"


def check_key(key: str) -> str:
    """A key that is safe in every store: relative, without empty, ``.`` or ``..`` parts, without control characters.

    Raises:
        InvalidKeyError: it is not.
    """
    parts = key.split("/")
    if (
        not key
        or len(key.encode()) > 1000
        or any(part in {"", ".", ".."} or len(part.encode()) > 250 for part in parts)
    ):
        raise InvalidKeyError("empty, too long, or with an empty, '.' or '..' part")
    if "\\" in key or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in key):
        raise InvalidKeyError("backslash or control character in a key")
    return key


def check_replaceable(key: str) -> str:
    """A key under which ``put`` may write: anything but an original.

    Raises:
        InvalidKeyError: it is not.
    """
    if key.startswith(ORIGINALS):
        raise InvalidKeyError("originals are kept by put_original alone")
    return check_key(key)


def check_removable(key: str, inbox: str) -> str:
    """A key that ``remove`` may take away: below the inbox prefix.

    Raises:
        InvalidKeyError: it is not.
    """
    if not inbox or not key.startswith(inbox) or key.startswith((ORIGINALS, DERIVED)):
        raise InvalidKeyError("only what was dropped in the inbox may be removed")
    return check_key(key)


def hash_file(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 and size of a file from where it stands to its end."""
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def open_store(settings: Settings) -> ObjectStore:
    """The store that the settings name; nothing is asked of it yet."""
    if settings.object_store == "s3":
        from storage.s3_store import S3Store

        return S3Store(
            settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            bucket=settings.s3_bucket,
            region=settings.s3_region,
            secure=settings.s3_secure,
            inbox=settings.inbox_prefix,
        )
    from storage.folder_store import FolderStore

    return FolderStore(settings.data_dir / "objects", inbox=settings.inbox_prefix)


@lru_cache(maxsize=1)
def default_store() -> ObjectStore:
    """The store of this process's settings, opened once."""
    return open_store(load_settings())
