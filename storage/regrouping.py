"""A gestionnaire says which pages make one paper: one that is several is split, two that are one are merged.

Like every correction it is an event laid over the reading (``storage.amending``): what was received and read stays, and
the last one can be undone. What the new papers say was understood by the caller, from the words that were kept
(``extractors.regrouping``), and stands beside the event.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from schemas.errors import RefusedActError
from schemas.lines import document_to_line
from schemas.readings import DocumentReading
from schemas.rules import InsurerRules
from schemas.statuses import EventKind
from storage.contents import append_saying
from storage.holding import Ticket, lock_held
from storage.models import DecisionRecord, Piece
from storage.reviewing import Place, decide_again, find_paper

_CHANGED_FR = "Les documents de ce fichier ont changé : rechargez la page."


def cut_pages(pages: Sequence[int], starts: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The pages of a paper in parts.

    Args:
        pages: numbers in the file.
        starts: places in ``pages``, from 1, at which a further part begins.

    Raises:
        RefusedActError: nothing would be cut, or elsewhere than between two pages.
    """
    cuts = sorted(set(starts))
    if not cuts or cuts[0] < 1 or cuts[-1] >= len(pages):
        raise RefusedActError(
            "no page to cut at", message_fr="Cochez la page où commence un autre document, à partir de la deuxième."
        )
    edges = [0, *cuts, len(pages)]
    return tuple(tuple(pages[a:b]) for a, b in itertools.pairwise(edges))


def split_paper(ticket: Ticket, place: Place, parts: Sequence[DocumentReading], rules: InsurerRules, now: datetime,
                today: date, *, why: str = "") -> DecisionRecord:  # fmt: skip
    """Write that the pages of one paper are several papers, and decide again.

    Args:
        ticket: of the page.
        place: of the paper.
        parts: the new papers, which have its pages in their order.
        rules: of the insurer.
        now: with time zone.
        today: of the decision.
        why: in the person's words, may be empty.

    Raises:
        LeaseLostError, StalePageError: nothing was written (``storage.holding.lock_held``).
        RefusedActError: there is no such paper, or the parts are not those of its pages.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        piece, document = find_paper(dossier, place)
        if document.other_pages:
            raise RefusedActError(
                "a paper on two files",
                message_fr="Ce document est réuni avec un autre fichier : annulez d’abord la réunion.",
            )
        if len(parts) < 2 or sorted(page for part in parts for page in part.pages) != sorted(document.pages):
            raise RefusedActError("the parts are not those of the paper", message_fr=_CHANGED_FR)
        append_saying(
            dossier,
            EventKind.PAPER_SPLIT,
            at=now,
            actor=ticket.actor,
            piece=piece,
            said={
                "document": place.document,
                "parts": [list(part.pages) for part in parts],
                "papers": [document_to_line(part) for part in parts],
                "why": why[:500],
            },
            was={"pages": list(document.pages), "type": document.type.value},
        )
        return decide_again(dossier, ticket, rules, now, today)


def merge_papers(ticket: Ticket, place: Place, other: Place, merged: DocumentReading, rules: InsurerRules,
                 now: datetime, today: date, *, why: str = "") -> DecisionRecord:  # fmt: skip
    """Write that two papers are one, on one file or on two, and decide again.

    Args:
        ticket: of the page.
        place: of one of them; on two files, of the one that the other joins.
        other: of the other one.
        merged: what they say together, with the pages of both.
        rules: of the insurer.
        now: with time zone.
        today: of the decision.
        why: in the person's words, may be empty.

    Raises:
        LeaseLostError, StalePageError: nothing was written (``storage.holding.lock_held``).
        RefusedActError: there is no such paper, or they are the same.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        first, second = order_places(place, other)
        piece, document = find_paper(dossier, first)
        second_piece, joined = find_paper(dossier, second)
        both = (*list_pages(piece, document), *list_pages(second_piece, joined))
        if sorted(list_pages(piece, merged)) != sorted(both):
            raise RefusedActError("other pages than those of the papers", message_fr=_CHANGED_FR)
        elsewhere = second.piece_id != first.piece_id
        append_saying(
            dossier,
            EventKind.PAPERS_MERGED,
            at=now,
            actor=ticket.actor,
            piece=piece,
            said={
                "document": first.document,
                "with": second.document,
                "with_file": str(second.piece_id) if elsewhere else None,
                "other_name": second_piece.name if elsewhere else "",
                "pages": list(merged.pages),
                "papers": [document_to_line(merged)],
                "why": why[:500],
            },
            was={
                "parts": [list(document.pages), list(joined.pages)],
                "types": [document.type.value, joined.type.value],
            },
        )
        return decide_again(dossier, ticket, rules, now, today)


def order_places(place: Place, other: Place) -> tuple[Place, Place]:
    """Two papers that become one, the one that stays first: on one file, the one that comes first there.

    Raises:
        RefusedActError: it is one paper.
    """
    if place == other:
        raise RefusedActError("a paper with itself", message_fr="Choisissez deux documents différents.")
    if place.piece_id == other.piece_id and other.document < place.document:
        return other, place
    return place, other


def list_pages(piece: Piece, document: DocumentReading) -> tuple[tuple[str, int], ...]:
    """The pages of a paper, each with its file: first those of the file that the paper stands in."""
    return (
        *((str(piece.pk), page) for page in document.pages),
        *((other.file, page) for other in document.other_pages for page in other.pages),
    )
