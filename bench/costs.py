"""What the files of a set cost their readers: seconds per stage, memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.measured import MeasuredReading
from bench.speed import NATIVE_CHANNELS
from bench.tables import FigureTable, Kind, Row, find_percentile
from bench.truth import TrueFile

#: Most that a reader process may hold.
MEMORY_LIMIT_MB = 700
_STAGES = ("open", "normalise", "read", "codes", "extract", "total")
_PHOTOS = ("photo", "pdf_photo", "webcam")
_MEGABYTE = 1_000_000


def name_group(file: TrueFile) -> str:
    """Kind of file that costs alike."""
    if file.channel in NATIVE_CHANNELS:
        return "born-digital"
    return "photos" if file.channel.startswith(_PHOTOS) else "scans"


def tabulate_costs(
    files: Sequence[TrueFile], measured: Mapping[str, MeasuredReading], jobs: int
) -> dict[str, FigureTable]:
    """Seconds per stage and peak memory, by kind of file."""
    groups: dict[str, list[tuple[TrueFile, MeasuredReading]]] = {}
    for file in files:
        own = measured[file.id]
        if own.reading.refusal is None:
            groups.setdefault(name_group(file), []).append((file, own))
            groups.setdefault("all", []).append((file, own))
    stages: dict[str, Row] = {}
    memory: dict[str, Row] = {}
    for name in sorted(groups, key=lambda group: (group == "all", group)):
        members = groups[name]
        if name != "all":
            stages |= {f"{name}: {stage}": _describe_stage(members, stage) for stage in _STAGES}
        memory[name] = _describe_memory([own for _, own in members])
    seconds = {"n files": Kind.COUNT, "p50, s a page": Kind.SECONDS, "p95, s a page": Kind.SECONDS}
    megabytes = dict.fromkeys(("reader, median", "reader, worst", "engine, worst", "both, worst"), Kind.MEGABYTES)
    over = f"files over {MEMORY_LIMIT_MB} MB"
    return {
        "stages": FigureTable(
            "Seconds per stage",
            "stage",
            seconds,
            stages,
            f"{jobs} readers side by side; a file's seconds by its pages.",
        ),
        "memory": FigureTable(
            "Peak memory, MB",
            "files",
            {"n files": Kind.COUNT} | megabytes | {over: Kind.COUNT},
            {name: {**row, over: row["over"]} for name, row in memory.items()},
            "Resident memory of the reader process; the engine (Tesseract) is a process beside it.",
        ),
    }


def _describe_stage(members: Sequence[tuple[TrueFile, MeasuredReading]], stage: str) -> Row:
    seconds = [own.reading.timings.get(stage, 0.0) / file.page_count for file, own in members]
    return {
        "n files": len(seconds),
        "p50, s a page": find_percentile(seconds, 0.5),
        "p95, s a page": find_percentile(seconds, 0.95),
    }


def _describe_memory(members: Sequence[MeasuredReading]) -> Row:
    reader = [own.reader_bytes / _MEGABYTE for own in members]
    return {
        "n files": len(members),
        "reader, median": find_percentile(reader, 0.5),
        "reader, worst": max(reader),
        "engine, worst": max(own.engine_bytes / _MEGABYTE for own in members),
        "both, worst": max((own.reader_bytes + own.engine_bytes) / _MEGABYTE for own in members),
        "over": sum(size > MEMORY_LIMIT_MB for size in reader),
    }
