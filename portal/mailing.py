"""Messages about accounts: they leave beside the answer, so that its time does not tell whether one was written.

They do not go through the outbox of the dossiers: that one keeps what it sent, and a link that opens an account is not
to be kept. One that is lost is asked for again.
"""

from __future__ import annotations

import logging
import smtplib
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMessage

from schemas.settings import load_settings

log = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="account-mail")


def send_later(recipient: str, subject: str, body: str) -> Future[None]:
    """Have a message sent to the mail server that Django's settings name.

    Args:
        recipient: an address on file, never one that a stranger typed.
        subject: in French.
        body: in French; it ends with a line that nobody should answer.
    """
    mail = EmailMessage(subject=subject, body=body, to=[recipient], headers={"Auto-Submitted": "auto-generated"})
    return _sender.submit(_send, mail)


def wait_for_mail() -> None:
    """Return when everything handed over before was tried."""
    _sender.submit(lambda: None).result()


def address_of(path: str) -> str:
    """Where a path of the site is found from outside."""
    return f"{load_settings().site_url.rstrip('/')}{path}"


def _send(mail: EmailMessage) -> None:
    try:
        mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:  # the text of an exception may quote the address
        log.warning("a message about an account could not be sent: %s", type(error).__name__)
