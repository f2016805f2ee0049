"""Leases: one worker at a time holds a piece of work, for a limited time.

A lease is a token written on the row. A worker that dies simply stops renewing; after ``lease_until`` the row can be
claimed again, and the token then drawn keeps the first worker's late result out.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q

from schemas.errors import LeaseLostError
from storage.models import Leased

Row = TypeVar("Row", bound=Leased)

#: Column values of a row that nobody holds.
FREE: dict[str, Any] = {"lease_owner": "", "lease_token": None, "lease_until": None}
LEASE_FIELDS = tuple(FREE)


def unheld(now: datetime) -> Q:
    """Rows that nobody holds at this moment."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def lock_free_rows(rows: models.QuerySet[Row], limit: int) -> list[Row]:
    """The first rows of a query that no other transaction is claiming, held until the end of ours.

    PostgreSQL skips rows that others hold; on SQLite the transaction keeps every other writer out by itself.
    """
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])


def take_rows(rows: Sequence[Row], owner: str, until: datetime) -> uuid.UUID:
    """Write a fresh lease on rows held by this transaction and count the attempt.

    Args:
        rows: changed in place too.
        owner: name of the worker, for people to see.
        until: when the lease ends unless it is renewed.

    Returns:
        The token to show when the result is written.
    """
    token = uuid.uuid4()
    if rows:
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).update(
            lease_owner=owner[:80], lease_token=token, lease_until=until, attempts=F("attempts") + 1
        )
    for row in rows:
        row.lease_owner, row.lease_token, row.lease_until = owner[:80], token, until
        row.attempts += 1
    return token


def lock_leased_row(model: type[Row], pk: Any, token: uuid.UUID) -> Row:
    """The row, held until the end of the transaction, if the lease on it is still ours.

    A lease that ran out but that nobody has taken over is still ours.

    Raises:
        LeaseLostError: it is not.
    """
    row = model._default_manager.select_for_update(no_key=True).filter(pk=pk, lease_token=token).first()
    if row is None:
        raise LeaseLostError(f"the lease on {model.__name__.lower()} {pk} is no longer ours")
    return row


def renew_leases(model: type[Row], tokens: dict[Any, uuid.UUID], until: datetime) -> set[Any]:
    """Prolong leases that are still ours.

    Args:
        model: what is held.
        tokens: primary key and token of each row.
        until: new end.

    Returns:
        The primary keys that are still ours; stop working on the others.
    """
    return {
        pk
        for pk, token in tokens.items()
        if model._default_manager.filter(pk=pk, lease_token=token).update(lease_until=until)
    }


def free_expired(model: type[Row], now: datetime) -> int:
    """Take away every lease that ran out, and say how many."""
    return model._default_manager.filter(lease_until__lte=now).update(**FREE)


def free_owned(model: type[Row], owner: str) -> int:
    """Take away every lease held under a name, and say how many."""
    return model._default_manager.filter(lease_owner=owner[:80]).update(**FREE)
