"""How long reading takes: born-digital pages in milliseconds, pictures as a ratio to bare Tesseract in the same run.

Machines are noisy and shared, so every ratio compares the same picture in turn, ours and bare, within one process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from rich.console import Console
from rich.progress import track

from bench.measured import count_cpu_seconds
from bench.tables import FigureTable, Kind, Row, find_percentile
from bench.truth import TrueFile
from extractors import read_file
from extractors.limits import Limits
from extractors.opening import open_file

NATIVE_CHANNELS = frozenset({"pdf_text", "bundle_text"})
PHOTO_CHANNELS = frozenset({"photo_jpg", "photo_heic"})
_NATIVE_ROUNDS = 3
_DPI = 300
_RATIO_COLUMNS = {
    "n pages": Kind.COUNT,
    "ours, s": Kind.SECONDS,
    "Tesseract, s": Kind.SECONDS,
    "ratio, median": Kind.SECONDS,
    "ratio, worst": Kind.SECONDS,
    "processor ratio, median": Kind.SECONDS,
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one piece of work: on the clock, and of all processors."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Pair:
    """The same picture read by us and by bare Tesseract, one after the other."""

    ours: Cost
    bare: Cost


def measure_speed(files: Sequence[TrueFile], pages: int, rounds: int, console: Console) -> dict[str, FigureTable]:
    """Time born-digital pages, and pictures of pages against bare Tesseract.

    Args:
        files: of a set; its severities and channels say which are clean scans and usual photos.
        pages: pictures of each kind, at most.
        rounds: how often each picture is read by both.
        console: where progress is shown.
    """
    native = [file for file in files if file.channel in NATIVE_CHANNELS]
    if files:
        read_file((native or list(files))[0].path)  # loads what a reader process loads once
    tables = {"native": _tabulate_native(native, console)}
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        kinds: dict[str, list[Path]] = {
            f"clean prints at {_DPI} dpi": [_print_page(file, Path(folder)) for file in native[:pages]],
            "clean scans": [_save_page(f, Path(folder)) for f in _choose(files, _is_clean_scan, pages)],
            "usual photos": [_save_page(f, Path(folder)) for f in _choose(files, _is_usual_photo, pages)],
        }
        for kind, pictures in kinds.items():
            pairs = [
                [_time_pair(picture) for _ in range(rounds)]
                for picture in track(pictures, kind, console=console, transient=True)
            ]
            if pairs:
                rows[kind] = describe_pairs(pairs)
    note = f"Each picture is read {rounds} times by both in turn; its ratio is the median of these pairs."
    tables["ratios"] = FigureTable("The whole reading against bare Tesseract", "pictures", _RATIO_COLUMNS, rows, note)
    return tables


def describe_pairs(pictures: Sequence[Sequence[Pair]]) -> Row:
    """Medians over pictures of what was measured in pairs, for each picture the median of its pairs."""

    def middle(measure: Callable[[Pair], float]) -> list[float]:
        return [statistics.median(measure(pair) for pair in pairs) for pairs in pictures]

    ratios = middle(lambda pair: pair.ours.wall / pair.bare.wall)
    return {
        "n pages": len(pictures),
        "ours, s": statistics.median(middle(lambda pair: pair.ours.wall)),
        "Tesseract, s": statistics.median(middle(lambda pair: pair.bare.wall)),
        "ratio, median": statistics.median(ratios),
        "ratio, worst": max(ratios),
        "processor ratio, median": statistics.median(middle(lambda pair: pair.ours.cpu / pair.bare.cpu)),
    }


def _tabulate_native(files: Sequence[TrueFile], console: Console) -> FigureTable:
    seconds: list[float] = []
    for file in track(files, "born-digital", console=console, transient=True):
        best = min(_time(lambda path=file.path: read_file(path)).wall for _ in range(_NATIVE_ROUNDS))  # type: ignore[misc]
        seconds.append(1000 * best / file.page_count)
    columns = {"n files": Kind.COUNT} | dict.fromkeys(("median", "p95", "slowest"), Kind.MILLISECONDS)
    row: Row = {
        "n files": len(seconds),
        "median": find_percentile(seconds, 0.5),
        "p95": find_percentile(seconds, 0.95),
        "slowest": max(seconds, default=None),
    }
    note = f"Of each file the fastest of {_NATIVE_ROUNDS} readings, divided by its pages."
    return FigureTable("Born-digital pages, ms a page", "pages", columns, {"PDF with text": row} if files else {}, note)


def _is_clean_scan(file: TrueFile) -> bool:
    return file.severity == "clean" and file.channel.startswith("scan_")


def _is_usual_photo(file: TrueFile) -> bool:
    return file.severity == "usual" and file.channel in PHOTO_CHANNELS


def _choose(files: Iterable[TrueFile], wanted: Callable[[TrueFile], bool], count: int) -> list[TrueFile]:
    return [file for file in files if wanted(file)][:count]


def _print_page(file: TrueFile, folder: Path) -> Path:
    """The first page of a PDF as a clean scanner would send it."""
    picture = folder / f"{file.id}-print.png"
    document = pypdfium2.PdfDocument(file.path)
    document[0].render(scale=_DPI / 72).to_pil().convert("L").save(picture, dpi=(_DPI, _DPI))
    document.close()
    return picture


def _save_page(file: TrueFile, folder: Path) -> Path:
    """The first page as a picture that both can open, in the pixels that it came in."""
    picture = folder / f"{file.id}.png"
    with open_file(file.path.read_bytes(), Limits()) as opened:
        Image.fromarray(opened.load_page(1).render().pixels).save(picture)
    return picture


def _time_pair(picture: Path) -> Pair:
    return Pair(_time(lambda: read_file(picture)), _time(lambda: _run_tesseract(picture)))


def _time(work: Callable[[], object]) -> Cost:
    wall, cpu = time.perf_counter(), count_cpu_seconds()
    work()
    return Cost(time.perf_counter() - wall, count_cpu_seconds() - cpu)


def _run_tesseract(picture: Path) -> None:
    subprocess.run(
        ["tesseract", str(picture), "-", "-l", "fra", "tsv"],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
