"""What is sent afterwards: taken when due by one worker at a time, tried again later and later, given up in the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from storage.leases import FREE, LEASE_FIELDS, lock_free_rows, lock_leased_row, take_rows, unheld
from storage.models import Outgoing

Row = TypeVar("Row", bound=Outgoing)

#: Waits double from the first to the longest; the attempts then span four days, as mail servers themselves try.
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 24


def find_due(model: type[Row], now: datetime) -> QuerySet[Row]:
    """Rows to send that nobody holds, longest due first."""
    return model._default_manager.filter(
        unheld(now), sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=now
    ).order_by("due_at", "pk")


def claim_due(model: type[Row], owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[list[Row], uuid.UUID]:
    """Take rows that are due; nobody else gets them until the lease ends.

    Args:
        model: what is sent.
        owner: name of the worker, for people to see.
        limit: how many at most.
        now: with time zone.
        lease: how long they are ours: longer than sending all of them can take.

    Returns:
        The rows, and the token that proves the lease.
    """
    due = find_due(model, now)
    if limit < 1 or not due.exists():
        return [], uuid.uuid4()
    with transaction.atomic():
        rows = lock_free_rows(due, limit)
        return rows, take_rows(rows, owner, now + lease)


def mark_delivered(model: type[Row], pk: Any, token: uuid.UUID, *, now: datetime) -> Row:
    """Write down that the other side took it, in the caller's transaction.

    Raises:
        LeaseLostError: the row is no longer ours; it may be sent a second time.
    """
    row = lock_leased_row(model, pk, token)
    row.sent_at = now
    row.last_error = ""
    row.lease_owner, row.lease_token, row.lease_until = "", None, None
    row.save(update_fields=["sent_at", "last_error", *LEASE_FIELDS])
    return row


def mark_undelivered(
    model: type[Row], pk: Any, token: uuid.UUID, error: str, *, now: datetime, max_attempts: int = MAX_ATTEMPTS
) -> bool:
    """Write down that it could not be sent; it is tried again later, or given up.

    Args:
        model: what was to be sent.
        pk: which.
        token: proof of the lease.
        error: kind of failure, for operators; not the text of an exception, which may quote what was sent.
        now: with time zone.
        max_attempts: after which it is given up.

    Returns:
        Whether it will be tried again.

    Raises:
        LeaseLostError: the row is no longer ours.
    """
    with transaction.atomic():
        row = lock_leased_row(model, pk, token)
        row.last_error = error[:200]
        row.lease_owner, row.lease_token, row.lease_until = "", None, None
        if row.attempts >= max_attempts:
            row.given_up_at = now
        else:
            row.due_at = now + min(_FIRST_WAIT * (1 << min(row.attempts - 1, 16)), _LONGEST_WAIT)
        row.save(update_fields=["last_error", "given_up_at", "due_at", *LEASE_FIELDS])
    return row.given_up_at is None


def release(model: type[Row], held: Iterable[tuple[Any, uuid.UUID]]) -> int:
    """Give rows back unsent (a worker that stops) without counting the attempt; says how many were still ours."""
    return sum(
        model._default_manager.filter(pk=pk, lease_token=token).update(attempts=F("attempts") - 1, **FREE)
        for pk, token in held
    )
