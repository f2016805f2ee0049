"""What a member may be told by e-mail, and what they may do without."""

from __future__ import annotations

from enum import StrEnum


class AlertKind(StrEnum):
    """What a message to a member is about."""

    REQUEST = "request"
    DECISION = "decision"
    REFUSAL = "refusal"
    MESSAGE = "message"
    REMINDER = "reminder"


#: What nobody can switch off: days run from it, and whoever does not hear of it loses something.
COMPULSORY = frozenset({AlertKind.REQUEST, AlertKind.REFUSAL})

ALERT_LABELS_FR: dict[AlertKind, str] = {
    AlertKind.REQUEST: "Un document ou une réponse vous est demandé",
    AlertKind.REFUSAL: "Une demande est refusée",
    AlertKind.DECISION: "Un dossier est complet, ou étudié par un gestionnaire",
    AlertKind.MESSAGE: "Un gestionnaire vous a écrit",
    AlertKind.REMINDER: "Rappel : un dossier attend votre réponse",
}
