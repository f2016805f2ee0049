"""Lists of dossiers: what may be searched and filtered, and what a line shows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from portal.presenting.findings import reason_labels
from portal.presenting.statuses import HANDLER_LABELS_FR, StatusView, present_status
from schemas.statuses import CLOSED, STATUS_LABELS_FR, DossierStatus
from schemas.vocabulary import CLAIM_LABELS_FR, MISSING_LABELS_FR, ClaimType, label_claim
from storage.intake import fold_text
from storage.models import Dossier, Handling
from storage.printed import is_printed
from storage.queries import DossierLine, describe_dossiers, select_dossiers


@dataclass(frozen=True)
class LineView:
    """One line of a list.

    Attributes:
        missing: what the member is asked for now, in French.
        reasons: why a person must look, in French.
        late: past its due date.
        answers: messages of gestionnaires that the member has not read.
    """

    id: uuid.UUID
    reference: str
    claim_label: str
    patient: str
    member_number: str
    deposited: dt.date
    status: StatusView
    papers: int
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    queue: str
    priority: int | None
    due: dt.date | None
    late: bool
    answers: int


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
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """The filters of an address; unknown values count for nothing."""
        query = {key: value.replace("\0", "") for key, value in query.items()}  # databases refuse to look for a NUL
        status, kind = query.get("statut", ""), query.get("soins", "")
        return cls(
            text=query.get("q", "").strip()[:100],
            status=status if status in {one.value for one in DossierStatus} else "",
            queue=query.get("file", "")[:40],
            claim_type=kind if kind in {one.value for one in ClaimType} else "",
        )

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.text, self.status, self.queue, self.claim_type))


def find_dossiers(filters: Filters, *, among: QuerySet[Dossier] | None = None) -> QuerySet[Dossier]:
    """The dossiers that match every filter and every word of the search, newest first.

    A dossier is found by anything that is printed on its papers too: a professional, an amount, a date.

    Args:
        filters: what is looked for.
        among: only these; all when None.
    """
    rows = select_dossiers(
        among=among,
        statuses=[DossierStatus(filters.status)] if filters.status else (),
        queue=filters.queue or None,
    )
    if filters.claim_type:
        rows = rows.filter(claim_type=filters.claim_type)
    for word in fold_text(filters.text).split():
        kinds = [kind.value for kind in ClaimType if word in fold_text(CLAIM_LABELS_FR[kind])]
        states = [
            state.value
            for state in DossierStatus
            if word in fold_text(f"{STATUS_LABELS_FR[state]} {HANDLER_LABELS_FR[state]}")
        ]
        found = Q(search_text__contains=word) | Q(claim_type__in=kinds) | Q(status__in=states)
        rows = rows.filter(found | Q(is_printed(word)))
    return rows


def present_lines(rows: QuerySet[Dossier], today: dt.date) -> tuple[LineView, ...]:
    """The lines of one page of a list, in a fixed number of queries.

    Args:
        rows: sliced to the page.
        today: on the site's clock, to tell what is late.
    """
    lines = describe_dossiers(rows)
    shown = [line.id for line in lines]
    unread = Handling.objects.filter(dossier__in=shown, unread_answers__gt=0)
    answers = dict(unread.values_list("dossier", "unread_answers"))
    return tuple(_present_line(line, today, answers.get(line.id, 0)) for line in lines)


def _present_line(line: DossierLine, today: dt.date, answers: int) -> LineView:
    known = line.decision
    status = present_status(
        line.status, missing=known.missing if known else (), reasons=known.reasons if known else ()
    )  # fmt: skip
    last = known if not status.moving and line.status is not DossierStatus.JOINED else None
    return LineView(
        id=line.id,
        reference=line.reference,
        claim_label=label_claim(line.claim_type or ""),
        patient=line.patient,
        member_number=line.member_number,
        deposited=line.upload_date,
        status=status,
        papers=line.pieces,
        missing=tuple(MISSING_LABELS_FR[piece] for piece in last.missing) if last and status.yours else (),
        reasons=reason_labels(last.reasons) if last else (),
        queue=line.queue,
        priority=line.priority,
        due=line.due,
        late=bool(line.due and line.due < today and line.status not in CLOSED),
        answers=answers,
    )


def status_choices() -> tuple[tuple[str, str], ...]:
    """Statuses for a filter."""
    return tuple((status.value, STATUS_LABELS_FR[status]) for status in DossierStatus)


def claim_choices() -> tuple[tuple[str, str], ...]:
    """Types of care for a filter."""
    return tuple((kind.value, CLAIM_LABELS_FR[kind]) for kind in ClaimType)
