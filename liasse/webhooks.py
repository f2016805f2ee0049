"""``liasse webhooks``: a signing secret, a trial, and what was given up sent again."""

from __future__ import annotations

import base64
import secrets

import typer

from liasse.database import open_database
from schemas.errors import ConfigurationError
from schemas.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Tell another system of every change of status (LIASSE_WEBHOOK_URL).")

_SECRET_BYTES = 32


@app.command()
def secret() -> None:
    """Print a new signing secret, for LIASSE_WEBHOOK_SECRET here and for the receiver."""
    typer.echo(f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}")


@app.command()
def ping() -> None:
    """Post a signed trial at once, and say what came of it; ends with status 1 when it was not taken."""
    from datetime import UTC, datetime

    from storage.webhooks import post_signed

    settings = load_settings()
    if not settings.webhook_url:
        raise ConfigurationError("no LIASSE_WEBHOOK_URL is set")
    now = datetime.now(UTC)
    payload = {"type": "ping", "timestamp": now.isoformat(), "data": {}}
    fault = post_signed(settings, f"ping:{secrets.token_hex(8)}", payload, now)
    typer.echo(f"not taken: {fault}" if fault else "taken")
    if fault:
        raise typer.Exit(1)


@app.command()
def retry() -> None:
    """Have everything that was given up sent again by the workers."""
    open_database("storage")
    from django.utils import timezone

    from storage.webhooks import retry_given_up

    typer.echo(f"{retry_given_up(timezone.now())} to be sent again")
