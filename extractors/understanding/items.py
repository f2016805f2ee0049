"""Lines of invoices, quotes and statements, out of tables and of lines that look alike."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.understanding.amounts import read_without_comma
from extractors.understanding.codes import find_codes
from extractors.understanding.layout import Row
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.sums import STOP_LABELS, Draft, settle_lines
from extractors.understanding.tables import MONEY_COLUMNS, Column, Line, Table, is_offer_left
from extractors.understanding.text import fold
from extractors.understanding.tills import read_till
from schemas.readings import LineItem, Word

_QUANTITY = re.compile(r"^(?:x[ \t]?)?(\d{1,3}(?:[.,]\d{1,2})?)(?:[ \t]?x)?$")
_TOOTH = re.compile(r"^(?:[1-4][1-8]|[5-8][1-5])(?:[ \t,/\-à]+(?:[1-4][1-8]|[5-8][1-5]))*$")
_SIDES = (
    (re.compile(r"\b(?:od|oeil droit|verre droit)\b"), "OD"),
    (re.compile(r"\b(?:og|oeil gauche|verre gauche)\b"), "OG"),
    (re.compile(r"\b(?:oreille droite|auditive droite|appareil droit|auditif droit)\b"), "D"),
    (re.compile(r"\b(?:oreille gauche|auditive gauche|appareil gauche|auditif gauche)\b"), "G"),
)
_LONG_CODE = re.compile(r"(?<!\d)(?:34009\d{8}|\d{13})(?!\d)")


def read_items(sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]]) -> tuple[LineItem, ...]:
    """The lines of a paper, top to bottom.

    Where no table heading is known, lines that carry a code or a date and one amount count.
    """
    drafts: list[Draft] = []
    for sheet, page_tables in zip(sheets, tables, strict=True):
        chosen = [table for table in page_tables if not is_offer_left(sheet, table)]
        for table in chosen or page_tables:
            drafts.extend(filter(None, (_read_line(sheet, table, line) for line in table.lines)))
    if not drafts:
        for sheet in sheets:
            drafts.extend([Draft(item) for item in _read_plain(sheet)] or read_till(sheet))
    return settle_lines(drafts, sheets, tables)


def _read_line(sheet: Sheet, table: Table, line: Line) -> Draft | None:
    row = sheet.rows[line.row]
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
    quantity = _quantity(sheet, table, line)
    code, code_span = _code(row)
    if code is None:
        code = next((found for index in line.rows if (found := _code(sheet.rows[index])[0])), None)
    label = _label(sheet, table, line, code_span)
    item = LineItem(
        date=day,
        code=code,
        label=label or None,
        location=_location(sheet, table, line, label),
        quantity=quantity,
        unit_price=money.get("unit_price"),
        amount=money.get("amount"),
        base=money.get("base"),
        amo=money.get("amo"),
        amc=money.get("amc"),
    )
    torn = read_without_comma(_column_words(sheet, table, line, "amount")) if item.amount is None else None
    if not money and not code and torn is None:
        return None
    return Draft(item, torn)


def _code(row: Row) -> tuple[str | None, tuple[int, int] | None]:
    long = _LONG_CODE.search(row.text)
    if long:
        return long.group(), long.span()
    for code in find_codes(row.text):
        if (
            code.kind == "ngap"
            and row.text[: code.start].strip()
            and code.start != row.cells[row.cell_of(code.start)].start
        ):
            continue
        return code.value, (code.start, code.end)
    return None, None


def _column_words(sheet: Sheet, table: Table, line: Line, role: str) -> str:
    """Words of a row that stand under the headings of a role."""
    row = sheet.rows[line.row]
    texts: list[str] = []
    for column in table.columns:
        if column.role != role:
            continue
        texts.extend(
            word.text
            for word in row.words
            if word.box.center.x > column.box.x0 - 1.2 * sheet.height
            and word.box.center.x < column.box.x1 + 1.2 * sheet.height
        )
    return " ".join(texts)


def _quantity(sheet: Sheet, table: Table, line: Line) -> Decimal | None:
    match = _QUANTITY.match(_column_words(sheet, table, line, "quantity").strip())
    return Decimal(match.group(1).replace(",", ".")) if match else None


def _location(sheet: Sheet, table: Table, line: Line, label: str) -> str | None:
    text = _column_words(sheet, table, line, "location").strip()
    if text and _TOOTH.match(text):
        return text
    folded = fold(label)
    for pattern, side in _SIDES:
        if pattern.search(folded) or (text and pattern.search(fold(text))):
            return side
    return None


def _label(sheet: Sheet, table: Table, line: Line, code_span: tuple[int, int] | None) -> str:
    """The wording: words under its heading on all rows of the line, without values, codes and other columns."""
    columns = table.columns
    at = next((index for index, column in enumerate(columns) if column.role == "label"), None)
    near = 0.5 * sheet.height
    if at is None:
        left, right = columns[0].box.x0 - 50 * sheet.height, columns[-1].box.x0
    else:
        left = min(columns[at - 1].box.x1, columns[at].box.x0 - near) if at else -1e9
        right = columns[at + 1].box.x0 if at + 1 < len(columns) else columns[at].box.x1 + 50 * sheet.height
    # what stands wholly left of the first heading is beside the table
    edge = columns[at].box.x0 - near if at == 0 else -1e9
    parts = []
    for index in line.rows:
        row = sheet.rows[index]
        spots = [spot for spot in sheet.spots_in(index) if _is_value(spot)]
        for cell in row.cells:
            if cell.box.x1 <= edge:
                continue
            for position in range(cell.first, cell.last + 1):
                word, start = row.words[position], row.starts[position]
                if any(spot.start <= start < spot.end for spot in spots):
                    continue
                if index == line.row and code_span and code_span[0] <= start < code_span[1]:
                    continue
                inside = left - 0.3 * sheet.height <= word.box.x0 <= right and word.box.x1 <= right + 2.5 * sheet.height
                if inside and not _of_other(columns, at, word, near):
                    parts.append(word.text)
    return " ".join(parts).strip(" –-•·—_|")


#: Columns of short marks; a word of so many letters under their heading is theirs.
_SHORT = {"location": 2, "class": 2, "quantity": 3, "rate": 5, "code": 9}


def _of_other(columns: Sequence[Column], at: int | None, word: Word, near: float) -> bool:
    """A short word under the heading of another column: a tooth, a class, a quantity, an amount."""
    for index, column in enumerate(columns):
        if index == at or not column.box.x0 - near < word.box.center.x < column.box.x1 + near:
            continue
        if len(word.text) <= _SHORT.get(column.role, 0) or (column.role in MONEY_COLUMNS and word.text[0].isdigit()):
            return True
    return False


def _is_value(spot: Spot) -> bool:
    return spot.kind in (SpotKind.AMOUNT, SpotKind.DATE)


def _read_plain(sheet: Sheet) -> list[LineItem]:
    """Lines without a heading: a date or a code, words, one amount at the end."""
    items = []
    for row in sheet.rows:
        spots = sheet.spots_in(row.index)
        money = [spot for spot in spots if spot.kind is SpotKind.AMOUNT]
        if len(money) != 1 or any(hit.cue.role in STOP_LABELS and hit.cue.weight == 1 for hit in sheet.hits[row.index]):
            continue
        days = [spot.value for spot in spots if spot.kind is SpotKind.DATE]
        code, span = _code(row)
        if money[0].end < len(row.text) - 6 or not (days or code):
            continue
        head = row.text[: money[0].start]
        for spot in spots:
            if spot.kind is SpotKind.DATE and spot.end <= len(head):
                begin = _announced_from(sheet, spot)
                head = head[:begin] + " " * (spot.end - begin) + head[spot.end :]
        if span and span[1] <= len(head):
            head = head[: span[0]] + " " * (span[1] - span[0]) + head[span[1] :]
        day = days[0] if days and isinstance(days[0], dt.date) else None
        label = " ".join(head.split()).strip(" –-•·—:")
        if isinstance(money[0].value, Decimal):
            items.append(LineItem(date=day, code=code, label=label or None, amount=money[0].value))
    return items


def _announced_from(sheet: Sheet, spot: Spot) -> int:
    """Where the words begin that announce a date behind a dash ("— réalisé le 12/07"), else where the date does."""
    text = sheet.rows[spot.row].text
    starts = [
        hit.start
        for hit in sheet.hits[spot.row]
        if hit.cue.family == "label"
        and hit.cue.role.startswith("date.")
        and not text[hit.end : spot.start].strip(" \t\n:")
        and re.search(r"[–—,(:-][ \t\n]*$", text[: hit.start])
    ]
    return min(starts, default=spot.start)
