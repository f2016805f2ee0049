"""The record of what was done to data outside of the handling of dossiers (see ``UpkeepRecord``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.models import UpkeepRecord


def record_upkeep(
    kind: str, *, actor: str, now: datetime, subject: str = "", detail: Mapping[str, Any] | None = None
) -> UpkeepRecord:
    """Write down something that was done, in the caller's transaction.

    Args:
        kind: ``backup``, ``purge``, ``erasure``, ``export``, ``hold``, ``lift``.
        actor: who did it: an account, a worker.
        now: with time zone.
        subject: what it was done to: an identifier that names nobody.
        detail: numbers and identifiers.
    """
    return UpkeepRecord.objects.create(
        at=now, kind=kind, actor=actor[:80], subject=subject[:80], detail=dict(detail or {})
    )
