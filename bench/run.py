"""The parts of the bench, one after the other, over sets of papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.ablation import measure_ablation
from bench.accuracy import describe_verdicts, tabulate_fields, tabulate_papers
from bench.calibration import measure_calibration_error, sort_into_bins, tabulate_calibration
from bench.costs import tabulate_costs
from bench.failures import list_failures, tabulate_failures
from bench.items import score_items, tabulate_items
from bench.measured import read_set, use_one_thread
from bench.papers import PaperSet
from bench.pictures import cut_failures
from bench.scoring import Scores, judge_set
from bench.selective import PRECISION, find_coverage, tabulate_coverage
from bench.speed import measure_speed
from bench.tables import FigureTable, Kind, Row, divide, print_table
from schemas.readings import READER_VERSION

PARTS = ("accuracy", "calibration", "speed", "ablation")
_PICTURES_OF_A_CLASS = 4


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and how long it may take.

    Attributes:
        only: some of ``PARTS``; all of them when empty.
        jobs: reader processes.
        pages: pictures of each kind that are timed.
        rounds: how often each of them is.
        ablation_files: pictures read with and without each step.
        pictures: folder for pictures of failures, if they are wanted.
    """

    only: tuple[str, ...] = ()
    jobs: int = 1
    pages: int = 8
    rounds: int = 2
    ablation_files: int = 20
    pictures: Path | None = None

    def want(self, *parts: str) -> bool:
        """One of these parts is asked for."""
        return not self.only or any(part in self.only for part in parts)


def run_bench(sets: Sequence[PaperSet], options: Options, console: Console) -> dict[str, Any]:
    """Measure, print every table as soon as it is there, and return them all as data.

    Time is measured on the first set, the rest on each.
    """
    tables: dict[str, FigureTable] = {}
    failures: dict[str, dict[str, str]] = {}
    summaries: dict[str, Row] = {}

    def add(name: str, more: Mapping[str, FigureTable]) -> None:
        for key, table in more.items():
            if table.rows:
                tables[f"{name}/{key}"] = table
                print_table(table, console)

    timed = sets[:1]
    if options.want("accuracy", "calibration", "speed"):
        for papers in sets if options.want("accuracy", "calibration") else timed:
            console.rule(f"{papers.name}: {len(papers.files)} files")
            measured = read_set(papers.files, options.jobs, console, f"reading ({papers.name})")
            scores = judge_set(papers.files, {name: own.reading for name, own in measured.items()})
            if options.want("accuracy", "calibration"):
                summaries[papers.name] = summarise(scores)
            if options.want("accuracy"):
                add(papers.name, tabulate_accuracy(scores))
                failures[papers.name] = list_failures(scores)
            if options.want("calibration"):
                add(papers.name, tabulate_confidence(scores))
            if options.want("speed"):
                add(papers.name, tabulate_costs(papers.files, measured, options.jobs))
            if options.pictures:
                for line in cut_failures(scores.judgements, options.pictures / papers.name, _PICTURES_OF_A_CLASS):
                    console.print(line, highlight=False)
    if summaries:
        add("sets", {"summary": tabulate_summary(summaries)})
    use_one_thread()
    for papers in timed:
        if options.want("speed"):
            console.rule(f"speed: {papers.name}")
            add("speed", measure_speed(papers.files, options.pages, options.rounds, console))
        if options.want("ablation"):
            console.rule(f"ablation: {papers.name}")
            add("ablation", measure_ablation(papers.files, options.ablation_files, console))
    return {
        "reader": READER_VERSION,
        "parts": [part for part in PARTS if options.want(part)],
        "sets": {papers.name: len(papers.files) for papers in sets},
        "tables": {name: table.to_json() for name, table in tables.items()},
        "failures": failures,
    }


def summarise(scores: Scores) -> Row:
    """The figures of a set that people ask for first."""
    coverage = find_coverage(scores.judgements, PRECISION)
    types = [p.read is not None and p.read.type is p.document.type for p in scores.papers if p.document.legible]
    items = score_items(scores.papers)
    fields = describe_verdicts(Counter(judged.verdict for judged in scores.judgements))
    return {
        "n files": len(scores.grouped),
        "n printed": fields["n printed"],
        "exact": fields["exact"],
        "precision": fields["precision"],
        f"coverage at {PRECISION:.1%}": coverage.share,
        "type right": divide(sum(types), len(types)),
        "grouped right": divide(sum(same for _, same in scores.grouped), len(scores.grouped)),
        "lines exact": divide(items.exact, items.printed),
        "calibration error": measure_calibration_error(sort_into_bins(scores.judgements)),
    }


def tabulate_summary(sets: Mapping[str, Row]) -> FigureTable:
    """The sets against each other; sets made on the spot are named after the split of their layouts."""
    first = next(iter(sets.values()), {})
    kinds = {name: Kind.COUNT if name.startswith("n ") else Kind.SHARE for name in first}
    return FigureTable("All sets", "papers", kinds | {"calibration error": Kind.NUMBER}, sets)


def tabulate_accuracy(scores: Scores) -> dict[str, FigureTable]:
    """What was read right, and what was not and why."""
    read = tabulate_fields(scores) | tabulate_papers(scores) | tabulate_items(scores.papers)
    return read | tabulate_failures(scores.judgements)


def tabulate_confidence(scores: Scores) -> dict[str, FigureTable]:
    """What the confidence is worth."""
    return tabulate_coverage(scores.judgements) | tabulate_calibration(scores.judgements)
