"""``liasse backup`` and ``liasse restore``: the database and every object, in one folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from liasse.database import open_database


def backup(
    folder: Annotated[Path, typer.Argument(help="Where to; a back-up there is brought up to date.")],
) -> None:
    """Copy the database and every object into a folder, while everything runs."""
    open_database()
    from django.utils import timezone

    from storage.backup import make_backup
    from storage.objects import default_store
    from storage.upkeep import record_upkeep

    report = make_backup(default_store(), folder, timezone.now())
    record_upkeep(
        "backup", actor=who(), detail={"objects": report.objects, "copied": report.copied}, now=timezone.now()
    )
    typer.echo(
        f"{report.originals} originals, {report.objects} objects ({report.copied} new, {report.removed} erased), "
        f"database {report.database}: {folder}"
    )


def restore(folder: Annotated[Path, typer.Argument(help="A back-up.", exists=True, file_okay=False)]) -> None:
    """Bring a back-up into an empty database and its objects into the object store; then run `liasse migrate`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from storage.backup import restore_backup
    from storage.objects import default_store
    from storage.sweep import find_missing_originals

    store = default_store()
    report = restore_backup(store, folder)
    missing = list(find_missing_originals(store))
    typer.echo(f"restored: {report.originals} originals, {report.objects} objects, as of {report.made_at}")
    for sha256 in missing:
        typer.echo(f"missing original: {sha256}", err=True)
    if missing:
        raise typer.Exit(1)


def who() -> str:
    """Who gives the command, for the record: the account of this machine."""
    import getpass

    return f"command:{getpass.getuser()}"
