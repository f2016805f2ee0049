"""Fresh, migrated databases, each copied from one that is migrated once a run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from storage.database import describe_database
from tests.services.postgres import run_sql, swap_database

_TEMPLATE = "liasse_template"


@contextmanager
def new_sqlite(run: Path, folder: Path) -> Iterator[str]:
    """A database in a file, as the embedded installation has one; yields its address."""
    path = folder / "liasse.sqlite3"
    copy_sqlite(run, path)
    yield f"sqlite:///{path}"


def copy_sqlite(run: Path, path: Path, settings: str = "storage.django_settings") -> None:
    """Make a migrated database in a file, with the tables of the applications that some Django settings name."""
    template = run / f"{settings}.sqlite3"
    with (run / f"{settings}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            draft = run / f"{settings}.draft"
            _migrate(f"sqlite:///{draft}", settings)
            draft.replace(template)
    shutil.copyfile(template, path)


@contextmanager
def new_postgres(run: Path, server: str) -> Iterator[str]:
    """A database on the server; yields its address."""
    done = run / "template.postgres"
    with (run / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            run_sql(server, f"CREATE DATABASE {_TEMPLATE}")
            _migrate(swap_database(server, _TEMPLATE))
            done.touch()
    name = f"t_{uuid.uuid4().hex}"
    run_sql(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    try:
        yield swap_database(server, name)
    finally:
        run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Have Django's default connection go to a database, in every thread, as long as the block lasts."""
    before, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": describe_database(url)})["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = before


def database_environment(url: str) -> dict[str, str]:
    """The environment of a process that works on a database."""
    return {**os.environ, "LIASSE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "storage.django_settings"}


def _migrate(url: str, settings: str = "storage.django_settings") -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--settings", settings]
    subprocess.run(command, check=True, env=database_environment(url))
