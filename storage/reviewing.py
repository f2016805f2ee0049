"""A gestionnaire says what the papers say: each correction is an event, and the dossier is decided again at once.

The member is told nothing yet: that comes with what the gestionnaire does with the dossier (``storage.acting``).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from dossiers import decide
from schemas.decisions import Decision
from schemas.errors import RefusedActError
from schemas.geometry import Polygon
from schemas.lines import content_to_json
from schemas.readings import DocumentReading, FieldContent
from schemas.rules import InsurerRules
from schemas.statuses import AMENDING, EventKind
from schemas.vocabulary import ClaimType, DecisionKind, DocumentType, FieldName
from storage.amending import amend_reading, count_regroupings, standing_corrections
from storage.contents import append_saying
from storage.deciding import load_dossier
from storage.events import append_event
from storage.holding import Ticket, lock_held
from storage.models import DecisionRecord, Dossier, Event, Handling, Piece
from storage.values import to_reading


@dataclass(frozen=True, slots=True)
class Place:
    """One paper of a dossier: a piece, and which of the papers on it, from 0."""

    piece_id: uuid.UUID
    document: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says that a field says.

    Attributes:
        value: normalised; None where nothing is printed.
        raw_text: as it stands on the page.
        page: where, None where it was not found.
        polygon: in the received frame.
        how: "confirmed", "alternative", "typed", "pointed" or "absent".
        why: in the person's words, may be empty.
    """

    field: FieldName
    value: FieldContent | None
    raw_text: str = ""
    page: int | None = None
    polygon: Polygon | None = None
    how: str = "typed"
    why: str = ""


def correct_field(ticket: Ticket, place: Place, correction: Correction, rules: InsurerRules, now: datetime,
                  today: date) -> DecisionRecord:  # fmt: skip
    """Write what a field says and decide again.

    Raises:
        LeaseLostError, StalePageError: nothing was written (``storage.holding.lock_held``).
        RefusedActError: there is no such paper.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        piece, document = find_paper(dossier, place)
        before = document.fields.get(correction.field)
        corners = correction.polygon
        _append(
            dossier,
            ticket,
            EventKind.FIELD_CORRECTED,
            now,
            piece,
            {
                "document": place.document,
                "regrouped": count_regroupings(dossier, piece.pk),
                "field": correction.field.value,
                "value": content_to_json(correction.value),
                "raw_text": correction.raw_text[:500],
                "page": correction.page,
                "polygon": [[round(x, 1), round(y, 1)] for x, y in corners] if corners else None,
                "how": correction.how,
                "why": correction.why[:500],
            },
            {
                "value": content_to_json(before.value) if before else None,
                "source": before.source.value if before else None,
                "confidence": round(before.confidence, 4) if before else None,
                "held_back": before.held_back if before else None,
            },
        )
        return decide_again(dossier, ticket, rules, now, today)


def correct_type(ticket: Ticket, place: Place, kind: DocumentType, rules: InsurerRules, now: datetime,
                 today: date, *, why: str = "") -> DecisionRecord:  # fmt: skip
    """Say what kind of paper it is, and decide again (errors as ``correct_field``)."""
    with transaction.atomic():
        dossier = lock_held(ticket)
        piece, document = find_paper(dossier, place)
        said = {"document": place.document, "type": kind.value, "why": why[:500]}
        was = {"type": document.type.value, "confidence": round(document.type_confidence, 4)}
        _append(dossier, ticket, EventKind.TYPE_CORRECTED, now, piece, said, was)
        return decide_again(dossier, ticket, rules, now, today)


def mark_illegible(ticket: Ticket, place: Place, rules: InsurerRules, now: datetime, today: date, *,
                   why: str = "") -> DecisionRecord:  # fmt: skip
    """Say that nobody can read a paper, and decide again (errors as ``correct_field``)."""
    with transaction.atomic():
        dossier = lock_held(ticket)
        piece, document = find_paper(dossier, place)
        said = {"document": place.document, "why": why[:500]}
        _append(dossier, ticket, EventKind.PAPER_ILLEGIBLE, now, piece, said, {"legible": document.legible})
        return decide_again(dossier, ticket, rules, now, today)


def judge_finding(ticket: Ticket, code: str, rules: InsurerRules, now: datetime, today: date) -> DecisionRecord:
    """Say that what a rule found was looked at and is in order, and decide again.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: the last decision has no such finding.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        last = dossier.decisions.order_by("-number").first()
        findings = last.line.get("findings", []) if last else []
        finding = next((one for one in findings if one["code"] == code and one["outcome"] != "passed"), None)
        if finding is None:
            raise RefusedActError(f"no open finding {code}", message_fr="Ce contrôle n’est plus à vérifier.")
        said = {"finding": code, "sentence": finding["handler_fr"], "by": ticket.name}
        _append(dossier, ticket, EventKind.FINDING_JUDGED, now, None, said, {"outcome": finding["outcome"]})
        return decide_again(dossier, ticket, rules, now, today)


def change_claim_type(ticket: Ticket, kind: ClaimType, rules: InsurerRules, now: datetime, today: date, *,
                      why: str = "") -> DecisionRecord:  # fmt: skip
    """Say that something else is asked for; the dossier goes to the queue of that (errors as ``correct_field``)."""
    with transaction.atomic():
        dossier = lock_held(ticket)
        was = {"claim_type": dossier.claim_type}
        dossier.claim_type = kind.value
        append_saying(
            dossier,
            EventKind.CLAIM_TYPE_CHANGED,
            at=now,
            actor=ticket.actor,
            said={"claim_type": kind.value, "why": why[:500]},
            was=was,
            also=("claim_type",),
        )
        record = decide_again(dossier, ticket, rules, now, today)
        dossier.queue = record.line["queue"]
        dossier.save(update_fields=["queue"])
        return record


def undo_correction(ticket: Ticket, rules: InsurerRules, now: datetime, today: date) -> Event | None:
    """Take back the last correction that stands, and decide again; None when there is none.

    Only what was corrected since the dossier last changed hands in another way (a paper, an act) is taken back.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        boundary = (
            dossier.events.exclude(
                kind__in=[
                    *(kind.value for kind in AMENDING),
                    EventKind.REASSESSED.value,
                    EventKind.MEMBER_NOTIFIED.value,
                    EventKind.ASSIGNED.value,
                ]
            ).aggregate(Max("pk"))["pk__max"]
            or 0
        )
        standing = [event for event in standing_corrections(dossier) if event.pk > boundary]
        if not standing:
            return None
        last = standing[-1]
        detail = {key: (last.after or {}).get(key) for key in ("document", "field", "finding")}
        detail["undone"] = last.kind
        _append(
            dossier, ticket, EventKind.CORRECTION_UNDONE, now, last.piece, {"undoes": last.pk, **detail}, last.after
        )
        decide_again(dossier, ticket, rules, now, today)
    return last


def next_number(dossier: Dossier) -> int:
    """The number of the next decision; the dossier is locked."""
    return (dossier.decisions.aggregate(Max("number"))["number__max"] or 0) + 1


def _append(
    dossier: Dossier,
    ticket: Ticket,
    kind: EventKind,
    now: datetime,
    piece: Piece | None,
    said: Mapping[str, Any],
    was: Mapping[str, Any] | None,
) -> None:
    append_saying(dossier, kind, at=now, actor=ticket.actor, piece=piece, said=said, was=was)


def find_paper(dossier: Dossier, place: Place) -> tuple[Piece, DocumentReading]:
    """The file and the paper at a place, as corrected so far.

    Raises:
        RefusedActError: there is no such paper.
    """
    piece = dossier.pieces.select_related("reading").filter(pk=place.piece_id).first()
    if piece is not None and hasattr(piece, "reading"):
        reading = amend_reading(to_reading(piece.reading), piece.pk, standing_corrections(dossier))
        if 0 <= place.document < len(reading.documents):
            return piece, reading.documents[place.document]
    raise RefusedActError("no such paper in this dossier", message_fr="Ce document n’est pas dans le dossier.")


def decide_again(dossier: Dossier, ticket: Ticket, rules: InsurerRules, now: datetime, today: date) -> DecisionRecord:
    """Decide a dossier that the caller holds with what its papers now say; the status stays."""
    loaded = load_dossier(dossier.pk, rules)
    decision: Decision = decide(loaded.dossier, rules, loaded.history, today=today)
    line = decision.to_line()
    record = DecisionRecord.objects.create(
        dossier=dossier,
        number=next_number(dossier),
        line=line,
        decision=decision.decision.value,
        missing=line["missing"],
        reasons=line["reasons"],
        rules_version=decision.rules_version,
        rules_hash=decision.rules_hash,
        reader_version=decision.reader_version,
        worker=ticket.actor[:80],
        decided_at=now,
    )
    # Whoever proposed to accept or refuse did not see this: the proposal is void.
    Handling.objects.filter(dossier=dossier).exclude(proposed_act="").update(
        proposed_act="", proposed_by=None, proposal={}
    )
    append_event(
        dossier,
        EventKind.REASSESSED,
        at=now,
        actor=ticket.actor,
        detail={
            "number": record.number,
            "decision": DecisionKind(record.decision).value,
            "missing": line["missing"],
            "reasons": line["reasons"],
        },
    )
    return record
