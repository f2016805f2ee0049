"""Papers that other systems drop: a folder, or a prefix in the object store.

A drop is one folder for one request::

    <inbox>/<any name>/claim.json     the claim, as in ``liasse decide``; its ``files`` are names of files beside it
    <inbox>/<any name>/facture.jpg

The drop is taken when ``claim.json`` and every file that it names are there, so the sender writes ``claim.json`` last
(or under another name first, and renames it). Everything is stored and committed before the source is removed, and
taking the same drop twice makes nothing twice; a stop at any moment loses nothing.

A drop that cannot be understood is set aside under ``.refused`` with the reason beside it, never deleted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from schemas.claims import Claim
from schemas.errors import LiasseError
from schemas.statuses import Door
from storage.intake import open_claim, receive_piece
from storage.objects import ObjectStore

CLAIM_FILE = "claim.json"
REFUSED = ".refused"
_MAX_CLAIM_BYTES = 1_000_000

log = structlog.get_logger(__name__)


class DropRefusedError(LiasseError):
    """A drop does not say what it is for; it is set aside."""

    code = "drop_refused"


@dataclass(frozen=True, slots=True)
class Drop:
    """One complete drop.

    Attributes:
        name: of its folder.
        claim: what is asked.
        files: names of the papers, in the order of the claim.
    """

    name: str
    claim: Claim
    files: tuple[str, ...]


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

    def remove(self, drop: Drop) -> None:
        """Take away a drop that is safely stored."""
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
        """Sub-folders whose claim is there; hidden ones are ours or still being written."""
        for folder in sorted(self.root.iterdir()):
            if not folder.name.startswith(".") and (folder / CLAIM_FILE).is_file():
                yield folder.name

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of a file, None while it is not there."""
        try:
            return (self.root / drop / name).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, drop: str, name: str) -> bool:
        """Whether the file is there."""
        return (self.root / drop / name).is_file()

    def remove(self, drop: Drop) -> None:
        """Remove the papers and the claim; a file that is not part of the claim keeps its folder."""
        folder = self.root / drop.name
        for name in (*drop.files, CLAIM_FILE):
            (folder / name).unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()

    def set_aside(self, drop: str, reason: str) -> None:
        """Move the folder under ``.refused``."""
        target = self.root / REFUSED / drop
        while target.exists():
            target = target.with_name(target.name + "+")
        target.parent.mkdir(exist_ok=True)
        shutil.move(self.root / drop, target)
        (target / "reason.txt").write_text(reason + "\n")


class BucketInbox:
    """A prefix in the object store."""

    door = Door.BUCKET

    def __init__(self, store: ObjectStore, prefix: str) -> None:
        self.store = store
        self.prefix = prefix.rstrip("/") + "/"

    def names(self) -> Iterator[str]:
        """Drops whose claim is there."""
        ending = "/" + CLAIM_FILE
        for info in self.store.list(self.prefix):
            drop = info.key.removeprefix(self.prefix).removesuffix(ending)
            if info.key.endswith(ending) and "/" not in drop and not drop.startswith("."):
                yield drop

    def read(self, drop: str, name: str) -> bytes | None:
        """The bytes of an object, None while it is not there."""
        key = f"{self.prefix}{drop}/{name}"
        return self.store.get(key) if self.store.exists(key) else None

    def has(self, drop: str, name: str) -> bool:
        """Whether the object is there."""
        return self.store.exists(f"{self.prefix}{drop}/{name}")

    def remove(self, drop: Drop) -> None:
        """Remove the papers, then the claim."""
        for name in (*drop.files, CLAIM_FILE):
            self.store.remove(f"{self.prefix}{drop.name}/{name}")

    def set_aside(self, drop: str, reason: str) -> None:
        """Move every object of the drop under ``.refused``; copies first, so that a stop loses nothing."""
        source = f"{self.prefix}{drop}/"
        target = f"{self.prefix}{REFUSED}/{drop}/"
        keys = [info.key for info in self.store.list(source)]
        for key in keys:
            self.store.put(target + key.removeprefix(source), self.store.get(key))
        self.store.put(target + "reason.txt", (reason + "\n").encode())
        for key in keys:
            self.store.remove(key)


def find_drops(inbox: Inbox) -> Iterator[Drop]:
    """Complete drops; one that will never be complete is set aside on the way."""
    for name in inbox.names():
        try:
            drop = _open_drop(inbox, name)
        except DropRefusedError as error:
            log.warning("drop set aside", drop=name, code=error.code, reason=str(error))
            inbox.set_aside(name, str(error))
            continue
        if drop is not None:
            yield drop


def take_drop(inbox: Inbox, drop: Drop, store: ObjectStore, *, now: datetime, settle: timedelta | None = None) -> int:
    """Store the papers of a drop and open its dossier; then remove the drop.

    Returns:
        How many papers were stored (also those that an interrupted taking had stored already).

    Raises:
        KeyConflictError: the claim's identifier names a dossier of another member.
        StorageError: the papers could not be kept; the drop stays where it is.
    """
    dossier = open_claim(drop.claim, now=now, actor=inbox.door.value)
    for taken, name in enumerate(drop.files):
        data = inbox.read(drop.name, name)
        if data is None:  # somebody removed it between the look and the taking: wait for it to come back
            return taken
        # The digest is part of the key: another paper sent later under the same name is another paper.
        key = f"{drop.claim.id}/{name}/{hashlib.sha256(data).hexdigest()}"
        receive_piece(dossier, data, name, inbox.door, key, now, store=store, settle=settle)
    inbox.remove(drop)
    return len(drop.files)


def _open_drop(inbox: Inbox, name: str) -> Drop | None:
    raw = inbox.read(name, CLAIM_FILE)
    if raw is None:
        return None
    if len(raw) > _MAX_CLAIM_BYTES:
        raise DropRefusedError(f"{CLAIM_FILE} is larger than {_MAX_CLAIM_BYTES} bytes")
    try:
        claim = Claim.model_validate(json.loads(raw))
    except (ValueError, ValidationError) as error:
        raise DropRefusedError(f"{CLAIM_FILE} is not a claim: {_say_what(error)}") from error
    if not claim.files:
        raise DropRefusedError(f"{CLAIM_FILE} names no file")
    for file in claim.files:
        if file != Path(file).name or file.startswith(".") or file == CLAIM_FILE:
            raise DropRefusedError("a file name in the claim holds a path")
    present = all(inbox.has(name, file) for file in claim.files)
    return Drop(name=name, claim=claim, files=claim.files) if present else None


def _say_what(error: ValueError) -> str:
    """Which keys are wrong, without their values (they are personal data)."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
    return "it is not valid JSON"
