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
from storage.models import DecisionRecord
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
    """Write that two papers of one file are one, and decide again.

    Args:
        ticket: of the page.
        place: of one of them.
        other: of the other one.
        merged: what they say together, with the pages of both.
        rules: of the insurer.
        now: with time zone.
        today: of the decision.
        why: in the person's words, may be empty.

    Raises:
        LeaseLostError, StalePageError: nothing was written (``storage.holding.lock_held``).
        RefusedActError: there is no such paper, they are the same, or they are on two files.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        refuse_unlike(place, other)
        first, second = sorted((place, other), key=lambda one: one.document)
        piece, document = find_paper(dossier, first)
        _, joined = find_paper(dossier, second)
        if sorted(merged.pages) != sorted((*document.pages, *joined.pages)):
            raise RefusedActError("other pages than those of the papers", message_fr=_CHANGED_FR)
        append_saying(
            dossier,
            EventKind.PAPERS_MERGED,
            at=now,
            actor=ticket.actor,
            piece=piece,
            said={
                "document": first.document,
                "with": second.document,
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


def refuse_unlike(place: Place, other: Place) -> None:
    """Two papers can be one where they are two, on one file.

    Raises:
        RefusedActError: they cannot.
    """
    if place == other:
        raise RefusedActError("a paper with itself", message_fr="Choisissez deux documents différents.")
    if place.piece_id != other.piece_id:
        raise RefusedActError(
            "papers of two files", message_fr="Ces documents sont dans deux fichiers : ils ne peuvent pas être réunis."
        )
