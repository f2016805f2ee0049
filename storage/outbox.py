"""The outbox: messages written with what they tell, sent afterwards, at least once.

A worker may die between handing a message to the mail server and writing down that it did; the message is then sent
again with the same Message-ID, by which mail servers and readers know a copy.
"""

from __future__ import annotations

import hashlib
import smtplib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet

from schemas.errors import LeaseLostError
from schemas.settings import load_settings
from schemas.statuses import EventKind
from storage.events import append_event, lock_dossier
from storage.leases import FREE, LEASE_FIELDS, lock_free_rows, lock_leased_row, take_rows, unheld
from storage.models import OutboxMessage

#: Waits double from the first to the longest; the attempts then span four days, as mail servers themselves try.
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 24


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that is ours to send until the lease ends.

    Attributes:
        message_id: value of the Message-ID header, the same at every attempt.
        attempt: 1 for the first.
        token: proof of the lease.
    """

    id: int
    key: str
    message_id: str
    recipient: str
    subject: str
    body: str
    attempt: int
    token: uuid.UUID


def claim_messages(owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedMessage, ...]:
    """Take messages that are due, longest due first; nobody else gets them until the lease ends.

    Args:
        owner: name of the worker, for people to see.
        limit: how many at most.
        now: with time zone.
        lease: how long they are ours: longer than sending all of them can take.
    """
    due = _due_messages(now)
    if limit < 1 or not due.exists():
        return ()
    with transaction.atomic():
        rows = lock_free_rows(due, limit)
        token = take_rows(rows, owner, now + lease)
    return tuple(
        ClaimedMessage(
            id=row.pk,
            key=row.key,
            message_id=make_message_id(row.key),
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
            attempt=row.attempts,
            token=token,
        )
        for row in rows
    )


def has_due_messages(now: datetime) -> bool:
    """Whether ``claim_messages`` would find something."""
    return _due_messages(now).exists()


def _due_messages(now: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        unheld(now), sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=now
    ).order_by("due_at", "pk")


def deliver_message(claimed: ClaimedMessage, *, worker: str = "outbox", now: datetime) -> bool:
    """Hand a message to the mail server that Django's settings name, and write down what came of it.

    Args:
        claimed: the message, from ``claim_messages``.
        worker: who sends it, for the event.
        now: with time zone.

    Returns:
        Whether the mail server took it.
    """
    mail = EmailMessage(
        subject=claimed.subject,
        body=claimed.body,
        to=[claimed.recipient],
        headers={"Message-ID": claimed.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        try:
            mail.send()
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: an address that is none
            code = getattr(error, "smtp_code", "")
            mark_failed(claimed, f"{type(error).__name__} {code}".strip(), now=now)
            return False
        mark_sent(claimed, worker=worker, now=now)
    except LeaseLostError:  # sending took longer than the lease: whoever has it now sends a copy of the same Message-ID
        return False
    return True


def mark_sent(claimed: ClaimedMessage, *, worker: str, now: datetime) -> None:
    """Write down that the mail server took a message.

    Raises:
        LeaseLostError: the message is no longer ours; it may be sent a second time under the same Message-ID.
    """
    with transaction.atomic():
        row = lock_leased_row(OutboxMessage, claimed.id, claimed.token)
        row.sent_at = now
        row.last_error = ""
        row.lease_owner, row.lease_token, row.lease_until = "", None, None
        row.save(update_fields=["sent_at", "last_error", *LEASE_FIELDS])
        append_event(
            lock_dossier(row.dossier_id), EventKind.MEMBER_NOTIFIED, at=now, actor=worker, detail={"key": row.key}
        )


def mark_failed(claimed: ClaimedMessage, error: str, *, now: datetime, max_attempts: int = MAX_ATTEMPTS) -> bool:
    """Write down that a message could not be sent; it is tried again later, or given up.

    Args:
        claimed: the message, from ``claim_messages``.
        error: kind of failure, for operators; not the text of an exception, which may quote the message.
        now: with time zone.
        max_attempts: after which it is given up.

    Returns:
        Whether it will be tried again.

    Raises:
        LeaseLostError: the message is no longer ours.
    """
    with transaction.atomic():
        row = lock_leased_row(OutboxMessage, claimed.id, claimed.token)
        row.last_error = error[:200]
        row.lease_owner, row.lease_token, row.lease_until = "", None, None
        if row.attempts >= max_attempts:
            row.given_up_at = now
        else:
            row.due_at = now + min(_FIRST_WAIT * (1 << min(row.attempts - 1, 16)), _LONGEST_WAIT)
        row.save(update_fields=["last_error", "given_up_at", "due_at", *LEASE_FIELDS])
    return row.given_up_at is None


def release_messages(claimed: Iterable[ClaimedMessage]) -> int:
    """Give messages back unsent (a worker that stops) without counting the attempt; says how many were still ours."""
    return sum(
        OutboxMessage.objects.filter(pk=message.id, lease_token=message.token).update(
            attempts=F("attempts") - 1, **FREE
        )
        for message in claimed
    )


def make_message_id(key: str) -> str:
    """The Message-ID header of a message: stable, unique, and telling nothing."""
    host = urlsplit(load_settings().site_url).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
