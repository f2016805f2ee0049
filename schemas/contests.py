"""Decisions that a member does not accept: until when, with which papers, and who looks."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.readings import Frozen
from schemas.vocabulary import MissingPiece

#: Why a person must look at a dossier whose decision is contested.
CONTESTED = "contestation"


class Contests(Frozen):
    """How members contest on the site.

    Attributes:
        within_months: since the decision; later the site takes nothing more.
        effective_from: day from which the insurer grants this.
        source: where it is laid down.
        pieces: papers that help to decide again; nobody must have them.
        queue: of the team that looks; None for the claim's own.
        priority: 1 (first) to 5.
        remedies_fr: what the member may do besides, and when the time is over; a sentence or two.
    """

    within_months: Annotated[int, Field(ge=1, le=60)]
    effective_from: date
    source: Annotated[str, Field(min_length=1)]
    pieces: tuple[MissingPiece, ...] = ()
    queue: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    priority: Annotated[int, Field(ge=1, le=5)] = 2
    remedies_fr: Annotated[str, Field(min_length=1)]
