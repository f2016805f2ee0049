"""Papers that change their dossier: sent to the wrong one, or come without a request at all.

Both dossiers are locked in the order of their keys, so that two movements never wait for each other. The paper goes
with its reading and with what people said of it; both dossiers are decided again, and one that is left without papers
is closed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from schemas.errors import RefusedActError
from schemas.statuses import CLOSED, DossierStatus, EventKind, PieceState
from storage.amending import is_merged_elsewhere, list_carried, standing_corrections
from storage.contents import append_saying, read_said, read_was
from storage.events import append_event, lock_dossier
from storage.holding import Ticket, lock_held
from storage.leases import LEASE_FIELDS
from storage.models import Dossier, Event, Handling, Piece

_WHY = 1000
_SETTLING = ("settled_after", "attempts", *LEASE_FIELDS)


def move_held_piece(ticket: Ticket, piece_id: uuid.UUID, reference: str, why: str, now: datetime) -> Dossier:
    """Move one paper of a dossier in hand to another dossier.

    Args:
        ticket: of the page.
        piece_id: of the paper.
        reference: of the other dossier, as people write it.
        why: in the person's words, may be empty.
        now: with time zone.

    Returns:
        The other dossier.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: there is no such dossier or paper, the paper is not read yet, or the other dossier is somebody
            else's.
    """
    found = Dossier.objects.filter(reference__iexact="".join(reference.split()), erased_at__isnull=True).first()
    if found is None:
        raise RefusedActError("no such dossier", message_fr="Aucun dossier ne porte cette référence.")
    if found.pk == ticket.dossier_id:
        raise RefusedActError("the same dossier", message_fr="Ce document est déjà dans ce dossier.")
    with transaction.atomic():
        rows = lock_dossiers([ticket.dossier_id, found.pk])
        source, target = lock_held(ticket), rows[found.pk]
        piece = source.pieces.filter(pk=piece_id).first()
        if piece is None:
            raise RefusedActError("no such paper", message_fr="Ce document n’est pas dans le dossier.")
        if piece.state not in (PieceState.READ.value, PieceState.REFUSED.value):
            raise RefusedActError("not read yet", message_fr="Ce document n’est pas encore lu : attendez un instant.")
        if is_merged_elsewhere(piece.pk, standing_corrections(source)):
            raise RefusedActError(
                "a paper on two files",
                message_fr="Ce fichier porte un document réuni avec un autre fichier : annulez d’abord la réunion.",
            )
        if target.status == DossierStatus.JOINED.value:
            raise RefusedActError("a closed dossier", message_fr="Ce dossier a lui-même été joint à un autre.")
        if source.member_id is not None and target.member_id != source.member_id:
            raise RefusedActError(
                "a dossier of somebody else", message_fr="Ce dossier est celui d’un autre adhérent."
            )  # fmt: skip
        move_pieces(source, [piece], target, actor=ticket.actor, why=why.strip()[:_WHY], now=now)
    return target


def lock_dossiers(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Dossier]:
    """Dossiers held until the end of the transaction, always taken in the same order."""
    return {pk: lock_dossier(pk) for pk in sorted(set(ids))}


def move_pieces(
    source: Dossier, pieces: Sequence[Piece], target: Dossier, *, actor: str, now: datetime, why: str = ""
) -> None:
    """Move papers between two dossiers that the caller holds; both are changed in place and will be decided again.

    Whoever has one of them in hand loses it: a decision that rests on the papers of before is refused.
    """
    for piece in pieces:
        carried = list_carried(source, piece.pk)
        piece.dossier = target
        piece.save(update_fields=["dossier"])
        _let_decide(source, now)
        append_saying(
            source,
            EventKind.PIECE_LEFT,
            at=now,
            actor=actor,
            piece=piece,
            said={"dossier": target.reference, "why": why},
            also=_SETTLING,
        )
        _let_decide(target, now)
        append_saying(
            target,
            EventKind.PIECE_JOINED,
            at=now,
            actor=actor,
            piece=piece,
            said={"dossier": source.reference, "why": why},
            also=_SETTLING,
        )
        for event in carried:
            _carry(event, target, now)
    Handling.objects.filter(dossier__in=[source, target]).exclude(proposed_act="").update(
        proposed_act="", proposed_by=None, proposal={}
    )
    if not source.pieces.exclude(state=PieceState.ERASED.value).exists():
        source.settled_after, source.priority, source.due = None, None, None
        append_event(
            source,
            EventKind.DOSSIER_JOINED,
            at=now,
            actor=actor,
            detail={"dossier": target.reference},
            also=("settled_after", "priority", "due"),
        )


def _let_decide(dossier: Dossier, now: datetime) -> None:
    dossier.settled_after = max(now, dossier.settled_after or now)
    dossier.attempts = 0
    dossier.lease_owner, dossier.lease_token, dossier.lease_until = "", None, None


def _carry(event: Event, target: Dossier, now: datetime) -> None:
    """The same saying, in the dossier where the paper now is, by whoever said it."""
    said, was = read_said(event), read_was(event)
    # The status was that of the dossier it left.
    said.pop("status", None)
    was.pop("status", None)
    append_saying(
        target, EventKind(event.kind), at=now, actor=event.actor, piece=event.piece, said=said, was=was
    )  # fmt: skip


def open_dossiers(member_id: int, besides: Dossier) -> QuerySet[Dossier]:
    """The open dossiers of a member where a paper of another one may belong, with their patients; newest first."""
    rows = Dossier.objects.filter(member=member_id, erased_at__isnull=True).exclude(claim_type="")
    rows = rows.exclude(pk=besides.pk).exclude(status__in=[status.value for status in CLOSED])
    return rows.select_related("patient").order_by("-opened_at", "-reference")
