"""How long dossiers really took, from those that are settled: what a member can expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median, quantiles

from schemas.statuses import HANDED_OVER, DossierStatus
from schemas.vocabulary import ClaimType
from storage.models import Dossier, Event

#: Dossiers settled in so many days are counted, the newest first, and so many of them at most.
_SINCE = timedelta(days=180)
_MOST = 300
#: Of fewer dossiers nothing is said.
FEWEST = 20
_SETTLED = (*(status.value for status in sorted(HANDED_OVER)), DossierStatus.REFUSED.value)
#: While a dossier waits for its member, or for nothing until it is opened again, its clock stands still.
_STOPPED = (*_SETTLED, DossierStatus.JOINED.value, DossierStatus.INCOMPLETE.value)


@dataclass(frozen=True, slots=True)
class ExpectedDelay:
    """Days from the deposit to the answer, without those in which the member was asked for something.

    Attributes:
        dossiers: how many were counted.
        median, ninety: half and nine tenths of them took no longer.
    """

    dossiers: int
    median: float
    ninety: float


def measure_delay(claim_type: ClaimType, now: datetime) -> ExpectedDelay | None:
    """What dossiers of a type took lately (two queries); None where too few were settled to tell."""
    settled = list(
        Dossier.objects.filter(claim_type=claim_type.value, status__in=_SETTLED, changed_at__gte=now - _SINCE)
        .order_by("-changed_at")
        .values_list("pk", flat=True)[:_MOST]
    )
    if len(settled) < FEWEST:
        return None
    rows = (
        Event.objects.filter(dossier__in=settled)
        .order_by("dossier", "id")
        .values_list("dossier", "at", "before__status", "after__status")
    )
    days = sorted(
        _count_days([(at, before, after) for _, at, before, after in group])
        for _, group in groupby(rows, key=lambda row: row[0])
    )
    return ExpectedDelay(dossiers=len(days), median=median(days), ninety=quantiles(days, n=10, method="inclusive")[-1])


def _count_days(steps: list[tuple[datetime, str | None, str | None]]) -> float:
    """Days until a dossier was last settled, the clock stopped while nothing was ours to do."""
    opened = steps[0][0]
    waited, since = timedelta(), None
    took = timedelta()
    for at, before, after in steps:
        if since is not None:
            waited, since = waited + (at - since), None
        if after in _SETTLED and before not in _SETTLED:
            took = at - opened - waited
        if after in _STOPPED:
            since = at
    return took / timedelta(days=1)
