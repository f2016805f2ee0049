"""``liasse worker``: reads, decides and notifies on this machine until stopped."""

from __future__ import annotations

from typing import Annotated

import typer


def worker(
    name: Annotated[
        str, typer.Option(help="Name of this worker; one a machine, kept across restarts. Default: the host's name.")
    ] = "",
) -> None:
    """Take what was uploaded, read it, decide, notify; serve the scheduled flows."""
    from flows.worker import run_worker
    from schemas.settings import load_settings

    settings = load_settings()
    run_worker(settings, name or settings.worker_name)
