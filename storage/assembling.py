"""Papers that came without a request, and the open dossiers that they may belong to.

They wait in a dossier of their own that asks for nothing (``claim_type`` empty). Once they are read, each joins the
open dossier that it surely belongs to; a person attaches what is left, with the best guesses first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch

from dossiers import ClaimGuess, OpenClaim, find_claim, rank_claims
from dossiers.assemble import find_care_days
from dossiers.calendar import add_working_days
from schemas.decisions import Decision
from schemas.errors import KeyConflictError, LeaseLostError
from schemas.readings import FileReading
from schemas.rules import InsurerRules
from schemas.statuses import CLOSED, DossierStatus, EventKind, PieceState
from schemas.vocabulary import DecisionKind, FieldName, MissingPiece
from storage.amending import CORRECTIONS, amend_reading, standing_corrections
from storage.deciding import ClaimedDossier, save_decision
from storage.events import append_event
from storage.intake import describe_for_search
from storage.models import DecisionRecord, Dossier, Member
from storage.moving import lock_dossiers, move_pieces, open_dossiers
from storage.values import to_dossier, to_reading

#: Why a person must look at papers that fit no open request surely enough.
UNATTACHED = "documents_sans_demande"
_MESSAGE_FR = (
    "Bonjour,\n\nNous avons bien reçu vos documents. Un gestionnaire les rattache à votre demande ; vous n’avez rien à "
    "faire."
)
#: So many guesses are worth showing.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the papers of a dossier without a request go.

    Attributes:
        targets: by paper, the dossier that it surely belongs to; papers that are not named stay.
    """

    dossier_id: uuid.UUID
    targets: Mapping[uuid.UUID, uuid.UUID]


def open_unattached(
    reference: str, member_number: str | None, upload_date: date, *, now: datetime, message: str = "", actor: str = ""
) -> Dossier:
    """A dossier for papers without a request, opened if it does not exist yet.

    Args:
        reference: names it.
        member_number: whose papers they are, as far as the sender knows; a number that nobody has is as good as none.
        upload_date: day on which they came.
        now: with time zone.
        message: what came with them.
        actor: who opens it, for the event.

    Raises:
        KeyConflictError: the reference already names a request, or papers of somebody else.
    """
    member = Member.objects.filter(member_number=member_number).first() if member_number else None
    with transaction.atomic():
        dossier, opened = Dossier.objects.get_or_create(
            reference=reference,
            defaults={
                "claim_type": "",
                "upload_date": upload_date,
                "member": member,
                "message": message,
                "search_text": describe_for_search(reference, member, None),
                "opened_at": now,
                "changed_at": now,
            },
        )
        if opened:
            append_event(dossier, EventKind.DOSSIER_OPENED, at=now, actor=actor)
        elif dossier.claim_type or (member is not None and dossier.member_id not in (None, member.pk)):
            raise KeyConflictError("this reference names a request, or papers of another member")
    return dossier


def place_papers(dossier_id: uuid.UUID, rules: InsurerRules, today: date) -> Placement:
    """Where each paper of a dossier without a request surely belongs."""
    dossier = _load(dossier_id)
    targets = {}
    for piece_id, reading in _read_papers(dossier).items():
        candidates = _find_candidates(dossier, reading)
        claims = [_to_open_claim(dossier, row) for row in candidates]
        guess = find_claim(reading, claims, rules, today=today)
        if guess is not None:
            targets[piece_id] = next(row.pk for row in candidates if row.reference == guess.claim_id)
    return Placement(dossier_id, targets)


def guess_dossiers(dossier: Dossier, rules: InsurerRules, today: date) -> dict[uuid.UUID, list[ClaimGuess]]:
    """For each paper of a dossier without a request, the open requests that it may belong to, best first."""
    loaded = _load(dossier.pk)
    return {
        piece_id: rank_claims(
            reading, [_to_open_claim(loaded, row) for row in _find_candidates(loaded, reading)], rules, today=today
        )[:_SHOWN]
        for piece_id, reading in _read_papers(loaded).items()
    }


def settle_papers(
    claimed: ClaimedDossier, placement: Placement, rules: InsurerRules, *, worker: str, now: datetime
) -> DecisionRecord | None:
    """Let papers join where they surely belong; if none does, hand them to a person; all in one transaction.

    A dossier that was closed meanwhile takes nothing any more: its paper stays for the person.

    Returns:
        The decision that hands them over. None when a paper has gone: what is left then comes again, like any dossier
        that lost a paper, and finds no place either.

    Raises:
        LeaseLostError: the dossier is no longer ours; nothing was written.
    """
    with transaction.atomic():
        rows = lock_dossiers([claimed.id, *placement.targets.values()])
        source = rows[claimed.id]
        if source.lease_token != claimed.token:
            raise LeaseLostError(f"the lease on dossier {claimed.id} is no longer ours")
        moved = False
        for piece in list(source.pieces.exclude(state=PieceState.ERASED.value)):
            target = rows.get(placement.targets.get(piece.pk, claimed.id), source)
            if target.pk != source.pk and DossierStatus(target.status) not in CLOSED:
                move_pieces(source, [piece], target, actor=worker, now=now)
                moved = True
        if moved:
            return None
        return save_decision(claimed, _hand_over(source, rules), worker=worker, now=now)


def _hand_over(dossier: Dossier, rules: InsurerRules) -> Decision:
    kind = DecisionKind.TO_REVIEW
    readings = _read_papers(_load(dossier.pk)).values()
    return Decision(
        id=dossier.reference,
        decision=kind,
        reasons=(UNATTACHED,),
        queue=rules.assembly.queue,
        priority=rules.routing.priorities[kind],
        due=add_working_days(dossier.upload_date, rules.delays.decisions[kind], rules.delays.holidays_subdivision),
        message_fr=_MESSAGE_FR,
        rules_version=rules.full_version,
        rules_hash=rules.content_hash,
        reader_version=", ".join(sorted({reading.reader_version for reading in readings} - {""})),
    )


def _load(dossier_id: uuid.UUID) -> Dossier:
    return Dossier.objects.select_related("member").prefetch_related("pieces__reading").get(pk=dossier_id)


def _read_papers(dossier: Dossier) -> dict[uuid.UUID, FileReading]:
    corrections = standing_corrections(dossier)
    return {
        piece.pk: amend_reading(to_reading(piece.reading), piece.pk, corrections)
        for piece in dossier.pieces.all()
        if piece.state != PieceState.ERASED.value and hasattr(piece, "reading")
    }


def _find_candidates(dossier: Dossier, reading: FileReading) -> list[Dossier]:
    """Open requests of the member who sent the paper; else of the one whose number is printed on it."""
    member = dossier.member_id
    if member is None:
        numbers = {document.value_of(FieldName.MEMBER_NUMBER) for document in reading.documents} - {None}
        found = list(Member.objects.filter(member_number__in=numbers)[:2])
        if len(found) != 1:
            return []
        member = found[0].pk
    decisions = Prefetch("decisions", DecisionRecord.objects.order_by("-number"))
    return list(
        open_dossiers(member, dossier)
        .select_related("member")
        .prefetch_related("member__people", "contests", "pieces__reading", decisions, CORRECTIONS)
    )


def _to_open_claim(dossier: Dossier, row: Dossier) -> OpenClaim:
    last = next(iter(row.decisions.all()), None)
    asked = tuple(MissingPiece(piece) for piece in last.missing) if last else ()
    opened = to_dossier(row)
    days = find_care_days(opened.readings)
    return OpenClaim(opened.claim, asked, sent_for=dossier.member_id is not None, care_days=days)
