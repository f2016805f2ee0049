"""``liasse purge``: erase what the retention schedule says is due."""

from __future__ import annotations

from typing import Annotated

import typer

from liasse.backup import who
from liasse.database import open_database


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Erase what is due by the retention schedule; workers do it every night by themselves."""
    open_database()
    from django.utils import timezone

    from schemas.retention import load_retention
    from schemas.settings import load_settings
    from storage import purging
    from storage.objects import default_store

    retention = load_retention(load_settings().retention_file)
    report = purging.purge(default_store(), retention, actor=who(), now=timezone.now(), dry_run=dry_run)
    typer.echo(
        f"{'due' if dry_run else 'erased'}: {report.papers} papers, {report.dossiers} dossiers emptied, "
        f"{report.messages} messages emptied, {report.contracts} contracts emptied, "
        f"{report.traces} sign-ins, sights, sendings, webhooks and searches forgotten; "
        f"{report.held} dossiers stay for a legal hold (schedule {report.version})"
    )
