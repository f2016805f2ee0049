"""Put right what was left behind: by a worker that was killed, by a machine that was switched off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from schemas.statuses import DossierStatus, PieceState
from storage.deciding import schedule_decision
from storage.leases import free_expired
from storage.models import Dossier, Original, OutboxMessage, Piece
from storage.objects import ObjectStore, original_key
from storage.pieces import refuse_exhausted

#: An interrupted write is nobody's any more after this time.
_DRAFT_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found and did.

    Attributes:
        freed_pieces: papers whose reader stopped renewing its lease.
        freed_dossiers: the same for dossiers being decided.
        freed_messages: the same for messages being sent.
        refused_pieces: papers given up because every reader died on them.
        scheduled_dossiers: dossiers whose papers are all read and that nothing would have decided.
        removed_drafts: interrupted writes cleared from the object store.
        missing_originals: content addresses that the database knows and the object store does not: an alarm.
    """

    freed_pieces: int
    freed_dossiers: int
    freed_messages: int
    refused_pieces: int
    scheduled_dossiers: int
    removed_drafts: int
    missing_originals: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """The figures by name, for logs."""
        counted = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**counted, "missing_originals": len(self.missing_originals)}


def sweep_database(
    now: datetime, store: ObjectStore, *, max_attempts: int | None = None, originals_since: datetime | None = None
) -> SweepReport:
    """Free, refuse, schedule and check; safe to run at any time, by several machines at once.

    Args:
        now: with time zone.
        store: where originals are kept.
        max_attempts: readings of a paper before it is given up; from the settings by default.
        originals_since: check the originals kept since then; None for the last day. All of them:
            ``find_missing_originals``.
    """
    return SweepReport(
        freed_pieces=free_expired(Piece, now),
        freed_dossiers=free_expired(Dossier, now),
        freed_messages=free_expired(OutboxMessage, now),
        refused_pieces=refuse_exhausted(now, max_attempts=max_attempts),
        scheduled_dossiers=_schedule_forgotten(now),
        removed_drafts=store.remove_drafts(now - _DRAFT_AGE),
        missing_originals=tuple(find_missing_originals(store, since=originals_since or now - timedelta(days=1))),
    )


def find_missing_originals(store: ObjectStore, *, since: datetime | None = None) -> Iterator[str]:
    """Content addresses of originals whose object is absent or has another size.

    Args:
        store: where originals are kept.
        since: only those kept since then; None for all.
    """
    originals = Original.objects.filter(erased_at__isnull=True).order_by("pk")
    if since is not None:
        originals = originals.filter(kept_at__gte=since)
    for sha256, size in originals.values_list("sha256", "size").iterator():
        found = store.describe(original_key(sha256))
        if found is None or found.size != size:
            yield sha256


def _schedule_forgotten(now: datetime) -> int:
    """Dossiers that wait for a decision which nothing has asked for.

    Every way in asks for one, so this finds only what was written past this room (a restored back-up, a repair).
    """
    pieces = Piece.objects.filter(dossier=OuterRef("pk"))
    forgotten = Dossier.objects.filter(
        Exists(pieces),
        ~Exists(pieces.filter(state=PieceState.RECEIVED.value)),
        status__in=[DossierStatus.RECEIVED.value, DossierStatus.PROCESSING.value],
        settled_after__isnull=True,
    )
    found = list(forgotten.values_list("pk", flat=True))
    for pk in found:
        schedule_decision(pk, now)
    return len(found)
