"""Erasing: what a dossier, a message or a member says of a person goes; that something happened, and when, stays.

Events name dossiers and papers by identifiers alone. Once names, papers and readings are gone these lead to nobody, so
the log stays whole and append-only, and statuses can still be rebuilt (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from schemas.errors import ConfigurationError
from schemas.statuses import EventKind, PieceState
from storage.events import append_event, lock_dossier
from storage.holds import name_member, require_no_hold
from storage.intake import fold_text
from storage.leases import LEASE_FIELDS
from storage.models import (
    DecisionRecord,
    Dossier,
    EventContent,
    Handling,
    Helper,
    Member,
    Original,
    OutboxMessage,
    Person,
    Piece,
    PrintedText,
    Reading,
    UnwantedAlert,
)
from storage.objects import ObjectStore
from storage.upkeep import record_upkeep

_GONE = "effacé"
#: What the number of an erased contract begins with.
ERASED_NUMBER = "efface-"
#: What a decision's line keeps: what was decided, without what it was decided on.
_KEPT_KEYS = ("id", "decision", "missing", "reasons", "queue", "priority", "due")


def erase_papers(dossier: Dossier, store: ObjectStore, *, because: str, actor: str, now: datetime) -> int:
    """Erase the papers of a dossier: originals, pictures, words, readings, file names.

    Args:
        dossier: whose papers go; not changed in place.
        store: where they are kept.
        because: ``schedule`` or ``right``, for the event.
        actor: who erases.
        now: with time zone.

    Returns:
        How many papers went; 0 when they were gone already.
    """
    with transaction.atomic():
        locked = lock_dossier(dossier.pk)
        pieces = list(Piece.objects.filter(dossier=locked).exclude(state=PieceState.ERASED.value))
        if not pieces:
            return 0
        Reading.objects.filter(piece__in=pieces).delete()
        PrintedText.objects.filter(piece__in=pieces).delete()
        EventContent.objects.filter(event__piece__in=pieces).delete()
        for piece in pieces:
            piece.name, piece.state = _GONE, PieceState.ERASED.value
            piece.lease_owner, piece.lease_token, piece.lease_until = "", None, None
            piece.save(update_fields=["name", "state", *LEASE_FIELDS])
        locked.settled_after = None  # nothing is left to decide on
        changed_at = locked.changed_at
        detail = {"papers": len(pieces), "because": because}
        append_event(locked, EventKind.ERASED, at=now, actor=actor, detail=detail, also=("settled_after",))
        # The clock of what is left of the dossier does not begin again.
        Dossier.objects.filter(pk=locked.pk).update(changed_at=changed_at)
        digests = {piece.original_id for piece in pieces}
        # Held first: a paper with the same bytes that is being received is then seen, or sees that they are erased.
        list(Original.objects.select_for_update().filter(pk__in=digests).order_by("pk"))
        live = set(_live_pieces(digests).values_list("original", flat=True))
        Original.objects.filter(pk__in=digests - live).update(erased_at=now)
    erase_objects(digests - live, store)
    return len(pieces)


def erase_objects(digests: Iterable[str], store: ObjectStore) -> int:
    """Take the bytes of erased originals out of the store; safe to do again, should it have been cut short.

    The row is held meanwhile: the same bytes received at this moment wait, and are then kept anew.

    Returns:
        How many were erased.
    """
    erased = 0
    for digest in digests:
        with transaction.atomic():
            row = Original.objects.select_for_update().filter(pk=digest, erased_at__isnull=False).first()
            if row is not None and not _live_pieces([digest]).exists():
                store.erase(digest)
                erased += 1
    return erased


def erase_dossier(dossier: Dossier, store: ObjectStore, *, because: str, actor: str, now: datetime) -> None:
    """Erase the papers of a dossier and everything that it says of a person."""
    erase_papers(dossier, store, because=because, actor=actor, now=now)
    with transaction.atomic():
        locked = lock_dossier(dossier.pk)
        locked.message, locked.search_text = "", locked.reference.casefold()
        locked.patient, locked.erased_at = None, now
        locked.save(update_fields=["message", "search_text", "patient", "erased_at"])
        for record in DecisionRecord.objects.filter(dossier=locked):
            record.line = {**{key: record.line.get(key) for key in _KEPT_KEYS}, "findings": [], "message_fr": ""}
            record.save(update_fields=["line"])
        EventContent.objects.filter(event__dossier=locked).delete()
        Handling.objects.filter(dossier=locked).update(proposal={}, proposed_act="", proposed_by=None)
        erase_messages(OutboxMessage.objects.filter(dossier=locked), now=now)


def erase_messages(messages: Iterable[OutboxMessage], *, now: datetime) -> int:
    """Erase address and text of messages; one that was not sent yet never is. Says how many."""
    number = 0
    for message in messages:
        if not message.recipient:
            continue
        message.recipient, message.subject, message.body = "", _GONE, ""
        if message.sent_at is None:
            message.given_up_at, message.last_error = now, "erased"
        message.save(update_fields=["recipient", "subject", "body", "given_up_at", "last_error"])
        number += 1
    return number


def erase_member(member: Member, store: ObjectStore, *, reason: str, actor: str, now: datetime) -> int:
    """Erase a member with everybody on the contract, at their request.

    Args:
        member: who; not changed in place.
        store: where papers are kept.
        reason: why, for the record: no name in it.
        actor: who erases.
        now: with time zone.

    Returns:
        How many dossiers were erased.

    Raises:
        HeldError: the member is under a legal hold.
    """
    require_no_hold(member)
    dossiers = list(Dossier.objects.filter(member=member))
    for dossier in dossiers:
        erase_dossier(dossier, store, because="right", actor=actor, now=now)
    with transaction.atomic():
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        require_no_hold(row)
        for person in row.people.all():
            _erase_person(person)
        account = row.user
        row.member_number, row.mutuelle, row.holder = f"{ERASED_NUMBER}{row.pk}", "", ""
        row.iban_on_file, row.email, row.user = "", "", None
        row.save()
        UnwantedAlert.objects.filter(member=row).delete()
        Helper.objects.filter(member=row).delete()
        if account is not None:
            account.delete()
        detail = {"dossiers": len(dossiers), "reason": reason}
        record_upkeep("erasure", actor=actor, now=now, subject=name_member(row), detail=detail)
    return len(dossiers)


def erase_person(person: Person, store: ObjectStore, *, reason: str, actor: str, now: datetime) -> int:
    """Erase one person of a contract, with the dossiers of their care; the others stay (see ``erase_member``)."""
    require_no_hold(person.member)
    dossiers = list(Dossier.objects.filter(patient=person))
    for dossier in dossiers:
        erase_dossier(dossier, store, because="right", actor=actor, now=now)
    with transaction.atomic():
        require_no_hold(person.member)
        _erase_person(person)
        detail = {"dossiers": len(dossiers), "reason": reason, "person": person.pk}
        record_upkeep("erasure", actor=actor, now=now, subject=name_member(person.member), detail=detail)
    return len(dossiers)


def find_person(member: Member, name: str) -> Person:
    """The one person of a contract who is called so.

    Raises:
        ConfigurationError: nobody is, or several are.
    """
    found = [person for person in member.people.all() if fold_text(str(person)) == fold_text(name)]
    if len(found) != 1:
        raise ConfigurationError(f"{len(found)} people of this contract have this name")
    return found[0]


def _erase_person(person: Person) -> None:
    person.first, person.last, person.birth_name = _GONE, str(person.pk), ""
    person.birth_date, person.sex, person.nir = None, "", ""
    person.save()


def _live_pieces(digests: Iterable[str]) -> QuerySet[Piece]:
    return Piece.objects.filter(original__in=list(digests)).exclude(state=PieceState.ERASED.value)
