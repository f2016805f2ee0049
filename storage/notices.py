"""What the member is written when a dossier was decided.

E-mail is read by others and kept for years: the message names no care, no paper, no amount, and nobody. It says that
something happened and gives the way to where it can be read.
"""

from __future__ import annotations

from datetime import datetime

from schemas.settings import load_settings
from schemas.statuses import DossierStatus
from schemas.vocabulary import DecisionKind
from storage.models import DecisionRecord, Dossier, OutboxMessage

_SUBJECTS_FR: dict[DecisionKind, str] = {
    DecisionKind.COMPLETE: "Votre dossier {reference} est complet",
    DecisionKind.INCOMPLETE: "Votre dossier {reference} est à compléter",
    DecisionKind.TO_REVIEW: "Votre dossier {reference} est en cours d’étude",
}

_SENTENCES_FR: dict[DecisionKind, str] = {
    DecisionKind.COMPLETE: (
        "Votre dossier {reference} est complet. Il est transmis pour règlement : vous n’avez rien d’autre à faire."
    ),
    DecisionKind.INCOMPLETE: (
        "Votre dossier {reference} est bien arrivé, mais il est à compléter. "
        "Votre espace personnel indique ce qu’il faut ajouter et permet de l’envoyer."
    ),
    DecisionKind.TO_REVIEW: (
        "Votre dossier {reference} est bien arrivé. Un gestionnaire l’étudie : vous n’avez rien à faire pour le moment."
    ),
}

_BODY_FR = """Bonjour,

{sentence}

Pour suivre votre dossier : {link}

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def write_notice(dossier: Dossier, record: DecisionRecord, *, now: datetime) -> OutboxMessage | None:
    """Put the message of a decision in the outbox, in the caller's transaction.

    Returns:
        The message, or None for a member without an e-mail address.
    """
    if dossier.member is None or not dossier.member.email:
        return None
    kind = DecisionKind(record.decision)
    sentence = _SENTENCES_FR[kind].format(reference=dossier.reference)
    return OutboxMessage.objects.create(
        key=f"decision:{dossier.pk}:{record.number}",
        dossier=dossier,
        recipient=dossier.member.email,
        subject=_SUBJECTS_FR[kind].format(reference=dossier.reference),
        body=_BODY_FR.format(sentence=sentence, link=link_to(dossier)),
        created_at=now,
        due_at=now,
    )


_ACTS_FR: dict[DossierStatus, tuple[str, str]] = {
    DossierStatus.COMPLETE: (_SUBJECTS_FR[DecisionKind.COMPLETE], _SENTENCES_FR[DecisionKind.COMPLETE]),
    DossierStatus.INCOMPLETE: (
        "Un gestionnaire a besoin de vous pour votre dossier {reference}",
        "Un gestionnaire a étudié votre dossier {reference} et a besoin d’un élément de votre part. "
        "Votre espace personnel indique lequel et permet de l’envoyer.",
    ),
    DossierStatus.REFUSED: (
        "Une réponse est donnée à votre dossier {reference}",
        "Un gestionnaire a étudié votre dossier {reference}. Sa réponse motivée se trouve dans votre espace personnel.",
    ),
}


def write_act_notice(dossier: Dossier, status: DossierStatus, key: str, *, now: datetime) -> OutboxMessage | None:
    """Put the message of what a gestionnaire did in the outbox, in the caller's transaction (see ``write_notice``)."""
    if dossier.member is None or not dossier.member.email:
        return None
    subject, sentence = _ACTS_FR[status]
    return OutboxMessage.objects.create(
        key=key,
        dossier=dossier,
        recipient=dossier.member.email,
        subject=subject.format(reference=dossier.reference),
        body=_BODY_FR.format(sentence=sentence.format(reference=dossier.reference), link=link_to(dossier)),
        created_at=now,
        due_at=now,
    )


def link_to(dossier: Dossier) -> str:
    """Where a dossier is shown on the site."""
    return f"{load_settings().site_url.rstrip('/')}/dossiers/{dossier.pk}"
