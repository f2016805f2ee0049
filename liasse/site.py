"""``liasse site``: serve the site."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from liasse.database import open_database
from schemas.settings import load_settings
from storage.logs import set_up_logs


def site(
    workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Threads in each process.")] = 8,
) -> None:
    """Serve the site on the host and port of the settings, until stopped."""
    open_database()
    set_up_logs()
    _keep_rules()
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


def _keep_rules() -> None:
    from django.utils import timezone

    from storage.rule_texts import keep_installed_rules

    keep_installed_rules(timezone.now())


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
