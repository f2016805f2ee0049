"""``make cluster``: PostgreSQL, an S3 server, the Prefect server, the site and two workers on this machine.

What several machines run, by configuration alone: the workers have separate data folders and share nothing but the
database, the object store and the Prefect server. The sample dossiers are dropped into the bucket; the table at the end
says which worker read how many papers. PostgreSQL and S3 come from the packages that the tests use, keep their data in
temporary folders and are gone at the end.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.services.installation import Installation
from tests.services.postgres import run_postgres, run_sql, swap_database
from tests.services.s3 import run_s3

_SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "set"
_WORKERS = ("one", "two")


def main(
    samples: Annotated[Path, typer.Option(help="Folder with dossiers_inputs.jsonl and files/.")] = _SAMPLES,
    until_decided: Annotated[
        bool, typer.Option(help="Stop when every dossier is decided, instead of serving.")
    ] = False,
) -> None:
    """Start everything, process the sample dossiers, say who read what, serve until Ctrl-C."""
    console = Console()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="liasse-cluster-") as folder,
            console.status("Starting PostgreSQL and the S3 server…") as status,
            run_postgres(durable=True) as postgres,
            run_s3() as s3,
        ):
            environment = _describe(postgres["url"], s3)
            prefect = swap_database(postgres["url"], "prefect")
            with Installation(Path(folder), environment, workers=_WORKERS, prefect_database=prefect) as installation:
                _prepare(Path(folder), installation, environment)
                status.stop()
                _process(installation, samples, console)
                if not until_decided:
                    _serve(installation, console)
    except KeyboardInterrupt:
        console.print("\nStopped.")


def _describe(database_server: str, s3: dict[str, str]) -> dict[str, str]:
    for name in ("liasse", "prefect"):
        run_sql(database_server, f"CREATE DATABASE {name}")
    return {
        "LIASSE_DATABASE_URL": swap_database(database_server, "liasse"),
        "LIASSE_OBJECT_STORE": "s3",
        "LIASSE_S3_ENDPOINT": s3["endpoint"],
        "LIASSE_S3_ACCESS_KEY": s3["access_key"],
        "LIASSE_S3_SECRET_KEY": s3["secret_key"],
        "LIASSE_S3_SECURE": "false",
        "LIASSE_SECRET_KEY": secrets.token_urlsafe(40),
    }


def _prepare(folder: Path, installation: Installation, environment: dict[str, str]) -> None:
    """Make this process one of the installation's own, and the tables."""
    os.environ.update(environment, LIASSE_DATA_DIR=str(folder / "here"), DJANGO_SETTINGS_MODULE="portal.settings")
    os.environ["LIASSE_SITE_PORT"] = str(installation.site_port)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def _process(installation: Installation, folder: Path, console: Console) -> None:
    from django.db.models import Count, Max, Min

    from flows.drops import CLAIM_FILE
    from liasse.demo import create_accounts, load_samples
    from liasse.progress import Progress, print_results
    from schemas.settings import load_settings
    from storage.models import Reading
    from storage.objects import open_store

    samples = load_samples(folder)
    create_accounts(samples)
    settings = load_settings()
    store = open_store(settings)
    for sample in samples:
        place = f"{settings.inbox_prefix}{sample.claim.id}"
        for paper in sample.papers:
            store.put(f"{place}/{paper.name}", paper.read_bytes())
        claim = sample.claim.model_copy(update={"files": tuple(paper.name for paper in sample.papers)})
        store.put(f"{place}/{CLAIM_FILE}", claim.model_dump_json().encode())
    console.print(f"{len(samples)} sample dossiers dropped into the bucket; starting the Prefect server, site, workers")
    installation.start()
    progress = Progress(samples)
    with progress.show(console) as display:

        def is_finished() -> bool:
            display.update("")
            return progress.is_finished()

        installation.wait_until(is_finished, 3600, "every sample dossier is decided")
    print_results(console, progress.rows())
    table = Table(title="Who read what", title_justify="left", header_style="bold")
    for heading in ("worker", "papers", "first", "last"):
        table.add_column(heading, justify="right")
    shares = Reading.objects.values_list("worker").annotate(Count("pk"), Min("read_at"), Max("read_at"))
    for worker, papers, first, last in shares.order_by("worker"):
        table.add_row(worker, str(papers), f"{first:%H:%M:%S}", f"{last:%H:%M:%S}")
    console.print(table)
    if idle := set(_WORKERS) - {worker for worker, *_ in shares}:
        console.print(f"[red]Nothing was read by: {', '.join(sorted(idle))}[/]")
        raise typer.Exit(1)


def _serve(installation: Installation, console: Console) -> None:
    from liasse.demo import HANDLER_ACCOUNT

    console.print(f"\n[bold]Site[/]     http://127.0.0.1:{installation.site_port}  ({' / '.join(HANDLER_ACCOUNT)})")
    console.print(f"[bold]Prefect[/]  http://127.0.0.1:{installation.prefect_port}")
    console.print("\nServing; Ctrl-C stops everything.")
    installation.wait_until(lambda: False, float("inf"), "")


if __name__ == "__main__":
    typer.run(main)
