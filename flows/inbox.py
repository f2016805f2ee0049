"""Papers that other systems drop: a folder, or a prefix in the object store.

A drop is one folder for one request::

    <inbox>/<any name>/claim.json     the claim, as in ``liasse decide``; its ``files`` are names of files beside it
    <inbox>/<any name>/facture.jpg

Papers that come without a request (the mail room's scans) have a ``papers.json`` in its place, which names them and
says whose they are as far as that is known; they join an open request once they are read (``storage.assembling``).

The drop is taken when ``claim.json`` and every file that it names are there, so the sender writes ``claim.json`` last
(or under another name first, and renames it). Everything is stored and committed before the source is removed, and
taking the same drop twice makes nothing twice; a stop at any moment loses nothing.

A drop that cannot be understood is set aside under ``.refused`` with the reason beside it, never deleted. Links are not
followed: whoever may write into the inbox must not make us read, change or remove anything outside it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog
from pydantic import ValidationError

from schemas.claims import Claim, LoosePapers
from schemas.errors import LiasseError, StorageError
from schemas.statuses import Door
from storage.assembling import open_unattached
from storage.intake import open_claim, receive_piece
from storage.models import Dossier
from storage.objects import ObjectStore

CLAIM_FILE = "claim.json"
PAPERS_FILE = "papers.json"
#: What says what a drop is for; a drop has one of them.
_HEADS = (CLAIM_FILE, PAPERS_FILE)
REFUSED = ".refused"
#: Ending of the file, beside a drop that was set aside, that says why.
REASON = ".reason.txt"
_MAX_CLAIM_BYTES = 1_000_000
_MAX_NAME_BYTES = 255

log = structlog.get_logger(__name__)


class DropRefusedError(LiasseError):
    """A drop does not say what it is for; it is set aside."""

    code = "drop_refused"


@dataclass(frozen=True, slots=True)
class Drop:
    """One complete drop.

    Attributes:
        name: of its folder.
        claim: what is asked, or whose papers these are where nothing is.
        files: names of the papers, in the order of the claim.
        head: name of the file that says so.
        head_digest: SHA-256 of that file as it was read.
    """

    name: str
    claim: Claim | LoosePapers
    files: tuple[str, ...]
    head: str
    head_digest: str


class Inbox(Protocol):
    """A place where other systems drop papers."""

    door: Door

    def names(self) -> Iterator[str]:
        """Names of the drops that are there, complete or not."""
        ...

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of one file of a drop, None while it is not there."""
        ...

    def has(self, drop: str, name: str) -> bool:
        """Whether that file of a drop is there."""
        ...

    def remove(self, drop: str, digests: Mapping[str, str]) -> None:
        """Take away what is safely stored.

        Args:
            drop: its name.
            digests: SHA-256 of each file as it was stored, the claim's last; a file that was replaced meanwhile stays,
                and the claim with it, so that the drop is taken again.
        """
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

    def remove(self, drop: str, digests: Mapping[str, str]) -> None:
        """Remove the papers and the claim; a file that is not part of the claim keeps its folder."""
        folder = self.root / drop
        for name, digest in digests.items():
            if (data := self.read(drop, name)) is not None:
                if hashlib.sha256(data).hexdigest() != digest:
                    return
                (folder / name).unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()

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
            return any(os.path.lexists(Path(folder.path) / head) for head in _HEADS)
        except PermissionError:
            log.warning("drop not readable", drop=mask_name(folder.name))
            return False

    @contextmanager
    def _open(self, drop: str, name: str) -> Iterator[BinaryIO]:
        try:
            folder = os.open(self.root / drop, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except NotADirectoryError as error:  # what Linux answers for a link here
            raise DropRefusedError("the drop is a link") from error
        try:
            # Not blocking: opening a pipe that nobody writes to would wait for ever.
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise DropRefusedError("a file of the drop is a link") from error
            if error.errno in (errno.ENAMETOOLONG, errno.ENXIO):
                raise DropRefusedError("a file of the drop has an impossible name or kind") from error
            raise
        finally:
            os.close(folder)
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
        """Drops whose claim, or list of papers, is there."""
        seen = ""
        for info in self.store.list(self.prefix):
            drop, _, name = info.key.removeprefix(self.prefix).partition("/")
            if name in _HEADS and drop != seen and not drop.startswith("."):
                seen = drop
                yield drop

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of an object, None while it is not there."""
        key = f"{self.prefix}{drop}/{name}"
        return self.store.get(key) if self.store.exists(key) else None

    def has(self, drop: str, name: str) -> bool:
        """Whether the object is there."""
        return self.store.exists(f"{self.prefix}{drop}/{name}")

    def remove(self, drop: str, digests: Mapping[str, str]) -> None:
        """Remove the papers, then the claim."""
        for name, digest in digests.items():
            if (data := self.read(drop, name)) is not None:
                if hashlib.sha256(data).hexdigest() != digest:
                    return
                self.store.remove(f"{self.prefix}{drop}/{name}")

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


def find_drops(inbox: Inbox) -> Iterator[Drop]:
    """Complete drops; one that will never be complete is set aside on the way, and none stands in another's way."""
    for name in inbox.names():
        try:
            drop = _open_drop(inbox, name)
        except DropRefusedError as error:
            set_drop_aside(inbox, name, error)
        except OSError as error:
            log.warning("drop not readable", drop=mask_name(name), error=type(error).__name__)
        else:
            if drop is not None:
                yield drop


def mask_name(drop: str) -> str:
    """What a drop is called in logs, because senders name folders after people: the start of the name's SHA-256."""
    return hashlib.sha256(os.fsencode(drop)).hexdigest()[:12]


def set_drop_aside(inbox: Inbox, name: str, error: LiasseError) -> None:
    """Move a drop out of the way and say so; if even that fails, it stays and is tried again."""
    log.warning("drop set aside", drop=mask_name(name), code=error.code, reason=str(error))
    try:
        inbox.set_aside(name, f"{error} [{error.code}]")
    except (OSError, StorageError) as failure:
        log.error("drop cannot be set aside", drop=mask_name(name), error=type(failure).__name__)


def take_drop(inbox: Inbox, drop: Drop, store: ObjectStore, *, now: datetime, settle: timedelta | None = None) -> int:
    """Store the papers of a drop and open its dossier; then remove the drop.

    Returns:
        How many papers were stored (also those that an interrupted taking had stored already).

    Raises:
        KeyConflictError: the claim's identifier names a dossier of another member.
        StorageError: the papers could not be kept; the drop stays where it is.
    """
    dossier = _open_dossier(drop.claim, now=now, actor=inbox.door.value)
    digests: dict[str, str] = {}
    for taken, name in enumerate(drop.files):
        data = inbox.read(drop.name, name)
        if data is None:  # somebody removed it between the look and the taking: wait for it to come back
            return taken
        # The digest is part of the key: another paper sent later under the same name is another paper.
        digests[name] = hashlib.sha256(data).hexdigest()
        key = f"{drop.claim.id}/{name}/{digests[name]}"
        receive_piece(dossier, data, name, inbox.door, key, now, store=store, settle=settle)
    inbox.remove(drop.name, {**digests, drop.head: drop.head_digest})
    return len(drop.files)


def _open_dossier(claim: Claim | LoosePapers, *, now: datetime, actor: str) -> Dossier:
    if isinstance(claim, Claim):
        return open_claim(claim, now=now, actor=actor)
    return open_unattached(
        claim.id, claim.member_number, claim.upload_date, now=now, message=claim.message or "", actor=actor
    )


def _open_drop(inbox: Inbox, name: str) -> Drop | None:
    found = [(head, raw) for head in _HEADS if (raw := inbox.read(name, head)) is not None]
    if not found:
        return None
    if len(found) > 1:
        raise DropRefusedError(f"it holds {' and '.join(_HEADS)}: papers are of a request, or come without one")
    head, raw = found[0]
    if len(raw) > _MAX_CLAIM_BYTES:
        raise DropRefusedError(f"{head} is larger than {_MAX_CLAIM_BYTES} bytes")
    kind, what = (Claim, "a claim") if head == CLAIM_FILE else (LoosePapers, "a list of papers")
    try:
        claim = kind.model_validate(json.loads(raw))
    except (ValueError, ValidationError) as error:
        raise DropRefusedError(f"{head} is not {what}: {_say_what(error)}") from error
    except RecursionError as error:
        raise DropRefusedError(f"{head} is not {what}: it is nested too deep") from error
    if not claim.files:
        raise DropRefusedError(f"{head} names no file")
    for file in claim.files:
        if file != Path(file).name or file.startswith(".") or file in _HEADS:
            raise DropRefusedError("a file name in the claim holds a path")
        if "\0" in file or len(os.fsencode(file)) > _MAX_NAME_BYTES:
            raise DropRefusedError("a file name in the claim is impossible")
    present = all(inbox.has(name, file) for file in claim.files)
    return Drop(name, claim, claim.files, head, hashlib.sha256(raw).hexdigest()) if present else None


def _say_what(error: ValueError) -> str:
    """Which keys are wrong, without their values (they are personal data)."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
    return "it is not valid JSON"
