"""Statuses and events of a dossier.

A status is never set: it is derived from the events (``derive_status``) and can be rebuilt from them at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from schemas.vocabulary import DecisionKind


class Door(StrEnum):
    """By which door a paper came in."""

    SITE = "site"
    FOLDER = "folder"
    BUCKET = "bucket"
    API = "api"


class PieceState(StrEnum):
    """Where a paper stands in the machine."""

    RECEIVED = "received"
    READ = "read"
    REFUSED = "refused"
    ERASED = "erased"


class EventKind(StrEnum):
    """What can happen to a dossier or a piece."""

    DOSSIER_OPENED = "dossier_opened"
    PIECE_RECEIVED = "piece_received"
    PIECE_CLAIMED = "piece_claimed"
    PIECE_READ = "piece_read"
    PIECE_REFUSED = "piece_refused"
    DECIDED = "decided"
    MEMBER_NOTIFIED = "member_notified"
    ERASED = "erased"
    # A member who was asked for something does not answer.
    MEMBER_REMINDED = "member_reminded"
    LEFT_UNANSWERED = "left_unanswered"
    #: A member says what a paper says; the dossier is decided again.
    MEMBER_CORRECTED = "member_corrected"
    # What member and gestionnaire write to each other; it changes nothing of the dossier.
    MEMBER_WROTE = "member_wrote"
    HANDLER_WROTE = "handler_wrote"
    MESSAGES_SEEN = "messages_seen"
    #: A member does not agree with what was decided: it is decided again, by another person.
    CONTESTED = "contested"
    # What a gestionnaire does. The first seven say what the papers say; the others, what becomes of the dossier.
    FIELD_CORRECTED = "field_corrected"
    TYPE_CORRECTED = "type_corrected"
    PAPER_ILLEGIBLE = "paper_illegible"
    #: The pages of one paper are several, or those of two are one.
    PAPER_SPLIT = "paper_split"
    PAPERS_MERGED = "papers_merged"
    FINDING_JUDGED = "finding_judged"
    CORRECTION_UNDONE = "correction_undone"
    REASSESSED = "reassessed"
    HANDLER_ACCEPTED = "handler_accepted"
    HANDLER_ASKED = "handler_asked"
    HANDLER_REFUSED = "handler_refused"
    SECOND_LOOK_ASKED = "second_look_asked"
    SECOND_LOOK_DECLINED = "second_look_declined"
    POSTPONED = "postponed"
    ESCALATED = "escalated"
    ASSIGNED = "assigned"
    CLAIM_TYPE_CHANGED = "claim_type_changed"
    # A paper changes its dossier: one event in each; the last one leaves a dossier that is closed.
    PIECE_LEFT = "piece_left"
    PIECE_JOINED = "piece_joined"
    DOSSIER_JOINED = "dossier_joined"
    # What the systems that pay say of a dossier that was handed over to them.
    AMO_AWAITED = "amo_awaited"
    SETTLEMENT_RESUMED = "settlement_resumed"
    PAID = "paid"
    # A settled dossier read again by somebody who did not see what the machine read.
    BLIND_CHECKED = "blind_checked"
    BLIND_DIFFERED = "blind_differed"


#: Events that say what a person saw on the papers, in place of the reading.
AMENDING = frozenset(
    {
        EventKind.FIELD_CORRECTED,
        EventKind.TYPE_CORRECTED,
        EventKind.PAPER_ILLEGIBLE,
        EventKind.PAPER_SPLIT,
        EventKind.PAPERS_MERGED,
        EventKind.FINDING_JUDGED,
        EventKind.CORRECTION_UNDONE,
    }
)

#: Those among them after which the papers of a file are counted otherwise.
REGROUPING = frozenset({EventKind.PAPER_SPLIT, EventKind.PAPERS_MERGED})


class DossierStatus(StrEnum):
    """What a dossier is waiting for."""

    RECEIVED = "received"
    PROCESSING = "processing"
    INCOMPLETE = "incomplete"
    TO_REVIEW = "to_review"
    COMPLETE = "complete"
    REFUSED = "refused"
    JOINED = "joined"
    WAITING_AMO = "waiting_amo"
    PAID = "paid"


class Settlement(StrEnum):
    """How the settlement of a dossier stands, as the systems that pay say."""

    WAITING_AMO = "waiting_amo"
    RESUMED = "resumed"
    PAID = "paid"


#: Complete, and with those who pay.
HANDED_OVER = frozenset({DossierStatus.COMPLETE, DossierStatus.WAITING_AMO, DossierStatus.PAID})
#: Nobody here has anything left to do.
CLOSED = HANDED_OVER | {DossierStatus.REFUSED, DossierStatus.JOINED}

#: What the member reads.
STATUS_LABELS_FR: dict[DossierStatus, str] = {
    DossierStatus.RECEIVED: "Reçu",
    DossierStatus.PROCESSING: "Analyse en cours",
    DossierStatus.INCOMPLETE: "Complément nécessaire",
    DossierStatus.TO_REVIEW: "En cours d’étude par un gestionnaire",
    DossierStatus.COMPLETE: "Dossier complet, transmis pour règlement",
    DossierStatus.REFUSED: "Demande refusée",
    DossierStatus.JOINED: "Joint à un autre dossier",
    DossierStatus.WAITING_AMO: "En attente de l’Assurance Maladie",
    DossierStatus.PAID: "Remboursement effectué",
}

#: Who has to act next, for the member.
NEXT_ACTOR_FR: dict[DossierStatus, str] = {
    DossierStatus.RECEIVED: "Rien à faire : nous attendons un instant vos autres documents, puis la lecture commence.",
    DossierStatus.PROCESSING: "Rien à faire : la lecture est en cours.",
    DossierStatus.INCOMPLETE: "À vous : ajoutez ce qui manque.",
    DossierStatus.TO_REVIEW: "Rien à faire : un gestionnaire étudie votre dossier.",
    DossierStatus.COMPLETE: "Rien à faire : votre dossier part en règlement.",
    DossierStatus.REFUSED: "Si vous n’êtes pas d’accord, ajoutez un document : votre dossier sera étudié de nouveau.",
    DossierStatus.JOINED: "Rien à faire : vos documents sont suivis dans un autre dossier.",
    DossierStatus.WAITING_AMO: "Rien à faire : l’Assurance Maladie doit nous envoyer son décompte.",
    DossierStatus.PAID: "Rien à faire : votre remboursement est parti.",
}

_AFTER_DECISION = {
    DecisionKind.COMPLETE: DossierStatus.COMPLETE,
    DecisionKind.INCOMPLETE: DossierStatus.INCOMPLETE,
    DecisionKind.TO_REVIEW: DossierStatus.TO_REVIEW,
}

#: Only a person accepts, asks in their own words, or refuses; a member's silence brings one to look.
_AFTER_HANDLER = {
    EventKind.HANDLER_ACCEPTED: DossierStatus.COMPLETE,
    EventKind.HANDLER_ASKED: DossierStatus.INCOMPLETE,
    EventKind.HANDLER_REFUSED: DossierStatus.REFUSED,
    EventKind.LEFT_UNANSWERED: DossierStatus.TO_REVIEW,
    EventKind.DOSSIER_JOINED: DossierStatus.JOINED,
}

#: Said of a dossier that is not handed over, these change nothing: papers may have come meanwhile.
_AFTER_SETTLEMENT = {
    EventKind.AMO_AWAITED: DossierStatus.WAITING_AMO,
    EventKind.SETTLEMENT_RESUMED: DossierStatus.COMPLETE,
    EventKind.PAID: DossierStatus.PAID,
}

#: What a member adds or does not accept, and papers that change their dossier.
_REOPENING = frozenset(
    {
        EventKind.PIECE_RECEIVED,
        EventKind.MEMBER_CORRECTED,
        EventKind.CONTESTED,
        EventKind.PIECE_LEFT,
        EventKind.PIECE_JOINED,
    }
)


def next_status(status: DossierStatus, kind: EventKind, decision: DecisionKind | None = None) -> DossierStatus:
    """The status after one more event.

    Args:
        status: before the event.
        kind: what happened.
        decision: what was decided, for ``decided``.
    """
    if kind is EventKind.DOSSIER_OPENED:
        return DossierStatus.RECEIVED
    if kind in _REOPENING and status is not DossierStatus.PROCESSING:
        # A further paper, or word, reopens a decided dossier; it does not throw back one that is being read.
        return DossierStatus.RECEIVED
    if kind is EventKind.PIECE_CLAIMED:
        return DossierStatus.PROCESSING
    if kind is EventKind.DECIDED and decision is not None:
        return _AFTER_DECISION[decision]
    if kind in _AFTER_SETTLEMENT:
        return _AFTER_SETTLEMENT[kind] if status in HANDED_OVER else status
    return _AFTER_HANDLER.get(kind, status)


def derive_status(events: Iterable[tuple[EventKind, DecisionKind | None]]) -> DossierStatus:
    """The status that a history of events leads to.

    Args:
        events: kind and, for ``decided``, what was decided; oldest first.
    """
    status = DossierStatus.RECEIVED
    for kind, decision in events:
        status = next_status(status, kind, decision)
    return status
