"""Work on dossiers: claim those that are ready, load what a decision looks at, write the decision."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from dossiers import PastDossier, remember
from schemas import claims
from schemas.decisions import Decision
from schemas.rules import InsurerRules
from schemas.statuses import EventKind, PieceState
from storage.amending import CORRECTIONS
from storage.events import append_event, lock_dossier
from storage.leases import FREE, LEASE_FIELDS, lock_free_rows, lock_leased_row, renew_leases, take_rows, unheld
from storage.models import DecisionRecord, Dossier, Piece
from storage.notices import write_notice
from storage.values import to_dossier


@dataclass(frozen=True, slots=True)
class ClaimedDossier:
    """A dossier that is ours to decide until the lease ends, or until another paper comes in.

    Attributes:
        attempt: 1 for the first time since its last paper.
        token: proof of the lease.
        unattached: papers that came without a request: see ``storage.assembling`` instead of deciding.
    """

    id: uuid.UUID
    reference: str
    attempt: int
    owner: str
    token: uuid.UUID
    lease_until: datetime
    unattached: bool = False


@dataclass(frozen=True, slots=True)
class LoadedDossier:
    """All that a decision looks at.

    Attributes:
        dossier: the claim and its readings.
        history: earlier dossiers of the same member, oldest first.
    """

    dossier: claims.Dossier
    history: tuple[PastDossier, ...]


def claim_dossiers(owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedDossier, ...]:
    """Take dossiers to decide, longest waiting first; nobody else gets them until the lease ends.

    Ready is a dossier whose settling delay is over, with no paper left to read, and with no earlier dossier of the
    same member still to be decided: a later one may be a duplicate of it.

    Args:
        owner: name of the worker, for people to see.
        limit: how many at most.
        now: with time zone.
        lease: how long they are ours; renew before it ends.
    """
    ready = ready_dossiers(now)
    if limit < 1 or not ready.exists():
        return ()
    with transaction.atomic():
        rows = lock_free_rows(ready, limit)
        until = now + lease
        token = take_rows(rows, owner, until)
    return tuple(
        ClaimedDossier(
            id=row.pk,
            reference=row.reference,
            attempt=row.attempts,
            owner=owner,
            token=token,
            lease_until=until,
            unattached=not row.claim_type,
        )
        for row in rows
    )


def ready_dossiers(now: datetime) -> QuerySet[Dossier]:
    """Dossiers that can be decided and that nobody holds, longest waiting first (see ``claim_dossiers``)."""
    unread = Piece.objects.filter(dossier=OuterRef("pk"), state=PieceState.RECEIVED.value)
    same_day = Q(upload_date=OuterRef("upload_date"))
    earlier = Dossier.objects.filter(member=OuterRef("member"), settled_after__isnull=False).filter(
        Q(upload_date__lt=OuterRef("upload_date"))
        | same_day & Q(opened_at__lt=OuterRef("opened_at"))
        | same_day & Q(opened_at=OuterRef("opened_at"), reference__lt=OuterRef("reference"))
    )
    return Dossier.objects.filter(unheld(now), ~Exists(unread), ~Exists(earlier), settled_after__lte=now).order_by(
        "settled_after", "pk"
    )


def load_dossier(dossier_id: uuid.UUID, rules: InsurerRules) -> LoadedDossier:
    """What a decision looks at: the claim, its readings, and the member's earlier dossiers.

    Args:
        dossier_id: of a dossier, usually one from ``claim_dossiers``. The lease is what makes the loaded picture
            whole: a paper that comes in meanwhile takes the lease away, and ``save_decision`` then refuses.
        rules: tell which papers of earlier dossiers are worth remembering, and what in them was sure.

    Raises:
        Dossier.DoesNotExist: no such dossier.
    """
    row = _with_papers(Dossier.objects.filter(pk=dossier_id)).get()
    earlier: Iterable[Dossier] = ()
    if row.member_id is not None:
        earlier = _with_papers(
            Dossier.objects.filter(member_id=row.member_id)
            .exclude(claim_type="")
            .filter(
                Q(upload_date__lt=row.upload_date)
                | Q(upload_date=row.upload_date, opened_at__lt=row.opened_at)
                | Q(upload_date=row.upload_date, opened_at=row.opened_at, reference__lt=row.reference)
            )
            .order_by("upload_date", "opened_at", "reference")
        )
    return LoadedDossier(dossier=to_dossier(row), history=tuple(remember(to_dossier(past), rules) for past in earlier))


def _with_papers(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    return rows.select_related("member", "patient").prefetch_related(
        "member__people", "pieces__reading", "contests", CORRECTIONS
    )


def save_decision(claimed: ClaimedDossier, decision: Decision, *, worker: str, now: datetime) -> DecisionRecord:
    """Write a decision, what follows from it on the dossier, and the message that tells the member.

    All in one transaction: the decision exists with its event and its message, or not at all.

    Args:
        claimed: the dossier, from ``claim_dossiers``.
        decision: rests on what ``load_dossier`` gave under this lease.
        worker: who decided.
        now: with time zone.

    Raises:
        LeaseLostError: the dossier is no longer ours: another worker has it, or another paper came in. Nothing was
            written; the dossier will be decided again.
    """
    with transaction.atomic():
        dossier = lock_leased_row(Dossier, claimed.id, claimed.token)
        last = DecisionRecord.objects.filter(dossier=dossier).aggregate(Max("number"))["number__max"] or 0
        line = decision.to_line()
        record = DecisionRecord.objects.create(
            dossier=dossier,
            number=last + 1,
            line=line,
            decision=decision.decision.value,
            missing=line["missing"],
            reasons=line["reasons"],
            rules_version=decision.rules_version,
            rules_hash=decision.rules_hash,
            reader_version=decision.reader_version,
            worker=worker[:80],
            decided_at=now,
        )
        dossier.queue, dossier.priority, dossier.due = decision.queue, decision.priority, decision.due
        dossier.settled_after = None
        dossier.attempts = 0
        dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None
        append_event(
            dossier,
            EventKind.DECIDED,
            at=now,
            actor=worker,
            decision=decision.decision,
            detail={
                "number": record.number,
                "missing": line["missing"],
                "reasons": line["reasons"],
                "queue": decision.queue,
                "rules_version": decision.rules_version,
                "rules_hash": decision.rules_hash,
            },
            also=("queue", "priority", "due", "settled_after", "attempts", *LEASE_FIELDS),
        )
        write_notice(dossier, record, now=now)
    return record


def renew_dossiers(claimed: Iterable[ClaimedDossier], now: datetime, lease: timedelta) -> frozenset[uuid.UUID]:
    """Prolong our leases to ``now + lease``.

    Returns:
        Identifiers of the dossiers that are still ours.
    """
    return frozenset(renew_leases(Dossier, {dossier.id: dossier.token for dossier in claimed}, now + lease))


def release_dossiers(claimed: Iterable[ClaimedDossier]) -> int:
    """Give dossiers back undecided (a worker that stops) without counting the attempt.

    Returns:
        How many were still ours.
    """
    return sum(
        Dossier.objects.filter(pk=dossier.id, lease_token=dossier.token).update(attempts=F("attempts") - 1, **FREE)
        for dossier in claimed
    )


def postpone_dossier(claimed: ClaimedDossier, now: datetime) -> timedelta:
    """Give back a dossier whose decision failed; it is tried again later, and later still each time (at most 1 h).

    Returns:
        How long it rests.

    Raises:
        LeaseLostError: the dossier is no longer ours.
    """
    rest = min(timedelta(seconds=10) * (1 << min(claimed.attempt, 16)), timedelta(hours=1))
    with transaction.atomic():
        dossier = lock_leased_row(Dossier, claimed.id, claimed.token)
        dossier.settled_after = now + rest
        dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None
        dossier.save(update_fields=["settled_after", *LEASE_FIELDS])
    return rest


def schedule_decision(dossier_id: uuid.UUID, now: datetime) -> None:
    """Have a dossier decided (again) as soon as its papers are read: after a change of rules, or of what is known."""
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        dossier.settled_after = max(now, dossier.settled_after or now)
        dossier.attempts = 0
        dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None
        dossier.save(update_fields=["settled_after", "attempts", *LEASE_FIELDS])
