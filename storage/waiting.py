"""Is there anything to do? Asked several times a second, so it only looks and never takes a lock."""

from __future__ import annotations

from datetime import datetime

from schemas.statuses import PieceState
from storage.deciding import ready_dossiers
from storage.leases import unheld
from storage.models import OutboxMessage, Piece


def has_waiting_work(now: datetime) -> bool:
    """Whether a paper waits for a reader, a dossier for a decision, or a message for its sending."""
    return (
        Piece.objects.filter(unheld(now), state=PieceState.RECEIVED.value).exists()
        or ready_dossiers(now).exists()
        or has_due_messages(now)
    )


def has_due_messages(now: datetime) -> bool:
    """Whether a message waits for its sending."""
    return OutboxMessage.objects.filter(
        unheld(now), sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=now
    ).exists()
