"""How much of what is printed is read right, by field, channel, severity, type and layout split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from bench.scoring import Judgement, Scores, Verdict, count_verdicts
from bench.tables import FigureTable, Kind, Row, divide
from schemas.vocabulary import DocumentType

_BY: dict[str, Callable[[Judgement], str]] = {
    "severity": lambda judged: judged.file.severity,
    "channel": lambda judged: judged.file.channel,
    "channel and severity": lambda judged: f"{judged.file.channel}, {judged.file.severity}",
    "layouts": lambda judged: judged.file.split,
    "type": lambda judged: judged.paper.document.type.value,
    "field": lambda judged: judged.field.value,
}
_SEVERITIES = ("clean", "usual", "hard", "illegible")
_COLUMNS = {
    "n printed": Kind.COUNT,
    "exact": Kind.SHARE,
    "precision": Kind.SHARE,
    "wrong": Kind.COUNT,
    "missed": Kind.COUNT,
    "spurious": Kind.COUNT,
    "invented": Kind.COUNT,
}


def tabulate_fields(scores: Scores) -> dict[str, FigureTable]:
    """Field values, counted in every way that tells something."""
    tables = {}
    for name, key in _BY.items():
        counts = count_verdicts(scores.judgements, key)
        order = [value for value in _SEVERITIES if value in counts] if name == "severity" else sorted(counts)
        rows: dict[str, Row] = {
            value: describe_verdicts(counts[value])
            for value in order
            if any(count for verdict, count in counts[value].items() if verdict is not Verdict.RIGHTLY_ABSENT)
        }
        if name == "severity":
            rows["all"] = describe_verdicts(sum(counts.values(), Counter()))
        tables[name] = FigureTable(f"Fields by {name}", name, _COLUMNS, rows)
    return tables


def describe_verdicts(count: Counter[Verdict]) -> Row:
    """Exact matches among what is printed, and among what was answered."""
    printed = count[Verdict.CORRECT] + count[Verdict.WRONG] + count[Verdict.MISSED]
    given = printed - count[Verdict.MISSED] + count[Verdict.SPURIOUS] + count[Verdict.INVENTED]
    return {
        "n printed": printed,
        "exact": divide(count[Verdict.CORRECT], printed),
        "precision": divide(count[Verdict.CORRECT], given),
        "wrong": count[Verdict.WRONG],
        "missed": count[Verdict.MISSED],
        "spurious": count[Verdict.SPURIOUS],
        "invented": count[Verdict.INVENTED],
    }


def tabulate_papers(scores: Scores) -> dict[str, FigureTable]:
    """Types, grouping of pages, and legibility, which are judged by paper or by file."""
    return {
        "types": _tabulate_types(scores),
        "confusions": _tabulate_confusions(scores),
        "grouping": _tabulate_grouping(scores),
        "legibility": _tabulate_legibility(scores),
    }


def _tabulate_types(scores: Scores) -> FigureTable:
    right: dict[str, list[bool]] = {}
    for paper in scores.papers:
        if paper.document.legible:
            same = paper.read is not None and paper.read.type is paper.document.type
            for row in ("all", paper.file.severity, paper.document.type.value):
                right.setdefault(row, []).append(same)
    order = ["all", *_SEVERITIES, *(kind.value for kind in DocumentType)]
    rows: dict[str, Row] = {
        row: {"n legible papers": len(right[row]), "type right": divide(sum(right[row]), len(right[row]))}
        for row in order
        if row in right
    }
    return FigureTable("Document types", "papers", {"n legible papers": Kind.COUNT, "type right": Kind.SHARE}, rows)


def _tabulate_confusions(scores: Scores) -> FigureTable:
    confused = Counter(
        f"{paper.document.type.value} as {paper.read.type.value if paper.read else 'nothing'}"
        for paper in scores.papers
        if paper.document.legible and (paper.read is None or paper.read.type is not paper.document.type)
    )
    rows: dict[str, Row] = {what: {"n": n} for what, n in confused.most_common()}
    return FigureTable("Types confused", "what", {"n": Kind.COUNT}, rows)


def _tabulate_grouping(scores: Scores) -> FigureTable:
    right: dict[str, list[bool]] = {}
    for file, same in scores.grouped:
        several = len(file.documents) > 1
        kind = "several papers" if several else "one paper, several pages" if file.page_count > 1 else "one page"
        right.setdefault(kind, []).append(same)
        right.setdefault("all", []).append(same)
    order = ("all", "one page", "one paper, several pages", "several papers")
    rows: dict[str, Row] = {
        row: {"n files": len(right[row]), "grouped right": divide(sum(right[row]), len(right[row]))}
        for row in order
        if row in right
    }
    return FigureTable("Pages put together", "files", {"n files": Kind.COUNT, "grouped right": Kind.SHARE}, rows)


def _tabulate_legibility(scores: Scores) -> FigureTable:
    rows: dict[str, Row] = {}
    for severity in _SEVERITIES:
        papers = [paper for paper in scores.papers if paper.file.severity == severity]
        if not papers:
            continue
        given = [
            sum(field.value is not None for field in paper.read.fields.values()) if paper.read else 0
            for paper in papers
        ]
        refused = sum(paper.read is None or not paper.read.legible for paper in papers)
        on_illegible = sum(n for n, paper in zip(given, papers, strict=True) if not paper.document.legible)
        rows[severity] = {
            "n papers": len(papers),
            "illegible": sum(not paper.document.legible for paper in papers),
            "called illegible": refused,
            "values on illegible papers": on_illegible,
        }
    columns = dict.fromkeys(("n papers", "illegible", "called illegible", "values on illegible papers"), Kind.COUNT)
    return FigureTable("Legibility", "severity", columns, rows)
