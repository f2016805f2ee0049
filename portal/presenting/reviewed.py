"""What gestionnaires did, in plain French: who comes from the event, this says what, before and after."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.french import enumerate_words, name_pages, show_day
from portal.presenting.findings import missing_labels, reason_labels
from portal.presenting.values import show_content
from schemas.handling import ACT_LABELS_FR, REFUSAL_REASONS_FR, SECOND_LOOK_FR, Act, RefusalReason, SecondLook
from schemas.lines import content_from_json
from schemas.statuses import EventKind
from schemas.vocabulary import DOCUMENT_LABELS_FR, FIELD_LABELS_FR, DocumentType, FieldName, label_claim
from storage.contents import read_said, read_was
from storage.models import Event

_HOW_FR = {"alternative": "autre lecture choisie", "typed": "saisi", "pointed": "montré sur la page"}

_UNDONE_FR = {
    EventKind.PAPER_SPLIT.value: "Découpage annulé{of_paper}.",
    EventKind.PAPERS_MERGED.value: "Réunion annulée{of_paper}.",
}

_FOR_MEMBER = {
    EventKind.HANDLER_ACCEPTED: "Dossier accepté par un gestionnaire : il part en règlement.",
    EventKind.HANDLER_ASKED: "Un gestionnaire vous demande un complément.",
    EventKind.HANDLER_REFUSED: "Demande refusée par un gestionnaire.",
}


def tell_handler_event(kind: EventKind, event: Event, *, for_member: bool) -> str:
    """One sentence; empty for a member where it only concerns the work inside."""
    if for_member:
        return _FOR_MEMBER.get(kind, "")
    said, was = read_said(event), read_was(event)
    if kind is EventKind.FIELD_CORRECTED:
        return _tell_field(said, was, event)
    if kind is EventKind.TYPE_CORRECTED:
        return _tell_type(said, was, event)
    if kind is EventKind.PAPER_ILLEGIBLE:
        return f"Document marqué illisible{_of_paper(event)}."
    if kind is EventKind.PAPER_SPLIT:
        parts = enumerate_words([name_pages(pages) for pages in said["parts"]])
        return f"Document découpé{_of_paper(event)} : {name_pages(was['pages'])} en {len(said['parts'])}, {parts}."
    if kind is EventKind.PAPERS_MERGED:
        first, second = (name_pages(pages) for pages in was["parts"])
        if said.get("with_file"):
            second += f" de « {said.get('other_name') or 'fichier effacé'} »"
        parts = f"{first} et {second}"
        return f"Documents réunis{_of_paper(event)} : {parts} ne font qu’un."
    if kind is EventKind.FINDING_JUDGED:
        return f"Contrôle vérifié et en ordre : « {said.get('sentence', '')} »"
    if kind is EventKind.CORRECTION_UNDONE:
        field = said.get("field")
        if field:
            return f"Correction annulée : {FIELD_LABELS_FR[FieldName(field)]}."
        return _UNDONE_FR.get(str(said.get("undone")), "Correction annulée{of_paper}.").format(
            of_paper=_of_paper(event)
        )
    if kind is EventKind.REASSESSED:
        return _tell_reassessment(said)
    return _tell_act(kind, said, was)


def tell_saying(event: Event, *, for_member: bool, who: str = "") -> str:
    """What a member said of a paper."""
    said = read_said(event)
    who = who or ("Vous avez indiqué" if for_member else "L’adhérent indique")
    if said.get("type"):
        return f"{who}{_of_paper(event)} : {DOCUMENT_LABELS_FR[DocumentType(said['type'])]}."
    if not said.get("field"):
        return ""
    name = FieldName(said["field"])
    return f"{who}{_of_paper(event)} : {FIELD_LABELS_FR[name]} {_show(name, said.get('value'))}."


def _tell_field(said: dict[str, Any], was: dict[str, Any], event: Event) -> str:
    name = FieldName(said["field"])
    label = FIELD_LABELS_FR[name]
    after = _show(name, said.get("value"))
    if said["how"] == "confirmed":
        return f"{label} confirmé{_of_paper(event)} : {after}."
    how = f" ({_HOW_FR[said['how']]})" if said["how"] in _HOW_FR else ""
    return f"{label} corrigé{_of_paper(event)} : de {_show(name, was.get('value'))} à {after}{how}."


def _show(name: FieldName, value: Any) -> str:
    content = content_from_json(name, value)
    return "rien" if content is None else f"« {show_content(name, content)} »"


def _tell_type(said: dict[str, Any], was: dict[str, Any], event: Event) -> str:
    after, before = (DOCUMENT_LABELS_FR[DocumentType(one["type"])] for one in (said, was))
    if after == before:
        return f"Type confirmé{_of_paper(event)} : {after}."
    return f"Type corrigé{_of_paper(event)} : de « {before} » à « {after} »."


def _of_paper(event: Event) -> str:
    return f" sur « {event.piece.name} »" if event.piece else ""


def _tell_reassessment(said: dict[str, Any]) -> str:
    open_points = [*missing_labels(said["missing"]), *reason_labels(said["reasons"])]
    if not open_points:
        return "Dossier réexaminé : plus rien à vérifier."
    return f"Dossier réexaminé ; reste : {enumerate_words(open_points)}."


def _tell_act(kind: EventKind, said: dict[str, Any], was: dict[str, Any]) -> str:
    second = f" (proposé par {said['proposed_by']})" if said.get("proposed_by") else ""
    if kind is EventKind.HANDLER_ACCEPTED:
        return f"Dossier accepté : il part en règlement{second}."
    if kind is EventKind.HANDLER_ASKED:
        asked = enumerate_words(missing_labels(said["missing"]))
        return f"Complément demandé à l’adhérent{f' : {asked}' if asked else ''}."
    if kind is EventKind.HANDLER_REFUSED:
        return f"Demande refusée : {REFUSAL_REASONS_FR[RefusalReason(said['reason'])]}{second}."
    if kind is EventKind.SECOND_LOOK_ASKED:
        because = enumerate_words([SECOND_LOOK_FR[SecondLook(one)] for one in said["because"]])
        return f"Accord d’une seconde personne demandé pour {ACT_LABELS_FR[Act(said['act'])]} ({because})."
    if kind is EventKind.SECOND_LOOK_DECLINED:
        return f"Proposition de {ACT_LABELS_FR[Act(said['act'])]} non suivie."
    if kind is EventKind.POSTPONED:
        return f"Dossier reporté au {show_day(dt.date.fromisoformat(said['until']))}."
    if kind is EventKind.ESCALATED:
        return "Dossier transmis à un responsable."
    if kind is EventKind.ASSIGNED:
        return f"Dossier confié à {said['name']}." if said.get("assignee") else "Dossier rendu à l’équipe."
    if kind is EventKind.CLAIM_TYPE_CHANGED:
        after, before = (label_claim(one["claim_type"]) for one in (said, was))
        return f"Type de demande changé : de « {before} » à « {after} »."
    return ""
