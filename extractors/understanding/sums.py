"""What the lines of a paper add up to, with the discount under them, and amounts of lines that lost their comma.

A line whose amount was read without its comma ("13 00") has no amount until the sum proves it: the lines, read so,
must give a total that the paper prints under a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.table_parts import Table
from schemas.readings import LineItem

#: A label under this strength does not say what an amount is.
_SURE = 0.4
_DISCOUNT = "amount.discount"
#: Labels of amounts that no line of an article has.
STOP_LABELS = (
    "amount.total",
    "amount.partial",
    "amount.tax",
    "amount.due",
    "amount.paid",
    "amount.deposit",
    "amount.balance",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line as it was read.

    Attributes:
        torn: the amount of a line without one, if figures that lost their comma are it.
    """

    item: LineItem
    torn: Decimal | None = None


def settle_lines(
    drafts: Sequence[Draft], sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]
) -> tuple[LineItem, ...]:
    """The lines, with torn amounts put together where all of them then give a printed total.

    Args:
        drafts: lines of the paper, in their order.
        sheets: its pages.
        tables: of each page.
    """
    if any(draft.torn is not None for draft in drafts) and any(sheet.ocr for sheet in sheets):
        mended = [
            draft.item if draft.torn is None else draft.item.model_copy(update={"amount": draft.torn})
            for draft in drafts
        ]
        if _net(mended, sheets, tables) in _totals(sheets):
            return tuple(mended)
    return tuple(draft.item for draft in drafts)


def sum_lines(items: Sequence[LineItem], sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]) -> Decimal | None:
    """What the lines add up to, less a discount under them where a printed total takes it off.

    Returns:
        None unless every line has an amount.
    """
    whole = add_up(items)
    net = _net(items, sheets, tables)
    return net if net in _totals(sheets) else whole


def add_up(items: Sequence[LineItem]) -> Decimal | None:
    """Sum of the amounts of the lines, None unless every line has one."""
    if not items or any(item.amount is None for item in items):
        return None
    return sum((item.amount for item in items if item.amount is not None), Decimal(0))


def _net(items: Sequence[LineItem], sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]) -> Decimal | None:
    whole = add_up(items)
    return None if whole is None else whole - _find_discount(sheets, tables)


def _find_discount(sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]) -> Decimal:
    """What is taken off under the lines; a discount of one line is in its amount already."""
    off = Decimal(0)
    for sheet, found in zip(sheets, tables, strict=True):
        inside = {row for table in found for line in table.lines for row in line.rows}
        for spot in sheet.spots_of(SpotKind.AMOUNT):
            strength = spot.strength(_DISCOUNT)
            rival = max((tie.strength for tie in spot.ties if tie.role in STOP_LABELS), default=0.0)
            if spot.row not in inside and strength >= _SURE and strength > rival and isinstance(spot.value, Decimal):
                off += abs(spot.value)
    return off


def _totals(sheets: Sequence[Sheet]) -> set[Decimal]:
    return {
        spot.value
        for sheet in sheets
        for spot in sheet.spots_of(SpotKind.AMOUNT)
        if isinstance(spot.value, Decimal) and spot.strength("amount.total") >= _SURE
    }
