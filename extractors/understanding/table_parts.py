"""What a table is made of: columns, lines, and the rows that add them up."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.understanding.spots import Spot
from schemas.geometry import Box

#: Columns that hold money.
MONEY_COLUMNS = frozenset({"unit_price", "amount", "base", "amo", "amc", "due", "excess"})


@dataclass(slots=True)
class Column:
    """A column: what it holds and where its heading stands."""

    role: str
    box: Box
    roles: frozenset[str] = frozenset()


@dataclass(slots=True)
class Line:
    """A row of a table with the rows that belong to it.

    Attributes:
        above: rows over it that begin its wording.
        more: rows under it that continue it.
        cells: values by column index.
    """

    row: int
    above: list[int] = field(default_factory=list)
    more: list[int] = field(default_factory=list)
    cells: dict[int, list[Spot]] = field(default_factory=dict)

    @property
    def rows(self) -> list[int]:
        """All its rows, top to bottom."""
        return sorted([*self.above, self.row, *self.more])


@dataclass(slots=True)
class Table:
    """A table of one page.

    Attributes:
        headings: rows of the headings.
        lines: rows with money or dates, above the totals.
        totals: rows that add the columns up.
    """

    headings: list[int]
    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)


def apart(a: Box, b: Box) -> float:
    """How far two boxes stand apart from left to right; negative where they overlap."""
    return max(a.x0, b.x0) - min(a.x1, b.x1)
