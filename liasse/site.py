"""``liasse site``: serve the site."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from schemas.errors import ConfigurationError
from schemas.settings import load_settings


def site(
    workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Threads in each process.")] = 8,
) -> None:
    """Serve the site on the host and port of the settings, until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    from storage.logs import set_up_logs

    django.setup()
    set_up_logs()
    _require_migrated_database()
    settings = load_settings()
    _serve(
        {
            "bind": f"{settings.site_host}:{settings.site_port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            # A photo on a slow phone connection takes its time; gthread only counts silence of the whole worker.
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 15,
            # Addresses hold only random identifiers, but who looked when is nobody's business here: no access log.
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
    )


def _require_migrated_database() -> None:
    """Stop with a clear message instead of serving error pages from an empty or older database.

    Raises:
        ConfigurationError: migrations are waiting.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ConfigurationError("the database is not up to date: run 'liasse migrate'")
    connection.close()


def _serve(options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn, configured from here instead of from a command line."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from portal.wsgi import application

            return application

    Server().run()
