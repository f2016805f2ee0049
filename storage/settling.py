"""What the systems that pay say of a dossier that was handed over to them; nothing of it is known here otherwise."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from schemas.errors import NotHandedOverError
from schemas.statuses import HANDED_OVER, DossierStatus, EventKind, Settlement, next_status
from storage.events import append_event, lock_dossier
from storage.models import Dossier

_EVENTS = {
    Settlement.WAITING_AMO: EventKind.AMO_AWAITED,
    Settlement.RESUMED: EventKind.SETTLEMENT_RESUMED,
    Settlement.PAID: EventKind.PAID,
}


def report_settlement(
    dossier_id: uuid.UUID, state: Settlement, *, day: date | None, actor: str, now: datetime
) -> Dossier:
    """Write down how the settlement stands; saying the same again changes nothing.

    Args:
        dossier_id: of a dossier that was handed over.
        state: as the other system says.
        day: on which it was so, where it says that too.
        actor: the other system, for the event.
        now: with time zone.

    Raises:
        NotHandedOverError: the dossier is not handed over (any more): papers came, or it was never complete.
    """
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        status = DossierStatus(dossier.status)
        if status not in HANDED_OVER or (status is DossierStatus.PAID and state is not Settlement.PAID):
            raise NotHandedOverError(f"a dossier that is {status.value} is not being settled")
        if next_status(status, _EVENTS[state]) is not status:
            detail = {"on": day.isoformat()} if day else {}
            append_event(dossier, _EVENTS[state], at=now, actor=actor, detail=detail)
    return dossier
