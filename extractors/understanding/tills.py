"""Lines of a till receipt: how many, what, how much, at which rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.understanding.amounts import read_without_comma
from extractors.understanding.layout import Row
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.sums import STOP_LABELS, Draft
from schemas.readings import LineItem

#: "1 XARELTO 20MG CPR 28 | 57.16 | 65": how many, what, how much, at which rate.
_LINE = re.compile(
    r"^(?:(?P<count>\d{1,2})[ \t]+(?:[xX*][ \t]+)?)?(?P<label>(?=[^\n]*[^\W\d_]{3})[^\n]{4,60}?)[ \t\n.]*$"
)
#: A rate, or letters in its place: "NR" is what nobody reimburses.
_RATE = re.compile(r"[ \t\n]*(?:\d{1,3}[ \t]?%?|[A-Z*]{1,2})?[ \t\n]*")
#: Rows that are no line of a till may stand between two lines: so many, and the run is over.
_SKIPPED = 2


def read_till(sheet: Sheet) -> list[Draft]:
    """Lines of a till: words and one amount at the end of the row, over the first total.

    A counted article between two lines whose amount could not be read is a line without one.
    """
    runs: list[list[Draft]] = [[]]
    waiting: list[Draft | None] = []
    for row in sheet.rows:
        hits = [hit for hit in sheet.hits[row.index] if hit.cue.family == "label" and hit.cue.weight == 1]
        money = [spot for spot in sheet.spots_in(row.index) if spot.kind is SpotKind.AMOUNT]
        if money and any(hit.cue.role in STOP_LABELS for hit in hits):
            break
        draft = _read_row(row, money)
        if draft is None or (draft.item.amount is None and draft.torn is None):
            waiting.append(draft)
            if len(waiting) > _SKIPPED and runs[-1]:
                runs.append([])
            continue
        if runs[-1]:
            runs[-1].extend(filter(None, waiting))
        runs[-1].append(draft)
        waiting = []
    return max(runs, key=len)


def _read_row(row: Row, money: Sequence[Spot]) -> Draft | None:
    """One line of a till, its amount None where none could be read; None for a row that is no line."""
    if len(money) > 1:
        return None
    match = _LINE.match(row.text[: money[0].start] if money else row.cell_text(0))
    if match is None or (money and not _RATE.fullmatch(row.text[money[0].end :])):
        return None
    count = match.group("count")
    if not money and not count:
        return None
    label = " ".join(match.group("label").split()).strip(" –-•·—:")
    amount = money[0].value if money and isinstance(money[0].value, Decimal) else None
    item = LineItem(label=label, quantity=Decimal(count) if count else None, amount=amount)
    return Draft(item, None if money or len(row.cells) < 2 else read_without_comma(row.cell_text(1)))
