"""``liasse status``: how the installation does, on the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from liasse.database import open_database

if TYPE_CHECKING:
    from storage.alarms import Alarm
    from storage.measures import Measures
    from storage.sampling import Quality


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Rate, age of the oldest paper, times, refusals, workers; ends with status 1 while an alarm is on."""
    open_database()
    from django.utils import timezone

    from storage.alarms import find_alarms
    from storage.measures import measure

    measures = measure(timezone.now())
    alarms = find_alarms(measures)
    if as_json:
        found = {**asdict(measures), "alarms": [asdict(alarm) for alarm in alarms]}
        typer.echo(json.dumps(found, default=str))
    else:
        _print(measures, alarms)
    if alarms:
        raise typer.Exit(1)


def _say_quality(quality: Quality) -> str:
    if quality.low is None or quality.high is None:
        return "none"
    return f"{quality.wrong} of {quality.checked} with an error ({quality.low:.1%} to {quality.high:.1%})"


def _print(measures: Measures, alarms: tuple[Alarm, ...]) -> None:
    console = Console()
    for alarm in alarms:
        console.print(f"[bold red]alarm[/] {alarm.message} [{alarm.code.value}]", highlight=False, soft_wrap=True)
    backlog = measures.backlog
    oldest = "none waits" if measures.oldest_seconds is None else f"{measures.oldest_seconds:.0f} s"
    touchless = "–" if measures.touchless is None else f"{measures.touchless:.0%} of {measures.decided}"
    figures = Table(title="Now", title_justify="left", show_header=False)
    for label, value in (
        ("papers read in the last hour, last 24 h", f"{measures.papers_hour}, {measures.papers_day}"),
        ("papers waiting, of them being read", f"{backlog.unread_pieces}, {backlog.held_pieces}"),
        ("age of the oldest paper not read", oldest),
        ("dossiers waiting for a decision, failing", f"{backlog.undecided_dossiers}, {backlog.failing_dossiers}"),
        ("messages waiting, given up", f"{backlog.unsent_messages}, {backlog.abandoned_messages}"),
        ("webhooks waiting, given up", f"{backlog.unsent_webhooks}, {backlog.abandoned_webhooks}"),
        ("dossiers that need no person, 30 days", touchless),
        ("blind checks, 30 days", _say_quality(measures.quality)),
        ("dossiers by status", ", ".join(f"{name.value} {number}" for name, number in measures.statuses.items())),
        ("refused in 30 days", ", ".join(f"{code} {number}" for code, number in measures.refusals.items()) or "none"),
    ):
        figures.add_row(label, value)
    console.print(figures)
    times = Table(title="Seconds", title_justify="left")
    for heading in ("stage", "n", "median", "95 %", "worst"):
        times.add_column(heading, justify="left" if heading == "stage" else "right")
    for stage, taken in measures.times.items():
        seconds = (f"{value:.1f}" for value in (taken.median, taken.p95, taken.worst))
        times.add_row(stage, str(taken.count), *seconds)
    console.print(times)
    workers = Table(title="Workers", title_justify="left")
    for heading in ("name", "state", "last sign", "readers", "version"):
        workers.add_column(heading)
    for worker in measures.workers:
        state = "[green]alive[/]" if worker.alive else "stopped" if worker.stopped else "[red]silent[/]"
        ago = f"{(measures.at - worker.seen_at).total_seconds():.0f} s ago"
        workers.add_row(worker.name, state, ago, str(worker.readers), worker.version)
    console.print(workers)
