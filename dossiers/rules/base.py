"""What every rule has: a code, a level and a reason given by the insurer, and three answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from dossiers.facts import Facts
from schemas.checks import RuleCode
from schemas.decisions import Clock, Evidence, Finding, Level, Outcome
from schemas.vocabulary import MissingPiece, ReviewReason


class Rule(ABC):
    """One thing to check on a dossier.

    ``check`` answers passed, failed or inconclusive, or None where there is nothing to check (a quote need not be
    paid). It looks at the facts only, of which the day is one: no clock, no file.

    Args:
        level: weight given by the insurer.
        reason: why a person must look when it fails.
    """

    code: ClassVar[RuleCode]

    def __init__(self, level: Level = Level.BLOCKING, reason: str | None = None) -> None:
        self.level = level
        self.reason = reason

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
        member_fr: str | None = None,
        clocks: tuple[Clock, ...] = (),
    ) -> Finding:
        """The rule is broken: a piece is missing, or a person must look for the rule's reason."""
        pieces = (missing,) if missing else ()
        reason = None if missing else self.reason
        return self._find(Outcome.FAILED, handler_fr, evidence, pieces, reason, member_fr, clocks)

    def inconclusive(self, handler_fr: str, evidence: Iterable[Evidence] = ()) -> Finding:
        """The reading is not sure enough to tell."""
        return self._find(Outcome.INCONCLUSIVE, handler_fr, evidence, reason=ReviewReason.LECTURE_INCERTAINE)

    def _find(
        self,
        outcome: Outcome,
        handler_fr: str,
        evidence: Iterable[Evidence],
        missing: tuple[MissingPiece, ...] = (),
        reason: str | None = None,
        member_fr: str | None = None,
        clocks: tuple[Clock, ...] = (),
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
            clocks=clocks,
        )


def pick_worst(findings: Iterable[Finding | None]) -> Finding | None:
    """One finding for several papers: the first that failed, else the first that cannot tell, else one that passed."""
    order = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.PASSED)
    found = [finding for finding in findings if finding is not None]
    return min(found, key=lambda finding: order.index(finding.outcome), default=None)
