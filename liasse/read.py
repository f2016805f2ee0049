"""``liasse read``: what some papers say."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from liasse.reading_table import show_reading
from schemas.lines import reading_to_line
from schemas.readings import FileReading
from schemas.settings import load_settings

if TYPE_CHECKING:
    from extractors.results import ReadFile

#: What a shell expects of a command that Ctrl-C ended.
_INTERRUPTED = 130


def read(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders searched to the bottom.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="JSON lines to write, one a file; - for standard output.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Reader processes; 0 for one a core.")] = 0,
) -> None:
    """Read papers: which they are, what they say, and how surely."""
    console = Console(stderr=output is not None)
    files = find_files(paths)
    failed = 0
    with _open_output(output) as stream:
        try:
            for path, outcome in read_files(files, jobs, console):
                if isinstance(outcome, BaseException):
                    failed += 1
                    console.print(f"{path}: {type(outcome).__name__}: {outcome}", style="red", markup=False)
                elif stream is None:
                    show_reading(console, outcome)
                else:
                    stream.write(json.dumps(reading_to_line(outcome), ensure_ascii=False) + "\n")
                    stream.flush()
        except KeyboardInterrupt:
            console.print("Interrupted.", style="yellow")
            raise typer.Exit(_INTERRUPTED) from None
    if failed:
        raise typer.Exit(1)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files to read: those named, and all in the folders named, except hidden ones.

    Raises:
        typer.BadParameter: a path does not exist.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.extend(
                found
                for found in sorted(path.rglob("*"))
                if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
        elif path.is_file():
            files.append(path)
        else:
            raise typer.BadParameter(f"{path} does not exist.")
    return list(dict.fromkeys(files))


def read_files(
    files: Sequence[Path], jobs: int, console: Console
) -> Iterator[tuple[Path, FileReading | BaseException]]:
    """Read files on several cores; each comes as soon as it is read, without its words.

    Args:
        files: to read.
        jobs: reader processes, 0 for one a core that we may use (or as configured).
        console: where the progress bar is drawn when it is a terminal.
    """
    from extractors.pool import ReaderPool

    settings = load_settings()
    readers = jobs or settings.readers or len(os.sched_getaffinity(0))
    ended: SimpleQueue[tuple[Path, Future[ReadFile]]] = SimpleQueue()
    bars = Progress(
        TextColumn("reading"),
        BarColumn(bar_width=40),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal or len(files) < 2,
    )
    with (
        ReaderPool.from_settings(settings, max(1, min(readers, len(files)))) as pool,
        bars,
    ):
        task = bars.add_task("read", total=len(files))
        for path in files:
            future = pool.submit(path, previews=False)
            future.add_done_callback(lambda done, path=path: ended.put((path, done)))  # type: ignore[misc]
        for _ in files:
            path, done = ended.get()
            bars.advance(task)
            error = done.exception()
            yield path, error if error is not None else done.result().reading.without_words()


@contextmanager
def _open_output(output: str | None) -> Iterator[TextIO | None]:
    if output is None:
        yield None
    elif output == "-":
        yield sys.stdout
    else:
        with Path(output).open("w", encoding="utf-8") as stream:
            yield stream
