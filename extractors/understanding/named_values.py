"""Values that a line names itself: "base 31,50 à 70 % — remboursé 20,05", "Code acte HBFD033  Dent 32  Qté 1"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extractors.understanding.codes import find_codes, read_code
from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit
from extractors.understanding.locations import read_side_or_tooth
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind

#: What a line may name; of two meanings of a word the first of these counts.
_ROLES = ("base", "amo", "amc", "unit_price", "due", "excess", "amount")
#: Between the name and its value.
_BETWEEN = re.compile(r"[ \t\n:=.]*")
_COUNT = re.compile(r"[ \t\n:=.x]*(?P<value>\d{1,3})(?![\d.,])")
_CODE = re.compile(r"[ \t\n:=.]*(?P<value>[A-Z]{1,4}[ \t]\d{1,3}(?:[.,]\d{1,2})?(?![\w,])|[A-Z\d]{2,13}(?!\w))")
_PLACE = re.compile(r"(?i)[ \t\n:=.]*(?P<value>[o0]?[dg]\b|droite?\b|gauche\b|[1-8][1-8]\b)")
#: "3 × 6,56": how many at which price.
_PRICED = re.compile(r"(?<![\w,.])(?P<count>\d{1,3})[ \t]*[x×*][ \t.]*$")
_ONLY_COUNT = re.compile(r"[ \t]*[xX×][ \t]?(?P<value>\d{1,3})[ \t]*")
#: So many named values, one of them of these, make a row part of the line above.
_NAMED = 2


@dataclass(frozen=True, slots=True)
class NamedValues:
    """What a row names.

    Attributes:
        money: amounts by what they are called.
        unnamed: amounts without a name.
        start: where the first name begins in the row; the length of the row where there is none.
        taken: letters of the row that are amounts with their names, each from and to.
    """

    money: dict[str, Decimal]
    unnamed: tuple[Spot, ...]
    quantity: Decimal | None
    code: str | None
    location: str | None
    start: int
    taken: tuple[tuple[int, int], ...] = ()

    @property
    def makes_part(self) -> bool:
        """The row tells nothing but more of the line above: "Base 81,94 / Part AMO 49,16"."""
        telling = [self.money.get("base"), self.money.get("unit_price"), self.quantity, self.code, self.location]
        count = len(self.money) + sum(value is not None for value in telling[2:])
        if self.quantity is not None and self.start == 0 and not self.money and not self.unnamed:
            return True  # nothing but "x 2"
        # "base 31,50, participation 2,00, remboursé 20,05": an amount among named ones is part of the same
        among = {"base", "amo"} <= self.money.keys() and all(spot.start > self.start for spot in self.unnamed)
        return (
            (not self.unnamed or among)
            and "amount" not in self.money
            and count >= _NAMED
            and any(value is not None for value in telling)
        )


def read_named_values(sheet: Sheet, row: Row) -> NamedValues:
    """Values of a row that stand right behind their name.

    Args:
        sheet: the page.
        row: of it.
    """
    hits = [hit for hit in sheet.hits[row.index] if hit.cue.family == "column" and not _is_key(row, hit)]
    money: dict[str, Decimal] = {}
    unnamed: list[Spot] = []
    start = len(row.text)
    quantity: Decimal | None = None
    taken: list[tuple[int, int]] = []
    for spot in sheet.spots_in(row.index):
        if spot.kind is not SpotKind.AMOUNT or not isinstance(spot.value, Decimal):
            continue
        names = [hit for hit in hits if hit.end <= spot.start and _BETWEEN.fullmatch(row.text, hit.end, spot.start)]
        role = next((role for role in _ROLES if any(hit.cue.role == role for hit in names)), None)
        priced = _PRICED.search(row.text[: spot.start])
        if role is None and priced:
            money["unit_price"], quantity = spot.value, Decimal(priced.group("count"))
            start = min(start, priced.start())
        elif role is None or role in money:
            unnamed.append(spot)
        else:
            money[role] = spot.value
            begun = min(hit.start for hit in names if hit.cue.role == role)
            start = min(start, begun)
            taken.append((begun, spot.end))
    count, start = _read_behind(row, hits, "quantity", _COUNT, start)
    alone = _ONLY_COUNT.fullmatch(row.text)
    if alone and count is None:
        count, start = alone.group("value"), 0
    code, start = _read_behind(row, hits, "code", _CODE, start)
    place, start = _read_behind(row, hits, "location", _PLACE, start)
    return NamedValues(
        money,
        tuple(unnamed),
        Decimal(count) if count else quantity,
        read_code(code) if code else None,
        read_side_or_tooth(place) if place else None,
        start,
        tuple(taken),
    )


def _is_key(row: Row, hit: Hit) -> bool:
    """The name of codes is itself the key of one: "GHS 1954"."""
    return hit.cue.role == "code" and any(code.start == 0 for code in find_codes(row.text[hit.start : hit.end]))


def _read_behind(row: Row, hits: list[Hit], role: str, pattern: re.Pattern[str], start: int) -> tuple[str | None, int]:
    """The value behind a name, and where the first name of the row begins now."""
    for hit in hits:
        match = pattern.match(row.text, hit.end) if hit.cue.role == role else None
        if match:
            return match.group("value"), min(start, hit.start)
    return None, start
