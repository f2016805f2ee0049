"""How long reading takes: born-digital pages in milliseconds, scans as a ratio to bare Tesseract in the same run.

Machines are noisy and shared, so every ratio compares the same page in turn, A B A B, within one process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.truth import TrueFile, load_truth
from extractors import read_file

_ROUNDS = 3
_DPI = 300


def measure_speed(papers: Path, console: Console) -> dict[str, Any]:
    """Time the reading of born-digital pages and of clean scans, print the tables, return them as data."""
    truth = load_truth(papers)
    digital = [file for file in truth if file.channel in ("pdf_text", "bundle_text") and file.severity != "illegible"]
    read_file(digital[0].path)  # loads what a reader process loads once
    result = {"born_digital": _time_digital(digital, console), "scans": _time_scans(digital, console)}
    _print_stages(truth, result, console)
    return result


def _time_digital(files: list[TrueFile], console: Console) -> dict[str, Any]:
    pages = []
    for file in track(files, "born-digital", console=console, transient=True):
        best = min(_time(lambda path=file.path: read_file(path)) for _ in range(_ROUNDS))  # type: ignore[misc]
        pages.append(1000 * best / max(1, sum(len(document.pages) for document in file.documents)))
    median, slowest = statistics.median(pages), max(pages)
    console.print(
        f"Born-digital page: median {median:.0f} ms, slowest {slowest:.0f} ms (n = {len(pages)} files, "
        f"fastest of {_ROUNDS} runs each)"
    )
    return {"n": len(pages), "median_ms": median, "slowest_ms": slowest}


def _time_scans(digital: list[TrueFile], console: Console) -> dict[str, Any]:
    """Born-digital pages printed to clean 300 dpi pictures, read by us and by bare Tesseract in turn."""
    ratios, ours_seconds, bare_seconds = [], [], []
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        for file in track(digital[:12], "clean scans", console=console, transient=True):
            picture = Path(folder) / f"{file.id}.png"
            document = pypdfium2.PdfDocument(file.path)
            document[0].render(scale=_DPI / 72).to_pil().convert("L").save(picture, dpi=(_DPI, _DPI))
            document.close()
            ours, bare = [], []
            for _ in range(_ROUNDS):
                ours.append(_time(lambda path=picture: read_file(path)))  # type: ignore[misc]
                bare.append(_time(lambda path=picture: _run_tesseract(path)))  # type: ignore[misc]
            ratios.append(statistics.median(a / b for a, b in zip(ours, bare, strict=True)))
            ours_seconds.append(statistics.median(ours))
            bare_seconds.append(statistics.median(bare))
    table = Table(title=f"Clean {_DPI} dpi A4 scans, the whole reading against bare Tesseract", title_justify="left")
    for heading in ("n pages", "ours, s (median)", "Tesseract, s (median)", "ratio (median)", "ratio (worst)"):
        table.add_column(heading, justify="right")
    table.add_row(
        str(len(ratios)),
        f"{statistics.median(ours_seconds):.2f}",
        f"{statistics.median(bare_seconds):.2f}",
        f"{statistics.median(ratios):.2f}",
        f"{max(ratios):.2f}",
    )
    console.print(table)
    return {"n": len(ratios), "ratio_median": statistics.median(ratios), "ratio_worst": max(ratios)}


def _print_stages(truth: list[TrueFile], result: dict[str, Any], console: Console) -> None:
    by_channel: dict[str, list[dict[str, float]]] = {}
    for file in track(truth, "stages", console=console, transient=True):
        reading = read_file(file.path)
        if reading.refusal is None:
            by_channel.setdefault(file.channel, []).append(reading.timings)
    stages = ("open", "normalise", "read", "extract", "total")
    table = Table(title="Seconds a file by stage (median)", title_justify="left")
    table.add_column("channel")
    for heading in ("n files", *stages):
        table.add_column(heading, justify="right")
    result["stages"] = {}
    for channel, timings in sorted(by_channel.items()):
        medians = {stage: statistics.median(entry.get(stage, 0.0) for entry in timings) for stage in stages}
        table.add_row(channel, str(len(timings)), *(f"{medians[stage]:.2f}" for stage in stages))
        result["stages"][channel] = {"n": len(timings), **medians}
    console.print(table)


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _run_tesseract(picture: Path) -> None:
    subprocess.run(
        ["tesseract", str(picture), "-", "-l", "fra", "tsv"],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
