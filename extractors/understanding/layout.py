"""Rows and cells of a page, from the boxes of its words.

Every distance is measured in heights of the words around, because pages come in pixels or in points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extractors.understanding.glued import part_glued
from extractors.understanding.spaced import join_spaced
from extractors.understanding.straighten import measure_drift
from schemas.geometry import Box, Polygon, bound_boxes
from schemas.readings import PageReading, Source, Word

#: Between two words: up to this many heights is a space inside a number, beyond the second a new cell.
_TIGHT_GAP = 0.62
_CELL_GAP = 1.45
#: What stands for the three sizes of gap in the text of a row. No pattern may cross CELL_BREAK.
TIGHT, WIDE, CELL_BREAK = " ", "\t", "\n"

#: Two words of one row share so much of the lower one's height, and their middles are so far apart (in the same); less
#: and farther where they follow each other on a line of the page, this many heights apart at most.
_CLOSE = 0.7
_LEAST_SHARED, _MOST_OFF = {False: 0.55, True: 0.4}, {False: 0.55, True: 0.75}

_RULES = re.compile(r"^[_.…·|\-–—=~*:;,'\"]{2,}$|^\|$")


@dataclass(frozen=True, slots=True)
class Span:
    """Some consecutive letters of a row."""

    row: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of a row without a large gap between them.

    Attributes:
        first: index of the first word in the row.
        last: index of the last word in the row, included.
    """

    first: int
    last: int
    start: int
    end: int
    box: Box


@dataclass(slots=True)
class Row:
    """Words side by side, left to right.

    Attributes:
        index: place in the page, from the top.
        text: the words joined by TIGHT, WIDE or CELL_BREAK according to the gap between them.
        starts: where each word begins in ``text``.
        height: usual height of its words.
    """

    index: int
    words: list[Word]
    text: str = ""
    starts: list[int] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    height: float = 1.0

    def word_at(self, offset: int) -> int:
        """Index of the word that holds a letter of ``text``."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def words_between(self, start: int, end: int) -> list[Word]:
        """Words of some letters."""
        if end <= start:
            return []
        return self.words[self.word_at(start) : self.word_at(end - 1) + 1]

    def box_between(self, start: int, end: int) -> Box:
        """Place of some letters; inside one word it is measured in proportion of its letters."""
        first, last = self.word_at(start), self.word_at(max(start, end - 1))
        left, right = self.words[first], self.words[last]
        box = bound_boxes(word.box for word in self.words[first : last + 1])
        skipped = (start - self.starts[first]) / max(1, len(left.text))
        dropped = (self.starts[last] + len(right.text) - end) / max(1, len(right.text))
        x0 = left.box.x0 + max(0.0, skipped) * left.box.width
        x1 = right.box.x1 - max(0.0, dropped) * right.box.width
        return Box(x0, box.y0, max(x0, x1), box.y1)

    def cell_of(self, offset: int) -> int:
        """Index of the cell that holds a letter of ``text``."""
        for index, cell in enumerate(self.cells):
            if offset < cell.end:
                return index
        return len(self.cells) - 1

    def cell_words(self, index: int) -> list[Word]:
        """Words of a cell."""
        return self.words[self.cells[index].first : self.cells[index].last + 1]

    def cell_text(self, index: int) -> str:
        """Letters of a cell."""
        cell = self.cells[index]
        return self.text[cell.start : cell.end]


def lay_out(page: PageReading) -> list[Row]:
    """Sort the words of a page into rows of cells, top to bottom.

    Args:
        page: words in the upright frame; their order does not matter.
    """
    words = list(part_glued(word for word in page.words if not _RULES.match(word.text)))
    if not words:
        return []
    groups = _group_rows(words, {})
    usual = median(word.box.height for word in words)
    if page.source is not Source.TEXT_LAYER:
        drift = measure_drift(groups, usual)
        if drift:
            groups = _group_rows(words, drift)
    groups = [join_spaced(group) for group in groups]
    spacing = _usual_gap(groups)
    rows = []
    for index, group in enumerate(groups):
        row = Row(index=index, words=group)
        _fill_row(row, usual, spacing)
        rows.append(row)
    return rows


def _group_rows(words: Sequence[Word], drift: Mapping[int, float]) -> list[list[Word]]:
    level = {id(word): _lift(word.box, drift.get(id(word), 0.0)) for word in words}
    # Marks (":", "-") come last: they are too small to tell where a line runs.
    ordered = sorted(words, key=lambda word: (_is_mark(word), level[id(word)].y0 + level[id(word)].y1, word.box.x0))
    groups: list[list[Word]] = []
    reach: dict[int, tuple[float, float]] = {}  # of each group, so that far ones cost nothing
    for word in ordered:
        mark = _is_mark(word)
        best: tuple[float, list[Word]] | None = None
        top, foot = level[id(word)].y0, level[id(word)].y1
        for group in groups if mark else groups[-8:]:
            if foot < reach[id(group)][0] or top > reach[id(group)][1]:
                continue
            near = min(group, key=lambda other: _x_gap(other.box, word.box))
            line, box = level[id(near)], level[id(word)]
            close = near.line == word.line and _x_gap(line, box) < _CLOSE * box.height
            cost = _mark_cost(line, box) if mark else _row_cost(line, box, close=close)
            if cost is None or any(_x_gap(other.box, word.box) < -_most_shared(other.box, word.box) for other in group):
                continue
            if best is None or cost < best[0]:
                best = (cost, group)
        group = [] if best is None else best[1]
        if best is None:
            groups.append(group)
        group.append(word)
        slack = 0.3 * (foot - top)  # marks may stand as far under their line
        high, low = reach.get(id(group), (top - slack, foot + slack))
        reach[id(group)] = min(high, top - slack), max(low, foot + slack)
    for group in groups:
        group.sort(key=lambda word: word.box.x0)
    groups.sort(key=lambda group: median(level[id(word)].y0 + level[id(word)].y1 for word in group))
    return groups


def _lift(box: Box, drift: float) -> Box:
    return Box(box.x0, box.y0 - drift, box.x1, box.y1 - drift) if drift else box


def _x_gap(a: Box, b: Box) -> float:
    return max(a.x0 - b.x1, b.x0 - a.x1)


def _most_shared(a: Box, b: Box) -> float:
    """How far a word may reach into its neighbour: boxes of single letters are drawn as wide as they are guessed."""
    return max(0.3 * b.width, 0.5 * min(a.height, b.height))


def _row_cost(a: Box, b: Box, *, close: bool) -> float | None:
    """How far two boxes are from standing on one line, None when they do not.

    Args:
        a: of a word.
        b: of another.
        close: one follows the other on a line of the page; dirt under a word makes its box taller.
    """
    small = max(1e-6, min(a.height, b.height))
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    tall = max(a.height, b.height)
    # a pen writes larger than the print beside it: the two share the line they stand on, not their middle
    off = abs(a.center.y - b.center.y)
    if tall > 1.6 * small:
        off = min(off, abs(a.y1 - b.y1))
    if overlap < _LEAST_SHARED[close] * small or off > _MOST_OFF[close] * max(small, 0.6 * tall):
        return None
    return off / small


def _is_mark(word: Word) -> bool:
    return not any(char.isalnum() for char in word.text)


def _mark_cost(line: Box, mark: Box) -> float | None:
    """A mark belongs to the line whose height holds its middle."""
    middle = mark.center.y
    if not line.y0 - 0.1 * line.height <= middle <= line.y1 + 0.3 * line.height:
        return None
    return abs(middle - line.center.y) / max(1e-6, line.height)


def _usual_gap(rows: Sequence[Sequence[Word]]) -> float:
    """Usual gap between words of one phrase, in heights: wide in typewriter letters."""
    gaps = []
    for row in rows:
        for before, after in pairwise(row):
            height = max(before.box.height, after.box.height, 1e-6)
            gap = (after.box.x0 - before.box.x1) / height
            if 0 < gap < 1.45:
                gaps.append(gap)
    return median(gaps) if len(gaps) >= 8 else 0.3


def _fill_row(row: Row, usual: float, spacing: float) -> None:
    heights = sorted(word.box.height for word in row.words)
    row.height = max(heights[int(0.7 * (len(heights) - 1))], 0.5 * usual)
    row.box = bound_boxes(word.box for word in row.words)
    parts: list[str] = []
    offset = first = 0
    cells: list[tuple[int, int]] = []
    for index, word in enumerate(row.words):
        if index:
            before = row.words[index - 1]
            gap = word.box.x0 - before.box.x1
            small, large = sorted((word.box.height, before.box.height))
            height = max(0.5 * row.height, small, 0.6 * large, 0.6 * usual)
            if _is_mark(word) or _is_mark(before):
                height = max(height, row.height)
            if gap > max(_CELL_GAP, 2.4 * spacing) * height:
                parts.append(CELL_BREAK)
                cells.append((first, index - 1))
                first = index
            else:
                parts.append(TIGHT if gap <= max(_TIGHT_GAP, 1.3 * spacing) * height else WIDE)
            offset += 1
        row.starts.append(offset)
        parts.append(word.text)
        offset += len(word.text)
    cells.append((first, len(row.words) - 1))
    row.text = "".join(parts)
    row.cells = [
        Cell(
            first=a,
            last=b,
            start=row.starts[a],
            end=row.starts[b] + len(row.words[b].text),
            box=bound_boxes(word.box for word in row.words[a : b + 1]),
        )
        for a, b in cells
    ]


def join_polygon(words: Sequence[Word]) -> Polygon:
    """Place, in the received frame, of words that follow each other on a line."""
    first, last = words[0].polygon, words[-1].polygon
    return (first[0], last[1], last[2], first[3])
