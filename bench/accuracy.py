"""How much of what is printed is read right, by field, channel, severity, type and layout split."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.scoring import Judgement, Scores, Verdict, count_verdicts, find_coverage, judge_set
from bench.truth import TrueFile, load_truth
from extractors.pool import ReaderPool
from schemas.readings import FileReading

_BY: dict[str, Callable[[Judgement], str]] = {
    "severity": lambda judged: judged.file.severity,
    "channel": lambda judged: judged.file.channel,
    "layouts": lambda judged: judged.file.split,
    "type": lambda judged: judged.document.type.value,
    "field": lambda judged: judged.field.value,
}
#: Precision that the coverage is given for.
_PRECISION = 0.995


def measure_accuracy(papers: Path, jobs: int, console: Console) -> dict[str, Any]:
    """Read a set of papers, judge every field, print the tables, return them as data."""
    truth = load_truth(papers)
    readings = _read_all(truth, jobs or len(os.sched_getaffinity(0)), console)
    scores = judge_set(truth, readings)
    result: dict[str, Any] = {"papers": str(papers), "files": scores.files}
    for name, key in _BY.items():
        counts = count_verdicts(scores.judgements, key)
        result[name] = {value: dict(count) for value, count in counts.items()}
        console.print(_make_table(name, counts))
    result["documents"] = _print_documents(scores, console)
    coverage, threshold = find_coverage(scores.judgements, _PRECISION)
    result["coverage"] = {"precision": _PRECISION, "share": coverage, "threshold": threshold}
    where = "no threshold reaches it" if threshold is None else f"confidence at least {threshold:.3f}"
    console.print(f"Coverage at {_PRECISION:.1%} precision: {coverage:.1%} of the printed values ({where})")
    return result


def _read_all(truth: list[TrueFile], jobs: int, console: Console) -> dict[str, FileReading]:
    with ReaderPool(readers=jobs) as pool:
        futures = {file.id: pool.submit(file.path, file.id) for file in truth}
        return {
            name: future.result().reading
            for name, future in track(futures.items(), "reading", console=console, transient=True)
        }


def _make_table(name: str, counts: dict[str, Counter[Verdict]]) -> Table:
    table = Table(title=f"Fields by {name}", title_justify="left")
    table.add_column(name)
    for heading in ("n printed", "right", "wrong", "missed", "spurious", "invented", "exact", "precision"):
        table.add_column(heading, justify="right")
    rows = [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))] if name == "severity" else None
    for value, count in rows or sorted(counts.items()):
        printed = count[Verdict.CORRECT] + count[Verdict.WRONG] + count[Verdict.MISSED]
        given = printed - count[Verdict.MISSED] + count[Verdict.SPURIOUS] + count[Verdict.INVENTED]
        table.add_row(
            value,
            str(printed),
            str(count[Verdict.CORRECT]),
            str(count[Verdict.WRONG]),
            str(count[Verdict.MISSED]),
            str(count[Verdict.SPURIOUS]),
            str(count[Verdict.INVENTED]),
            _share(count[Verdict.CORRECT], printed),
            _share(count[Verdict.CORRECT], given),
        )
    return table


def _print_documents(scores: Scores, console: Console) -> dict[str, Any]:
    right = sum(document.type is found for _, document, found in scores.types)
    confused = Counter(
        (d.type.value, found.value if found else "none") for _, d, found in scores.types if d.type != found
    )
    console.print(
        f"Document type right: {_share(right, len(scores.types))} of n = {len(scores.types)} legible papers; "
        f"pages grouped right: {_share(scores.grouped_right, scores.files)} of n = {scores.files} files"
    )
    for (expected, got), count in confused.most_common(10):
        console.print(f"  {expected} read as {got}: {count}")
    return {
        "legible": len(scores.types),
        "type_right": right,
        "grouped_right": scores.grouped_right,
        "confused": [{"expected": a, "got": b, "n": n} for (a, b), n in confused.most_common()],
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"
