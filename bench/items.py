"""Lines of invoices and quotes: which are there, and which of their cells are right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.scoring import JudgedPaper, fold_accents
from bench.tables import FigureTable, Kind, Row, divide
from bench.truth import TrueLine
from schemas.readings import LineItem
from schemas.vocabulary import DocumentType

CELLS = tuple(LineItem.model_fields)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Lines of some papers, counted.

    Attributes:
        printed: lines on the papers.
        exact: of these, lines read with every printed cell right.
        read: lines read.
        cells: printed cells, by column.
        right: of these, the right ones.
        spare: cells given where the line prints none.
    """

    printed: int
    exact: int
    read: int
    cells: Counter[str]
    right: Counter[str]
    spare: Counter[str]


def score_items(papers: Iterable[JudgedPaper]) -> ItemScore:
    """Count the lines of legible papers that have lines."""
    printed = exact = read = 0
    cells, right, spare = Counter[str](), Counter[str](), Counter[str]()
    for paper in papers:
        expected = paper.document.items
        if not expected or not paper.document.legible or paper.document.type is DocumentType.AUTRE:
            continue
        got = paper.read.line_items if paper.read else ()
        printed += len(expected)
        read += len(got)
        for line, other in align_items(expected, got):
            wanted = [name for name in CELLS if getattr(line, name) is not None]
            found = [name for name in wanted if other is not None and _same(line, other, name)]
            cells.update(wanted)
            right.update(found)
            exact += len(found) == len(wanted)
            if other is not None:
                spare.update(n for n in CELLS if getattr(line, n) is None and getattr(other, n) is not None)
    return ItemScore(printed, exact, read, cells, right, spare)


def align_items(expected: Sequence[LineItem], got: Sequence[LineItem]) -> list[tuple[LineItem, LineItem | None]]:
    """Each line of the paper with the line read for it, in order, so that the most cells agree."""
    worth = [[sum(_same(line, other, name) for name in CELLS) for other in got] for line in expected]
    best = [[0] * (len(got) + 1) for _ in range(len(expected) + 1)]
    for i in range(len(expected) - 1, -1, -1):
        for j in range(len(got) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], worth[i][j] + best[i + 1][j + 1])
    pairs: list[tuple[LineItem, LineItem | None]] = []
    i = j = 0
    while i < len(expected):
        if j < len(got) and worth[i][j] and best[i][j] == worth[i][j] + best[i + 1][j + 1]:
            pairs.append((expected[i], got[j]))
            i, j = i + 1, j + 1
        elif j < len(got) and best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((expected[i], None))
            i += 1
    return pairs


def tabulate_items(papers: Sequence[JudgedPaper]) -> dict[str, FigureTable]:
    """Lines by severity, and cells by column."""
    lines: dict[str, Row] = {}
    for severity in ("clean", "usual", "hard", "all"):
        score = score_items(p for p in papers if severity in (p.file.severity, "all"))
        if score.printed:
            lines[severity] = {
                "n lines": score.printed,
                "read": score.read,
                "line exact": divide(score.exact, score.printed),
                "n cells": sum(score.cells.values()),
                "cell right": divide(sum(score.right.values()), sum(score.cells.values())),
            }
    whole = score_items(papers)
    columns: dict[str, Row] = {
        name: {
            "n cells": whole.cells[name],
            "cell right": divide(whole.right[name], whole.cells[name]),
            "given, not printed": whole.spare[name],
        }
        for name in CELLS
        if whole.cells[name] or whole.spare[name]
    }
    counts = {"n lines": Kind.COUNT, "read": Kind.COUNT, "line exact": Kind.SHARE}
    shares = {"n cells": Kind.COUNT, "cell right": Kind.SHARE}
    note = "A line is exact when every cell that it prints is right; a wording is, with or without its detail."
    return {
        "items": FigureTable("Line items", "severity", counts | shares, lines, note),
        "cells": FigureTable("Cells of line items", "column", shares | {"given, not printed": Kind.COUNT}, columns),
    }


def _same(line: LineItem, other: LineItem, name: str) -> bool:
    """A cell is right; a wording also with the detail that is printed under it."""
    value, got = getattr(line, name), _comparable(getattr(other, name))
    if value is None:
        return False
    if _comparable(value) == got:
        return True
    detail = line.detail if name == "label" and isinstance(line, TrueLine) else None
    return detail is not None and _comparable(f"{value} {detail}") == got


def _comparable(value: object) -> object:
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if not isinstance(value, str):
        return value
    return re.sub(r"[^A-Z0-9]", "", fold_accents(value))
