"""What the member is written when a dossier was decided.

E-mail is read by others and kept for years: the insurer's text for it knows no care, no paper, no amount, and nobody.
It says that something happened and gives the way to where it can be read.
"""

from __future__ import annotations

from datetime import datetime

from dossiers.telling import write_email
from schemas.rules import installed_rules
from schemas.settings import load_settings
from schemas.vocabulary import DecisionKind
from storage.models import DecisionRecord, Dossier, OutboxMessage


def write_notice(dossier: Dossier, record: DecisionRecord, *, now: datetime) -> OutboxMessage | None:
    """Put the message of a decision in the outbox, in the caller's transaction.

    Returns:
        The message, or None for a member without an e-mail address.
    """
    if dossier.member is None or not dossier.member.email:
        return None
    subject, body = write_email(
        installed_rules(),
        DecisionKind(record.decision),
        reference=dossier.reference,
        due=dossier.due or now.date(),
        link=link_to(dossier),
    )
    return OutboxMessage.objects.create(
        key=f"decision:{dossier.pk}:{record.number}",
        dossier=dossier,
        recipient=dossier.member.email,
        subject=subject,
        body=body,
        created_at=now,
        due_at=now,
    )


#: The insurer's texts know no refusal, because the machine never refuses.
_REFUSED_SUBJECT_FR = "Une réponse est donnée à votre dossier {reference}"
_REFUSED_BODY_FR = """Bonjour,

Un gestionnaire a étudié votre dossier {reference}. Sa réponse motivée se trouve dans votre espace personnel.

Pour la lire : {link}

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def write_refusal_notice(dossier: Dossier, key: str, *, now: datetime) -> OutboxMessage | None:
    """Put the message of a refusal in the outbox, in the caller's transaction (see ``write_notice``)."""
    if dossier.member is None or not dossier.member.email:
        return None
    return OutboxMessage.objects.create(
        key=key,
        dossier=dossier,
        recipient=dossier.member.email,
        subject=_REFUSED_SUBJECT_FR.format(reference=dossier.reference),
        body=_REFUSED_BODY_FR.format(reference=dossier.reference, link=link_to(dossier)),
        created_at=now,
        due_at=now,
    )


def link_to(dossier: Dossier) -> str:
    """Where a dossier is shown on the site."""
    return f"{load_settings().site_url.rstrip('/')}/dossiers/{dossier.pk}"
