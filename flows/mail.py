"""Sending the messages of the outbox by Django's mail back end."""

from __future__ import annotations

import smtplib

import structlog
from django.core.mail import EmailMessage
from django.utils import timezone

from schemas.errors import LeaseLostError
from storage.outbox import ClaimedMessage, mark_failed, mark_sent

log = structlog.get_logger(__name__)


def send_message(message: ClaimedMessage, *, worker: str) -> bool:
    """Send one message and write down how it went.

    Returns:
        Whether the mail server took it.
    """
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.recipient],
        # Auto-Submitted keeps holiday answers away; the Message-ID is the same at every attempt, so a copy is known.
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        _write_down_failure(message, error)
        return False
    try:
        mark_sent(message, worker=worker, now=timezone.now())
    except LeaseLostError:
        log.warning("message sent after its lease", message=message.id)
    return True


def _write_down_failure(message: ClaimedMessage, error: Exception) -> None:
    # Only the kind of error: its text may quote the address or the message.
    kind = type(error).__name__
    try:
        will_retry = mark_failed(message, kind, now=timezone.now())
    except LeaseLostError:
        return
    log.warning("message not sent", message=message.id, error=kind, will_retry=will_retry)
