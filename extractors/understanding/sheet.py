"""One page taken apart: rows, cues, and every value spotted with the labels it answers to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from statistics import median

from extractors.understanding.amounts import find_amounts
from extractors.understanding.bank import find_bics, find_ibans
from extractors.understanding.dates import find_dates
from extractors.understanding.identifiers import find_identifiers
from extractors.understanding.layout import Row, join_polygon, lay_out
from extractors.understanding.lexicon import Hit, load_lexicon
from schemas.geometry import Box, Polygon
from schemas.readings import PageReading, Source, Word


class SpotKind(StrEnum):
    """What a spotted value is."""

    DATE = "date"
    AMOUNT = "amount"
    NIR = "nir"
    SIRET = "siret"
    RPPS = "rpps"
    FINESS = "finess"
    ADELI = "adeli"
    IBAN = "iban"
    BIC = "bic"


@dataclass(frozen=True, slots=True)
class Tie:
    """A label that a value answers to.

    Attributes:
        strength: 0 to 1, from the label's own weight and from how plainly it points at the value.
        relation: "left", "above", "beside" (at the end of the next row), "column" or "linked".
    """

    role: str
    strength: float
    relation: str


@dataclass(slots=True)
class Spot:
    """A value seen on the page, before anybody knows which field it belongs to."""

    kind: SpotKind
    value: dt.date | Decimal | str
    row: int
    start: int
    end: int
    box: Box
    words: list[Word]
    raw: str
    valid: bool = True
    repaired: bool = False
    linked: bool = False
    currency: bool = False
    ties: list[Tie] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """What the reader says of the least sure word."""
        return min(word.confidence for word in self.words)

    @property
    def polygon(self) -> Polygon:
        """Place in the received frame."""
        return join_polygon(self.words)

    def strength(self, role: str) -> float:
        """How plainly a label of that role points here."""
        return max((tie.strength for tie in self.ties if tie.role == role), default=0.0)

    def best(self, prefix: str) -> Tie | None:
        """The strongest tie among roles that begin so."""
        ties = [tie for tie in self.ties if tie.role.startswith(prefix)]
        return max(ties, key=lambda tie: tie.strength) if ties else None


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
        spots = _spot_row(row, today)
        sheet.spots.extend(close_up(row, spots, today) if repair else spots)
    return sheet


def _spot_row(row: Row, today: dt.date | None) -> list[Spot]:
    text = row.text
    if not any(char.isdigit() for char in text):
        return [
            _make(row, SpotKind.BIC, bic.value, bic.start, bic.end) for bic in find_bics(text) if len(bic.value) >= 8
        ]
    spots: list[Spot] = []
    taken: list[tuple[int, int]] = []
    for account in find_ibans(text):
        spot = _make(row, SpotKind.IBAN, account.value, account.start, account.end)
        spot.valid, spot.repaired = account.valid, account.repaired
        spots.append(spot)
        taken.append((account.start, account.end))
    for number in find_identifiers(text):
        if _free(number.start, number.end, taken):
            spot = _make(row, SpotKind(number.kind.value), number.value, number.start, number.end)
            spot.valid, spot.repaired = number.valid, number.repaired
            spots.append(spot)
    proven = [
        (spot.start, spot.end)
        for spot in spots
        if spot.valid and spot.kind in (SpotKind.NIR, SpotKind.SIRET, SpotKind.IBAN)
    ]
    for day in find_dates(text, today=today):
        if _free(day.start, day.end, proven):
            spot = _make(row, SpotKind.DATE, day.value, day.start, day.end)
            spot.repaired, spot.linked = day.repaired, day.linked
            spots.append(spot)
            taken.append((day.start, day.end))
    for amount in find_amounts(text):
        if _free(amount.start, amount.end, [*taken, *proven]):
            spot = _make(row, SpotKind.AMOUNT, amount.value, amount.start, amount.end)
            spot.currency = amount.currency
            spots.append(_join_thousands(row, spot) or spot)
    spots.extend(_make(row, SpotKind.BIC, bic.value, bic.start, bic.end) for bic in find_bics(text))
    return sorted(spots, key=lambda spot: (spot.start, spot.end))


#: Digits that a reader of handwriting set apart: "12 0, 00 €", "5 5 €", "25/06/2 026".
_LOOSE_DATE = re.compile(
    r"(?<![\w/.])(?P<d>\d ?\d?) ?(?P<s>[/.\-]) ?(?P<m>\d ?\d?) ?(?P=s) ?(?P<y>[12](?:[ \t]?\d){3})(?![\w/])"
)
_LOOSE_AMOUNT = re.compile(r"(?<![\w.,/])(?P<n>\d(?: ?\d){1,5})(?: ?, ?(?P<cents>\d ?\d))?[ \t]{0,2}€")


def close_up(row: Row, spots: list[Spot], today: dt.date | None) -> list[Spot]:
    """The values of a row, with dates and amounts whose digits stand apart put together; they count as repaired.

    Thousands that stand as they should are left alone, and so is everything in which no space was misplaced.
    """
    found: list[Spot] = []
    for match in _LOOSE_DATE.finditer(row.text):
        days = find_dates(re.sub(r"[ \t]", "", match.group()), today=today)
        if len(days) == 1 and re.search(r"[ \t]", match.group()):
            found.append(_make(row, SpotKind.DATE, days[0].value, match.start(), match.end()))
    for match in _LOOSE_AMOUNT.finditer(row.text):
        whole = match.group("n")
        if " " in whole and not re.fullmatch(r"\d{1,3}(?: \d{3})+", whole):
            value = Decimal(f"{whole}.{match.group('cents') or '00'}".replace(" ", ""))
            spot = _make(row, SpotKind.AMOUNT, value, match.start(), match.end())
            spot.currency = True
            found.append(spot)
    for spot in found:
        spot.repaired = True
    kept = [
        spot
        for spot in spots
        if not any(
            other.start <= spot.start
            and spot.end <= other.end
            and not (spot.kind is other.kind and spot.value == other.value)
            for other in found
        )
    ]
    taken = [(spot.start, spot.end) for spot in kept]
    return sorted(
        [*kept, *(spot for spot in found if _free(spot.start, spot.end, taken))],
        key=lambda spot: (spot.start, spot.end),
    )


def _join_thousands(row: Row, spot: Spot) -> Spot | None:
    """The amount with the thousands that a wide gap parts from it, where both fill a cell: "1    508,48"."""
    cell = row.cells[row.cell_of(spot.start)]
    head = row.text[cell.start : spot.start]
    match = re.fullmatch(r"(?P<n>[1-9]\d{0,2})\t", head)
    if not match or not re.match(r"\d{3}[.,]\d\d(?!\d)", row.text[spot.start :]) or not isinstance(spot.value, Decimal):
        return None
    value = Decimal(match.group("n")) * 1000 + spot.value
    joined = _make(row, SpotKind.AMOUNT, value, cell.start, spot.end)
    joined.currency = spot.currency
    return joined


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return not any(start < other_end and other_start < end for other_start, other_end in taken)


def _make(row: Row, kind: SpotKind, value: dt.date | Decimal | str, start: int, end: int) -> Spot:
    return Spot(
        kind=kind,
        value=value,
        row=row.index,
        start=start,
        end=end,
        box=row.box_between(start, end),
        words=row.words_between(start, end),
        raw=" ".join(row.text[start:end].split()),
    )
