"""Headings of tables: which rows are some, and what their columns hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.understanding.codes import find_codes
from extractors.understanding.lexicon import Hit, load_lexicon
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.table_parts import MONEY_COLUMNS, Column, Table, apart
from extractors.understanding.text import fold
from schemas.geometry import bound_boxes

#: So many known headings make a row of headings of one that was read badly.
_TELLING = 4


def read_headings(sheet: Sheet, index: int) -> Table | None:
    """The table whose headings a row is, with no line in it yet; None where the row is none."""
    columns = _columns_of(sheet, index)
    if not _is_heading(sheet, index, columns):
        return None
    headings = [index]
    for other in (index - 1, index + 1):
        if not 0 <= other < len(sheet.rows):
            continue
        near = sheet.rows[other]
        gap = max(near.box.y0, sheet.rows[index].box.y0) - min(near.box.y1, sheet.rows[index].box.y1)
        if gap >= 0.7 * sheet.height or _has_value(sheet, other):
            continue
        stacked = gap < 0.1 * sheet.height and _continues(sheet, other, headings)
        if _mostly_columns(sheet, other, columns) or stacked:
            headings.append(other)
            columns = _merge(columns, _columns_of(sheet, other))
    columns = _name_stacked(sheet, sorted(headings), columns)
    if not any(column.role in MONEY_COLUMNS for column in columns):
        return None
    return Table(headings=sorted(headings), columns=sorted(columns, key=lambda column: column.box.x0))


def _is_heading(sheet: Sheet, index: int, columns: list[Column]) -> bool:
    if _has_value(sheet, index) or len(columns) < 2:
        return False
    row = sheet.rows[index]
    first = _find_first_letter(sheet, index)
    covered = _covered(sheet, index, first)
    letters = sum(char.isalnum() for char in row.text[first:])
    money = sum(column.role in MONEY_COLUMNS for column in columns)
    sums = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.family == "label" and hit.cue.role.startswith("amount.") and hit.cue.weight == 1
    ]
    summed = {sheet.rows[index].cell_of(hit.start) for hit in sums}
    boxes = [sheet.rows[index].cells[number].box for number in summed]
    named = any(
        column.role not in MONEY_COLUMNS
        and column.role != "other"
        and not any(apart(box, column.box) < -0.8 * column.box.width for box in boxes)
        for column in columns
    )
    telling = sum(column.role != "other" for column in columns)
    enough = 0.5 if telling >= _TELLING and sheet.ocr else 0.6
    if covered < enough * letters or not money or not named:
        return False  # a row of nothing but amounts announces totals, not lines
    return len(columns) >= 3 or (len(row.cells) >= 2 and letters < 50)


def _covered(sheet: Sheet, index: int, first: int = 0) -> int:
    text = sheet.rows[index].text
    places: set[int] = set()
    for hit in sheet.hits[index]:
        if hit.cue.family == "column" and hit.start >= first:
            places.update(range(hit.start, hit.end))
    return sum(text[place].isalnum() for place in places)


def _has_value(sheet: Sheet, index: int) -> bool:
    return any(spot.kind in (SpotKind.AMOUNT, SpotKind.DATE) for spot in sheet.spots_in(index))


def _mostly_columns(sheet: Sheet, index: int, columns: list[Column]) -> bool:
    """A second row of headings: short cells, each above or below a heading or a heading itself."""
    row = sheet.rows[index]
    if len(row.text) > 80 or find_codes(row.text):
        return False
    letters = sum(char.isalnum() for char in row.text)
    return _covered(sheet, index) >= 0.5 * letters and len(row.cells) <= len(columns) + 2


def _continues(sheet: Sheet, index: int, headings: list[int]) -> bool:
    """Each of several cells stands right over or under a cell of a row of headings: the rest of a stacked heading."""
    cells = [cell for row in headings for cell in sheet.rows[row].cells]
    own = sheet.rows[index].cells
    if len(own) < 2 or find_codes(sheet.rows[index].text):
        return False
    near = 1.5 * sheet.height
    return all(any(apart(cell.box, other.box) < near for other in cells) for cell in own)


def _name_stacked(sheet: Sheet, headings: list[int], columns: list[Column]) -> list[Column]:
    """Headings over several rows, read as one phrase: "Tarif de", "responsabilité"."""
    if len(headings) < 2:
        return columns
    for column in columns:
        parts = [
            sheet.rows[index].cell_text(number)
            for index in headings
            for number, cell in enumerate(sheet.rows[index].cells)
            if apart(cell.box, column.box) < 0
        ]
        roles = load_lexicon().name_column(" ".join(parts)) if len(parts) > 1 else frozenset()
        if roles:
            column.roles, column.role = roles, _first_role(roles)
    return columns


def _columns_of(sheet: Sheet, index: int) -> list[Column]:
    row = sheet.rows[index]
    first = _find_first_letter(sheet, index)
    hits = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.family == "column" and hit.start >= first and not _is_other_date(sheet, hit)
    ]
    spans: dict[tuple[int, int], set[str]] = {}
    for hit in hits:
        spans.setdefault((hit.start, hit.end), set()).add(hit.cue.role)
    columns = []
    for (start, end), roles in sorted(spans.items()):
        columns.append(Column(_first_role(roles), row.box_between(start, end), frozenset(roles)))
    columns.extend(
        Column("other", cell.box, frozenset({"other"}))
        for cell in row.cells
        if cell.start >= first and not any(start < cell.end and cell.start < end for start, end in spans)
    )
    return columns


#: Labels that no line of a table answers to, and words of the day of a paper.
_BESIDE = frozenset({"date.birth", "number.document", "number.member", "id.nir"})
_DAY_OF_PAPER = re.compile(r"factur|devis|emi[st]|etabli|edit|document")


def _find_first_letter(sheet: Sheet, index: int) -> int:
    """Where the headings begin in a row that also holds labels of a block at the left of the table."""
    row = sheet.rows[index]
    beside = [
        row.cell_of(hit.start)
        for hit in sheet.hits[index]
        if hit.cue.family == "label"
        and hit.cue.weight == 1
        and (
            (hit.cue.role in _BESIDE and (hit.words > 1 or hit.cue.role != "number.document"))
            or (hit.cue.role == "date.issue" and _DAY_OF_PAPER.search(fold(row.text[hit.start : hit.end])))
        )
    ]
    last = max(beside, default=-1)
    return row.cells[last + 1].start if 0 <= last < len(row.cells) - _FEWEST else 0


#: A table has so many columns at least.
_FEWEST = 3


def _is_other_date(sheet: Sheet, hit: Hit) -> bool:
    """The word belongs to a label of a date that no line of a table has: "Date de naissance"."""
    return hit.cue.role == "date" and any(
        other.cue.role in _NO_COLUMN and other.start <= hit.start and hit.end <= other.end
        for other in sheet.hits[hit.row]
    )


#: Dates that stand over a paper, never in the lines of its table.
_NO_COLUMN = frozenset({"date.birth", "date.prescription", "date.due", "date.other"})
_ORDER = ("date", "due", "amo", "amc", "base", "excess", "unit_price", "amount", "quantity", "location", "rate",
          "class", "code", "label", "serial", "other")  # fmt: skip


def _first_role(roles: set[str] | frozenset[str]) -> str:
    return min(roles, key=_ORDER.index)


def _merge(columns: list[Column], others: list[Column]) -> list[Column]:
    """Headings over two rows: a cell over another is one column, the more telling role wins."""
    merged = list(columns)
    for other in others:
        over = [column for column in merged if min(column.box.x1, other.box.x1) > max(column.box.x0, other.box.x0)]
        if not over:
            merged.append(other)
            continue
        column = over[0]
        column.box = bound_boxes([column.box, other.box])
        roles = (column.roles | other.roles) - {"other"} or frozenset({"other"})
        column.roles = roles
        column.role = _first_role(roles)
    return merged


def begins_table(sheet: Sheet, index: int) -> bool:
    """A row is surely one of headings: the table before it is over."""
    columns = _columns_of(sheet, index)
    return len(columns) >= _FEWEST and _is_heading(sheet, index, columns)


def find_heading_places(sheet: Sheet, tables: Sequence[Table]) -> dict[int, int]:
    """Rows that are headings of some table, each with the letter at which the headings begin."""
    return {row: _find_first_letter(sheet, row) for table in tables for row in table.headings}
