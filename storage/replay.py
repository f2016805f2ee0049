"""Past dossiers as they stand, to see what other rules would make of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from storage.models import DecisionRecord, Dossier


@dataclass(frozen=True, slots=True)
class DecidedDossier:
    """A dossier that was decided.

    Attributes:
        decided_on: day of its last decision.
        rules_version, rules_hash: of the rules that made it; the hash is empty in old decisions.
    """

    id: uuid.UUID
    reference: str
    decided_on: date
    rules_version: str
    rules_hash: str


def find_decided(limit: int, reference: str | None = None) -> Iterator[DecidedDossier]:
    """The dossiers decided last, latest first.

    Args:
        limit: how many at most.
        reference: only this one.
    """
    last = DecisionRecord.objects.filter(dossier=OuterRef("pk")).order_by("-number")
    rows = Dossier.objects.annotate(
        decided_at=Subquery(last.values("decided_at")[:1]),
        by_version=Subquery(last.values("rules_version")[:1]),
        by_hash=Subquery(last.values("rules_hash")[:1]),
    ).filter(decided_at__isnull=False)
    if reference is not None:
        rows = rows.filter(reference=reference)
    for row in rows.order_by("-decided_at", "-reference")[:limit]:
        yield DecidedDossier(
            id=row.pk,
            reference=row.reference,
            decided_on=timezone.localdate(row.decided_at),
            rules_version=row.by_version,
            rules_hash=row.by_hash,
        )
