"""Lines of invoices, quotes and statements, out of tables and of lines that look alike."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.understanding.amounts import read_without_comma
from extractors.understanding.bands import Bands, measure_bands, read_band
from extractors.understanding.line_codes import LineCode, find_line_code
from extractors.understanding.locations import read_location
from extractors.understanding.named_values import NamedValues, read_named_values
from extractors.understanding.plain_lines import read_plain_lines
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.sums import Draft, settle_lines
from extractors.understanding.table_parts import Line, Table
from extractors.understanding.tables import is_offer_left
from extractors.understanding.tills import read_till
from schemas.readings import LineItem

_QUANTITY = re.compile(r"^(?:x[ \t]?)?(\d{1,3}(?:[.,]\d{1,2})?)(?:[ \t]?x)?$")


def read_items(sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]) -> tuple[LineItem, ...]:
    """The lines of a paper, top to bottom.

    Where no table heading is known, lines that carry a code or a date and one amount count.
    """
    drafts: list[Draft] = []
    for sheet, page_tables in zip(sheets, tables, strict=True):
        chosen = [table for table in page_tables if not is_offer_left(sheet, table)]
        for table in chosen or page_tables:
            bands = measure_bands(sheet, table)
            drafts.extend(filter(None, (_read_line(sheet, table, bands, line) for line in table.lines)))
    if not drafts:
        for sheet in sheets:
            drafts.extend([Draft(item) for item in read_plain_lines(sheet)] or read_till(sheet))
    return settle_lines(drafts, sheets, tables)


def _read_line(sheet: Sheet, table: Table, bands: Bands, line: Line) -> Draft | None:
    money: dict[str, Decimal] = {}
    day: dt.date | None = None
    for index, spots in line.cells.items():
        role = table.columns[index].role
        for spot in spots:
            if isinstance(spot.value, Decimal) and role not in money:
                money[role] = spot.value
            elif isinstance(spot.value, dt.date) and day is None:
                day = spot.value
    if "amount" not in money:
        others = [value for role, value in money.items() if role == "other"]
        if others:
            money["amount"] = others[-1]
        elif "unit_price" in money and "base" not in money:
            money["amount"] = money["unit_price"]
    named = [read_named_values(sheet, sheet.rows[index]) for index in line.rows]
    for values in named:
        money = values.money | money
    code = find_line_code(sheet, bands, line)
    label = _label(sheet, bands, line, code, named)
    whole = " ".join(sheet.rows[index].text for index in line.rows)
    item = LineItem(
        date=day,
        code=code.value if code else next((values.code for values in named if values.code), None),
        label=label or None,
        location=read_location(read_band(sheet, bands, line, "location"), label, whole)
        or next((values.location for values in named if values.location), None),
        quantity=_quantity(read_band(sheet, bands, line, "quantity"), named),
        unit_price=money.get("unit_price"),
        amount=money.get("amount"),
        base=money.get("base"),
        amo=money.get("amo"),
        amc=money.get("amc"),
    )
    torn = read_without_comma(read_band(sheet, bands, line, "amount")) if item.amount is None else None
    if not money and code is None and torn is None:
        return None
    return Draft(item, torn)


def _quantity(text: str, named: Sequence[NamedValues]) -> Decimal | None:
    match = _QUANTITY.match(text.strip())
    if match:
        return Decimal(match.group(1).replace(",", "."))
    return next((values.quantity for values in named if values.quantity is not None), None)


#: Columns that hold the wording, where no heading says so.
_WORDING = (frozenset({"label"}), frozenset({"other", "code"}))


def _label(sheet: Sheet, bands: Bands, line: Line, code: LineCode | None, named: Sequence[NamedValues]) -> str:
    """The wording: words of its column on all rows of the line, without values, their names, and the code."""
    wanted = _WORDING[0] if "label" in bands.roles else _WORDING[1]
    parts = []
    for index, values in zip(line.rows, named, strict=True):
        row = sheet.rows[index]
        spots = [spot for spot in sheet.spots_in(index) if _is_value(spot)]
        for word, start in zip(row.words, row.starts, strict=True):
            if not bands.holds(word, wanted) or start + len(word.text) > values.start:
                continue
            if any(spot.start <= start < spot.end for spot in spots):
                continue
            if code is not None and code.row == index and code.start <= start < code.end and code.apart:
                continue
            parts.append(word.text)
    return " ".join(parts).strip(" –-•·—_|")


def _is_value(spot: Spot) -> bool:
    return spot.kind in (SpotKind.AMOUNT, SpotKind.DATE)
