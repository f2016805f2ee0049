"""``liasse run``: the whole installation on this machine, and the sample dossiers through it."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, Annotated

import typer
from rich.console import Console

from liasse.environment import Addresses, choose_addresses, site_environment
from liasse.supervise import Service, Supervisor
from schemas.errors import ConfigurationError, StorageError
from schemas.settings import Settings, load_settings

_SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "set"
_POLL_SECONDS = 0.5


class _Stopped(BaseException):
    """The person pressed Ctrl-C, or the system asked us to end."""


def run(
    samples: Annotated[
        bool, typer.Option(help="Process the sample dossiers and create the demonstration accounts.")
    ] = True,
    samples_from: Annotated[
        Path, typer.Option(help="Folder with dossiers_inputs.jsonl and files/.", exists=True, file_okay=False)
    ] = _SAMPLES,
    until_decided: Annotated[
        bool, typer.Option(help="Stop when every sample dossier is decided, instead of serving until Ctrl-C.")
    ] = False,
) -> None:
    """Start everything on this machine, process the sample dossiers, serve until Ctrl-C."""
    console = Console()
    settings = load_settings()
    signal.signal(signal.SIGTERM, _raise_stopped)
    signal.signal(signal.SIGINT, _raise_stopped)
    supervisor: Supervisor | None = None
    lock = _lock_folder(settings)
    try:
        addresses = choose_addresses(settings)
        _prepare_database(settings, addresses, console)
        supervisor = Supervisor(
            _describe_services(settings, addresses), say=lambda line: console.print(f"[yellow]{line}[/]")
        )
        supervisor.start()
        if samples:
            _process_samples(settings, samples_from, supervisor, addresses, console)
        if until_decided:
            return
        _serve(settings, supervisor, addresses, console, samples=samples)
    except _Stopped:
        console.print("\nStopping…")
    finally:
        # A Ctrl-C while stopping must not leave processes behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if supervisor is not None:
            supervisor.stop()
            lock.close()
            console.print("Everything is stopped. What was processed is kept; start again with the same command.")


def _lock_folder(settings: Settings) -> IO[str]:
    """Hold the data folder: two supervisors on one folder would fight over its worker and its Prefect database.

    Raises:
        ConfigurationError: another ``liasse run`` holds it.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = (settings.data_dir / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise ConfigurationError(
            f"`liasse run` is already at work on {settings.data_dir} (process {lock.read().strip() or '?'}); "
            "stop that one, or set LIASSE_DATA_DIR to another folder"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _raise_stopped(_signal: int, _frame: FrameType | None) -> None:
    # Make and the terminal may both pass the same Ctrl-C on: once is enough.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def _prepare_database(settings: Settings, addresses: Addresses, console: Console) -> None:
    os.environ.update(site_environment(settings, addresses))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    load_settings.cache_clear()
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    with console.status("Preparing the database…"):
        django.setup()
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            raise StorageError(f"the database cannot be prepared: {error}") from error


def _describe_services(settings: Settings, addresses: Addresses) -> list[Service]:
    from flows.environment import prefect_environment  # needs Django to be set up, which the settings above decide

    logs = settings.data_dir / "logs"
    liasse = [sys.executable, "-m", "liasse"]
    services = []
    prefect_api = os.environ.get("LIASSE_PREFECT_API_URL", "")
    if not prefect_api:  # otherwise a shared Prefect server is used
        prefect_api = addresses.prefect_api
        own = {**site_environment(settings, addresses), "PREFECT_API_URL": prefect_api}
        services.append(Service("prefect-server", [*liasse, "prefect-server"], logs / "prefect-server.log", own))
    ours = site_environment(settings, addresses)
    services.append(Service("site", [*liasse, "site"], logs / "site.log", ours))
    worker = {**ours, **prefect_environment(settings.data_dir / "prefect", prefect_api)}
    services.append(Service("worker", [*liasse, "worker"], logs / "worker.log", worker))
    return services


def _process_samples(
    settings: Settings, folder: Path, supervisor: Supervisor, addresses: Addresses, console: Console
) -> None:
    from liasse.demo import create_accounts, drop_sample, load_samples
    from liasse.progress import Progress, print_results

    samples = load_samples(folder)
    create_accounts(samples)
    progress = Progress(samples)
    waiting = progress.find_unknown()
    for sample in waiting:
        assert settings.inbox_dir is not None  # noqa: S101  # settings fill it in
        drop_sample(sample, settings.inbox_dir)
    if waiting:
        console.print(f"{len(waiting)} sample dossiers dropped into {settings.inbox_dir}")
        console.print("Each is listed here as soon as it is decided; the Prefect server needs 20 s or so to start.")
    if not progress.is_finished():
        with progress.show(console) as display:
            while not progress.is_finished():
                supervisor.check()
                display.update(_say_stage(addresses))
                time.sleep(_POLL_SECONDS)
            display.update("")
    print_results(console, progress.rows())


def _serve(
    settings: Settings, supervisor: Supervisor, addresses: Addresses, console: Console, *, samples: bool
) -> None:
    from liasse.demo import HANDLER_ACCOUNT, MEMBER_ACCOUNT, OPERATOR_ACCOUNT

    site = f"http://{settings.site_host}:{addresses.site_port}"
    with console.status("Waiting for the site to answer…"):
        while not _answers(f"{site}/sante"):
            supervisor.check()
            time.sleep(_POLL_SECONDS)
    console.print(f"\n[bold]Site[/]     {site}")
    if samples:
        console.print(f"         member:  {MEMBER_ACCOUNT[0]} / {MEMBER_ACCOUNT[1]}")
        console.print(f"         handler: {HANDLER_ACCOUNT[0]} / {HANDLER_ACCOUNT[1]}")
        console.print(f"         operator: {OPERATOR_ACCOUNT[0]} / {OPERATOR_ACCOUNT[1]}")
    console.print(f"[bold]Prefect[/]  {addresses.prefect_ui}")
    console.print(f"[bold]Inbox[/]    {settings.inbox_dir}")
    mail = "sent by the configured server" if settings.email_url else settings.data_dir / "mail"
    console.print(f"[bold]Mail[/]     {mail}")
    console.print(f"[bold]Logs[/]     {settings.data_dir / 'logs'}")
    console.print("\nServing; Ctrl-C stops everything.")
    while True:
        supervisor.check()
        time.sleep(1.0)


def _say_stage(addresses: Addresses) -> str:
    if not _answers(f"{addresses.prefect_api}/health"):
        return "the Prefect server is starting (20 s or so the first time)"
    return "reading"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
