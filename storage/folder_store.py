"""The object store on a file system."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import structlog

from schemas.errors import ObjectCorruptError, ObjectNotFoundError, StorageError
from storage.objects import (
    CHUNK,
    KeptOriginal,
    ObjectInfo,
    check_key,
    check_removable,
    check_replaceable,
    derived_folder,
    hash_file,
    original_key,
)

_log = structlog.get_logger(__name__)

_DRAFTS = ".drafts"

#: A file system that cannot make hard links says one of these.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class FolderStore:
    """Objects as files below one folder, for the owner alone (0600, folders 0700).

    A write goes to a draft on the same file system, is flushed to the disk, then takes its name at once: a reader, or
    the machine after a power cut, finds all of it or nothing.

    Args:
        root: the folder; made when first written to.
        inbox: prefix of what may be removed.
    """

    def __init__(self, root: Path, *, inbox: str = "inbox/") -> None:
        self._root = root
        self._inbox = inbox

    def put(self, key: str, data: bytes | BinaryIO, *, content_type: str = "application/octet-stream") -> ObjectInfo:  # noqa: ARG002
        """See ``ObjectStore.put``; a file system keeps no content type."""
        path = self._path(check_replaceable(key))
        with _typed_errors(), self._draft(data) as draft:
            self._make_folder(path.parent)
            draft.replace(path)
            _flush_folder(path.parent)
            return _describe(key, path.stat())

    def get(self, key: str) -> bytes:
        """See ``ObjectStore.get``."""
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """See ``ObjectStore.open``."""
        path = self._path(check_key(key))
        try:
            file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectNotFoundError(f"no object {key}") from None
        except OSError as error:
            raise StorageError(f"{key} cannot be opened: {error.strerror}") from error
        with file:
            yield file

    def describe(self, key: str) -> ObjectInfo | None:
        """See ``ObjectStore.describe``."""
        path = self._path(check_key(key))
        with _typed_errors():
            return _describe(key, path.stat()) if path.is_file() else None

    def exists(self, key: str) -> bool:
        """See ``ObjectStore.exists``."""
        return self.describe(key) is not None

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See ``ObjectStore.list``."""
        with _typed_errors():
            yield from sorted(self._find(prefix), key=lambda info: info.key.encode())

    def remove(self, key: str) -> None:
        """See ``ObjectStore.remove``."""
        path = self._path(check_removable(key, self._inbox))
        with _typed_errors():
            path.unlink(missing_ok=True)

    def put_original(self, data: bytes | BinaryIO) -> KeptOriginal:
        """See ``ObjectStore.put_original``."""
        with _typed_errors(), self._draft(data) as draft:
            with draft.open("rb") as file:
                sha256, size = hash_file(file)
            path = self._path(original_key(sha256))
            self._make_folder(path.parent)
            self._settle(draft, path, sha256)
            _flush_folder(path.parent)
        return KeptOriginal(sha256, size)

    def get_original(self, sha256: str) -> bytes:
        """See ``ObjectStore.get_original``."""
        with self.open_original(sha256) as file:
            return file.read()

    @contextmanager
    def open_original(self, sha256: str) -> Iterator[BinaryIO]:
        """See ``ObjectStore.open_original``."""
        with self.open(original_key(sha256)) as file:
            if hash_file(file)[0] != sha256:
                raise ObjectCorruptError(f"original {sha256} is damaged")
            file.seek(0)
            yield file

    def erase(self, sha256: str) -> None:
        """See ``ObjectStore.erase``."""
        with _typed_errors():
            self._path(original_key(sha256)).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                shutil.rmtree(self._path(derived_folder(sha256)))

    def remove_drafts(self, before: datetime) -> int:
        """See ``ObjectStore.remove_drafts``."""
        removed = 0
        with _typed_errors():
            for draft in self._root.joinpath(_DRAFTS).glob("*"):
                if draft.stat().st_mtime < before.timestamp():
                    draft.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _path(self, key: str) -> Path:
        return self._root / key

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, each entry flushed: a file in a forgotten folder would be lost with it."""
        if folder.is_dir():
            return
        if folder != self._root:
            self._make_folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _flush_folder(folder.parent)

    @contextmanager
    def _draft(self, data: bytes | BinaryIO) -> Iterator[Path]:
        """The data in a flushed file of its own, which is gone afterwards unless it was given a name."""
        folder = self._root / _DRAFTS
        self._make_folder(folder)
        handle, name = tempfile.mkstemp(dir=folder)  # mode 0600
        draft = Path(name)
        try:
            source = BytesIO(data) if isinstance(data, bytes) else data
            with os.fdopen(handle, "wb") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _settle(self, draft: Path, path: Path, sha256: str) -> None:
        """Give a draft the name of its content, unless those bytes are already there."""
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            with path.open("rb") as kept:
                if hash_file(kept)[0] == sha256:
                    return
            _log.warning("damaged original replaced by the same paper received again", sha256=sha256)
            draft.replace(path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            draft.replace(path)  # the same content whoever comes first, so nothing is lost by replacing

    def _find(self, prefix: str) -> Iterator[ObjectInfo]:
        folder = self._root / prefix.rpartition("/")[0]
        if ".." in prefix.split("/") or prefix.startswith("/"):
            return
        for place, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if Path(place) != self._root or name != _DRAFTS]
            for name in files:
                path = Path(place) / name
                key = path.relative_to(self._root).as_posix()
                if not key.startswith(prefix):
                    continue
                try:
                    yield _describe(key, path.stat())
                except FileNotFoundError:  # taken away while we looked
                    continue


def _describe(key: str, status: os.stat_result) -> ObjectInfo:
    return ObjectInfo(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _typed_errors() -> Iterator[None]:
    """File system errors as ours; the path stays out of the message (it may be shown)."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"file system: {error.strerror or error}") from error
