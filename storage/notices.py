"""What the member is written when a dossier was decided.

E-mail is read by others and kept for years: the insurer's text for it knows no care, no paper, no amount, and nobody.
It says that something happened and gives the way to where it can be read.
"""

from __future__ import annotations

from datetime import datetime

from dossiers.telling import write_email, write_message_email
from schemas.alerts import AlertKind
from schemas.rules import installed_rules
from schemas.settings import load_settings
from schemas.vocabulary import DecisionKind
from storage.alerts import wants_email
from storage.models import DecisionRecord, Dossier, OutboxMessage


def write_notice(dossier: Dossier, record: DecisionRecord, *, now: datetime) -> OutboxMessage | None:
    """Put the message of a decision in the outbox, in the caller's transaction.

    Returns:
        The message, or None for a member without an e-mail address.
    """
    kind = DecisionKind(record.decision)
    subject, body = write_email(
        installed_rules(), kind, reference=dossier.reference, due=dossier.due or now.date(), link=link_to(dossier)
    )
    alert = AlertKind.REQUEST if kind is DecisionKind.INCOMPLETE else AlertKind.DECISION
    return post_notice(dossier, f"decision:{dossier.pk}:{record.number}", alert, subject, body, now=now)


#: The insurer's texts know no refusal, because the machine never refuses.
_REFUSED_SUBJECT_FR = "Une réponse est donnée à votre dossier {reference}"
_REFUSED_BODY_FR = """Bonjour,

Un gestionnaire a étudié votre dossier {reference}. Sa réponse motivée se trouve dans votre espace personnel.

Pour la lire : {link}

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def write_refusal_notice(dossier: Dossier, key: str, *, now: datetime) -> OutboxMessage | None:
    """Put the message of a refusal in the outbox, in the caller's transaction (see ``write_notice``)."""
    subject = _REFUSED_SUBJECT_FR.format(reference=dossier.reference)
    body = _REFUSED_BODY_FR.format(reference=dossier.reference, link=link_to(dossier))
    return post_notice(dossier, key, AlertKind.REFUSAL, subject, body, now=now)


def write_message_notice(dossier: Dossier, key: str, *, now: datetime) -> OutboxMessage | None:
    """Put in the outbox that a gestionnaire wrote, in the caller's transaction (see ``write_notice``)."""
    subject, body = write_message_email(installed_rules(), reference=dossier.reference, link=link_to(dossier))
    return post_notice(dossier, key, AlertKind.MESSAGE, subject, body, now=now)


def post_notice(
    dossier: Dossier, key: str, kind: AlertKind, subject: str, body: str, *, now: datetime
) -> OutboxMessage | None:
    """Put a message to a member in the outbox, in the caller's transaction.

    Args:
        dossier: whose member is told.
        key: names what is told, so that it is told once.
        kind: what it is; the member may not want it by e-mail.
        subject: says nothing of a person.
        body: neither.
        now: with time zone.

    Returns:
        The message, or None for a member without an e-mail address, or who does not want this by e-mail.
    """
    member = dossier.member
    if member is None or not member.email or not wants_email(member, kind):
        return None
    return OutboxMessage.objects.create(
        key=key, dossier=dossier, recipient=member.email, subject=subject, body=body, created_at=now, due_at=now
    )


def link_to(dossier: Dossier) -> str:
    """Where a dossier is shown on the site."""
    return f"{load_settings().site_url.rstrip('/')}/dossiers/{dossier.pk}"
