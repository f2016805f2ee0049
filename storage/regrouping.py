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
        if len(parts) < 2 or tuple(page for part in parts for page in part.pages) != document.pages:
            raise RefusedActError(
                "the parts are not those of the paper", message_fr="Ces pages ont changé : rechargez."
            )
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
