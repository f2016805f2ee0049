"""What becomes of the dossiers of the month, one course each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum

from schemas.claims import Dossier
from schemas.decisions import Decision
from schemas.vocabulary import DecisionKind


class Stage(Enum):
    """Where a dossier stands."""

    WAITS_FOR_MEMBER = "waits_for_member"
    WAITS_FOR_HANDLER = "waits_for_handler"
    SETTLED = "settled"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Wait:
    """A wait in a queue, in hours of the desk."""

    queue: str
    hours: float


@dataclass
class Course:
    """What became of one dossier.

    Attributes:
        queued: when it last came into a queue.
        waits: one for each time that it waited in a queue.
        again: what it holds had come in before.
        recognised: the decisions said so.
        apart: the dossier as it will be once a person has attached the papers that came without naming it.
        asked: how often its member was asked.
        looked: how often a person looked.
        handed: a doubt of reading was among the reasons of its first decision.
    """

    dossier: Dossier
    opened: dt.datetime
    decision: Decision | None = None
    first: DecisionKind | None = None
    stage: Stage = Stage.SETTLED
    settled: dt.datetime | None = None
    queued: dt.datetime | None = None
    waits: list[Wait] = field(default_factory=list)
    asked: int = 0
    looked: int = 0
    handed: bool = False
    again: bool = False
    recognised: bool = False
    apart: Dossier | None = None


@dataclass
class Month:
    """All that happened.

    Attributes:
        longest: most dossiers that a queue held at the end of a working day, by queue.
        left: dossiers in the queues at the end, by queue.
        oldest_hours: longest wait of those left, in hours of the desk, by queue.
        busy: share of the desk's hours that gestionnaires worked.
        by_mail: answers that did not name their request, and how many of them found it by themselves.
    """

    courses: list[Course]
    longest: dict[str, int]
    left: dict[str, int]
    oldest_hours: dict[str, float]
    busy: float
    by_mail: tuple[int, int]
