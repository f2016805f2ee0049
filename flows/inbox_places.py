"""The places where other systems drop papers: a folder, or a prefix in the object store (``flows.inbox`` takes them).

Links are not followed: whoever may write into the inbox must not make us read, change or remove anything outside it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog

from flows.drops import HEADS, REASON, REFUSED, TAKEN, DropRefusedError, mask_name
from schemas.errors import ObjectNotFoundError
from schemas.statuses import Door
from storage.objects import ObjectStore

log = structlog.get_logger(__name__)


class Inbox(Protocol):
    """A place where other systems drop papers."""

    door: Door

    def names(self) -> Iterator[str]:
        """Names of the drops that are there, complete or not, or half taken away."""
        ...

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of one file of a drop, None while it is not there."""
        ...

    def has(self, drop: str, name: str) -> bool:
        """Whether that file of a drop is there."""
        ...

    def write(self, drop: str, name: str, data: bytes) -> None:
        """Put a file of our own into a drop."""
        ...

    def remove(self, drop: str, name: str) -> None:
        """Take one file away; nothing happens where it is not there."""
        ...

    def close(self, drop: str) -> None:
        """Take away the place of a drop that holds nothing any more."""
        ...

    def set_aside(self, drop: str, reason: str) -> None:
        """Move a drop that cannot be understood out of the way, with the reason beside it."""
        ...


class FolderInbox:
    """A folder of this machine, or of a file server."""

    door = Door.FOLDER

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def names(self) -> Iterator[str]:
        """Sub-folders that hold a claim or name papers; hidden ones are ours or still being written."""
        with os.scandir(self.root) as entries:
            found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
        for entry in found:
            if entry.is_symlink() or (entry.is_dir(follow_symlinks=False) and self._has_claim(entry)):
                yield entry.name

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of a file, None while it is not there.

        Raises:
            DropRefusedError: the drop or the file is a link, or no ordinary file.
        """
        try:
            with self._open(drop, name) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def has(self, drop: str, name: str) -> bool:
        """Whether the file is there."""
        try:
            with self._open(drop, name):
                return True
        except FileNotFoundError:
            return False

    def write(self, drop: str, name: str, data: bytes) -> None:
        """Write a file of our own; no link is followed.

        Raises:
            DropRefusedError: the drop, or what has that name, is a link.
        """
        with self._enter(drop) as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            try:
                descriptor = os.open(name, flags, 0o600, dir_fd=folder)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise DropRefusedError("a file of the drop is a link") from error
                raise
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    def remove(self, drop: str, name: str) -> None:
        """Remove one file."""
        with contextlib.suppress(FileNotFoundError), self._enter(drop) as folder:
            os.unlink(name, dir_fd=folder)

    def close(self, drop: str) -> None:
        """Remove the folder; a file that is not part of the claim keeps it."""
        with contextlib.suppress(OSError):
            (self.root / drop).rmdir()

    def set_aside(self, drop: str, reason: str) -> None:
        """Move the folder (or the link, never what it leads to) under ``.refused``."""
        refused = self.root / REFUSED
        refused.mkdir(exist_ok=True)
        target = refused / drop
        while os.path.lexists(target):
            target = target.with_name(target.name + "+")
        (self.root / drop).rename(target)
        target.with_name(target.name + REASON).write_text(reason + "\n")

    def _has_claim(self, folder: os.DirEntry[str]) -> bool:
        try:
            return any(os.path.lexists(Path(folder.path) / name) for name in (*HEADS, TAKEN))
        except PermissionError:
            log.warning("drop not readable", drop=mask_name(folder.name))
            return False

    @contextmanager
    def _enter(self, drop: str) -> Iterator[int]:
        """The folder of a drop, open, so that what is done in it is done in it and nowhere else."""
        try:
            folder = os.open(self.root / drop, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except NotADirectoryError as error:  # what Linux answers for a link here
            raise DropRefusedError("the drop is a link") from error
        try:
            yield folder
        finally:
            os.close(folder)

    @contextmanager
    def _open(self, drop: str, name: str) -> Iterator[BinaryIO]:
        with self._enter(drop) as folder:
            try:
                # Not blocking: opening a pipe that nobody writes to would wait for ever.
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise DropRefusedError("a file of the drop is a link") from error
                if error.errno in (errno.ENAMETOOLONG, errno.ENXIO):
                    raise DropRefusedError("a file of the drop has an impossible name or kind") from error
                raise
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DropRefusedError("a file of the drop is no ordinary file")
            yield file


class BucketInbox:
    """A prefix in the object store."""

    door = Door.BUCKET

    def __init__(self, store: ObjectStore, prefix: str) -> None:
        self.store = store
        self.prefix = prefix.rstrip("/") + "/"

    def names(self) -> Iterator[str]:
        """Drops whose claim, or list of papers, or our own note is there."""
        seen = ""
        for info in self.store.list(self.prefix):
            drop, _, name = info.key.removeprefix(self.prefix).partition("/")
            if name in (*HEADS, TAKEN) and drop != seen and not drop.startswith("."):
                seen = drop
                yield drop

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of an object, None while it is not there."""
        try:
            return self.store.get(f"{self.prefix}{drop}/{name}")
        except ObjectNotFoundError:
            return None

    def has(self, drop: str, name: str) -> bool:
        """Whether the object is there."""
        return self.store.exists(f"{self.prefix}{drop}/{name}")

    def write(self, drop: str, name: str, data: bytes) -> None:
        """Write an object of our own."""
        self.store.put(f"{self.prefix}{drop}/{name}", data)

    def remove(self, drop: str, name: str) -> None:
        """Remove one object."""
        self.store.remove(f"{self.prefix}{drop}/{name}")

    def close(self, drop: str) -> None:
        """A prefix is nothing by itself."""

    def set_aside(self, drop: str, reason: str) -> None:
        """Move every object of the drop under ``.refused``; copies first, so that a stop loses nothing."""
        source = f"{self.prefix}{drop}/"
        target = f"{self.prefix}{REFUSED}/{drop}"
        keys = [info.key for info in self.store.list(source)]
        for key in keys:
            self.store.put(f"{target}/{key.removeprefix(source)}", self.store.get(key))
        self.store.put(target + REASON, (reason + "\n").encode())
        for key in keys:
            self.store.remove(key)
