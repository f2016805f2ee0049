"""What was found in a dossier and what became of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from schemas.readings import Frozen
from schemas.vocabulary import DecisionKind, FieldName, MissingPiece, ReviewReason


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


class Finding(Frozen):
    """The outcome of one rule on one dossier.

    Attributes:
        code: stable name of the rule, for example ``patient_is_claims_patient``.
        missing: pieces to ask for when the outcome is failed.
        reason: why a person must look, when the outcome asks for one.
        member_fr: sentence for the member, None where there is nothing to tell.
        handler_fr: sentence for the gestionnaire.
    """

    code: str
    outcome: Outcome
    level: Level
    missing: tuple[MissingPiece, ...] = ()
    reason: ReviewReason | None = None
    member_fr: str | None = None
    handler_fr: str
    evidence: tuple[Evidence, ...] = ()


class Decision(Frozen):
    """What the machine says of a dossier; it never refuses a claim.

    Attributes:
        id: of the claim.
        queue: name of the team's queue it goes to.
        priority: 1 (first) to 5 (last).
        due: day by which a person should have answered, or the dossier be settled.
        message_fr: what the member is told.
        rules_version: name and version of the insurer's rule file.
        reader_version: version that made the readings.
    """

    id: str
    decision: DecisionKind
    missing: tuple[MissingPiece, ...] = ()
    reasons: tuple[ReviewReason, ...] = ()
    queue: str
    priority: int
    due: date
    findings: tuple[Finding, ...] = ()
    message_fr: str
    rules_version: str
    reader_version: str = ""

    def to_line(self) -> dict[str, Any]:
        """The JSON line of ``liasse decide``."""
        return self.model_dump(mode="json")
