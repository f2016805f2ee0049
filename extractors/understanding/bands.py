"""Which words of a table stand in which column.

A heading is often narrower than what stands under it, and at the left, in the middle or at the right of it. The
border between two columns therefore runs where the lines of the table leave the page white.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.understanding.layout import Row
from extractors.understanding.sheet import Sheet
from extractors.understanding.table_parts import Line, Table
from schemas.readings import Word

#: Two words so many heights apart are no phrase, and a border may run between them at no cost.
_PHRASE_GAP = 1.45
#: What it costs to run between two words that touch; through a word costs 1.
_SPLIT = 0.6
#: Part of a word's width at its ends that a border may cut: boxes of words are not exact.
_EDGE = 0.1
#: A white place narrower than so many heights is hardly one.
_HAIR = 0.2
#: A table begins so many heights left of its first heading, and ends so many right of its last, at most.
_MARGIN = 0.5
_TAIL = 3.0


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the columns of a table run.

    Attributes:
        edges: borders from left to right, one more than there are columns.
        roles: of the columns.
    """

    edges: tuple[float, ...]
    roles: tuple[str, ...]

    def holds(self, word: Word, roles: frozenset[str]) -> bool:
        """A word stands in a column of one of some roles."""
        middle = word.box.center.x
        return any(
            left <= middle < right and role in roles
            for (left, right), role in zip(pairwise(self.edges), self.roles, strict=True)
        )


def measure_bands(sheet: Sheet, table: Table) -> Bands:
    """Find the borders of the columns of a table.

    Args:
        sheet: the page.
        table: of it; its columns stand from left to right.
    """
    columns = table.columns
    # two headings are no phrase, however near they stand
    rows = [_measure_row(sheet.rows[index], _SPLIT) for line in table.lines for index in line.rows]
    rows += [_measure_row(sheet.rows[index], 0.0) for index in table.headings]
    inner: list[float] = []
    for before, after in pairwise(columns):
        low, high = before.box.x0, after.box.x1
        inner.append(_find_border(rows, max(low, inner[-1] if inner else low), high, sheet.height))
    roles = tuple(column.role for column in columns)
    return Bands((_left_edge(sheet, table), *inner, _right_edge(sheet, table)), roles)


def read_band(sheet: Sheet, bands: Bands, line: Line, role: str) -> str:
    """Words of a line's own row in the columns of a role."""
    wanted = frozenset({role})
    return " ".join(word.text for word in sheet.rows[line.row].words if bands.holds(word, wanted))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A row as far as borders are concerned: its words from left to right.

    Attributes:
        middles: of the words.
        cores: of the words, from and to, without what a border may cut.
        spans: of the words, from and to.
        split: what it costs to run between two words of it that touch.
    """

    middles: tuple[float, ...]
    cores: tuple[tuple[float, float], ...]
    spans: tuple[tuple[float, float], ...]
    split: float

    def cost_of(self, place: float, height: float) -> float:
        """What a border there costs this row."""
        index = bisect_left(self.middles, place)
        if any(left < place < right for left, right in self.cores[max(0, index - 1) : index + 1]):
            return 1.0
        if not self.split or not 0 < index < len(self.middles):
            return 0.0
        gap = (self.spans[index][0] - self.spans[index - 1][1]) / max(height, 1e-6)
        return self.split * max(0.0, 1 - max(0.0, gap) / _PHRASE_GAP)


def _measure_row(row: Row, split: float) -> _Measured:
    boxes = sorted((word.box for word in row.words), key=lambda box: box.center.x)
    return _Measured(
        tuple(box.center.x for box in boxes),
        tuple((box.x0 + _EDGE * box.width, box.x1 - _EDGE * box.width) for box in boxes),
        tuple((box.x0, box.x1) for box in boxes),
        split,
    )


def _find_border(rows: Sequence[_Measured], low: float, high: float, height: float) -> float:
    """The place between two headings that cuts the fewest words and phrases; of equals, the middle of the widest."""
    if high <= low:
        return low
    inside = {end for row in rows for core in row.cores for end in core if low < end < high}
    best: tuple[float, float] | None = None
    place = (low + high) / 2
    run: tuple[float, float, float] | None = None
    for left, right in pairwise(sorted({low, high, *inside})):
        cost = round(sum(row.cost_of((left + right) / 2, height) for row in rows), 3)
        run = (run[0], right, cost) if run and run[2] == cost else (left, right, cost)
        rank = (cost + _SPLIT * (run[1] - run[0] < _HAIR * height), run[0] - run[1])
        if best is None or rank < best:
            best, place = rank, (run[0] + run[1]) / 2
    return place


def _left_edge(sheet: Sheet, table: Table) -> float:
    """Left of the first heading; left of what stands under it where the lines begin further left than it does."""
    first = table.columns[0].box
    second = table.columns[1].box.x0 if len(table.columns) > 1 else first.x1
    starts = sorted(
        cell.box.x0
        for line in table.lines
        for cell in sheet.rows[line.row].cells[:1]
        if cell.box.x0 < second and cell.box.x1 > first.x0
    )
    usual = starts[len(starts) // 2] if starts else first.x0
    return min(first.x0, usual) - _MARGIN * sheet.height


def _right_edge(sheet: Sheet, table: Table) -> float:
    last = table.columns[-1].box
    ends = [
        cell.box.x1
        for line in table.lines
        for cell in sheet.rows[line.row].cells
        if cell.box.x0 < last.x1 + _TAIL * sheet.height
    ]
    return max(last.x1 + _TAIL * sheet.height, *ends) if ends else last.x1 + _TAIL * sheet.height
