"""A gestionnaire has a dossier in hand: under the same lease as a worker that decides it, so nobody else has it.

A paper that comes in takes the lease away (``storage.intake.receive_piece``), as it does from a worker: a decision that
rests on the papers of before is then refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Value, When

from schemas.errors import HeldByOtherError, NotReadyError, StalePageError
from schemas.statuses import DossierStatus, EventKind
from storage.events import lock_dossier
from storage.leases import FREE, LEASE_FIELDS, lock_free_rows, lock_leased_row, unheld
from storage.models import Contest, Dossier, Event
from storage.queries import order_for_handlers

#: How long a dossier stays in hand without a sign of life from the page; the page gives one every 30 seconds.
HOLD = timedelta(minutes=3)
_PREFIX = "user:"


@dataclass(frozen=True, slots=True)
class Hold:
    """A dossier in somebody's hand."""

    dossier_id: uuid.UUID
    token: uuid.UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a page shows when something is to be written: who asks, by which lease, knowing what.

    Attributes:
        version: of the dossier when the page was made (``read_version``).
        user_id: account of the gestionnaire.
        actor: user name, for the events.
        name: as colleagues call the person.
    """

    dossier_id: uuid.UUID
    token: uuid.UUID
    version: int
    user_id: int
    actor: str
    name: str


def owner_of(user_id: int) -> str:
    """The name under which somebody holds dossiers."""
    return f"{_PREFIX}{user_id}"


def holder_id(dossier: Dossier, now: datetime) -> int | None:
    """The account that has a dossier in hand at this moment, None when nobody has."""
    if dossier.lease_until is None or dossier.lease_until <= now or not dossier.lease_owner.startswith(_PREFIX):
        return None
    return int(dossier.lease_owner.removeprefix(_PREFIX))


def read_version(dossier_id: uuid.UUID) -> int:
    """Changes whenever something happens to a dossier; a mail that was sent changes nothing of it."""
    events = Event.objects.filter(dossier=dossier_id).exclude(kind=EventKind.MEMBER_NOTIFIED.value)
    return int(events.aggregate(Max("pk"))["pk__max"] or 0)


def hold_dossier(dossier_id: uuid.UUID, user_id: int, now: datetime) -> Hold:
    """Take a dossier in hand, or keep it.

    Raises:
        HeldByOtherError: somebody else has it.
        NotReadyError: the machine is at work on it.
    """
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        if dossier.settled_after is not None or dossier.status in (
            DossierStatus.RECEIVED.value,
            DossierStatus.PROCESSING.value,
        ):
            raise NotReadyError(f"dossier {dossier_id} waits for the machine")
        mine = dossier.lease_owner == owner_of(user_id) and dossier.lease_token is not None
        if not mine and dossier.lease_until is not None and dossier.lease_until > now:
            raise HeldByOtherError(f"dossier {dossier_id} is held by {dossier.lease_owner}")
        return _take(dossier, user_id, now, dossier.lease_token if mine else None)


def hold_next(
    user_id: int,
    queues: Collection[str],
    now: datetime,
    today: date,
    *,
    supervisor: bool = False,
    skipped: Sequence[uuid.UUID] = (),
) -> Hold | None:
    """Take the most pressing dossier in hand: first one's own, then the team's.

    Args:
        user_id: for whom.
        queues: of the teams; every queue when empty.
        now: with time zone.
        today: what was postponed beyond it is left alone.
        supervisor: may have what was escalated.
        skipped: those that the person has just put aside.
    """
    with transaction.atomic():
        rows = lock_free_rows(waiting_for(user_id, queues, today, supervisor=supervisor, skipped=skipped, now=now), 1)
        return _take(rows[0], user_id, now, None) if rows else None


def waiting_for(
    user_id: int,
    queues: Collection[str],
    today: date,
    *,
    now: datetime,
    supervisor: bool = False,
    skipped: Sequence[uuid.UUID] = (),
) -> QuerySet[Dossier]:
    """The dossiers that ``hold_next`` chooses from, the one to take first."""
    team = Q(queue__in=queues) if queues else Q()
    rows = Dossier.objects.filter(
        unheld(now),
        Q(handling__assignee=user_id) | (Q(handling__assignee__isnull=True) & team),
        Q(handling__postponed_until__isnull=True) | Q(handling__postponed_until__lte=today),
        Q(handling__proposed_by__isnull=True) | ~Q(handling__proposed_by=user_id),
        # Nobody is pushed a decision of their own that the member contests.
        ~Exists(Contest.objects.filter(dossier=OuterRef("pk"), settled_at=None, decided_by=user_id)),
        status=DossierStatus.TO_REVIEW.value,
        settled_after__isnull=True,
    ).exclude(pk__in=skipped)
    if not supervisor:
        rows = rows.filter(Q(handling__isnull=True) | Q(handling__escalated=False))
    ordered = order_for_handlers(rows, today)
    own = Case(When(handling__assignee=user_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    return ordered.order_by(own, *ordered.query.order_by)


def renew_hold(dossier_id: uuid.UUID, token: uuid.UUID, now: datetime) -> bool:
    """Keep a dossier in hand; False when it is not in this hand any more."""
    return bool(Dossier.objects.filter(pk=dossier_id, lease_token=token).update(lease_until=now + HOLD))


def release_hold(dossier_id: uuid.UUID, token: uuid.UUID) -> bool:
    """Put a dossier back; False when it was not in this hand any more."""
    return bool(Dossier.objects.filter(pk=dossier_id, lease_token=token).update(**FREE))


def lock_held(ticket: Ticket) -> Dossier:
    """The dossier, held until the end of the transaction, if the page that asks is the one that may write.

    Raises:
        LeaseLostError: it is no longer in this hand.
        StalePageError: something happened to it since the page was made.
    """
    dossier = lock_leased_row(Dossier, ticket.dossier_id, ticket.token)
    if read_version(ticket.dossier_id) != ticket.version:
        raise StalePageError(f"dossier {ticket.dossier_id} changed since version {ticket.version}")
    return dossier


def put_down(dossier: Dossier) -> tuple[str, ...]:
    """Take the lease off a dossier in place; gives the names of the fields to save."""
    dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None
    return LEASE_FIELDS


def _take(dossier: Dossier, user_id: int, now: datetime, token: uuid.UUID | None) -> Hold:
    hold = Hold(dossier.pk, token or uuid.uuid4(), now + HOLD)
    Dossier.objects.filter(pk=dossier.pk).update(
        lease_owner=owner_of(user_id), lease_token=hold.token, lease_until=hold.until
    )
    return hold
