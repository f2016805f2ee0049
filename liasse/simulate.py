"""``liasse simulate``: a month of a mutuelle, to see what rules, reading and gestionnaires would make of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from liasse.claim_files import load_claims, load_readings
from liasse.simulation.figures import MonthFigures, Spread, count_month
from liasse.simulation.month import run_month
from liasse.simulation.recorded import Library, group_recordings
from liasse.simulation.world import DEFAULT_WORLD, load_world
from schemas.errors import ConfigurationError
from schemas.rules import load_rules
from schemas.settings import load_settings
from schemas.vocabulary import DecisionKind

#: Dossiers of the sample set, what becomes of each, and their papers as they were read once.
_CLAIMS = Path("samples/set/dossiers_inputs.jsonl")
_EXPECTED = Path("samples/set/dossiers.jsonl")
_READINGS = Path("samples/recorded/readings.jsonl")
_START = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


def simulate(
    days: Annotated[int, typer.Option(min=1, max=366, help="Days in a row, Sundays and holidays included.")] = 30,
    start: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = _START,
    dossiers_a_day: Annotated[int, typer.Option(min=0, help="Of a usual working day; 0 as the world says.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same month.")] = 1,
    world: Annotated[Path, typer.Option(help="What is assumed of members and gestionnaires.")] = DEFAULT_WORLD,
    insurer: Annotated[Path | None, typer.Option(help="Rule file of the insurer (default: the example).")] = None,
    readings: Annotated[Path, typer.Option(help="Readings made by liasse read.")] = _READINGS,
    claims: Annotated[Path, typer.Option(help="JSON lines, one claim a line.")] = _CLAIMS,
    expected: Annotated[Path, typer.Option(help="What becomes of each claim (JSON lines).")] = _EXPECTED,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Run recorded papers through the real decisions and queues for some days, and print what came of it."""
    rules = load_rules(insurer or load_settings().rules_file)
    assumed = load_world(world)
    if dossiers_a_day:
        assumed = assumed.model_copy(update={"dossiers_a_day": dossiers_a_day})
    asked = load_claims(claims)
    read = load_readings(readings, list(dict.fromkeys(file for claim in asked for file in claim.files)))
    library = Library(group_recordings(asked, read, _load_kinds(expected)))
    if not library.kinds:
        message = f"{claims}: no claim of it is in {expected}"
        raise ConfigurationError(message)
    console = Console(stderr=True)
    columns = (TextColumn("days"), BarColumn(bar_width=40), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("days", total=days)
        month = run_month(
            library, assumed, rules, start=start.date(), days=days, seed=seed,
            report=lambda done: bars.update(task, completed=done),
        )  # fmt: skip
    figures = count_month(month)
    if as_json:
        typer.echo(figures.model_dump_json(indent=2))
    else:
        _print(Console(), figures, days)


def _load_kinds(path: Path) -> dict[str, DecisionKind]:
    """What becomes of each claim; of a pair of duplicates only the first has a story of its own.

    Raises:
        ConfigurationError: the file cannot be read or is something else.
    """
    kinds = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                if not row.get("duplicate"):
                    kinds[row["id"]] = DecisionKind(row["expected"]["decision"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: does not say what becomes of claims: {error}"
        raise ConfigurationError(message) from error
    return kinds


def _print(console: Console, figures: MonthFigures, days: int) -> None:
    table = Table(title=f"{days} days, {figures.dossiers} dossiers", title_justify="left", header_style="bold")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in (
        ("decided without a person (complete, or a piece asked for)", _percent(figures.touchless)),
        ("settled without a person and without asking", _percent(figures.settled_touchless)),
        ("handed to a person for doubtful reading", _percent(figures.handed)),
        ("member asked at least once", _percent(figures.asked)),
        ("settled by the end", f"{figures.settled}"),
        ("waiting for their member at the end", f"{figures.waits_for_member}"),
        ("waiting for a gestionnaire at the end", f"{figures.waits_for_handler}"),
        ("given up by their member", f"{figures.given_up}"),
        ("gestionnaires at work, share of the desk's hours", _percent(figures.busy)),
        (
            "answers without a request, joined by themselves",
            _part(figures.by_mail_placed, figures.by_mail),
        ),
        ("dossiers that had come in before, recognised", _part(figures.recognised, figures.sent_again)),
        ("days to the end, touchless", _say(figures.days_touchless, "d")),
        ("days to the end, member asked", _say(figures.days_asked, "d")),
        ("days to the end, person looked", _say(figures.days_looked, "d")),
    ):
        table.add_row(name, value)
    console.print(table)
    lines = Table(title="Queues (hours of an open desk)", title_justify="left", header_style="bold")
    for heading in ("queue", "looks", "wait, median", "wait, 90 %", "longest", "left", "oldest left"):
        lines.add_column(heading, justify="left" if heading == "queue" else "right")
    for queue in figures.queues:
        lines.add_row(
            queue.queue, str(queue.looks), _hours(queue.waits.median), _hours(queue.waits.ninety), str(queue.longest),
            str(queue.left), _hours(queue.oldest_hours),
        )  # fmt: skip
    console.print(lines)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _part(some: int, of: int) -> str:
    return f"{some} of {of}"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} h"


def _say(spread: Spread, unit: str) -> str:
    if spread.median is None or spread.ninety is None:
        return "–"
    return f"{spread.median:.1f} {unit} median, {spread.ninety:.1f} {unit} for 90 % (n = {spread.n})"
