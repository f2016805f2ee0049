"""Lines of a paper without headings over them: lists, letters, and lines that name their values themselves."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from extractors.understanding.codes import find_codes, read_code
from extractors.understanding.layout import Row
from extractors.understanding.line_codes import find_plain_code
from extractors.understanding.locations import read_location
from extractors.understanding.named_values import NamedValues, read_named_values
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.sums import STOP_LABELS
from schemas.readings import LineItem

#: What a line names stands so many rows under it at most.
_REACH = 3
#: A row of wording has so many letters at least.
_WORDS = re.compile(r"(?:[^\W\d_][\W\d_]*){4}")
#: What parts the values of a row that names them: "08-08-26 · RGN 8 · Base 17,20 €".
_PARTS = re.compile(r"[ \t\n]+[·•.:\-–—|/][ \t\n]+|[·•\n]")


def read_plain_lines(sheet: Sheet) -> list[LineItem]:
    """Lines without a heading: words and one amount, with a date, a code, or values that they name.

    Args:
        sheet: the page.
    """
    items: list[LineItem] = []
    last = -1  # the row down to which everything belongs to a line
    for row in sheet.rows:
        values = read_named_values(sheet, row)
        if _is_stopped(sheet, row):
            continue
        if values.makes_part:
            head = _find_head(sheet, row, last)
            begun = None if head is None else _read_row(sheet, head, read_named_values(sheet, head), alone=False)
            if begun is not None:
                items.append(begun)
            if items and (begun is not None or row.index - last <= _REACH):
                items[-1] = _fill_in(items[-1], values, sheet, row)
                last = row.index
            continue
        dated = any(spot.kind is SpotKind.DATE for spot in sheet.spots_in(row.index))
        if not (dated or "unit_price" in values.money or find_plain_code(row)):
            if items and row.index - last < _REACH and "base" in values.money and not values.unnamed:
                items[-1] = _fill_in(items[-1], values, sheet, row)
                last = row.index
            continue
        item = _read_row(sheet, row, values, alone=True)
        if item is not None:
            if item.label is None and row.index - 1 > last and _is_wording(sheet, sheet.rows[row.index - 1]):
                item = item.model_copy(update={"label": _clean(sheet.rows[row.index - 1].text)})
            items.append(item)
            last = row.index
        elif items and row.index - last < _REACH and values.money and not values.unnamed:
            items[-1] = _fill_in(items[-1], values, sheet, row)
            last = row.index
    return items


def _is_stopped(sheet: Sheet, row: Row) -> bool:
    return any(hit.cue.role in STOP_LABELS and hit.cue.weight == 1 for hit in sheet.hits[row.index])


def _is_wording(sheet: Sheet, row: Row) -> bool:
    labelled = any(hit.cue.family == "label" and hit.cue.weight == 1 for hit in sheet.hits[row.index])
    return not labelled and not sheet.spots_in(row.index) and bool(_WORDS.search(row.text))


def _find_head(sheet: Sheet, row: Row, last: int) -> Row | None:
    """The row over named values that has the one amount of the line."""
    for index in range(row.index - 1, max(last, row.index - 1 - _REACH), -1):
        above = sheet.rows[index]
        if _is_stopped(sheet, above):
            return None
        if len(read_named_values(sheet, above).unnamed) == 1:
            return above
    return None


def _read_row(sheet: Sheet, row: Row, values: NamedValues, *, alone: bool) -> LineItem | None:
    """The line of a row with one amount at its end; not ``alone``, the rows under it tell the rest, also its date."""
    if len(values.unnamed) != 1:
        return None
    amount = values.unnamed[0]
    end = values.start if values.start > amount.end else len(row.text)
    if amount.end < end - 6 or not isinstance(amount.value, Decimal):
        return None
    spots = sheet.spots_in(row.index)
    code = find_plain_code(row)
    head = row.text[: min(amount.start, values.start)]
    for spot in spots:
        if spot.kind is SpotKind.DATE and spot.end <= len(head):
            head = _blank(head, _announced_from(sheet, spot), spot.end)
    if code and code.end <= len(head) and code.apart:
        head = _blank(head, code.start, code.end)
    if not alone:
        # of several cells the last one names the line: the others stand in a block beside the list
        head = next((part for part in reversed(head.split("\n")) if _WORDS.search(part)), head)
    label = _clean(head)
    day = next((spot.value for spot in spots if isinstance(spot.value, dt.date)), None) if alone else None
    item = LineItem(
        date=day,
        code=code.value if code else None,
        label=label if re.search(r"[^\W\d_]{2}", label) and not read_code(label) else None,
        location=read_location("", label, row.text),
        amount=amount.value,
    )
    return _fill_in(item, values, sheet, row) if alone else item


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(" –-•·—:")


def _fill_in(item: LineItem, values: NamedValues, sheet: Sheet, row: Row) -> LineItem:
    """A line with what a row of it names, where it has nothing yet."""
    said: dict[str, object] = {name: values.money.get(name) for name in ("unit_price", "base", "amo", "amc")}
    said |= {"quantity": values.quantity, "code": values.code, "location": values.location}
    if values.makes_part:
        said["date"] = next((s.value for s in sheet.spots_in(row.index) if isinstance(s.value, dt.date)), None)
        said["code"] = values.code or _find_code_between(row, values)
        said["location"] = values.location or read_location("", "", row.text)
    return item.model_copy(update={n: v for n, v in said.items() if v is not None and getattr(item, n) is None})


def _find_code_between(row: Row, values: NamedValues) -> str | None:
    """A code that stands alone between two marks of a row that names values."""
    rest = row.text
    for start, end in values.taken:
        rest = _blank(rest, start, end)
    for part in _PARTS.split(rest):
        text = part.strip()
        if len(text) > 1 and (value := read_code(text)) is not None:
            return value
    return next((code.value for code in find_codes(rest) if len(code.value) > 1), None)


#: Small words that belong to the date behind them.
_TO_DATE = re.compile(r"(?:\b(?:effectuée?s?|réalisée?s?)[ \t]+)?\b(?:en date du|du|le)[ \t\n:]*$")


def _announced_from(sheet: Sheet, spot: Spot) -> int:
    """Where the words begin that announce a date ("— réalisé le 12/07", "du 12/07"), else where the date does."""
    text = sheet.rows[spot.row].text
    starts = [
        hit.start
        for hit in sheet.hits[spot.row]
        if hit.cue.family == "label"
        and hit.cue.role.startswith("date.")
        and not text[hit.end : spot.start].strip(" \t\n:")
        and re.search(r"[–—,(:-][ \t\n]*$", text[: hit.start])
    ]
    small = _TO_DATE.search(text[: spot.start])
    return min([*starts, small.start() if small else spot.start])
