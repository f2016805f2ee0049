"""What was found in a dossier and what became of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from schemas.readings import Frozen
from schemas.vocabulary import DecisionKind, FieldName, MissingPiece


class Outcome(StrEnum):
    """A rule says yes, no, or that it cannot tell."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class Level(StrEnum):
    """How much a failed finding weighs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFO = "info"


class Evidence(Frozen):
    """Where to look: a file, one of its pages, a field there, or another dossier."""

    file: str | None = None
    page: int | None = None
    field: FieldName | None = None
    dossier: str | None = None


class Clock(Frozen):
    """Something that must be done by a day, whatever becomes of the dossier.

    Attributes:
        code: what it is ("complaint_acknowledgement").
        due: the last day.
        source: who says so.
    """

    code: str
    due: date
    source: str


class Finding(Frozen):
    """The outcome of one rule on one dossier.

    Attributes:
        code: stable name of the rule, for example ``patient_is_claims_patient``.
        missing: pieces to ask for when the outcome is failed.
        reason: why a person must look, when the outcome asks for one: a ``ReviewReason``, or one of the insurer's own.
        member_fr: sentence for the member, None where there is nothing to tell.
        handler_fr: sentence for the gestionnaire.
        clocks: what starts to run when the outcome is failed.
    """

    code: str
    outcome: Outcome
    level: Level
    missing: tuple[MissingPiece, ...] = ()
    reason: str | None = None
    member_fr: str | None = None
    handler_fr: str
    evidence: tuple[Evidence, ...] = ()
    clocks: tuple[Clock, ...] = ()


class Decision(Frozen):
    """What the machine says of a dossier; it never refuses a claim.

    Attributes:
        id: of the claim.
        queue: name of the team's queue it goes to.
        priority: 1 (first) to 5 (last).
        reasons: why a person must look; the usual ones first.
        due: day by which a person should have answered, or the dossier be settled; the first clock is never later.
        clocks: what must be done by a day, first things first.
        message_fr: what the member is told.
        rules_version: name and version of the insurer's rule file.
        rules_hash: SHA-256 of what that file said; empty in decisions of releases that did not keep it.
        reader_version: version that made the readings.
    """

    id: str
    decision: DecisionKind
    missing: tuple[MissingPiece, ...] = ()
    reasons: tuple[str, ...] = ()
    queue: str
    priority: int
    due: date
    clocks: tuple[Clock, ...] = ()
    findings: tuple[Finding, ...] = ()
    message_fr: str
    rules_version: str
    rules_hash: str = ""
    reader_version: str = ""

    def to_line(self) -> dict[str, Any]:
        """The JSON line of ``liasse decide``."""
        return self.model_dump(mode="json")
