"""The event log: who did what, when; statuses follow from it and are never set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.statuses import DossierStatus, EventKind, derive_status, next_status
from schemas.vocabulary import DecisionKind
from storage.announcing import announce_status
from storage.models import Dossier, Event, Piece


def append_event(
    dossier: Dossier,
    kind: EventKind,
    *,
    at: datetime,
    actor: str,
    piece: Piece | None = None,
    decision: DecisionKind | None = None,
    detail: Mapping[str, Any] | None = None,
    was: Mapping[str, Any] | None = None,
    also: tuple[str, ...] = (),
) -> Event:
    """Add an event and bring the dossier's status up to date, in the caller's transaction.

    The caller holds the dossier's row (``lock_dossier``): otherwise two events could leave the status of the first.

    Args:
        dossier: changed in place and saved.
        kind: what happened.
        at: when, with time zone.
        actor: who did it: a user name, a worker's name, a door.
        piece: the paper it is about.
        decision: what was decided, for ``decided``.
        detail: what else to remember: identifiers and codes, nothing printed on a paper (``storage.contents``).
        was: what it takes the place of, for corrections and changes.
        also: names of further fields of the dossier that the caller has changed.
    """
    before = dossier.status
    after = next_status(DossierStatus(before), kind, decision).value
    dossier.status = after
    dossier.changed_at = at
    dossier.save(update_fields=["status", "changed_at", *also])
    remembered: dict[str, Any] = {"status": after, **(detail or {})}
    if decision is not None:
        remembered["decision"] = decision.value
    event = Event.objects.create(
        dossier=dossier,
        piece=piece,
        kind=kind.value,
        at=at,
        actor=actor[:80],
        before={"status": before, **(was or {})},
        after=remembered,
    )
    if before != after or kind is EventKind.DOSSIER_OPENED:
        announce_status(dossier, event, before)
    return event


def lock_dossier(dossier_id: Any) -> Dossier:
    """The dossier as it is now, held until the end of the transaction.

    On SQLite the transaction itself already keeps other writers out.
    """
    return Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)


def rebuild_status(dossier: Dossier) -> DossierStatus:
    """The status that the events lead to; it equals the stored one, or something wrote past the log."""
    history = Event.objects.filter(dossier=dossier).order_by("id").values_list("kind", "after__decision")
    return derive_status((EventKind(kind), DecisionKind(decision) if decision else None) for kind, decision in history)
