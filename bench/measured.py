"""Reading a set of papers in reader processes, and what each file cost them."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import cv2
from pebble import ProcessExpired, ProcessPool
from rich.console import Console
from rich.progress import track

from bench.truth import TrueFile
from extractors.limits import Limits
from schemas.errors import RefusalCode
from schemas.readings import FileReading

#: A file that takes longer is refused, as it would be in service.
_TIMEOUT_SECONDS = 300.0
#: Pause between two looks at how much memory the engine takes.
_LOOK_SECONDS = 0.02
_PROCESS = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class MeasuredReading:
    """A reading and its cost.

    Attributes:
        reading: of the file.
        cpu_seconds: of the reader and of the engines that it started.
        reader_bytes: most memory that the reader process held (resident), 0 where the system does not tell.
        engine_bytes: most memory that a Tesseract process held, as seen by looking often.
    """

    reading: FileReading
    cpu_seconds: float = 0.0
    reader_bytes: int = 0
    engine_bytes: int = 0


def read_set(files: Sequence[TrueFile], jobs: int, console: Console, title: str) -> dict[str, MeasuredReading]:
    """Read files, each in a process that was loaded before; by identifier.

    Args:
        files: to read.
        jobs: reader processes side by side.
        console: where progress is shown.
        title: of the progress.
    """
    context = get_context("spawn")
    with ProcessPool(max_workers=jobs, context=context, initializer=_prepare) as pool:
        futures = {file.id: pool.schedule(_read, args=(file,), timeout=_TIMEOUT_SECONDS) for file in files}
        measured = {}
        for file in track(files, title, console=console, transient=True):
            try:
                measured[file.id] = futures[file.id].result()
            except (TimeoutError, ProcessExpired, MemoryError) as error:
                code = RefusalCode.TIMEOUT if isinstance(error, TimeoutError) else RefusalCode.DAMAGED
                refused = FileReading(id=file.id, file=str(file.path), sha256="", refusal=code)
                measured[file.id] = MeasuredReading(refused)
    return measured


def measure_file(path: Path, identifier: str, limits: Limits) -> MeasuredReading:
    """Read one file in this process and measure its processor time."""
    from extractors.reading import read_file

    before = count_cpu_seconds()
    reading = read_file(path, identifier=identifier, limits=limits)
    return MeasuredReading(reading, count_cpu_seconds() - before)


def count_cpu_seconds() -> float:
    """Processor time of this process and of the ended processes that it started."""
    uses = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def use_one_thread() -> None:
    """Let OpenCV use one thread in this process, as readers do."""
    cv2.setNumThreads(1)


def _prepare() -> None:
    from extractors import reader_process  # loads, before the first file, what a reader process loads

    reader_process.warm_reader()
    use_one_thread()


def _read(file: TrueFile) -> MeasuredReading:
    _forget_peak()
    with watch_engines() as seen:
        measured = measure_file(file.path, file.id, Limits())
    return replace(measured, reader_bytes=_read_memory(_PROCESS / "status"), engine_bytes=max(seen, default=0))


@contextmanager
def watch_engines() -> Iterator[list[int]]:
    """Memory of the Tesseract processes of this process, in bytes, gathered while the block runs."""
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            with suppress(OSError):  # threads and processes come and go
                for children in _PROCESS.glob("task/*/children"):
                    for child in children.read_text().split():
                        status = Path("/proc") / child / "status"
                        # Before it is the engine, a child shows the memory of its parent.
                        if status.read_text().startswith("Name:\ttesseract"):
                            seen.append(_read_memory(status))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _forget_peak() -> None:
    """Make the kernel start again with the most memory that this process ever held (Linux)."""
    with suppress(OSError):
        (_PROCESS / "clear_refs").write_text("5")


def _read_memory(status: Path) -> int:
    with suppress(OSError):
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0
