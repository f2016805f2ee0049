"""Labels that break over two lines: "Date de" over "naissance", beside or over their value.

Narrow columns of a letterhead wrap a label as they wrap any text. Its halves say little, or something else ("Date"), so
they are read as one where together they are a label that neither is alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit, load_lexicon
from schemas.geometry import Box

#: Longer halves are text, not a label.
_MOST_WORDS = 4
#: The first half ends where a value or a gap begins; a half with digits is a value itself.
_HEAD = re.compile(r"[^\W\d_][^\d\t\n:]*")
_TAIL = re.compile(r"[^\W\d_][^\d\n:]*")
#: A label breaks over no more rows.
_MOST_ROWS = 3
_CLOCK = re.compile(r"\d{1,2}[:hH]\d\d")


def join_wrapped(rows: Sequence[Row], hits: list[list[Hit]], height: float) -> None:
    """Give the halves of a wrapped label the meaning of the whole.

    Args:
        rows: of a page.
        hits: cues of each row, changed in place: the whole takes the place of what its halves say.
        height: usual height of a word.
    """
    for row in rows[:-1]:
        for cell in row.cells:
            head = _HEAD.match(row.text, cell.start, cell.end)
            if head is None or row.text[head.end() : head.end() + 1] == ":":
                continue
            if _is_whole(hits[row.index], head):
                continue
            parts = [_Part(row, head.start(), head.start() + len(head.group().rstrip()))]
            while len(parts) < _MOST_ROWS and (tail := _find_tail(parts[-1], rows, height)):
                parts.append(tail)
                if _join(parts, hits) or _ends(tail):
                    break


def _is_whole(hits: Sequence[Hit], head: re.Match[str]) -> bool:
    """The words are a label of two words or more already: "Décompte du"."""
    return any(
        hit.cue.family == "label"
        and hit.cue.weight == 1
        and hit.words > 1
        and head.start() <= hit.start
        and hit.end >= head.start() + len(head.group().rstrip(" .\t"))
        for hit in hits
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Some words of a label, in one row."""

    row: Row
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.row.text[self.start : self.end]

    @property
    def box(self) -> Box:
        return self.row.box_between(self.start, self.end)


def _ends(part: _Part) -> bool:
    return part.row.text[part.end :].lstrip(" \t")[:1] == ":"


def _find_tail(part: _Part, rows: Sequence[Row], height: float) -> _Part | None:
    """The words right under a part, on its left or right edge, where they fill a cell that announces no value."""
    for near in rows[part.row.index + 1 : part.row.index + 3]:
        if near.box.y0 - part.row.box.y1 > 0.9 * height:
            return None
        for cell in near.cells:
            words = _TAIL.match(near.text, cell.start, cell.end)
            if words is None or _CLOCK.sub("", near.text[words.end() : cell.end]).strip(" :\t"):
                continue
            tail = _Part(near, words.start(), words.start() + len(words.group().rstrip(" \t")))
            if _is_under(part.box, tail.box, height):
                return None if _has_value(tail) else tail
    return None


def _is_under(over: Box, under: Box, height: float) -> bool:
    edge = 0.8 * height  # a mark behind one of them counts in its place
    return (
        abs(over.x0 - under.x0) < edge
        or abs(over.x1 - under.x1) < edge
        or (abs(over.center.x - under.center.x) < edge and min(over.x1, under.x1) > max(over.x0, under.x0))
    )


def _join(parts: Sequence[_Part], hits: list[list[Hit]]) -> bool:
    """Give parts their meaning as one label, in the row of its value; False where they are none."""
    if any(len(part.text.split()) > _MOST_WORDS for part in parts):
        return False
    halves = [part.text.rstrip(" .\t") for part in parts]
    text = " ".join(halves)
    seam = len(text) - len(halves[-1])
    whole = [
        hit for hit in load_lexicon().read_labels(text) if hit.start == 0 and hit.end > seam and hit.end == len(text)
    ]
    if not whole:
        return False
    for part in parts:
        index = part.row.index
        hits[index] = [hit for hit in hits[index] if not _is_label_in(hit, part)]
    person = any(hit.cue.role.startswith("person.") for hit in whole)
    beside = next((part for part in parts if _has_value(part) or (person and _has_words(part))), parts[-1])
    index = beside.row.index
    hits[index].extend(replace(hit, row=index, start=beside.start, end=beside.end) for hit in whole)
    hits[index].sort(key=lambda hit: (hit.start, hit.end))
    return True


def _is_label_in(hit: Hit, part: _Part) -> bool:
    return hit.cue.family == "label" and part.start <= hit.start and hit.end <= part.end


def _has_words(part: _Part) -> bool:
    """Words follow a part in its cell or the next: a name."""
    row = part.row
    cell = min(row.cell_of(max(0, part.end - 1)) + 1, len(row.cells) - 1)
    return any(char.isalpha() for char in row.text[part.end : row.cells[cell].end])


def _has_value(part: _Part) -> bool:
    """Figures are the next thing behind a part: in its cell or the next."""
    row = part.row
    cell = min(row.cell_of(max(0, part.end - 1)) + 1, len(row.cells) - 1)
    return bool(re.search(r"\d\d", _CLOCK.sub("", row.text[part.end : row.cells[cell].end])))
