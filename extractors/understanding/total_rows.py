"""Rows of totals: those that end the lines of a table."""

from __future__ import annotations

import re

from extractors.understanding.codes import find_codes
from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import fold

_TOTAL_LABELS = ("amount.total", "amount.partial", "amount.due", "amount.balance", "amount.paid", "amount.deposit")


def announces_totals(sheet: Sheet, index: int) -> bool:
    """Labels of totals without a value, which stands below: the lines of the table are over."""
    row = sheet.rows[index]
    totals = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.role == "amount.total" and hit.cue.family == "label" and hit.cue.weight == 1
    ]
    if any(hit.end - hit.start >= 0.8 * len(row.text) for hit in totals):
        return True
    places = {
        (hit.start, hit.end)
        for hit in sheet.hits[index]
        if hit.cue.family == "label" and hit.cue.role.startswith("amount.") and hit.cue.weight == 1
    }
    return len(places) >= 2


def is_total(sheet: Sheet, row: Row) -> bool:
    """The row begins with a label of a total, with no code or date of an act."""
    hits = [hit for hit in sheet.hits[row.index] if hit.cue.family == "label"]
    if any(spot.kind is SpotKind.DATE and spot.start < 4 for spot in sheet.spots_in(row.index)):
        return False
    for hit in hits:
        cell = row.cells[row.cell_of(hit.start)]
        head = row.text[cell.start : hit.start].strip(" \t\n:–-*=>")
        if (
            not head
            and not find_codes(row.text[: hit.start])
            and (
                hit.cue.role in _TOTAL_LABELS
                or hit.cue.role in ("amount.amo", "amount.amc", "amount.tax", "amount.discount")
            )
        ):
            alone = not re.search(r"[^\W\d_]", re.sub(r"(?i)eur(?:os?)?\b", "", row.text[hit.end :]))
            if _names_a_fee(row, hit):
                continue
            if hit.cue.weight < 1 and hit.words < 2 and not (alone and len(sheet.spots_in(row.index)) == 1):
                continue
            spans = [(other.start, other.end) for other in hits if other.cue.role.startswith("amount.")]
            rest = "".join(
                char
                for place, char in enumerate(row.text[hit.end :], start=hit.end)
                if not any(start <= place < end for start, end in spans)  # several amounts said in one row
            )
            return sum(char.isalpha() for char in rest if char not in "€EURur") <= 30
    return False


_FEES = frozenset({"honoraires", "honoraire", "frais"})
#: What is said of fees as a whole.
_OF_ALL = re.compile(r"tota|percu|regle|paye|dus?$|ttc|net|demande|facture|verse|a payer")


def _names_a_fee(row: Row, hit: Hit) -> bool:
    """The word begins the name of one fee among others: "Honoraires chirurgien"."""
    end = row.cells[row.cell_of(hit.start)].end
    rest = re.sub(r"[\W\d_]+|eur(?:os?)?\b", " ", fold(row.text[hit.end : end])).strip()
    return fold(row.text[hit.start : hit.end]) in _FEES and len(rest) >= 4 and not _OF_ALL.match(rest)
