"""What the dossier pages are made of, gathered with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from portal.delays import tell_usual_delay
from portal.presenting.findings import DecisionView, MissingView, present_decision
from portal.presenting.history import EventView, present_history, tell_silence
from portal.presenting.papers import PaperView, present_paper
from portal.presenting.statuses import StatusView, StepView, present_status, present_steps
from schemas.readings import FileReading
from schemas.rules import installed_rules
from schemas.statuses import CLOSED, DossierStatus, EventKind
from schemas.vocabulary import ClaimType, label_claim
from storage.amending import amend_reading, select_standing
from storage.contents import read_said
from storage.contesting import Remedy, find_remedy
from storage.models import DecisionRecord, Dossier, Event, Handling, Piece
from storage.talking import Written, list_messages
from storage.values import to_reading


@dataclass(frozen=True)
class DossierPage:
    """Everything that a page about one dossier shows.

    Attributes:
        decisions: newest first.
        last: the decision that counts, None while there is none or while the machine is at work again.
        record: the same as it is stored.
        readings: of the papers, as corrected so far, by identifier of the piece.
        answer: what a gestionnaire wrote to the member with a refusal, empty for other statuses.
        asked: the same with a request that is still open.
        delay: how long such requests usually take, empty where nothing is left to wait for.
        silence: for gestionnaires, that the member never answered, empty where that is not why it is here.
        talk: what member and gestionnaires wrote, oldest first.
        unread: messages that this side has not read.
        remedy: for members, what they can do about the decision.
        remedies: what they can do when it is too late to contest on the site.
        contested: for gestionnaires, why the member contests the last decision, empty where nobody does.
    """

    dossier: Dossier
    claim_label: str
    status: StatusView
    steps: tuple[StepView, ...]
    papers: tuple[PaperView, ...]
    decisions: tuple[DecisionView, ...]
    last: DecisionView | None
    history: tuple[EventView, ...]
    record: DecisionRecord | None
    readings: Mapping[str, FileReading]
    answer: str = ""
    asked: str = ""
    delay: str = ""
    silence: str = ""
    talk: tuple[Written, ...] = ()
    unread: int = 0
    remedy: Remedy = field(default_factory=Remedy)
    remedies: str = ""
    contested: str = ""

    @property
    def several(self) -> bool:
        """There are two papers at least, on whatever files."""
        return sum(len(paper.documents) for paper in self.papers) > 1

    @property
    def regroupable(self) -> bool:
        """There is something to split or to merge."""
        return self.several or any(len(document.pages) > 1 for paper in self.papers for document in paper.documents)

    @property
    def missing(self) -> tuple[MissingView, ...]:
        """What the member is asked for now."""
        return self.last.missing if self.last and self.status.yours else ()

    @property
    def version(self) -> str:
        """Changes whenever something on the page changes."""
        newest = self.history[0].at.isoformat() if self.history else ""
        return f"{self.status.code}-{len(self.history)}-{newest}"


def gather_dossier(dossier: Dossier, *, for_member: bool) -> DossierPage:
    """One dossier with its papers, decisions and history.

    Args:
        dossier: with ``member``, ``patient`` and ``handling``.
        for_member: leave out what only concerns the machinery.
    """
    rules = installed_rules()
    pieces: list[Piece] = list(dossier.pieces.select_related("original", "reading").order_by("received_at", "name"))
    records = list(dossier.decisions.order_by("-number"))
    events = list(dossier.events.select_related("piece", "content").order_by("id"))
    if for_member:
        records = _leave_out_unfinished(records, events)
    corrections = select_standing(events)
    readings = {
        str(piece.pk): amend_reading(to_reading(piece.reading), piece.pk, corrections)
        for piece in pieces
        if hasattr(piece, "reading")
    }
    by_file = {str(piece.pk): piece for piece in pieces}
    references = {} if for_member else _find_references(records)
    decisions = tuple(present_decision(record, by_file, references, readings) for record in records)
    newest = records[0] if records else None
    status = present_status(
        DossierStatus(dossier.status),
        missing=newest.missing if newest else (),
        reasons=newest.reasons if newest else (),
    )
    settled = not status.moving and records
    history = present_history(events, records, for_member=for_member)
    return DossierPage(
        dossier=dossier,
        claim_label=label_claim(dossier.claim_type),
        status=status,
        steps=present_steps(dossier, pieces, records[0] if records else None),
        papers=tuple(present_paper(piece, corrections) for piece in pieces),
        decisions=decisions,
        last=decisions[0] if settled else None,
        history=history,
        record=records[0] if settled else None,
        readings=readings,
        answer=_find_answer(dossier, events),
        asked=_find_request(dossier, events, records),
        delay=_tell_delay(dossier) if for_member else "",
        silence="" if for_member else _find_silence(dossier, events),
        talk=list_messages(dossier.pk),
        unread=_count_unread(dossier, for_member=for_member),
        remedy=find_remedy(dossier, rules, timezone.localdate()) if for_member else Remedy(),
        remedies=rules.contests.remedies_fr if rules.contests else "",
        contested="" if for_member else _find_contest(events),
    )


def _count_unread(dossier: Dossier, *, for_member: bool) -> int:
    handling: Handling | None = getattr(dossier, "handling", None)
    if handling is None:
        return 0
    return handling.unread_answers if for_member else handling.unread_messages


def _find_contest(events: list[Event]) -> str:
    """Why the member contests; nobody has decided again since."""
    settling = (EventKind.HANDLER_ACCEPTED.value, EventKind.HANDLER_REFUSED.value)
    last = next((event for event in reversed(events) if event.kind in (EventKind.CONTESTED.value, *settling)), None)
    if last is None or last.kind in settling:
        return ""
    return str(read_said(last).get("text", "")) or "motif effacé"


def _leave_out_unfinished(records: list[DecisionRecord], events: list[Event]) -> list[DecisionRecord]:
    """Decisions that the member was told of: not what a gestionnaire's work in progress comes to."""
    passing = {(event.after or {}).get("number") for event in events if event.kind == EventKind.REASSESSED.value}
    return [record for record in records if record.number not in passing]


def _tell_delay(dossier: Dossier) -> str:
    if not dossier.claim_type or DossierStatus(dossier.status) in CLOSED:
        return ""
    return tell_usual_delay(ClaimType(dossier.claim_type), timezone.now())


def _find_silence(dossier: Dossier, events: list[Event]) -> str:
    last = next((event for event in reversed(events) if (event.before or {}).get("status") != dossier.status), None)
    if last is None or last.kind != EventKind.LEFT_UNANSWERED.value:
        return ""
    return tell_silence(last)


def _find_answer(dossier: Dossier, events: list[Event]) -> str:
    if dossier.status != DossierStatus.REFUSED.value:
        return ""
    refusals = [event for event in events if event.kind == EventKind.HANDLER_REFUSED.value]
    return str(read_said(refusals[-1]).get("text", "")) if refusals else ""


def _find_request(dossier: Dossier, events: list[Event], records: list[DecisionRecord]) -> str:
    if dossier.status != DossierStatus.INCOMPLETE.value or not records:
        return ""
    asked = {(event.after or {}).get("number") for event in events if event.kind == EventKind.HANDLER_ASKED.value}
    return str(records[0].line.get("message_fr", "")) if records[0].number in asked else ""


def _find_references(records: list[DecisionRecord]) -> dict[str, str]:
    """Identifiers of the other dossiers that findings name by their reference."""
    named = {
        place["dossier"]
        for record in records
        for finding in record.line.get("findings", ())
        for place in finding.get("evidence", ())
        if place.get("dossier")
    }
    if not named:
        return {}
    rows = Dossier.objects.filter(reference__in=named).values_list("reference", "pk")
    return {reference: str(pk) for reference, pk in rows}
