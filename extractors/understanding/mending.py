"""Values that a reader of pictures broke: a stroke taken for a figure, a key that stands apart.

Nothing is guessed into place. A date is put together only where exactly one reading of its figures is a day of the
calendar near the other dates of the page; a key only where it holds. What was printed stays as the raw text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractors.understanding.dates import build_date, find_dates
from extractors.understanding.identifiers import IdentifierKind, is_valid
from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit
from extractors.understanding.spots import Spot, SpotKind, is_free, make_spot
from schemas.geometry import bound_boxes
from schemas.readings import Word

#: Figures with what a pen's or a worn slash is taken for.
_FIGURES = re.compile(r"(?<![\w/.,-])[0-9/lI|!]{6,11}(?![\w/,-])(?!\.\d)")
_SLASHES = "/1lI|!7"
_DOUBLED = re.compile(r"(?<=/)[17]|[17](?=/)")
_WHOLE = re.compile(r"(\d\d?)/(\d\d)/(20\d\d)")
#: Days that a mended date may be away from another date of the page, or, where there is none, lie in the past.
_NEAR, _LATELY = 400, 1100
#: What may stand between the label of a date and a date without any slash.
_GAP = " \t\n:.–-"


def mend_dates(
    row: Row, hits: Sequence[Hit], spots: Sequence[Spot], days: Sequence[dt.date], today: dt.date | None
) -> list[Spot]:
    """Dates of a row whose slashes were read as figures or letters: "29105/2026" for 29/05/2026.

    Args:
        row: of a page that was read from a picture.
        hits: its cues.
        spots: what was seen on it; those whose check digits hold are left alone.
        days: dates of the page that needed no mending.
        today: what two-digit years are measured against.
    """
    taken = [(spot.start, spot.end) for spot in spots if spot.kind is SpotKind.DATE or _is_proven(spot)]
    found = []
    for match in _FIGURES.finditer(row.text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        text = match.group()
        announced = _is_announced(row, hits, match.start())
        readings = {day for day in _read_slashes(text, today) if _is_likely(day, days, today, announced=announced)}
        plain = "/" in text and len(text) > 8  # a year of two figures may as well be a number of something
        if len(readings) != 1 or not (plain or announced):
            continue
        spot = make_spot(row, SpotKind.DATE, readings.pop(), match.start(), match.end())
        spot.repaired = True
        found.append(spot)
    return found


def _is_likely(day: dt.date, days: Sequence[dt.date], today: dt.date | None, *, announced: bool) -> bool:
    """Near another date of the page; where it has none, an announced day of the last years will do."""
    if days or not announced:
        return any(abs((day - other).days) <= _NEAR for other in days)
    return 0 <= ((today or dt.datetime.now(tz=dt.UTC).date()) - day).days <= _LATELY


def _is_proven(spot: Spot) -> bool:
    return spot.valid and spot.kind in (SpotKind.NIR, SpotKind.SIRET, SpotKind.RPPS, SpotKind.IBAN)


def _read_slashes(text: str, today: dt.date | None) -> Iterator[dt.date]:
    """Every day that some figures are when two of them are slashes, or when a slash between them was lost.

    "1103/2026" may be 1/03 or 11/03: two readings, so neither is taken. A year of two figures needs one real slash. A
    long stroke may be read as itself and as a figure: "21/102/2026".
    """
    for doubled in _DOUBLED.finditer(text):
        whole = _WHOLE.fullmatch(text[: doubled.start()] + text[doubled.end() :])
        value = build_date(*map(int, whole.groups()), short=False, today=today) if whole else None
        if value is not None:
            yield value
    lost = re.fullmatch(r"(\d\d)(\d\d)/(\d{4})|(\d\d)/(\d\d)(\d{4})", text)
    if lost:
        day, month, year = (part for part in lost.groups() if part)
        value = build_date(int(day), int(month), int(year), short=False, today=today)
        if value is not None:
            yield value
    for cut in (1, 2):
        day, month, year = text[:cut], text[cut + 1 : cut + 3], text[cut + 4 :]
        strokes = text[cut : cut + 1], text[cut + 3 : cut + 4]
        if not (day.isdigit() and month.isdigit() and year.isdigit()) or len(year) not in (2, 4):
            continue
        if not all(stroke and stroke in _SLASHES for stroke in strokes) or strokes == ("/", "/"):
            continue
        short = len(year) == 2
        value = build_date(int(day), int(month), int(year), short=short, today=today)
        if value is not None and (not short or "/" in strokes):
            yield value


def _is_announced(row: Row, hits: Sequence[Hit], start: int) -> bool:
    """The label of a date stands right before."""
    return any(
        hit.cue.family == "label"
        and hit.cue.role.startswith("date.")
        and hit.end <= start
        and not row.text[hit.end : start].strip(_GAP)
        for hit in hits
    )


#: Heights between a number and its key, and how far the key may stand off its line.
_KEY_GAP, _KEY_LIFT = 2.5, 0.8


def join_keys(rows: Sequence[Row], spots: Sequence[Spot], height: float) -> None:
    """Give every NIR of 13 figures the key that stands at its right, where the key holds; spots change in place.

    Args:
        rows: of the page; a line that bends may have left the key in the row above or below.
        spots: of the page.
        height: usual height of a word.
    """
    for spot in spots:
        if spot.kind is not SpotKind.NIR or spot.valid or len(str(spot.value)) != 13:
            continue
        keys = [
            word
            for row in rows[max(0, spot.row - 2) : spot.row + 3]
            for word in row.words
            if re.fullmatch(r"[(/]?\d\d[)]?", word.text) and _stands_right(word, spot, height)
        ]
        holding = [word for word in keys if is_valid(IdentifierKind.NIR, f"{spot.value}{word.text.strip('(/)')}")]
        if len(holding) == 1:
            key = holding[0]
            spot.value, spot.valid, spot.repaired = f"{spot.value}{key.text.strip('(/)')}", True, True
            spot.raw, spot.words = f"{spot.raw} {key.text}", [*spot.words, key]
            spot.box = bound_boxes([spot.box, key.box])


def _stands_right(word: Word, spot: Spot, height: float) -> bool:
    gap = word.box.x0 - spot.box.x1
    return -0.3 * height < gap < _KEY_GAP * height and abs(word.box.center.y - spot.box.center.y) < _KEY_LIFT * height


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
            found.append(make_spot(row, SpotKind.DATE, days[0].value, match.start(), match.end()))
    for match in _LOOSE_AMOUNT.finditer(row.text):
        whole = match.group("n")
        torn = len(whole.split()[-1]) == 1  # "12 0"; in "2 60" the first figure counts something
        if " " in whole and torn and not re.fullmatch(r"\d{1,3}(?: \d{3})+", whole):
            value = Decimal(f"{whole}.{match.group('cents') or '00'}".replace(" ", ""))
            spot = make_spot(row, SpotKind.AMOUNT, value, match.start(), match.end())
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
        [*kept, *(spot for spot in found if is_free(spot.start, spot.end, taken))],
        key=lambda spot: (spot.start, spot.end),
    )
