"""What a paper costs, and what else on it says the same."""

from __future__ import annotations

from decimal import Decimal

from dossiers.papers import Paper
from schemas.vocabulary import FieldName

#: Amounts that differ by a cent of rounding add up.
TOLERANCE = Decimal("0.01")
SHARES = (FieldName.AMO_AMOUNT, FieldName.AMC_AMOUNT, FieldName.PATIENT_DUE)


def sure_total(paper: Paper) -> Decimal | None:
    """The total, if a decision may rest on it; shares or lines that give it confirm it."""
    judged = paper.judge(FieldName.TOTAL_AMOUNT)
    if not isinstance(judged.value, Decimal):
        return None
    if judged.is_sure:
        return judged.value
    confirmed = shares_explain(paper, judged.value) or lines_explain(paper, judged.value)
    return judged.value if confirmed and judged.is_sure_once_confirmed(paper.thresholds) else None


def read_amount(paper: Paper, name: FieldName) -> Decimal | None:
    """An amount as it was read, sure or not."""
    value = paper.judge(name).value
    return value if isinstance(value, Decimal) else None


def add_shares(paper: Paper) -> Decimal | None:
    """AMO + AMC + remainder, where the remainder and one of the others are printed."""
    amo, amc, due = (read_amount(paper, name) for name in SHARES)
    if due is None or (amo is None and amc is None):
        return None
    return (amo or Decimal(0)) + (amc or Decimal(0)) + due


def shares_explain(paper: Paper, total: Decimal) -> bool:
    """Whether the shares add up to a total."""
    shares = add_shares(paper)
    return shares is not None and abs(shares - total) <= TOLERANCE


def lines_explain(paper: Paper, total: Decimal) -> bool:
    """Whether the lines add up to a total."""
    amounts = [line.amount for line in paper.document.line_items if line.amount is not None]
    return bool(amounts) and abs(sum(amounts, Decimal(0)) - total) <= TOLERANCE
