"""How the installation does: what operators, Prometheus and alarms look at, in a fixed number of queries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q

from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import DecisionKind
from storage.models import DecisionRecord, Event, OutboxMessage, Reading
from storage.queries import Backlog, count_by_queue, count_by_status, measure_backlog
from storage.sampling import Quality, measure_quality
from storage.workers import WorkerLine, list_workers

#: Times are those of the last so many papers, dossiers and messages; shares and refusals those of so many days.
SAMPLE = 1000
SHARE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Times:
    """How long one stage took, in seconds, over the ``count`` last times."""

    count: int
    median: float
    p95: float
    worst: float


@dataclass(frozen=True, slots=True)
class Measures:
    """The installation at one moment.

    Attributes:
        papers_hour: papers read or refused in the last hour.
        papers_day: in the last 24 hours.
        oldest_seconds: age of the oldest paper that is not read yet; None when none waits.
        times: by stage: ``waiting`` (received until a reader had it), ``reading``, ``deciding`` (last paper received
            until decided), ``telling`` (message written until sent).
        decided: dossiers decided in the last 30 days.
        touchless: share of them that no person has to look at; None when there are none.
        refusals: papers refused in the last 30 days, by reason.
        statuses: dossiers by status.
        queues: dossiers waiting for a person, by queue.
        quality: errors that escaped, by the blind checks of the last 30 days.
        last_paper: when the last paper came in; None where none ever did.
    """

    at: datetime
    backlog: Backlog
    papers_hour: int
    papers_day: int
    oldest_seconds: float | None
    times: dict[str, Times]
    decided: int
    touchless: float | None
    refusals: dict[str, int]
    statuses: dict[DossierStatus, int]
    queues: dict[str, int]
    workers: tuple[WorkerLine, ...]
    quality: Quality
    last_paper: datetime | None


def measure(now: datetime) -> Measures:
    """Measure everything, in fifteen queries whatever the number of dossiers.

    Args:
        now: with time zone.
    """
    backlog = measure_backlog(now)
    day, hour = now - timedelta(days=1), now - timedelta(hours=1)
    read = Reading.objects.filter(read_at__gte=day).aggregate(
        day=Count("pk"), hour=Count("pk", filter=Q(read_at__gte=hour))
    )
    since = now - timedelta(days=SHARE_DAYS)
    last = DecisionRecord.objects.filter(decided_at__gte=since).alias(last=Max("dossier__decisions__number"))
    kinds = dict(last.filter(number=F("last")).order_by().values_list("decision").annotate(Count("pk", distinct=True)))
    decided = sum(kinds.values())
    refusals = Reading.objects.filter(read_at__gte=since).exclude(refusal="").order_by("refusal")
    return Measures(
        at=now,
        backlog=backlog,
        papers_hour=read["hour"],
        papers_day=read["day"],
        oldest_seconds=(now - backlog.oldest_piece).total_seconds() if backlog.oldest_piece else None,
        times=_measure_times(),
        decided=decided,
        touchless=1 - kinds.get(DecisionKind.TO_REVIEW.value, 0) / decided if decided else None,
        refusals=dict(refusals.values_list("refusal").annotate(Count("pk"))),
        statuses=count_by_status(),
        queues=count_by_queue(),
        workers=list_workers(now),
        quality=measure_quality(since),
        last_paper=Event.objects.filter(kind=EventKind.PIECE_RECEIVED.value)
        .order_by("-pk")
        .values_list("at", flat=True)
        .first(),
    )


def _measure_times() -> dict[str, Times]:
    read = list(Reading.objects.order_by("-pk").values_list("piece__received_at", "read_at", "seconds")[:SAMPLE])
    decided = (
        DecisionRecord.objects.order_by("-pk")
        .annotate(last=Max("dossier__pieces__received_at", filter=Q(dossier__pieces__received_at__lte=F("decided_at"))))
        .values_list("last", "decided_at")[:SAMPLE]
    )
    told = OutboxMessage.objects.filter(sent_at__isnull=False).order_by("-pk").values_list("created_at", "sent_at")
    return {
        "waiting": _describe([max(0.0, _since(received, at) - seconds) for received, at, seconds in read]),
        "reading": _describe([seconds for _, _, seconds in read]),
        "deciding": _describe([_since(received, at) for received, at in decided if received]),
        "telling": _describe([_since(created, sent) for created, sent in told[:SAMPLE] if sent]),
    }


def _since(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _describe(seconds: Sequence[float]) -> Times:
    """Median, 95th percentile (nearest rank) and worst."""
    if not seconds:
        return Times(0, 0.0, 0.0, 0.0)
    ranked = sorted(seconds)

    def rank(share: float) -> float:
        return ranked[max(0, math.ceil(share * len(ranked)) - 1)]

    return Times(len(ranked), rank(0.5), rank(0.95), ranked[-1])
