"""One page taken apart: rows, cues, and every value spotted with the labels it answers to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from extractors.understanding.amounts import find_amounts
from extractors.understanding.bank import find_bics, find_ibans
from extractors.understanding.dates import BARE_DATE, FoundDate, build_date, find_dates
from extractors.understanding.identifiers import find_identifiers
from extractors.understanding.layout import Row, lay_out
from extractors.understanding.lexicon import Hit, load_lexicon
from extractors.understanding.mending import close_up, join_keys, mend_dates
from extractors.understanding.spots import Spot, SpotKind, is_free, make_spot
from extractors.understanding.wrapped import join_wrapped
from schemas.geometry import Box
from schemas.readings import PageReading, Source


@dataclass(slots=True)
class Sheet:
    """A page taken apart.

    Attributes:
        height: usual height of a word, the unit of every distance.
        hits: cues of each row.
        sureness: what the reader says of its words, the mean over the page.
    """

    page: PageReading
    rows: list[Row]
    hits: list[list[Hit]]
    spots: list[Spot]
    height: float
    sureness: float = 1.0

    @property
    def ocr(self) -> bool:
        """The words were read from a picture."""
        return self.page.source is not Source.TEXT_LAYER

    def hits_of(self, family: str, prefix: str = "") -> Iterator[Hit]:
        """Cues of a family, top to bottom."""
        for row_hits in self.hits:
            for hit in row_hits:
                if hit.cue.family == family and hit.cue.role.startswith(prefix):
                    yield hit

    def spots_of(self, *kinds: SpotKind) -> list[Spot]:
        """Values of some kinds, top to bottom."""
        return [spot for spot in self.spots if spot.kind in kinds]

    def spots_in(self, row: int) -> list[Spot]:
        """Values of a row, left to right."""
        return [spot for spot in self.spots if spot.row == row]

    def box_of(self, hit: Hit) -> Box:
        """Place of a cue."""
        return self.rows[hit.row].box_between(hit.start, hit.end)

    def top_share(self, row: int) -> float:
        """How far down the written part of the page a row stands, 0 to 1; a short text is the top of its page."""
        first, last = self.rows[0].box.y0, self.rows[-1].box.y1
        written = max(last - first, 0.55 * self.page.upright_size[1], 1e-6)
        return (self.rows[row].box.y0 - first) / written


def take_apart(page: PageReading, *, today: dt.date | None = None) -> Sheet:
    """Lay out a page, find its cues and its values, and tie them together.

    Args:
        page: to take apart.
        today: what two-digit years are measured against.
    """
    rows = lay_out(page)
    repair = page.source is not Source.TEXT_LAYER
    hits = load_lexicon().find(rows, repair=repair) if rows else []
    height = median(word.box.height for row in rows for word in row.words) if rows else 1.0
    sureness = sum(word.confidence for word in page.words) / max(1, len(page.words))
    sheet = Sheet(page=page, rows=rows, hits=hits, spots=[], height=height, sureness=sureness)
    for row in rows:
        spots = _spot_row(row, hits[row.index], today)
        sheet.spots.extend(close_up(row, spots, today) if repair else spots)
    if repair:
        _mend(sheet, today)
    join_wrapped(rows, hits, height)
    return sheet


def _mend(sheet: Sheet, today: dt.date | None) -> None:
    """Put together what the reader broke, now that the whole page is known."""
    join_keys(sheet.rows, sheet.spots, sheet.height)
    days = [
        spot.value
        for spot in sheet.spots
        if spot.kind is SpotKind.DATE and not spot.repaired and isinstance(spot.value, dt.date)
    ]
    mended = [
        spot
        for row in sheet.rows
        for spot in mend_dates(row, sheet.hits[row.index], sheet.spots_in(row.index), days, today)
    ]
    sheet.spots = sorted([*sheet.spots, *mended], key=lambda spot: (spot.row, spot.start, spot.end))


def _spot_row(row: Row, hits: Sequence[Hit], today: dt.date | None) -> list[Spot]:
    text = row.text
    if not any(char.isdigit() for char in text):
        return [
            make_spot(row, SpotKind.BIC, bic.value, bic.start, bic.end)
            for bic in find_bics(text)
            if len(bic.value) >= 8
        ]
    spots: list[Spot] = []
    taken: list[tuple[int, int]] = []
    for account in find_ibans(text):
        spot = make_spot(row, SpotKind.IBAN, account.value, account.start, account.end)
        spot.valid, spot.repaired = account.valid, account.repaired
        spots.append(spot)
        taken.append((account.start, account.end))
    for number in find_identifiers(text):
        if is_free(number.start, number.end, taken):
            spot = make_spot(row, SpotKind(number.kind.value), number.value, number.start, number.end)
            spot.valid, spot.repaired = number.valid, number.repaired
            spots.append(spot)
    proven = [
        (spot.start, spot.end)
        for spot in spots
        if spot.valid and spot.kind in (SpotKind.NIR, SpotKind.SIRET, SpotKind.IBAN)
    ]
    for day in [*find_dates(text, today=today), *_find_bare_dates(row, hits, today)]:
        if is_free(
            day.start, day.end, [*proven, *((spot.start, spot.end) for spot in spots if spot.kind is SpotKind.DATE)]
        ):
            spot = make_spot(row, SpotKind.DATE, day.value, day.start, day.end)
            spot.repaired, spot.linked = day.repaired, day.linked
            spots.append(spot)
            taken.append((day.start, day.end))
    for amount in find_amounts(text):
        if is_free(amount.start, amount.end, [*taken, *proven]):
            spot = make_spot(row, SpotKind.AMOUNT, amount.value, amount.start, amount.end)
            spot.currency = amount.currency
            spots.append(_join_thousands(row, spot) or spot)
    spots.extend(make_spot(row, SpotKind.BIC, bic.value, bic.start, bic.end) for bic in find_bics(text))
    return sorted(spots, key=lambda spot: (spot.start, spot.end))


def _find_bare_dates(row: Row, hits: Sequence[Hit], today: dt.date | None) -> list[FoundDate]:
    """Three pairs of figures that fill a cell, or stand right behind the label of a date: "Date facture  15 03 26"."""
    starts = [cell.start for cell in row.cells]
    starts += [hit.end for hit in hits if hit.cue.family == "label" and hit.cue.role.startswith("date.")]
    found = []
    for start in starts:
        match = BARE_DATE.match(row.text, start)
        cell = row.cells[row.cell_of(start)]
        if match and (start != cell.start or not row.text[match.end() : cell.end].strip()):
            value = build_date(*(int(part) for part in match.group("d", "m", "y")), short=True, today=today)
            if value is not None:
                found.append(FoundDate(match.start("d"), match.end(), value))
    return found


def _join_thousands(row: Row, spot: Spot) -> Spot | None:
    """The amount with the thousands that a wide gap parts from it, where both fill a cell: "1    508,48"."""
    cell = row.cells[row.cell_of(spot.start)]
    head = row.text[cell.start : spot.start]
    match = re.fullmatch(r"(?P<n>[1-9]\d{0,2})\t", head)
    if not match or not re.match(r"\d{3}[.,]\d\d(?!\d)", row.text[spot.start :]) or not isinstance(spot.value, Decimal):
        return None
    value = Decimal(match.group("n")) * 1000 + spot.value
    joined = make_spot(row, SpotKind.AMOUNT, value, cell.start, spot.end)
    joined.currency = spot.currency
    return joined
