"""What stands around a cell that may name somebody: labels, the lines under it, an address that follows."""

from __future__ import annotations

import re

from extractors.understanding.layout import Cell, Row
from extractors.understanding.name_lines import measure_size
from extractors.understanding.people import street_pattern
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from schemas.vocabulary import DocumentType

#: Labels of other people's names.
_OTHERS = frozenset({"person.patient", "person.insured", "person.prescriber", "person.holder"})


def find_lines_below(sheet: Sheet, index: int, cell: Cell, count: int) -> list[str]:
    """Cells of so many rows under a row that begin, end or are centred where a cell is."""
    out = []
    for other in range(index + 1, min(len(sheet.rows), index + 1 + count)):
        row = sheet.rows[other]
        for number, near in enumerate(row.cells):
            centred = abs(near.box.center.x - cell.box.center.x) < 3 * sheet.height
            flush = abs(near.box.x1 - cell.box.x1) < 1.5 * sheet.height
            if abs(near.box.x0 - cell.box.x0) < 4 * sheet.height or centred or flush:
                out.append(row.cell_text(number))
    return out


def has_identity_near(sheet: Sheet, row: Row, cell: Cell) -> bool:
    """An address, a phone or a register number follows within a few lines."""
    beside = re.split(r"[\t\n]+", row.text[cell.start :])[1:]
    lines = [*beside, *find_lines_below(sheet, row.index, cell, 4)]
    if any(street_pattern().match(line) for line in lines):
        return True
    last = min(len(sheet.rows) - 1, row.index + 4)
    return any(
        spot.kind in (SpotKind.SIRET, SpotKind.RPPS, SpotKind.FINESS) and spot.ties and row.index <= spot.row <= last
        for spot in sheet.spots
    )


def is_labelled(sheet: Sheet, row: Row, cell: Cell, until: int | None = None) -> bool:
    """A label of something else stands in the cell, or in its first letters."""
    return any(
        hit.cue.family == "label"
        and hit.cue.weight == 1
        and cell.start <= hit.start < (cell.end if until is None else until)
        and hit.cue.role.split(".")[0] in ("number", "date", "person", "id")
        and hit.cue.role not in ("person.practitioner",)
        and not (hit.cue.role == "date.birth" and hit.end - hit.start <= 3)
        for hit in sheet.hits[row.index]
    )


def is_beside_label(sheet: Sheet, row: Row, index: int, kind: DocumentType) -> bool:
    """The cell on the left, or right above, says whose name this is: prescriber, patient, insured."""
    others = _OTHERS - {"person.prescriber"} if kind is DocumentType.ORDONNANCE else _OTHERS
    if index:
        left = row.cells[index - 1]
        if any(
            hit.cue.role in _OTHERS and hit.cue.weight == 1 and left.start <= hit.start < left.end
            for hit in sheet.hits[row.index]
        ):
            return True
    if not row.index:
        return False
    above, box = sheet.rows[row.index - 1], row.cells[index].box
    if box.y0 - above.box.y1 > 1.2 * sheet.height:
        return False
    return any(
        hit.cue.role in others and hit.cue.weight == 1 and abs(sheet.box_of(hit).x0 - box.x0) < 1.5 * sheet.height
        for hit in sheet.hits[row.index - 1]
    )


def is_heading(sheet: Sheet, row: Row, cell: Cell) -> bool:
    """The cell is nothing but a label or the title of a kind of paper."""
    letters = sum(char.isalnum() for char in row.text[cell.start : cell.end])
    large = measure_size(row.words[cell.first : cell.last + 1]) >= 1.12 * sheet.height
    return any(
        hit.cue.family in ("label", "nature")
        # "Les Opticiens" in large letters is the first line of a shop's name, not what announces one
        and not (large and hit.cue.role == "person.practitioner")
        and cell.start <= hit.start < cell.end
        and sum(char.isalnum() for char in row.text[hit.start : hit.end]) >= 0.85 * letters
        for hit in sheet.hits[row.index]
    )
