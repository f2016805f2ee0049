"""``liasse train``: the shipped models, made again from invented papers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from extractors.understanding.trained import MODELS
from schemas.errors import ConfigurationError


def train(
    quick: Annotated[bool, typer.Option("--quick", help="Few papers, poor models: to see that it works.")] = False,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help="Make this model alone.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the models.")] = MODELS,
    cache: Annotated[Path, typer.Option(help="Keeps what was printed and read.")] = Path(".cache/training"),
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 for one a core.")] = 0,
) -> None:
    """Make the models again: print papers, read them, fit, write models and cards. Needs the development packages."""
    try:
        from samples.training import train as training
    except ImportError as error:
        message = f"training needs the development packages (requirements/dev.txt): {error.name} is missing"
        raise ConfigurationError(message) from error
    unknown = set(only or ()) - set(training.MODELS)
    if unknown:
        message = f"no model is called {', '.join(sorted(unknown))}; there are {', '.join(training.MODELS)}"
        raise ConfigurationError(message)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("papers", total=None)

        def report(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        written = training.train_models(
            output,
            cache,
            training.QUICK if quick else training.FULL,
            jobs=jobs or os.cpu_count() or 1,
            only=only or training.MODELS,
            report=report,
        )
    for path in written:
        console.print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")
