"""What the columns of a table hold where their headings leave it open: settled by what stands below."""

from __future__ import annotations

import re
from collections import Counter

from extractors.understanding.codes import find_codes
from extractors.understanding.layout import Row
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.table_parts import Column, Table, apart


def settle_roles(sheet: Sheet, table: Table) -> None:
    """A heading that may mean two things ("Acte": code or wording) is settled by what stands below."""
    for index, column in enumerate(table.columns):
        days = sum(any(spot.kind is SpotKind.DATE for spot in line.cells.get(index, ())) for line in table.lines)
        if column.role in ("other", "label") and days and days * 2 > len(table.lines):
            column.role = "date"
        if {"code", "label"} <= column.roles and column.role == "code":
            filled = [line.row for line in table.lines if _cell_under(sheet.rows[line.row], column)]
            below = Counter(_has_code_under(sheet, row, column) for row in filled)
            if below[True] * 2 < below[False] + below[True] or not below[True]:
                column.role = "label"
    _name_by_content(sheet, table)


#: What columns of codes and of sides hold, for the most part.
_LIKE_CODE = re.compile(r"[A-Z]{2,4}(?: ?\d{1,3}(?:[.,]\d{1,2})?)?|[A-Z]{4}\d{3}|\d{3,7}")
_LIKE_SIDE = re.compile(r"(?i)[o0]?[dg]|droite?|gauche|(?:[1-4][1-8]|[5-8][1-5])")


def _name_by_content(sheet: Sheet, table: Table) -> None:
    """Columns that their heading leaves open get the role that the cells under them speak for."""
    labels = [column for column in table.columns if column.role == "label"]
    codes = [column for column in table.columns if column.role == "code"]
    wordings = [column for column in codes if "label" in column.roles]
    if not labels and wordings:
        wordings[-1].role = "label"
    for column in table.columns:
        texts = [text for line in table.lines if (text := _cell_under(sheet.rows[line.row], column))]
        if not texts:
            continue
        if column.role == "label" and "code" in column.roles and len(labels) > 1 and not codes:
            if all(_LIKE_CODE.fullmatch(text) for text in texts):
                column.role = "code"
        elif column.role in ("other", "label") and all(_LIKE_SIDE.fullmatch(text) for text in texts):
            column.role = "location"


def _cell_under(row: Row, column: Column) -> str:
    """The cell that stands right under a heading, empty where there is none."""
    over = [number for number, cell in enumerate(row.cells) if apart(cell.box, column.box) < 0]
    return row.cell_text(over[0]).strip() if len(over) == 1 else ""


def _has_code_under(sheet: Sheet, row: int, column: Column) -> bool:
    line = sheet.rows[row]
    return any(
        box.x0 < column.box.x1 + sheet.height and column.box.x0 - sheet.height < box.x1
        for code in find_codes(line.text)
        for box in [line.box_between(code.start, code.end)]
    )
