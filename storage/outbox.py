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

from schemas.errors import LeaseLostError
from schemas.settings import load_settings
from schemas.statuses import EventKind
from storage.events import append_event, lock_dossier
from storage.models import OutboxMessage
from storage.sending import MAX_ATTEMPTS, claim_due, find_due, mark_delivered, mark_undelivered, release


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
    rows, token = claim_due(OutboxMessage, owner, limit, now, lease)
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
    return find_due(OutboxMessage, now).exists()


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
        row = mark_delivered(OutboxMessage, claimed.id, claimed.token, now=now)
        append_event(
            lock_dossier(row.dossier_id), EventKind.MEMBER_NOTIFIED, at=now, actor=worker, detail={"key": row.key}
        )


def mark_failed(claimed: ClaimedMessage, error: str, *, now: datetime, max_attempts: int = MAX_ATTEMPTS) -> bool:
    """Write down that a message could not be sent (see ``storage.sending.mark_undelivered``)."""
    return mark_undelivered(OutboxMessage, claimed.id, claimed.token, error, now=now, max_attempts=max_attempts)


def release_messages(claimed: Iterable[ClaimedMessage]) -> int:
    """Give messages back unsent without counting the attempt; says how many were still ours."""
    return release(OutboxMessage, [(message.id, message.token) for message in claimed])


def make_message_id(key: str) -> str:
    """The Message-ID header of a message: stable, unique, and telling nothing."""
    host = urlsplit(load_settings().site_url).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
