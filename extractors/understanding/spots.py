"""Values seen on a page, before anybody knows which field they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from extractors.understanding.layout import Row, join_polygon
from schemas.geometry import Box, Polygon
from schemas.readings import Word


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
        relation: "left", "above", "beside" (at the end of the next row), "caption" (under the value), "column" or
            "linked".
    """

    role: str
    strength: float
    relation: str


def min_confidence(words: Sequence[Word]) -> float:
    """What the reader says of the least sure word; marks say nothing of a value, 0 where there is no word."""
    told = [word for word in words if any(char.isalnum() for char in word.text)] or words
    return min((word.confidence for word in told), default=0.0)


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
        return min_confidence(self.words)

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


def make_spot(row: Row, kind: SpotKind, value: dt.date | Decimal | str, start: int, end: int) -> Spot:
    """A value on some letters of a row."""
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


def is_free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether no taken letters of a row lie between two places."""
    return not any(start < other_end and other_start < end for other_start, other_end in taken)
