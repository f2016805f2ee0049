"""What lists, searches and operators ask, each in a fixed number of queries whatever the number of dossiers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from schemas.statuses import DossierStatus, PieceState
from schemas.vocabulary import ClaimType, DecisionKind, MissingPiece
from storage.intake import fold_text
from storage.leases import unheld
from storage.models import DecisionRecord, Dossier, OutboxMessage, Piece, Reading, WebhookDelivery


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What was decided last on a dossier."""

    number: int
    kind: DecisionKind
    missing: tuple[MissingPiece, ...]
    reasons: tuple[str, ...]
    message_fr: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One line of a list of dossiers.

    Attributes:
        patient: first and last name, empty when nobody is known.
        claim_type: None for papers that came without a request.
        pieces: papers received.
        unread: papers among them that are not read yet.
        refused: papers among them that could not be read at all.
        seconds: from the last paper to the last decision, None while there is none.
        decision: the last one; it may be older than the last paper (see ``status``).
    """

    id: uuid.UUID
    reference: str
    member_number: str
    patient: str
    claim_type: ClaimType | None
    status: DossierStatus
    queue: str
    priority: int | None
    due: date | None
    upload_date: date
    opened_at: datetime
    changed_at: datetime
    pieces: int
    unread: int
    refused: int
    seconds: float | None
    decision: LastDecision | None


class _PieceCounts(NamedTuple):
    all: int = 0
    unread: int = 0
    refused: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be done at this moment, for operators.

    Attributes:
        unread_pieces: papers waiting or being read.
        held_pieces: those being read now.
        oldest_piece: when the oldest unread paper came in.
        undecided_dossiers: dossiers waiting for a decision or being decided.
        failing_dossiers: those among them on which a decision has failed more than twice.
        unsent_messages: messages waiting or being sent.
        abandoned_messages: messages that were given up.
        unsent_webhooks, abandoned_webhooks: the same of what other systems are told.
    """

    unread_pieces: int
    held_pieces: int
    oldest_piece: datetime | None
    undecided_dossiers: int
    failing_dossiers: int
    unsent_messages: int
    abandoned_messages: int
    unsent_webhooks: int = 0
    abandoned_webhooks: int = 0


def select_dossiers(
    *,
    among: QuerySet[Dossier] | None = None,
    statuses: Collection[DossierStatus] = (),
    queue: str | None = None,
    text: str = "",
) -> QuerySet[Dossier]:
    """Dossiers that match everything given, newest first; slice it, then ``describe_dossiers``.

    Args:
        among: only these; all when None.
        statuses: only these, all when empty.
        queue: only this queue.
        text: words that must all occur in the reference, the names or the member number, whatever their accents.
    """
    rows = (Dossier.objects.all() if among is None else among).order_by("-opened_at", "-reference")
    if statuses:
        rows = rows.filter(status__in=[status.value for status in statuses])
    if queue is not None:
        rows = rows.filter(queue=queue)
    for word in fold_text(text).split():
        rows = rows.filter(search_text__contains=word)
    return rows


def order_for_handlers(rows: QuerySet[Dossier], today: date) -> QuerySet[Dossier]:
    """The order in which people should take dossiers: what is late, then by priority, due date and age.

    Args:
        rows: any dossiers.
        today: a dossier that was due before has become late while it waited, whatever it was decided to be.
    """
    late = Case(When(due__lt=today, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(
        late, F("priority").asc(nulls_last=True), F("due").asc(nulls_last=True), "opened_at", "reference"
    )


def describe_dossiers(rows: QuerySet[Dossier]) -> list[DossierLine]:
    """The lines of a list, in three queries.

    Args:
        rows: from ``select_dossiers``, usually sliced to a page.
    """
    found = list(rows.select_related("member", "patient"))
    shown = [row.pk for row in found]
    # Counted for the dossiers shown alone: a sub-query in the list itself would also run for every line skipped.
    counted = Piece.objects.filter(dossier__in=shown).order_by().values("dossier")
    counted = counted.annotate(
        all=Count("pk"),
        unread=Count("pk", filter=Q(state=PieceState.RECEIVED.value)),
        refused=Count("pk", filter=Q(state=PieceState.REFUSED.value)),
        last_at=Max("received_at"),
    )
    columns = counted.values_list("dossier", "all", "unread", "refused", "last_at")
    pieces = {dossier: _PieceCounts(*counts) for dossier, *counts in columns}
    last_number = Subquery(
        DecisionRecord.objects.filter(dossier=OuterRef("dossier")).order_by("-number").values("number")[:1]
    )
    records = DecisionRecord.objects.filter(dossier__in=shown, number=last_number)
    decisions = {record.dossier_id: record for record in records}
    return [_describe(row, pieces.get(row.pk, _PieceCounts()), decisions.get(row.pk)) for row in found]


def describe_dossier(dossier_id: uuid.UUID) -> DossierLine | None:
    """The line of one dossier, None where there is no such dossier."""
    lines = describe_dossiers(Dossier.objects.filter(pk=dossier_id))
    return lines[0] if lines else None


def count_by_status(member_id: int | None = None) -> dict[DossierStatus, int]:
    """How many dossiers stand in each status (all statuses are named), in one query."""
    rows = Dossier.objects.all() if member_id is None else Dossier.objects.filter(member_id=member_id)
    found = dict(rows.values_list("status").annotate(Count("pk")).order_by())
    return {status: found.get(status.value, 0) for status in DossierStatus}


def count_by_queue() -> dict[str, int]:
    """How many dossiers wait for a person in each queue, in one query; queues without any are not named."""
    rows = Dossier.objects.filter(status=DossierStatus.TO_REVIEW.value).exclude(queue="")
    return dict(rows.values_list("queue").annotate(Count("pk")).order_by("queue"))


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """What a team's queue holds.

    Attributes:
        queue: its name, as rule files write it.
        waiting: dossiers that a person must look at.
        late: those among them whose day has passed.
        held: those among them that somebody has in hand.
        oldest: day on which the oldest of them was deposited, None for an empty queue.
    """

    queue: str
    waiting: int
    late: int
    held: int
    oldest: date | None


def measure_queues(names: Iterable[str], now: datetime, today: date) -> tuple[QueueLoad, ...]:
    """What each queue holds, by name, in one query.

    Args:
        names: queues to tell of even where they are empty (``InsurerRules.queues``). Only waiting dossiers are read,
            so that the cost does not grow with all that was ever decided.
        now: with time zone.
        today: a dossier due before is late.
    """
    rows = Dossier.objects.filter(status=DossierStatus.TO_REVIEW.value).exclude(queue="").values("queue").order_by()
    counted = rows.annotate(
        waiting=Count("pk"),
        late=Count("pk", filter=Q(due__lt=today)),
        held=Count("pk", filter=~unheld(now)),
        oldest=Min("upload_date"),
    )
    loads = {name: QueueLoad(name, 0, 0, 0, None) for name in names} | {
        row["queue"]: QueueLoad(**row) for row in counted
    }
    return tuple(loads[name] for name in sorted(loads))


def measure_backlog(now: datetime) -> Backlog:
    """What waits to be done, in four queries."""
    pieces = Piece.objects.filter(state=PieceState.RECEIVED.value).aggregate(
        unread=Count("pk"), held=Count("pk", filter=~unheld(now)), oldest=Min("received_at")
    )
    dossiers = Dossier.objects.filter(settled_after__isnull=False).aggregate(
        waiting=Count("pk"), failing=Count("pk", filter=Q(attempts__gt=2))
    )
    messages = OutboxMessage.objects.filter(sent_at__isnull=True).aggregate(
        waiting=Count("pk", filter=Q(given_up_at__isnull=True)),
        abandoned=Count("pk", filter=Q(given_up_at__isnull=False)),
    )
    webhooks = WebhookDelivery.objects.filter(sent_at__isnull=True).aggregate(
        waiting=Count("pk", filter=Q(given_up_at__isnull=True)),
        abandoned=Count("pk", filter=Q(given_up_at__isnull=False)),
    )
    return Backlog(
        unread_pieces=pieces["unread"],
        held_pieces=pieces["held"],
        oldest_piece=pieces["oldest"],
        undecided_dossiers=dossiers["waiting"],
        failing_dossiers=dossiers["failing"],
        unsent_messages=messages["waiting"],
        abandoned_messages=messages["abandoned"],
        unsent_webhooks=webhooks["waiting"],
        abandoned_webhooks=webhooks["abandoned"],
    )


def count_refusals() -> dict[str, int]:
    """How many papers were refused for each reason, in one query."""
    rows = Reading.objects.exclude(refusal="").values_list("refusal").annotate(Count("pk")).order_by("refusal")
    return dict(rows)


def find_workers(since: datetime) -> dict[str, datetime]:
    """The workers that handed in a reading since a moment, and when they last did, in one query."""
    rows = Reading.objects.filter(read_at__gte=since).values_list("worker").annotate(Max("read_at"))
    return dict(rows.order_by("worker"))


def find_waiting(references: Sequence[str]) -> set[str]:
    """Those of the references whose dossier is not decided yet, or not again since its last paper, in one query."""
    unread = Piece.objects.filter(dossier=OuterRef("pk"), state=PieceState.RECEIVED.value)
    rows = Dossier.objects.filter(reference__in=references).filter(
        Q(settled_after__isnull=False)
        | Exists(unread)
        | Q(status__in=[DossierStatus.RECEIVED.value, DossierStatus.PROCESSING.value])
    )
    return set(rows.values_list("reference", flat=True))


def _describe(row: Dossier, pieces: _PieceCounts, record: DecisionRecord | None) -> DossierLine:
    return DossierLine(
        id=row.pk,
        reference=row.reference,
        member_number=row.member.member_number if row.member else "",
        patient=str(row.patient) if row.patient else "",
        claim_type=ClaimType(row.claim_type) if row.claim_type else None,
        status=DossierStatus(row.status),
        queue=row.queue,
        priority=row.priority,
        due=row.due,
        upload_date=row.upload_date,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        pieces=pieces.all,
        unread=pieces.unread,
        refused=pieces.refused,
        seconds=(record.decided_at - pieces.last_at).total_seconds() if record and pieces.last_at else None,
        decision=_describe_decision(record) if record else None,
    )


def _describe_decision(record: DecisionRecord) -> LastDecision:
    return LastDecision(
        number=record.number,
        kind=DecisionKind(record.decision),
        missing=tuple(MissingPiece(piece) for piece in record.missing),
        reasons=tuple(record.reasons),
        message_fr=record.line.get("message_fr", ""),
        decided_at=record.decided_at,
    )
