"""A gestionnaire says which pages of a file make one paper; a correction like the others (``storage.reviewing``)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from schemas.errors import RefusedActError
from schemas.lines import document_to_line
from schemas.readings import DocumentReading
from schemas.rules import InsurerRules
from schemas.statuses import EventKind, PieceState
from storage.amending import amend_reading, standing_corrections
from storage.contents import append_saying
from storage.holding import Ticket, lock_held
from storage.models import DecisionRecord, Dossier, Piece
from storage.reviewing import decide_again
from storage.values import to_reading

#: Numbers of pages of one paper, in their order.
Group = tuple[int, ...]


def find_new_groups(piece: Piece, dossier: Dossier, groups: Sequence[Group]) -> tuple[Group, ...]:
    """Those of some groups that no paper of the file has as its pages: they are to be read again.

    Raises:
        RefusedActError: the groups do not hold every page of the file once, or are those that there are.
    """
    kept = _match_papers(_load_papers(piece, dossier), groups)
    return tuple(group for group, old in zip(groups, kept, strict=True) if old is None)


def regroup_pages(ticket: Ticket, piece_id: uuid.UUID, groups: Sequence[Group], read: Sequence[DocumentReading],
                  rules: InsurerRules, now: datetime, today: date, *, why: str = "") -> DecisionRecord:  # fmt: skip
    """Write which pages make one paper, and decide again.

    Args:
        ticket: of the page.
        piece_id: of the file.
        groups: every page of the file once.
        read: what was read of the groups that are new, in their order (``find_new_groups``).
        rules: of the insurer.
        now: with time zone.
        today: the day it is.
        why: in the person's words, may be empty.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: there is no such file, or the groups are not good.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        piece = dossier.pieces.select_related("reading").filter(pk=piece_id, state=PieceState.READ.value).first()
        if piece is None or not hasattr(piece, "reading"):
            raise RefusedActError("no such paper in this dossier", message_fr="Ce document n’est pas dans le dossier.")
        papers = _load_papers(piece, dossier)
        kept = _match_papers(papers, groups)
        fresh = {frozenset(document.pages): document_to_line(document) for document in read}
        append_saying(
            dossier,
            EventKind.PAPERS_REGROUPED,
            at=now,
            actor=ticket.actor,
            piece=piece,
            said={
                "groups": [list(group) for group in groups],
                "kept": list(kept),
                "documents": [fresh.get(frozenset(group)) for group in groups],
                "why": why[:500],
            },
            was={"groups": [list(paper.pages) for paper in papers]},
        )
        return decide_again(dossier, ticket, rules, now, today)


def _load_papers(piece: Piece, dossier: Dossier) -> Sequence[DocumentReading]:
    return amend_reading(to_reading(piece.reading), piece.pk, standing_corrections(dossier)).documents


def _match_papers(papers: Sequence[DocumentReading], groups: Sequence[Group]) -> tuple[int | None, ...]:
    """For each group the number of the paper with just these pages, None where there is none.

    Raises:
        RefusedActError: see ``find_new_groups``.
    """
    pages = sorted({page for paper in papers for page in paper.pages})
    if sorted(page for group in groups for page in group) != pages or not all(groups):
        raise RefusedActError(
            "every page must be in one group",
            message_fr="Chaque page du fichier doit être dans un document, et un seul.",
        )
    if len(pages) != sum(len(paper.pages) for paper in papers):
        raise RefusedActError(
            "two papers on one page",
            message_fr="Deux documents sont sur une même page : elle ne peut pas être séparée.",
        )
    numbers = {frozenset(paper.pages): index for index, paper in enumerate(papers)}
    kept = tuple(numbers.get(frozenset(group)) for group in groups)
    if len(groups) == len(papers) and None not in kept:
        raise RefusedActError("nothing to change", message_fr="Les pages sont déjà groupées ainsi.")
    return kept
