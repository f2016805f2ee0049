"""``liasse decide``: what becomes of the claims in a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from liasse.claim_files import find_files, follow_claims, load_claims, load_readings
from schemas.claims import Claim
from schemas.decisions import Decision
from schemas.errors import ConfigurationError
from schemas.readings import FileReading
from schemas.rules import InsurerRules, load_rules
from schemas.settings import load_settings
from schemas.vocabulary import (
    CLAIM_LABELS_FR,
    DECISION_LABELS_FR,
    MISSING_LABELS_FR,
    DecisionKind,
)

if TYPE_CHECKING:
    from extractors.results import ReadFile

_COLOURS = {DecisionKind.COMPLETE: "green", DecisionKind.INCOMPLETE: "yellow", DecisionKind.TO_REVIEW: "cyan"}


def decide(
    claims: Annotated[Path, typer.Argument(help="JSON lines, one claim a line.", exists=True, dir_okay=False)],
    files: Annotated[Path, typer.Option(help="Folder of the papers, named by their id.", exists=True, file_okay=False)],
    output: Annotated[str, typer.Option(help="JSON lines to write, one decision a line; - for standard output.")],
    insurer: Annotated[Path | None, typer.Option(help="Rule file of the insurer (default: the example).")] = None,
    readings: Annotated[
        Path | None,
        typer.Option(help="Readings made by liasse read; papers are then not read again.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Decide the claims of a file, in order of upload; a later one can be a duplicate of an earlier one."""
    console = Console(stderr=True)
    rules = load_rules(insurer or load_settings().rules_file)
    _check_output(output)
    asked = load_claims(claims)
    wanted = list(dict.fromkeys(file for claim in asked for file in claim.files))
    places = find_files(files, wanted, asked)
    read = load_readings(readings, wanted) if readings else _read_files(places, console)
    with _open_output(output) as stream:
        decisions = []
        for claim, decision in decide_claims(asked, read, rules):
            stream.write(json.dumps(decision.to_line(), ensure_ascii=False) + "\n")
            stream.flush()
            decisions.append((claim, decision))
    if console.is_terminal:
        _print_table(console, decisions, rules)


def _read_files(places: dict[str, Path], console: Console) -> dict[str, FileReading]:
    """Read the papers on all the cores we may use, with a progress bar."""
    from extractors.pool import ReaderPool

    settings = load_settings()
    bars = Progress(
        TextColumn("papers read"), BarColumn(bar_width=40), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    readings: dict[str, FileReading] = {}
    with (
        ReaderPool.from_settings(settings, settings.readers or len(os.sched_getaffinity(0))) as pool,
        bars,
    ):
        task = bars.add_task("read", total=len(places))
        waiting: dict[Future[ReadFile], str] = {
            pool.submit(path, name, previews=False): name for name, path in places.items()
        }
        for future in as_completed(waiting):
            readings[waiting[future]] = future.result().reading.without_words()
            bars.advance(task)
    return readings


def decide_claims(
    claims: Iterable[Claim], readings: dict[str, FileReading], rules: InsurerRules
) -> Iterator[tuple[Claim, Decision]]:
    """Decide claims in order of upload, as if every one were decided on the day it came in.

    Args:
        claims: in any order; of two claims of one day, the first given comes first.
        readings: by identifier of the file; every file of every claim.
        rules: of the insurer.
    """
    from dossiers import decide as decide_dossier

    for dossier, history in follow_claims(claims, readings, rules):
        claim = dossier.claim
        yield claim, decide_dossier(dossier, rules, history, today=claim.upload_date)


def _check_output(output: str) -> None:
    """Find out before the papers are read, which takes long, whether there is a place for the decisions.

    Raises:
        ConfigurationError: there is none.
    """
    if output == "-":
        return
    path = Path(output)
    try:
        folder_is_there, is_folder = path.parent.is_dir(), path.is_dir()
        is_allowed = os.access(path if path.exists() else path.parent, os.W_OK)
    except OSError as error:
        raise ConfigurationError(f"{output}: cannot be written: {error.strerror}") from error
    if is_folder:
        raise ConfigurationError(f"{output}: cannot be written: it is a folder")
    if not folder_is_there:
        raise ConfigurationError(f"{output}: cannot be written: there is no folder {path.parent}")
    if not is_allowed:
        raise ConfigurationError(f"{output}: cannot be written: not allowed")


@contextmanager
def _open_output(output: str) -> Iterator[TextIO]:
    """Where the decisions go, opened once there is something to write: what can be wrong with the input was checked.

    No draft is renamed at the end: whoever follows the file sees every line as soon as it is decided, a run that is
    stopped leaves what it decided, and a pipe or a device can be written to.
    """
    if output == "-":
        yield sys.stdout
        return
    try:
        with Path(output).open("w", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise ConfigurationError(f"{output}: cannot be written: {error.strerror}") from error


def _print_table(console: Console, decisions: Sequence[tuple[Claim, Decision]], rules: InsurerRules) -> None:
    """One row a claim, as a gestionnaire would say it."""
    table = Table(title=f"{len(decisions)} dossiers", title_justify="left", header_style="bold")
    for heading in ("dossier", "demande", "pièces", "décision", "manque", "à vérifier", "file", "pour le"):
        table.add_column(heading, justify="right" if heading == "pièces" else "left")
    for claim, decision in decisions:
        row: list[Any] = [
            claim.id,
            CLAIM_LABELS_FR[claim.claim_type],
            str(len(claim.files)),
            f"[{_COLOURS[decision.decision]}]{DECISION_LABELS_FR[decision.decision]}[/]",
            ", ".join(MISSING_LABELS_FR[piece] for piece in decision.missing) or "–",
            ", ".join(rules.name_reason(reason) for reason in decision.reasons) or "–",
            decision.queue,
            decision.due.strftime("%d/%m/%Y"),
        ]
        table.add_row(*row)
    console.print(table)
