"""The code of an act or of goods on a line of a table or a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.understanding.bands import Bands
from extractors.understanding.codes import CodeKind, find_codes, read_code
from extractors.understanding.layout import Row
from extractors.understanding.sheet import Sheet
from extractors.understanding.table_parts import Line

#: A medicine: thirteen digits.
_LONG_CODE = re.compile(r"(?<!\d)(?:34009\d{8}|\d{13})(?!\d)")
#: Keys of hospital bills that are part of what the act is called: "GHS 5218 - Accouchement".
_PART_OF_WORDING = re.compile(r"(?:GHS|GHM)\b")
_CODES = frozenset({"code"})


@dataclass(frozen=True, slots=True)
class LineCode:
    """A code and where it stands.

    Attributes:
        row: of the page.
        start: first letter in the row.
        end: after the last letter in the row.
        apart: the code is no part of the wording it stands in.
    """

    value: str
    row: int
    start: int
    end: int
    apart: bool = True


def find_line_code(sheet: Sheet, bands: Bands, line: Line) -> LineCode | None:
    """The code of a line of a table: of a sure form anywhere in it, else what its column of codes holds.

    Args:
        sheet: the page.
        bands: columns of the table.
        line: of the table.
    """
    order = [line.row, *(index for index in line.rows if index != line.row)]
    for index in order:
        sure = _find_sure(sheet.rows[index], bands)
        if sure is not None:
            return sure
    row = sheet.rows[line.row]
    listed = _find_listed(row, bands)
    if listed is not None:
        return listed
    if "code" in bands.roles and any(bands.holds(word, _CODES) for word in row.words):
        return None
    return _find_key(row, bands)


def find_plain_code(row: Row) -> LineCode | None:
    """The code of a line without a table around it."""
    return _find_sure(row, None) or _find_key(row, None)


def _find_sure(row: Row, bands: Bands | None) -> LineCode | None:
    for long in _LONG_CODE.finditer(row.text):
        if _is_inside(row, long.start(), long.end(), bands):
            return LineCode(long.group(), row.index, *long.span())
    for code in find_codes(row.text):
        if code.kind is not CodeKind.NGAP and _is_inside(row, code.start, code.end, bands):
            return LineCode(code.value, row.index, code.start, code.end)
    return None


def _is_inside(row: Row, start: int, end: int, bands: Bands | None) -> bool:
    """Some letters of a row stand in the table, not in a block beside it."""
    return bands is None or bands.edges[0] <= row.box_between(start, end).center.x < bands.edges[-1]


def _find_listed(row: Row, bands: Bands) -> LineCode | None:
    """What stands alone in the column of codes, where it looks like a code."""
    inside = [number for number, word in enumerate(row.words) if bands.holds(word, _CODES)]
    if not inside:
        return None
    start, last = row.starts[inside[0]], inside[-1]
    end = row.starts[last] + len(row.words[last].text)
    value = read_code(row.text[start:end])
    return LineCode(value, row.index, start, end) if value else None


def _find_key(row: Row, bands: Bands | None) -> LineCode | None:
    """A key letter of the NGAP at the beginning of a cell."""
    for code in find_codes(row.text):
        if code.kind is not CodeKind.NGAP or not _is_inside(row, code.start, code.end, bands):
            continue
        if row.text[: code.start].strip(" \t\n–-•·—") and code.start != row.cells[row.cell_of(code.start)].start:
            continue
        apart = not _PART_OF_WORDING.match(row.text, code.start)
        return LineCode(code.value, row.index, code.start, code.end, apart)
    return None
