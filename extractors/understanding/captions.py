"""Pages that print their labels under the values, as forms do: "DUPRÉ Éloïse" over "Nom, prénom"."""

from __future__ import annotations

from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.ties import CAPTION

#: So many values with their label under them make a page of captions.
_FEWEST = 2
#: Heights between a value and its caption, at most.
_GAP = 0.9


def find_cell_over(sheet: Sheet, hit: Hit) -> tuple[int, int] | None:
    """Row and first letter of the value right over a label, on a page of captions; None on any other."""
    if not hit.row or not _has_captions(sheet):
        return None
    box, row = sheet.box_of(hit), sheet.rows[hit.row - 1]
    if box.y0 - row.box.y1 > _GAP * max(box.height, sheet.height):
        return None
    own = sheet.rows[hit.row]
    left = own.cells[own.cell_of(hit.start)].box.x0
    for cell in row.cells:
        for start in row.starts[cell.first : cell.last + 1]:
            if abs(row.words[row.word_at(start)].box.x0 - left) < sheet.height:
                return row.index, start
    return None


def _has_captions(sheet: Sheet) -> bool:
    return sum(any(tie.relation == CAPTION for tie in spot.ties) for spot in sheet.spots) >= _FEWEST
