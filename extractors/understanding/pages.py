"""Which pages make one paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.understanding.classify import TypeGuess, classify_pages, is_title
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import fold
from schemas.readings import Source
from schemas.vocabulary import DocumentType

_MARK = re.compile(
    r"\b(?:page|pages|p\.?|feuillet|feuille|folio|pg)[ \t]*(?:n°|no)?[ \t:]*"
    r"(?P<n>\d{1,2})[ \t]*(?:/|sur|de|\\|\|)[ \t]*(?P<of>\d{1,2})\b",
    re.IGNORECASE,
)
_BARE_MARK = re.compile(r"^[-– \t]*(?P<n>\d{1,2})[ \t]*(?:/|sur)[ \t]*(?P<of>\d{1,2})[-– \t]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageMark:
    """A printed "Page 1/2"."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Pages of one paper, first page first."""

    sheets: tuple[Sheet, ...]
    marks: tuple[PageMark | None, ...]

    @property
    def first_mark(self) -> PageMark | None:
        """The mark of the first page here that has one."""
        return next((mark for mark in self.marks if mark), None)

    @property
    def missing(self) -> bool:
        """The print says that pages exist which are not here."""
        counts = [mark.count for mark in self.marks if mark]
        if not counts:
            return False
        numbers = {mark.number for mark in self.marks if mark}
        unmarked = sum(mark is None for mark in self.marks)
        return len(numbers) + unmarked < max(counts)


def find_page_mark(sheet: Sheet) -> PageMark | None:
    """The "Page 1/2" of a page; a bare "1/2" counts only alone at the very top or bottom."""
    for row in reversed(sheet.rows):
        match = _MARK.search(row.text)
        if match:
            mark = _mark(match)
            if mark:
                return mark
    edges = [*sheet.rows[:2], *sheet.rows[-2:]]
    for row in edges:
        for index in range(len(row.cells)):
            match = _BARE_MARK.match(row.cell_text(index))
            mark = _mark(match) if match else None
            if mark:
                return mark
    return None


def _mark(match: re.Match[str]) -> PageMark | None:
    number, count = int(match.group("n")), int(match.group("of"))
    return PageMark(number, count) if 1 <= number <= count <= 60 else None


def group_pages(sheets: Sequence[Sheet]) -> list[PageGroup]:
    """Sort the pages of a file into papers, in the order of their first pages.

    Printed marks decide first, then the same number and issuer, then the look of a continuation. Two sheets of one
    page are two papers unless their marks say otherwise.
    """
    marks = [find_page_mark(sheet) for sheet in sheets]
    guesses = [classify_pages([sheet]) for sheet in sheets]
    keys = [_keys(sheet) for sheet in sheets]
    groups: list[list[int]] = []
    for index in range(len(sheets)):
        home = _home(index, groups, sheets, marks, guesses, keys)
        if home is None:
            groups.append([index])
        else:
            home.append(index)
    result = []
    for group in groups:
        ordered = _in_order(group, marks)
        result.append(PageGroup(tuple(sheets[i] for i in ordered), tuple(marks[i] for i in ordered)))
    return result


def join_pages(sheets: Sequence[Sheet]) -> PageGroup:
    """All the pages as one paper, by their printed numbers where every one has one, else in the order given."""
    marks = [find_page_mark(sheet) for sheet in sheets]
    ordered = _in_order(list(range(len(sheets))), marks)
    return PageGroup(tuple(sheets[i] for i in ordered), tuple(marks[i] for i in ordered))


def _in_order(group: list[int], marks: Sequence[PageMark | None]) -> list[int]:
    """Pages by their printed numbers where every one has one, else as they came."""
    numbered = [(mark.number, index) for index in group if (mark := marks[index])]
    return [index for _, index in sorted(numbered)] if len(numbered) == len(group) else group


def _home(
    index: int,
    groups: list[list[int]],
    sheets: Sequence[Sheet],
    marks: Sequence[PageMark | None],
    guesses: Sequence[TypeGuess],
    keys: Sequence[frozenset[str]],
) -> list[int] | None:
    mark = marks[index]
    for group in reversed(groups):
        others = [marks[i] for i in group if marks[i]]
        shared = keys[index] & frozenset().union(*(keys[i] for i in group))
        near = group[-1] == index - 1
        if mark and others:
            fits = all(other and other.count == mark.count and other.number != mark.number for other in others)
            opposed = _opposed(guesses[index], guesses[group[0]])
            if fits and mark.count > 1 and (shared or (near and not opposed)):
                return group
            continue
        if mark and mark.number == 1:
            continue
        if sheets[index].page.page == sheets[group[-1]].page.page:
            continue
        if near and not others and _continues(sheets[index], guesses[index], guesses[group[-1]], bool(shared)):
            return group
    return None


def _opposed(a: TypeGuess, b: TypeGuess) -> bool:
    sure = a.confidence > 0.8 and b.confidence > 0.8
    return sure and a.type is not b.type and DocumentType.AUTRE not in (a.type, b.type)


def _continues(sheet: Sheet, guess: TypeGuess, before: TypeGuess, shared: bool) -> bool:
    """No title of its own, and either the same references or words that only a second page begins with."""
    titled = any(is_title(sheet, hit) for hit in sheet.hits_of("nature"))
    head = fold(" ".join(row.text for row in sheet.rows[:4]))
    announced = bool(re.search(r"\bsuite\b|\breport\b", head))
    if titled and not announced:
        return False
    if announced:
        return True
    return shared and guess.type in (before.type, DocumentType.AUTRE)


def _keys(sheet: Sheet) -> frozenset[str]:
    """What two pages of one paper have in common: numbers of the issuer and of the paper."""
    keys = {
        f"{spot.kind}:{spot.value}"
        for spot in sheet.spots_of(SpotKind.SIRET, SpotKind.FINESS, SpotKind.RPPS)
        if spot.valid or sheet.page.source is Source.TEXT_LAYER
    }
    for hit in sheet.hits_of("label", "number.document"):
        text = sheet.rows[hit.row].text[hit.end : hit.end + 30]
        match = re.match(r"[ \t\n:°–-]*(?P<n>[A-Z0-9][\w./-]*\d[\w./-]*)", text)
        if match and len(match.group("n")) >= 4:
            keys.add(f"number:{match.group('n').upper()}")
    return frozenset(keys)
