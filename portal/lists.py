"""Lists of dossiers: what may be searched and filtered, and what a line shows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from portal.presenting.findings import missing_labels, reason_labels
from portal.presenting.statuses import HANDLER_LABELS_FR, StatusView, present_status
from schemas.statuses import STATUS_LABELS_FR, DossierStatus
from schemas.vocabulary import CLAIM_LABELS_FR, ClaimType
from storage.intake import fold_text
from storage.models import DecisionRecord, Dossier


@dataclass(frozen=True)
class DossierLine:
    """One line of a list.

    Attributes:
        missing: what the member is asked for now, in French.
        reasons: why a person must look, in French.
        late: past its due date.
    """

    id: uuid.UUID
    reference: str
    claim_label: str
    patient: str
    member_number: str
    deposited: dt.date
    status: StatusView
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    queue: str
    priority: int | None
    due: dt.date | None
    late: bool


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; empty strings for anything.

    Attributes:
        text: words of the search box: reference, name, member number, type of care, status.
    """

    text: str = ""
    status: str = ""
    queue: str = ""
    claim_type: str = ""

    @classmethod
    def from_query(cls, query: dict[str, str]) -> Filters:
        """The filters of an address; unknown values count for nothing."""
        return cls(
            text=query.get("q", "").strip()[:100],
            status=query.get("statut", "") if query.get("statut") in set(DossierStatus) else "",
            queue=query.get("file", "")[:40],
            claim_type=query.get("soins", "") if query.get("soins") in set(ClaimType) else "",
        )

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.text, self.status, self.queue, self.claim_type))


def narrow(dossiers: QuerySet[Dossier], filters: Filters) -> QuerySet[Dossier]:
    """The dossiers that match every filter and every word of the search."""
    if filters.status:
        dossiers = dossiers.filter(status=filters.status)
    if filters.queue:
        dossiers = dossiers.filter(queue=filters.queue)
    if filters.claim_type:
        dossiers = dossiers.filter(claim_type=filters.claim_type)
    for word in fold_text(filters.text).split():
        kinds = [kind.value for kind in ClaimType if word in fold_text(CLAIM_LABELS_FR[kind])]
        states = [
            state.value
            for state in DossierStatus
            if word in fold_text(f"{STATUS_LABELS_FR[state]} {HANDLER_LABELS_FR[state]}")
        ]
        dossiers = dossiers.filter(Q(search_text__contains=word) | Q(claim_type__in=kinds) | Q(status__in=states))
    return dossiers


def with_last_decision(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """The same dossiers, each with its member, its patient and its last decision, in two queries."""
    last = DecisionRecord.objects.filter(dossier=OuterRef("dossier")).order_by("-number").values("pk")[:1]
    return dossiers.select_related("member", "patient").prefetch_related(
        Prefetch("decisions", DecisionRecord.objects.filter(pk=Subquery(last)).defer("line"), to_attr="last_decisions")
    )


def present_lines(dossiers: Iterable[Dossier], today: dt.date) -> tuple[DossierLine, ...]:
    """The lines of a list, from dossiers that went through ``with_last_decision``."""
    return tuple(_present_line(dossier, today) for dossier in dossiers)


def _present_line(dossier: Dossier, today: dt.date) -> DossierLine:
    status = present_status(dossier)
    decisions: list[DecisionRecord] = getattr(dossier, "last_decisions", [])
    last = decisions[0] if decisions and not status.moving else None
    settled = dossier.status == DossierStatus.COMPLETE.value
    return DossierLine(
        id=dossier.pk,
        reference=dossier.reference,
        claim_label=CLAIM_LABELS_FR[ClaimType(dossier.claim_type)],
        patient=str(dossier.patient) if dossier.patient else "",
        member_number=dossier.member.member_number if dossier.member else "",
        deposited=dossier.upload_date,
        status=status,
        missing=missing_labels(last.missing) if last and status.yours else (),
        reasons=reason_labels(last.reasons) if last else (),
        queue=dossier.queue,
        priority=dossier.priority,
        due=dossier.due,
        late=bool(dossier.due and dossier.due < today and not settled),
    )


def status_choices() -> tuple[tuple[str, str], ...]:
    """Statuses for a filter."""
    return tuple((status.value, STATUS_LABELS_FR[status]) for status in DossierStatus)


def claim_choices() -> tuple[tuple[str, str], ...]:
    """Types of care for a filter."""
    return tuple((kind.value, CLAIM_LABELS_FR[kind]) for kind in ClaimType)
