"""The history of a dossier in plain French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.french import count, enumerate_words, show_day
from portal.presenting.findings import missing_labels, reason_labels
from portal.presenting.reviewed import tell_handler_event, tell_saying
from schemas.errors import label_refusal
from schemas.statuses import EventKind
from schemas.vocabulary import LEGIBILITY_LABELS_FR, DecisionKind
from storage.contents import read_said
from storage.helping import is_helper
from storage.models import DecisionRecord, Event


@dataclass(frozen=True)
class EventView:
    """One line of the history.

    Attributes:
        why: what the person wrote beside it, for gestionnaires.
    """

    at: dt.datetime
    sentence: str
    actor: str
    why: str = ""


def present_history(
    events: Iterable[Event], decisions: Iterable[DecisionRecord], *, for_member: bool
) -> tuple[EventView, ...]:
    """The history, newest first.

    Args:
        events: oldest first, with their ``piece``.
        decisions: of the same dossier.
        for_member: leave out what only concerns the machinery, and who did it but for those who help the member.
    """
    numbered = {record.number: record for record in decisions}
    views: list[EventView] = []
    for event in events:
        sentence = _tell(EventKind(event.kind), event, numbered, for_member=for_member)
        if sentence:
            why = "" if for_member else str(read_said(event).get("why") or "")
            actor = (_HELPER_FR if is_helper(event.actor) else "") if for_member else event.actor
            views.append(EventView(at=event.at, sentence=sentence, actor=actor, why=why))
    return tuple(reversed(views))


_HELPER_FR = "une personne qui vous aide"
#: What the systems that pay say.
_SETTLEMENT_FR = {
    EventKind.AMO_AWAITED: "Décompte de l’Assurance Maladie attendu{on}.",
    EventKind.SETTLEMENT_RESUMED: "Règlement repris{on}.",
    EventKind.PAID: "Remboursement effectué{on}.",
}
_SILENCE_FR = "Sans réponse de votre part, votre dossier est confié à un gestionnaire."


def _tell(kind: EventKind, event: Event, records: Mapping[int, DecisionRecord], *, for_member: bool) -> str:
    name = f"« {event.piece.name} »" if event.piece else ""
    if kind is EventKind.DOSSIER_OPENED:
        return "Demande déposée."
    if kind is EventKind.PIECE_RECEIVED:
        return f"Document {name} reçu." if for_member else f"Document {name} reçu{_tell_warning(event)}."
    if kind is EventKind.PIECE_CLAIMED:
        return "" if for_member else f"Lecture du document {name} commencée."
    if kind is EventKind.PIECE_READ:
        return f"Document {name} lu."
    if kind is EventKind.PIECE_REFUSED:
        return f"Document {name} impossible à ouvrir."
    if kind is EventKind.DECIDED:
        record = records.get((event.after or {}).get("number", 0))
        return _tell_decision(record, for_member=for_member) if record else "Dossier examiné."
    if kind is EventKind.MEMBER_REMINDED:
        return "Un rappel vous a été envoyé." if for_member else "Rappel envoyé à l’adhérent."
    if kind is EventKind.LEFT_UNANSWERED:
        return _SILENCE_FR if for_member else tell_silence(event)
    if kind is EventKind.BLIND_CHECKED:
        return "" if for_member else _tell_blind(event)
    if kind is EventKind.BLIND_DIFFERED:
        return "" if for_member else tell_saying(event, for_member=False, who="La relecture à l’aveugle lit")
    if kind in (EventKind.MEMBER_WROTE, EventKind.HANDLER_WROTE, EventKind.MESSAGES_SEEN, EventKind.CONTESTED):
        return _tell_word(kind, for_member=for_member)
    if kind is EventKind.MEMBER_CORRECTED:
        return tell_saying(event, for_member=for_member)
    if kind in (EventKind.PIECE_LEFT, EventKind.PIECE_JOINED, EventKind.DOSSIER_JOINED):
        return _tell_move(kind, name, str((event.after or {}).get("dossier", "")))
    if kind in _SETTLEMENT_FR:
        day = str((event.after or {}).get("on", ""))
        return _SETTLEMENT_FR[kind].format(on=f" le {show_day(dt.date.fromisoformat(day))}" if day else "")
    if kind is EventKind.ERASED:
        return "Documents et données effacés."
    if kind is EventKind.MEMBER_NOTIFIED:
        if str((event.after or {}).get("key", "")).startswith("reminder:"):
            return ""  # its own line says it
        return "Message envoyé à l’adhérent." if not for_member else "Un message vous a été envoyé."
    return tell_handler_event(kind, event, for_member=for_member)


def _tell_warning(event: Event) -> str:
    """That the member was told what is wrong with the file, sent it all the same, and perhaps said why."""
    after = event.after or {}
    codes = after.get("warned") or ()
    if not codes:
        return ""
    known = {reason.value: label for reason, label in LEGIBILITY_LABELS_FR.items()}
    what = enumerate_words([known.get(code) or label_refusal(code) for code in codes])
    answer = "a répondu que le document est lisible" if after.get("confirmed") else "l’a envoyé sans répondre"
    return f" ; l’adhérent avait été prévenu ({what}) et {answer}"


def _tell_word(kind: EventKind, *, for_member: bool) -> str:
    """That somebody wrote, or does not agree; what they wrote stands elsewhere."""
    if kind is EventKind.MEMBER_WROTE:
        return "Vous avez écrit au gestionnaire." if for_member else "L’adhérent a écrit."
    if kind is EventKind.HANDLER_WROTE:
        return "Un gestionnaire vous a écrit." if for_member else "Message envoyé à l’adhérent."
    if kind is EventKind.CONTESTED:
        return "Vous contestez la décision." if for_member else "L’adhérent conteste la décision."
    return "" if for_member else "Messages de l’adhérent lus."


def _tell_move(kind: EventKind, name: str, reference: str) -> str:
    if kind is EventKind.PIECE_LEFT:
        return f"Document {name} déplacé vers le dossier {reference}."
    if kind is EventKind.PIECE_JOINED:
        return f"Document {name} venu du dossier {reference}."
    return f"Dossier vide, joint au dossier {reference}."


def _tell_blind(event: Event) -> str:
    differing = (event.after or {}).get("differing") or {}
    number = sum(len(names) for names in differing.values())
    if not number:
        return "Relu à l’aveugle : tout concorde avec la lecture."
    return f"Relu à l’aveugle : {count(number, 'valeur diffère', 'valeurs diffèrent')} de la lecture."


def tell_silence(event: Event) -> str:
    """That a member never answered, for gestionnaires."""
    reminders = int((event.after or {}).get("reminders", 0))
    return f"Sans réponse de l’adhérent ({count(reminders, 'rappel', 'rappels')}) : à un gestionnaire de décider."


def _tell_decision(record: DecisionRecord, *, for_member: bool) -> str:
    decision = DecisionKind(record.decision)
    if decision is DecisionKind.COMPLETE:
        return "Dossier complet : il part en règlement."
    if decision is DecisionKind.INCOMPLETE:
        missing = f"Dossier à compléter : {enumerate_words(missing_labels(record.missing))}."
        if for_member or not record.reasons:
            return missing
        return f"{missing} À vérifier aussi : {enumerate_words(reason_labels(record.reasons))}."
    if for_member:
        return "Dossier transmis à un gestionnaire."
    return f"Dossier à vérifier : {enumerate_words(reason_labels(record.reasons))}."
