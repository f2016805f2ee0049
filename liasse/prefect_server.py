"""``liasse prefect-server``: a Prefect server with the settings that an installation needs."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer


def prefect_server(
    host: Annotated[str, typer.Option(help="Address to listen on; its pages have no password: keep it private.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Serve flow runs and schedules to the workers: no telemetry, and a database that does not grow for ever."""
    from flows.environment import prefect_environment
    from schemas.settings import load_settings

    settings = load_settings()
    (settings.data_dir / "prefect").mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = prefect_environment(settings.data_dir / "prefect", settings.prefect_api_url)
    if settings.prefect_database_url.get_secret_value():
        environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = _name_driver(
            settings.prefect_database_url.get_secret_value()
        )
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", host, "--port", str(settings.prefect_port)]
    os.execve(sys.executable, command, {**environment, **os.environ})  # noqa: S606  # becomes the server


def _name_driver(url: str) -> str:
    """The address of a database as Prefect writes it."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+asyncpg{separator}{rest}" if scheme in {"postgres", "postgresql"} else url
