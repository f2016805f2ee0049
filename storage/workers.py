"""Signs of life: which workers there are, and which of them work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from storage.models import WorkerSign

#: How often a worker gives a sign of life, and after how long without one it counts as dead.
SIGN_EVERY = timedelta(seconds=15)
DEAD_AFTER = timedelta(seconds=60)
#: A worker that nobody has heard of for so long is forgotten.
_FORGET_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """One worker, for operators.

    Attributes:
        alive: it gave a sign of life within the last minute and was not told to stop.
        stopped: it was told to stop and did.
    """

    name: str
    readers: int
    version: str
    started_at: datetime
    seen_at: datetime
    alive: bool
    stopped: bool


def sign_in(name: str, readers: int, now: datetime) -> None:
    """A worker starts."""
    known = {"readers": readers, "version": version("liasse"), "started_at": now, "seen_at": now, "stopped_at": None}
    WorkerSign.objects.update_or_create(name=name[:80], defaults=known)


def give_sign(name: str, now: datetime) -> None:
    """A worker is alive."""
    WorkerSign.objects.filter(name=name[:80]).update(seen_at=now)


def sign_off(name: str, now: datetime) -> None:
    """A worker stops because it was told to."""
    WorkerSign.objects.filter(name=name[:80]).update(seen_at=now, stopped_at=now)


def list_workers(now: datetime) -> tuple[WorkerLine, ...]:
    """The workers of the last week, by name, in one query."""
    rows = WorkerSign.objects.filter(seen_at__gte=now - _FORGET_AFTER).order_by("name")
    return tuple(
        WorkerLine(
            name=row.name,
            readers=row.readers,
            version=row.version,
            started_at=row.started_at,
            seen_at=row.seen_at,
            alive=row.stopped_at is None and row.seen_at > now - DEAD_AFTER,
            stopped=row.stopped_at is not None,
        )
        for row in rows
    )
