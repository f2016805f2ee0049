"""What each step adds in accuracy and costs in time: the same pages without it, in the same run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track

from bench.accuracy import describe_verdicts
from bench.measured import measure_file
from bench.scoring import judge_set
from bench.speed import NATIVE_CHANNELS
from bench.tables import FigureTable, Kind, Row, divide
from bench.truth import TrueFile
from extractors.limits import Limits, Steps
from schemas.readings import FileReading

SHIPPED = "as shipped"
VARIANTS: Mapping[str, Steps] = {
    SHIPPED: Steps(),
    "without stamps": Steps(stamps=False),
    "first reader alone": Steps(second_reader=False, stamps=False),
    "without finding the sheet": Steps(find_sheets=False),
}
_COLUMNS = {
    "n files": Kind.COUNT,
    "n printed": Kind.COUNT,
    "exact": Kind.SHARE,
    "precision": Kind.SHARE,
    "wall, s a file": Kind.SECONDS,
    "processor, s a file": Kind.SECONDS,
    "processor, against shipped": Kind.SHARE,
}


@dataclass(slots=True)
class VariantRun:
    """What one variant read, and what it took so far."""

    readings: dict[str, FileReading]
    wall: dict[str, float]
    cpu: dict[str, float]


def measure_ablation(files: Sequence[TrueFile], count: int, console: Console) -> dict[str, FigureTable]:
    """Read some pictures with and without each step.

    Args:
        files: of a set; born-digital files, where no step is taken, and illegible ones are left out.
        count: files at most, taken from every channel and severity in turn.
        console: where progress is shown.
    """
    chosen = choose_files(files, count)
    runs = {name: VariantRun({}, {}, {}) for name in VARIANTS}
    order = list(VARIANTS)
    if chosen:
        measure_file(chosen[0].path, chosen[0].id, Limits())  # loads what a reader process loads once
    for index, file in enumerate(track(chosen, "with and without", console=console, transient=True)):
        turn = index % len(order)  # nobody always goes first
        for name in order[turn:] + order[:turn]:
            started = time.perf_counter()
            measured = measure_file(file.path, file.id, Limits(steps=VARIANTS[name]))
            runs[name].wall[file.id] = time.perf_counter() - started
            runs[name].cpu[file.id] = measured.cpu_seconds
            runs[name].readings[file.id] = measured.reading
    tables = {"all": tabulate_runs("all pictures", chosen, runs)}
    for severity in ("clean", "usual", "hard"):
        own = [file for file in chosen if file.severity == severity]
        if own:
            tables[severity] = tabulate_runs(f"{severity} pictures", own, runs)
    return tables


def choose_files(files: Sequence[TrueFile], count: int) -> list[TrueFile]:
    """Legible pictures, one of each channel and severity before a second of any."""
    groups: dict[tuple[str, str], list[TrueFile]] = {}
    for file in files:
        if file.channel not in NATIVE_CHANNELS and file.severity != "illegible":
            groups.setdefault((file.channel, file.severity), []).append(file)
    chosen: list[TrueFile] = []
    for rank in range(max(map(len, groups.values()), default=0)):
        chosen += [own[rank] for own in groups.values() if rank < len(own)]
    return chosen[:count]


def tabulate_runs(title: str, files: Sequence[TrueFile], runs: Mapping[str, VariantRun]) -> FigureTable:
    """The variants against each other on some of the files."""
    shipped = sum(runs[SHIPPED].cpu[file.id] for file in files)
    rows: dict[str, Row] = {}
    for name, run in runs.items():
        scores = judge_set(files, run.readings)
        verdicts = describe_verdicts(Counter(judged.verdict for judged in scores.judgements))
        cpu = sum(run.cpu[file.id] for file in files)
        rows[name] = {
            "n files": len(files),
            "n printed": verdicts["n printed"],
            "exact": verdicts["exact"],
            "precision": verdicts["precision"],
            "wall, s a file": divide(sum(run.wall[file.id] for file in files), len(files)),
            "processor, s a file": divide(cpu, len(files)),
            "processor, against shipped": divide(cpu, shipped),
        }
    note = "Which side of a page is up is found with the second reader in every variant."
    return FigureTable(f"With and without each step, {title}", "variant", _COLUMNS, rows, note)
