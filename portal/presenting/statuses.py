"""Where a dossier stands, in words and shapes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from schemas.statuses import NEXT_ACTOR_FR, STATUS_LABELS_FR, DossierStatus, PieceState
from schemas.vocabulary import MissingPiece, ReviewReason
from storage.models import DecisionRecord, Dossier, Piece

#: Statuses that the machine will change by itself within seconds.
MOVING = frozenset({DossierStatus.RECEIVED, DossierStatus.PROCESSING})


#: The same statuses as a gestionnaire says them.
HANDLER_LABELS_FR: dict[DossierStatus, str] = {
    DossierStatus.RECEIVED: "Reçu",
    DossierStatus.PROCESSING: "Lecture en cours",
    DossierStatus.INCOMPLETE: "Attend l’adhérent",
    DossierStatus.TO_REVIEW: "À vérifier",
    DossierStatus.COMPLETE: "Complet",
    DossierStatus.REFUSED: "Refusé",
    DossierStatus.JOINED: "Joint à un autre",
    DossierStatus.WAITING_AMO: "Attend l’Assurance Maladie",
    DossierStatus.PAID: "Remboursé",
}


@dataclass(frozen=True)
class StatusView:
    """A status: word, shape and who acts next.

    Attributes:
        code: also the name of its shape and of its CSS class.
        label: for the member.
        handler_label: for gestionnaires.
        yours: the member has to act.
        moving: the machine is at work.
    """

    code: str
    label: str
    handler_label: str
    next_actor: str
    yours: bool
    moving: bool


@dataclass(frozen=True)
class StepView:
    """One step on the way of a dossier.

    Attributes:
        state: "done", "current", "yours" (the member has to act) or "todo".
        at: when it was reached, None when it was not.
    """

    label: str
    state: str
    state_fr: str
    detail: str
    at: dt.datetime | None = None


_STATE_FR = {"done": "fait", "current": "en cours", "yours": "à vous d’agir", "todo": "à venir"}


def present_status(
    status: DossierStatus, *, missing: Collection[str] = (), reasons: Collection[str] = ()
) -> StatusView:
    """A status with its words.

    Args:
        status: of the dossier.
        missing: what the last decision asks for; the member reads of an unreadable paper by name.
        reasons: why the last decision has a person look; the member reads of a paper that was sent before.
    """
    label = STATUS_LABELS_FR[status]
    if status is DossierStatus.INCOMPLETE and set(missing) == {MissingPiece.PIECE_ILLISIBLE.value}:
        label = "Document illisible, à renvoyer"
    elif status is DossierStatus.TO_REVIEW and ReviewReason.DOUBLON.value in reasons:
        label = "Peut-être déjà transmis, un gestionnaire vérifie"
    return StatusView(
        code=status.value,
        label=label,
        handler_label=HANDLER_LABELS_FR[status],
        next_actor=NEXT_ACTOR_FR[status],
        yours=status is DossierStatus.INCOMPLETE,
        moving=status in MOVING,
    )


#: Of a dossier that was decided: the state of its four steps, and what is said of the last two.
_STEPS = {
    DossierStatus.INCOMPLETE: (("done", "done", "yours", "todo"), "Il manque un document", ""),
    DossierStatus.TO_REVIEW: (("done", "done", "current", "todo"), "Un gestionnaire étudie le dossier", ""),
    DossierStatus.REFUSED: (("done", "done", "done", "todo"), "Demande refusée", "Pas de règlement"),
    DossierStatus.JOINED: (("done", "done", "done", "todo"), "Documents joints à un autre dossier", ""),
    DossierStatus.WAITING_AMO: (
        ("done", "done", "done", "current"), "Rien ne manque", "En attente du décompte de l’Assurance Maladie"
    ),
    DossierStatus.PAID: (("done", "done", "done", "done"), "Rien ne manque", "Remboursement effectué"),
}  # fmt: skip
_SETTLED = (("done", "done", "done", "done"), "Rien ne manque", "")


def present_steps(dossier: Dossier, pieces: list[Piece], last: DecisionRecord | None) -> tuple[StepView, ...]:
    """The four steps of a dossier, from deposit to settlement."""
    status = DossierStatus(dossier.status)
    waiting = sum(piece.state == PieceState.RECEIVED.value for piece in pieces)
    decided_at = last.decided_at if last and status not in MOVING else None
    if status in MOVING:
        reading = f"{len(pieces) - waiting} sur {len(pieces)}" if pieces else ""
        states = ("done", "current", "todo", "todo")
        details = ("", reading, "", "")
    else:
        states, decided, settled = _STEPS.get(status, _SETTLED)
        details = ("", "", decided, settled)
    moments: tuple[dt.datetime | None, ...] = (
        dossier.opened_at,
        decided_at,
        decided_at if states[2] != "todo" else None,
        None,
    )
    if status is DossierStatus.COMPLETE:
        moments = (*moments[:3], decided_at)
    elif status is DossierStatus.PAID:
        moments = (*moments[:3], dossier.changed_at)
    settling = "Règlement" if status in (DossierStatus.WAITING_AMO, DossierStatus.PAID) else "Envoi au règlement"
    labels = ("Dépôt", "Lecture", "Complément" if states[2] == "yours" else "Vérification", settling)
    return tuple(
        StepView(label=label, state=state, state_fr=_STATE_FR[state], detail=detail, at=moment)
        for label, state, detail, moment in zip(labels, states, details, moments, strict=True)
    )
