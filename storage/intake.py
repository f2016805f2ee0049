"""What comes in: members that the insurer knows, dossiers, papers.

A paper is safe before anything is said of it: its bytes go to the object store first, then its row and its event are
written in one transaction. If that transaction fails, the bytes stay behind unused and the sender, who got no receipt,
sends again.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import BinaryIO

from django.db import IntegrityError, transaction

from schemas import claims
from schemas.advice import SenderWarning
from schemas.errors import KeyConflictError
from schemas.settings import load_settings
from schemas.statuses import Door, EventKind
from schemas.vocabulary import ClaimType
from storage.events import append_event, lock_dossier
from storage.models import Dossier, Member, Original, Person, Piece
from storage.objects import KeptOriginal, ObjectStore, default_store

#: Letters and digits that nobody mistakes for another, on paper or on the telephone.
_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_NAME_LENGTH = 255


def make_reference(today: date) -> str:
    """A new reference for a dossier, for example ``2026-K7QD-3MXR``; it says nothing of the member."""
    signs = "".join(secrets.choice(_REFERENCE_SIGNS) for _ in range(8))
    return f"{today.year}-{signs[:4]}-{signs[4:]}"


def keep_member(member: claims.Member, *, email: str | None = None) -> Member:
    """Write down what the insurer knows of a member, or bring it up to date; people are added, never removed.

    Args:
        member: as the insurer sent it.
        email: where to write to the member; None leaves what is there.
    """
    known: dict[str, object] = {
        "mutuelle": member.mutuelle,
        "teletransmission": member.teletransmission,
        "rib_on_file": member.rib_on_file,
        "iban_on_file": member.iban_on_file or "",
        "covered_from": member.covered_from,
        "covered_until": member.covered_until,
        "holder": member.holder or "",
    }
    if email is not None:
        known["email"] = email
    with transaction.atomic():
        row, _ = Member.objects.update_or_create(member_number=member.member_number, defaults=known)
        for person in member.people:
            keep_person(row, person)
        _refresh_search(row)
    return row


def keep_person(member: Member, person: claims.Person) -> Person:
    """Write down one person covered by a member's contract, or bring what is known up to date."""
    row, _ = Person.objects.update_or_create(
        member=member,
        first=person.first,
        last=person.last,
        birth_date=person.birth_date,
        defaults={
            "birth_name": person.birth_name or "",
            "sex": person.sex or "",
            "role": person.role,
            "nir": person.nir or "",
        },
    )
    return row


def open_dossier(
    reference: str,
    claim_type: ClaimType,
    upload_date: date,
    *,
    member: Member | None,
    patient: Person | None,
    now: datetime,
    message: str = "",
    actor: str = "",
) -> Dossier:
    """The dossier of this reference, opened if it does not exist yet.

    Args:
        reference: from ``make_reference``, or the claim's own identifier where it comes with one.
        claim_type: what is asked for.
        upload_date: day on which it was asked.
        member: whose it is; None when nobody knows yet.
        patient: who was treated; None when nobody knows yet.
        now: with time zone.
        message: what the member wrote.
        actor: who opens it, for the event.

    Raises:
        KeyConflictError: the reference already names a dossier of somebody else.
    """
    with transaction.atomic():
        dossier, opened = Dossier.objects.get_or_create(
            reference=reference,
            defaults={
                "claim_type": ClaimType(claim_type).value,
                "upload_date": upload_date,
                "member": member,
                "patient": patient,
                "message": message,
                "search_text": describe_for_search(reference, member, patient),
                "opened_at": now,
                "changed_at": now,
            },
        )
        if opened:
            append_event(dossier, EventKind.DOSSIER_OPENED, at=now, actor=actor)
        elif dossier.member_id != (member.pk if member else None):
            raise KeyConflictError("this reference names a dossier of another member")
    return dossier


def open_claim(claim: claims.Claim, *, now: datetime, email: str | None = None, actor: str = "") -> Dossier:
    """The dossier of a claim as integrators send it: its member, its people and itself, written down as needed.

    Raises:
        KeyConflictError: the claim's identifier already names a dossier of somebody else.
    """
    with transaction.atomic():
        member = keep_member(claim.member, email=email)
        return open_dossier(
            claim.id,
            claim.claim_type,
            claim.upload_date,
            member=member,
            patient=keep_person(member, claim.patient),
            now=now,
            message=claim.message or "",
            actor=actor,
        )


def receive_piece(
    dossier: Dossier,
    data: bytes | BinaryIO,
    name: str,
    door: Door,
    door_key: str,
    now: datetime,
    *,
    actor: str = "",
    store: ObjectStore | None = None,
    settle: timedelta | None = None,
    warning: SenderWarning | None = None,
) -> Piece:
    """Take in one file for a dossier. When this returns, the paper is safe and will be read.

    The same drop (``door`` and ``door_key``) received again gives the piece of the first time; it makes no second one.
    A dossier that somebody is deciding at this moment is taken out of their hands, and a decided one is decided again
    once this paper is read.

    Args:
        dossier: an open dossier; not changed in place, read it again to see its new status.
        data: the bytes, or a file at its start; empty files are taken too (reading will say so).
        name: what the sender calls the file: for people to see, never used as a path.
        door: where it came in.
        door_key: names this drop at its door, at most 500 characters: another file must have another key.
        now: with time zone.
        actor: who sent it, for the event.
        store: where originals are kept; the settings' store by default.
        settle: how long to wait for more papers before deciding; from the settings by default.
        warning: what its sender had been told is wrong with it, and sent it all the same.

    Raises:
        KeyConflictError: the key already names another file, or a file of another dossier.
        StorageError: the paper is not safe: send it again.
    """
    kept = (store or default_store()).put_original(data)
    wait = timedelta(seconds=load_settings().settle_seconds) if settle is None else settle
    try:
        with transaction.atomic():
            locked = lock_dossier(dossier.pk)
            known = Piece.objects.filter(door=door.value, door_key=door_key).first()
            if known is None:
                original = _keep_original(kept, now)
                if original.erased_at is not None:
                    _keep_again(original, data, store or default_store(), now)
                piece = Piece.objects.create(
                    dossier=locked,
                    original=original,
                    name=clean_name(name),
                    door=door.value,
                    door_key=door_key,
                    received_at=now,
                )
                _reopen(locked, piece, settled_after=now + wait, now=now, actor=actor, warning=warning)
                return piece
            if locked.settled_after is not None and known.dossier_id == locked.pk:
                # The sender may have held the decision back for papers to come, of which this one is the last.
                locked.settled_after = min(locked.settled_after, now + wait)
                locked.save(update_fields=["settled_after"])
    except IntegrityError:  # the same drop, at the same moment, for another dossier
        known = Piece.objects.filter(door=door.value, door_key=door_key).first()
        if known is None:
            raise
    if known.original_id != kept.sha256 or known.dossier_id != dossier.pk:
        raise KeyConflictError("this drop key already names another file or another dossier")
    return known


def _keep_original(kept: KeptOriginal, now: datetime) -> Original:
    original, is_new = Original.objects.get_or_create(sha256=kept.sha256, defaults={"size": kept.size, "kept_at": now})
    # Held, so that erasing the same bytes for somebody else comes wholly before this paper or wholly after it.
    return original if is_new else Original.objects.select_for_update().get(pk=original.pk)


def _keep_again(original: Original, data: bytes | BinaryIO, store: ObjectStore, now: datetime) -> None:
    """Bytes that were erased once are received anew, perhaps at the moment at which they are taken out of the store.

    Erasing holds the row, as we do now: so either it comes after us and finds a paper that lives, or it is over, and
    the bytes put before it went with it.
    """
    if not isinstance(data, bytes):
        data.seek(0)
    store.put_original(data)
    original.erased_at, original.kept_at = None, now
    original.save(update_fields=["erased_at", "kept_at"])


def _reopen(
    dossier: Dossier,
    piece: Piece,
    *,
    settled_after: datetime,
    now: datetime,
    actor: str,
    warning: SenderWarning | None,
) -> None:
    told = {"warned": list(warning.codes), "confirmed": warning.confirmed} if warning else {}
    dossier.settled_after = settled_after
    dossier.attempts = 0
    dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None
    append_event(
        dossier,
        EventKind.PIECE_RECEIVED,
        at=now,
        actor=actor or piece.door,
        piece=piece,
        detail={"sha256": piece.original_id, "door": piece.door, **told},
        also=("settled_after", "attempts", "lease_owner", "lease_token", "lease_until"),
    )


def clean_name(name: str) -> str:
    """A file name fit to be shown: its last part, without invisible or direction-changing characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", last))
    kept = "".join(letter for letter in visible if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split())
    if kept in {"", ".", ".."}:
        return "sans nom"
    if len(kept) > _NAME_LENGTH:
        suffix = PurePosixPath(kept).suffix[:20]
        kept = kept[: _NAME_LENGTH - len(suffix)] + suffix
    return kept


def describe_for_search(reference: str, member: Member | None, patient: Person | None) -> str:
    """What the search box looks into for a dossier (see ``fold_text``)."""
    words: Iterable[str] = (
        reference,
        *((member.member_number, member.holder) if member else ()),
        *((patient.first, patient.last, patient.birth_name) if patient else ()),
    )
    return fold_text(" ".join(word for word in words if word))


def _refresh_search(member: Member) -> None:
    """Bring the search text of a member's dossiers up to date after names or numbers have changed."""
    changed = []
    for dossier in member.dossiers.select_related("patient").only("reference", "search_text", "patient"):
        text = describe_for_search(dossier.reference, member, dossier.patient)
        if text != dossier.search_text:
            dossier.search_text = text
            changed.append(dossier)
    Dossier.objects.bulk_update(changed, ["search_text"])


def fold_text(text: str) -> str:
    """Text without accents and capitals, with single spaces: as people type it in a hurry."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(bare).casefold().split())
