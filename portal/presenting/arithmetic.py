"""The money of a paper, line by line, as one would check it with a pencil."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portal.french import show_amount
from schemas.readings import DocumentReading
from schemas.vocabulary import FIELD_LABELS_FR, FieldName

_SHARES = (FieldName.AMO_AMOUNT, FieldName.AMC_AMOUNT, FieldName.PATIENT_DUE)


@dataclass(frozen=True)
class SumLine:
    """One term: what it is and how much."""

    label: str
    amount: str


@dataclass(frozen=True)
class SumView:
    """One addition.

    Attributes:
        title: what is added up.
        total: what it gives.
        expected: the total read on the paper.
        gap: by how much they differ, empty when they agree.
    """

    title: str
    lines: tuple[SumLine, ...]
    total: str
    expected: str
    gap: str


def present_sums(document: DocumentReading) -> tuple[SumView, ...]:
    """The additions that can be made on a paper: its lines, and its shares, against its total."""
    total = document.value_of(FieldName.TOTAL_AMOUNT)
    if not isinstance(total, Decimal):
        return ()
    sums = []
    lines = [(item.label or item.code or "ligne", item.amount) for item in document.line_items]
    known = [(label, amount) for label, amount in lines if amount is not None]
    if known:
        sums.append(_add("Lignes", known, total))
    shares = [(FIELD_LABELS_FR[name], document.value_of(name)) for name in _SHARES]
    read = [(label, value) for label, value in shares if isinstance(value, Decimal)]
    if len(read) > 1:
        sums.append(_add("Parts", read, total))
    return tuple(sums)


def _add(title: str, terms: list[tuple[str, Decimal]], expected: Decimal) -> SumView:
    total = sum((amount for _, amount in terms), Decimal(0))
    gap = total - expected
    return SumView(
        title=title,
        lines=tuple(SumLine(label, show_amount(amount)) for label, amount in terms),
        total=show_amount(total),
        expected=show_amount(expected),
        gap=show_amount(gap) if gap else "",
    )
