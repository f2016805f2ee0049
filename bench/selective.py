"""How much can be taken without a person looking, at a precision that is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.scoring import GIVEN, PRINTED, Judgement, Verdict
from bench.tables import FigureTable, Kind, Row, divide
from schemas.vocabulary import FieldName

#: Precision that the coverage is given for.
PRECISION = 0.995
_COLUMNS = {
    "n printed": Kind.COUNT,
    "taken": Kind.COUNT,
    "precision": Kind.SHARE,
    "at least (95 %)": Kind.SHARE,
    "coverage": Kind.SHARE,
    "threshold": Kind.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Answers at or above a confidence.

    Attributes:
        threshold: the confidence; None when no threshold reaches the precision.
        printed: values on the papers, whether answered or not.
        taken: answers above the threshold.
        right: of these, the right ones.
    """

    threshold: float | None
    printed: int
    taken: int
    right: int

    @property
    def share(self) -> float:
        """Printed values that are taken and right, 0 to 1."""
        return divide(self.right, self.printed) or 0.0


def find_coverage(judgements: Iterable[Judgement], precision: float) -> Coverage:
    """The most answers, surest first, that reach a precision."""
    judged = list(judgements)
    printed = sum(item.verdict in PRINTED for item in judged)
    answered = sorted((j for j in judged if j.verdict in GIVEN), key=lambda item: -item.confidence)
    best = Coverage(None, printed, 0, 0)
    right = 0
    for index, item in enumerate(answered):
        right += item.verdict is Verdict.CORRECT
        is_last_of_its_confidence = index + 1 == len(answered) or answered[index + 1].confidence < item.confidence
        if is_last_of_its_confidence and right / (index + 1) >= precision:
            best = Coverage(item.confidence, printed, index + 1, right)
    return best


def find_lower_bound(right: int, count: int, z: float = 1.96) -> float | None:
    """Lower end of Wilson's interval for a share; None of nothing."""
    if not count:
        return None
    share = right / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, (middle - spread) / (1 + z * z / count))


def tabulate_coverage(judgements: Sequence[Judgement]) -> dict[str, FigureTable]:
    """Coverage with the best threshold on these papers, and with what the reading itself does not hold back."""
    best: dict[str, Row] = {}
    shipped: dict[str, Row] = {}
    names: list[FieldName | None] = [None, *FieldName]
    for name in names:
        own = [j for j in judgements if name in (None, j.field)]
        if not any(j.verdict in PRINTED for j in own):
            continue
        row = "pooled" if name is None else name.value
        best[row] = _describe(find_coverage(own, PRECISION))
        kept = [j for j in own if j.verdict in GIVEN and j.got is not None and j.got.held_back is None]
        printed = sum(j.verdict in PRINTED for j in own)
        right = sum(j.verdict is Verdict.CORRECT for j in kept)
        shipped[row] = {**_describe(Coverage(None, printed, len(kept), right))}
    columns = {name: kind for name, kind in _COLUMNS.items() if name != "threshold"}
    return {
        "coverage": FigureTable(
            f"Coverage at {PRECISION:.1%} precision",
            "field",
            _COLUMNS,
            best,
            "The threshold is the lowest that reaches the precision on these very papers: with few answers that is "
            "luck, see the lower bound of the precision.",
        ),
        "accepted": FigureTable("Values that are not held back, as shipped", "field", columns, shipped),
    }


def _describe(coverage: Coverage) -> Row:
    return {
        "n printed": coverage.printed,
        "taken": coverage.taken,
        "precision": divide(coverage.right, coverage.taken),
        "at least (95 %)": find_lower_bound(coverage.right, coverage.taken),
        "coverage": coverage.share,
        "threshold": coverage.threshold,
    }
