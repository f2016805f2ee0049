"""What every rule has: a code, a level given by the insurer, and three answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from dossiers.facts import Facts
from schemas.decisions import Evidence, Finding, Level, Outcome
from schemas.rules import RuleCode
from schemas.vocabulary import MissingPiece, ReviewReason


class Rule(ABC):
    """One thing to check on a dossier.

    ``check`` answers passed, failed or inconclusive, or None where there is nothing to check (a quote need not be
    paid). It looks at the facts only: no clock, no file.

    Args:
        level: weight given by the insurer.
    """

    code: ClassVar[RuleCode]

    def __init__(self, level: Level = Level.BLOCKING) -> None:
        self.level = level

    @abstractmethod
    def check(self, facts: Facts) -> Finding | None:
        """Judge the dossier."""

    def passed(self, handler_fr: str, evidence: Iterable[Evidence] = ()) -> Finding:
        """The rule is satisfied."""
        return self._find(Outcome.PASSED, handler_fr, evidence)

    def failed(
        self,
        handler_fr: str,
        evidence: Iterable[Evidence] = (),
        *,
        missing: MissingPiece | None = None,
        reason: ReviewReason | None = None,
        member_fr: str | None = None,
    ) -> Finding:
        """The rule is broken: a piece is missing, or a person must look for a reason."""
        pieces = (missing,) if missing else ()
        return self._find(Outcome.FAILED, handler_fr, evidence, pieces, reason, member_fr)

    def inconclusive(self, handler_fr: str, evidence: Iterable[Evidence] = ()) -> Finding:
        """The reading is not sure enough to tell."""
        return self._find(Outcome.INCONCLUSIVE, handler_fr, evidence, reason=ReviewReason.LECTURE_INCERTAINE)

    def _find(
        self,
        outcome: Outcome,
        handler_fr: str,
        evidence: Iterable[Evidence],
        missing: tuple[MissingPiece, ...] = (),
        reason: ReviewReason | None = None,
        member_fr: str | None = None,
    ) -> Finding:
        return Finding(
            code=self.code.value,
            outcome=outcome,
            level=self.level,
            missing=missing,
            reason=reason,
            member_fr=member_fr,
            handler_fr=handler_fr,
            evidence=tuple(dict.fromkeys(evidence)),
        )
