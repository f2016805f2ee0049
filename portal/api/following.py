"""Following dossiers: the list, one of them, what it lacks."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core import signing
from django.db.models import Q
from django.utils import timezone

from portal.api.access import ApiRequest, find_dossier, note_sight
from portal.api.problems import ApiError, FaultText
from portal.api.shapes import (
    DelayOut,
    DossierOut,
    LineOut,
    MessageListOut,
    MessageOut,
    MissingListOut,
    MissingOut,
    NextActor,
    PageOut,
    PaperOut,
)
from portal.delays import find_usual_delay
from portal.dossier_pages import DossierPage, gather_dossier
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.sights import SightKind
from schemas.statuses import CLOSED, NEXT_ACTOR_FR, STATUS_LABELS_FR, DossierStatus, PieceState
from schemas.vocabulary import ClaimType, MissingPiece
from storage import talking
from storage.integrators import insured_dossiers
from storage.models import Dossier, Piece
from storage.queries import DossierLine, describe_dossiers

_SALT = "liasse.api.cursor"

_NEXT_ACTOR = {
    DossierStatus.RECEIVED: "machine",
    DossierStatus.PROCESSING: "machine",
    DossierStatus.INCOMPLETE: "member",
    DossierStatus.TO_REVIEW: "handler",
    DossierStatus.COMPLETE: "nobody",
    DossierStatus.REFUSED: "nobody",
    DossierStatus.JOINED: "nobody",
    DossierStatus.WAITING_AMO: "assurance_maladie",
    DossierStatus.PAID: "nobody",
}


def list_page(
    request: ApiRequest,
    *,
    status: DossierStatus | None,
    claim_type: ClaimType | None,
    member_number: str | None,
    reference: str | None,
    changed_since: dt.datetime | None,
    cursor: str | None,
    limit: int,
) -> PageOut:
    """One page, newest first. The cursor names the last line shown, so that what comes in meanwhile shifts nothing."""
    rows = insured_dossiers(request.auth).order_by("-opened_at", "-reference")
    wanted = {
        "status": status.value if status else None,
        "claim_type": claim_type.value if claim_type else None,
        "member__member_number": member_number,
        "reference": reference,
        "changed_at__gte": changed_since,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if cursor is not None:
        opened, last = _read_cursor(cursor)
        rows = rows.filter(Q(opened_at__lt=opened) | Q(opened_at=opened, reference__lt=last))
    lines = describe_dossiers(rows[: limit + 1])
    shown = lines[:limit]
    more = shown[-1] if len(lines) > limit else None
    return PageOut(items=[_describe_line(line) for line in shown], next=_write_cursor(more) if more else None)


def show_one(request: ApiRequest, dossier_id: uuid.UUID) -> DossierOut:
    """One dossier, from the same page that its member sees."""
    dossier = find_dossier(request, dossier_id)
    page = gather_dossier(dossier, for_member=True)
    note_sight(request, dossier.pk, SightKind.DOSSIER)
    status = DossierStatus(dossier.status)
    claim_type = ClaimType(dossier.claim_type) if dossier.claim_type else None
    delay = None if status in CLOSED or claim_type is None else find_usual_delay(claim_type, timezone.now())
    return DossierOut(
        id=dossier.pk,
        reference=dossier.reference,
        member_number=dossier.member.member_number if dossier.member else "",
        patient=str(dossier.patient) if dossier.patient else "",
        claim_type=claim_type,
        status=status,
        status_fr=STATUS_LABELS_FR[status],
        next_actor=NextActor(code=_NEXT_ACTOR[status], sentence_fr=NEXT_ACTOR_FR[status]),
        usual_delay=DelayOut(
            median_days=round(delay.median, 2), ninety_percent_days=round(delay.ninety, 2), dossiers=delay.dossiers
        )
        if delay
        else None,
        opened_at=dossier.opened_at,
        changed_at=dossier.changed_at,
        rules_version=page.last.rules_version if page.last else None,
        message_fr=_find_message(page),
        missing=[MissingPiece(one.code) for one in page.missing],
        papers=describe_papers(dossier),
    )


def show_missing(request: ApiRequest, dossier_id: uuid.UUID) -> MissingListOut:
    """What the member is asked for now."""
    dossier = find_dossier(request, dossier_id)
    page = gather_dossier(dossier, for_member=True)
    note_sight(request, dossier.pk, SightKind.MISSING)
    return MissingListOut(
        status=DossierStatus(dossier.status),
        message_fr=_find_message(page),
        items=[
            MissingOut(code=MissingPiece(one.code), label_fr=one.label, sentence_fr=one.sentence)
            for one in page.missing
        ],
    )


def list_messages(request: ApiRequest, dossier_id: uuid.UUID, *, after: int, limit: int) -> MessageListOut:
    """What member and gestionnaires wrote, from one message on. Looking counts as the member's own look."""
    dossier = find_dossier(request, dossier_id)
    found = [one for one in talking.list_messages(dossier.pk) if one.id > after]
    shown = found[:limit]
    note_sight(request, dossier.pk, SightKind.MESSAGES)
    if len(shown) == len(found):
        talking.mark_seen_by_member(dossier.pk)
    return MessageListOut(
        items=[describe_message(one) for one in shown], next=shown[-1].id if len(found) > limit else None
    )  # fmt: skip


def describe_message(one: talking.Written) -> MessageOut:
    """One message, without who wrote it among the gestionnaires."""
    return MessageOut(
        id=one.id, written_at=one.at, from_member=one.from_member, text=one.text, papers=list(one.papers)
    )  # fmt: skip


def describe_papers(dossier: Dossier) -> list[PaperOut]:
    """The papers of a dossier, in the order in which they came; without those that were erased."""
    pieces = dossier.pieces.select_related("reading").exclude(state=PieceState.ERASED.value)
    return [_describe_paper(piece) for piece in pieces]


def link_to(dossier_id: uuid.UUID) -> str:
    """Where a dossier is followed."""
    return f"/api/v1/dossiers/{dossier_id}"


def _describe_paper(piece: Piece) -> PaperOut:
    refusal = piece.reading.refusal if hasattr(piece, "reading") else ""
    return PaperOut(
        id=piece.pk,
        name=piece.name,
        sha256=piece.original_id,
        state=PieceState(piece.state),
        received_at=piece.received_at,
        refusal=refusal or None,
        refusal_fr=REFUSAL_SENTENCES_FR[RefusalCode(refusal)] if refusal else None,
    )


def _find_message(page: DossierPage) -> str | None:
    """What the member reads: a gestionnaire's own words, else those of the decision that counts."""
    if page.answer or page.asked:
        return page.answer or page.asked
    return page.last.message if page.last else None


def _describe_line(line: DossierLine) -> LineOut:
    asked = line.decision.missing if line.decision and line.status is DossierStatus.INCOMPLETE else ()
    return LineOut(
        id=line.id,
        reference=line.reference,
        member_number=line.member_number,
        claim_type=line.claim_type,
        status=line.status,
        status_fr=STATUS_LABELS_FR[line.status],
        opened_at=line.opened_at,
        changed_at=line.changed_at,
        papers=line.pieces,
        missing=list(asked),
        href=link_to(line.id),
    )


def _write_cursor(line: DossierLine) -> str:
    return signing.dumps([line.opened_at.isoformat(), line.reference], salt=_SALT)


def _read_cursor(cursor: str) -> tuple[dt.datetime, str]:
    try:
        opened, reference = signing.loads(cursor, salt=_SALT)
        return dt.datetime.fromisoformat(opened), reference
    except (signing.BadSignature, ValueError) as error:
        fault = FaultText("cursor", "cursor", "Not a cursor of this list.", "Ce curseur ne vient pas de cette liste.")
        raise ApiError("invalid", [fault]) from error
