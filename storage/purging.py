"""The purge: what the schedule says is due goes, and what went is written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from schemas.retention import DataKind, RetentionFile, months_before
from schemas.statuses import PieceState
from storage.account_models import SignIn
from storage.erasing import ERASED_NUMBER, erase_dossier, erase_member, erase_messages, erase_objects, erase_papers
from storage.integrator_models import IdempotencyKey
from storage.models import (
    Dossier,
    LegalHold,
    Member,
    Original,
    OutboxMessage,
    Piece,
    SavedSearch,
    Sight,
    WebhookDelivery,
)
from storage.objects import ObjectStore
from storage.upkeep import record_upkeep

#: An erasure that was cut short between database and object store is finished by a purge of these days.
_UNFINISHED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did, or would do.

    Attributes:
        papers: papers erased.
        dossiers: dossiers emptied.
        messages: messages emptied.
        contracts: members emptied, with everybody on the contract.
        traces: sign-ins, sights, names of sendings, webhooks and searches removed.
        held: dossiers that were due and stayed for a legal hold.
        version: of the retention file.
    """

    papers: int
    dossiers: int
    messages: int
    contracts: int
    traces: int
    held: int
    version: str


def purge(
    store: ObjectStore, retention: RetentionFile, *, actor: str, now: datetime, dry_run: bool = False
) -> PurgeReport:
    """Erase what is due.

    Args:
        store: where papers are kept.
        retention: the schedules; the one in force today counts.
        actor: who purges.
        now: with time zone.
        dry_run: only count.
    """
    schedule = retention.on(timezone.localdate(now))

    def due(kind: DataKind) -> datetime:
        day = months_before(timezone.localdate(now), schedule.rules[kind].months)
        return timezone.make_aware(datetime.combine(day, time()))

    papers = _find_dossiers_with_papers(due(DataKind.PAPERS))
    dossiers = Dossier.objects.filter(changed_at__lt=due(DataKind.DOSSIERS), erased_at__isnull=True)
    messages = _find_messages(due(DataKind.MESSAGES))
    traces = (
        SignIn.objects.filter(at__lt=due(DataKind.SIGN_INS)),
        IdempotencyKey.objects.filter(begun_at__lt=due(DataKind.SENDINGS)),
        Sight.objects.filter(at__lt=due(DataKind.SIGHTS)),
        _find_webhooks(due(DataKind.WEBHOOKS)),
        SavedSearch.objects.filter(saved_at__lt=due(DataKind.SEARCHES)),
    )
    contracts = _find_contracts(due(DataKind.CONTRACTS))
    held = Dossier.objects.filter(_HELD).filter(Q(pk__in=papers) | Q(pk__in=dossiers)).count()
    if dry_run:
        pieces = Piece.objects.filter(dossier__in=papers.exclude(_HELD)).exclude(state=PieceState.ERASED.value)
        return PurgeReport(
            papers=pieces.count(),
            dossiers=dossiers.exclude(_HELD).count(),
            messages=messages.count(),
            contracts=contracts.count(),
            traces=sum(rows.count() for rows in traces),
            held=held,
            version=retention.version,
        )
    erased = [
        erase_papers(dossier, store, because="schedule", actor=actor, now=now)
        for dossier in list(papers.exclude(_HELD))
    ]
    emptied = list(dossiers.exclude(_HELD))
    for dossier in emptied:
        erase_dossier(dossier, store, because="schedule", actor=actor, now=now)
    told = erase_messages(list(messages), now=now)
    ended = list(contracts)
    for member in ended:
        erase_member(member, store, reason="schedule", actor=actor, now=now)
    recent = Original.objects.filter(erased_at__gte=now - _UNFINISHED).values_list("pk", flat=True)
    erase_objects(list(recent), store)
    forgotten = sum(rows.delete()[0] for rows in traces)
    report = PurgeReport(sum(erased), len(emptied), told, len(ended), forgotten, held, retention.version)
    if erased or emptied or told or ended or forgotten:
        record_upkeep("purge", actor=actor, now=now, detail=asdict(report))
    return report


_HELD = Q(Exists(LegalHold.objects.filter(member=OuterRef("member"), lifted_at__isnull=True)))


def _find_dossiers_with_papers(changed_before: datetime) -> QuerySet[Dossier]:
    papers = Piece.objects.filter(dossier=OuterRef("pk")).exclude(state=PieceState.ERASED.value)
    return Dossier.objects.filter(Exists(papers), changed_at__lt=changed_before)


def _find_contracts(before: datetime) -> QuerySet[Member]:
    """Contracts with nothing left but themselves: over, or not asked about for so long. Held ones stay."""
    living = Dossier.objects.filter(member=OuterRef("pk")).filter(Q(erased_at__isnull=True) | Q(changed_at__gte=before))
    held = LegalHold.objects.filter(member=OuterRef("pk"), lifted_at__isnull=True)
    known = Exists(Dossier.objects.filter(member=OuterRef("pk")))
    over = Q(covered_until__lt=before.date()) | Q(known, covered_until__isnull=True)
    return Member.objects.filter(over, ~Exists(living), ~Exists(held)).exclude(member_number__startswith=ERASED_NUMBER)


def _find_webhooks(ended_before: datetime) -> QuerySet[WebhookDelivery]:
    ended = Q(sent_at__lt=ended_before) | Q(sent_at__isnull=True, given_up_at__lt=ended_before)
    return WebhookDelivery.objects.filter(ended)


def _find_messages(ended_before: datetime) -> QuerySet[OutboxMessage]:
    ended = Q(sent_at__lt=ended_before) | Q(sent_at__isnull=True, given_up_at__lt=ended_before)
    held = LegalHold.objects.filter(member=OuterRef("dossier__member"), lifted_at__isnull=True)
    return OutboxMessage.objects.filter(ended, ~Exists(held)).exclude(recipient="")
