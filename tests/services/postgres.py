"""A PostgreSQL server of its own, from Debian's package."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services.daemons import (
    ServiceError,
    as_user,
    find_free_ports,
    make_data_folder,
    pick_user,
    start_daemon,
    stop_daemons,
    wait_until,
)

_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 32MB
{durability}
"""


@contextmanager
def run_postgres(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Run a fresh server as long as the block lasts.

    Args:
        durable: flush every commit to the disk; tests that pull no plug are faster without.

    Yields:
        ``url``: address of the server's first database, whose user may create others.
    """
    binaries = _find_binaries()
    user = pick_user("postgres")
    folder = make_data_folder("postgres", user)
    data, log, secret = folder / "data", folder / "log", folder / "password"
    password = secrets.token_hex(16)
    try:
        secret.touch(mode=0o600)
        secret.write_text(password)
        if user is not None:
            shutil.chown(secret, user)
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "liasse", "-A", "scram-sha-256", f"--pwfile={secret}",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd="/", **as_user(user),
        )  # fmt: skip
        (port,) = find_free_ports(1)
        durability = "" if durable else "fsync = off\nsynchronous_commit = off\nfull_page_writes = off"
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(port=port, durability=durability))
        url = f"postgres://liasse:{password}@127.0.0.1:{port}/postgres"
        daemon = start_daemon([str(binaries / "postgres"), "-D", str(data)], log=log, user=user, on_death=signal.SIGINT)
        try:
            wait_until(lambda: _answers(url), [daemon], log)
            yield {"url": url}
        finally:
            stop_daemons([daemon], signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_sql(url: str, *statements: str) -> None:
    """Run statements outside of a transaction (those that create or drop databases want that)."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def swap_database(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


def _answers(url: str) -> bool:
    try:
        run_sql(url, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _find_binaries() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServiceError("PostgreSQL is not installed (Debian package: postgresql)")
