"""Papers that other systems drop: a folder, or a prefix in the object store.

A drop is one folder for one request::

    <inbox>/<any name>/claim.json     the claim, as in ``liasse decide``; its ``files`` are names of files beside it
    <inbox>/<any name>/facture.jpg

Papers that come without a request (the mail room's scans) have a ``papers.json`` in its place, which names them and
says whose they are as far as that is known; they join an open request once they are read (``storage.assembling``).

The drop is taken when ``claim.json`` and every file that it names are there, so the sender writes ``claim.json`` last
(or under another name first, and renames it). Everything is stored and committed before the source is removed, and
taking the same drop twice makes nothing twice; a stop at any moment loses nothing, and leaves nothing half removed.

A drop that cannot be understood is set aside under ``.refused`` with the reason beside it, never deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import ValidationError

from flows.drops import CLAIM_FILE, HEADS, TAKEN, DropRefusedError, mask_name
from flows.inbox_places import Inbox
from schemas.claims import Claim, LoosePapers
from schemas.errors import LiasseError, StorageError
from storage.assembling import open_unattached
from storage.intake import open_claim, receive_piece
from storage.models import Dossier
from storage.objects import ObjectStore

_MAX_CLAIM_BYTES = 1_000_000
_MAX_NAME_BYTES = 255

log = structlog.get_logger(__name__)


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
    digests[drop.head] = drop.head_digest
    inbox.write(drop.name, TAKEN, json.dumps(digests).encode())
    _take_away(inbox, drop.name, digests)
    return len(drop.files)


def _take_away(inbox: Inbox, name: str, digests: Mapping[str, str]) -> None:
    """Remove what is safely stored.

    Args:
        inbox: where the drop is.
        name: of the drop.
        digests: SHA-256 of each file as it was stored, that of the claim last; a file that was replaced meanwhile
            stays, and the claim with it, so that the drop is taken again.
    """
    for file, digest in digests.items():
        data = inbox.read(name, file)
        if data is None:
            continue
        if hashlib.sha256(data).hexdigest() != digest:
            break
        inbox.remove(name, file)
    inbox.remove(name, TAKEN)
    inbox.close(name)


def _end_taking_away(inbox: Inbox, name: str) -> None:
    """Go on where a worker was stopped while it took a drop away: its papers are stored, some are gone from here."""
    note = inbox.read(name, TAKEN)
    if note is None:
        return
    try:
        digests = {str(file): str(digest) for file, digest in json.loads(note).items()}
    except (ValueError, AttributeError, RecursionError):  # cut short, or not ours: nothing was taken away by it
        digests = {}
    head = next((file for file in reversed(digests)), "")
    raw = inbox.read(name, head) if head in HEADS else None
    if raw is not None and hashlib.sha256(raw).hexdigest() != digests[head]:
        digests = {}  # its sender has begun another one in the same place
    _take_away(inbox, name, {file: digest for file, digest in digests.items() if file == Path(file).name})


def _open_dossier(claim: Claim | LoosePapers, *, now: datetime, actor: str) -> Dossier:
    if isinstance(claim, Claim):
        return open_claim(claim, now=now, actor=actor)
    return open_unattached(
        claim.id, claim.member_number, claim.upload_date, now=now, message=claim.message or "", actor=actor
    )


def _open_drop(inbox: Inbox, name: str) -> Drop | None:
    _end_taking_away(inbox, name)
    found = [(head, raw) for head in HEADS if (raw := inbox.read(name, head)) is not None]
    if not found:
        return None
    if len(found) > 1:
        raise DropRefusedError(f"it holds {' and '.join(HEADS)}: papers are of a request, or come without one")
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
        if file != Path(file).name or file.startswith(".") or file in HEADS:
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
