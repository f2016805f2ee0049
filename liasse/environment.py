"""What the processes of one installation must agree on: the environment handed to them."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things answer on this machine."""

    site_port: int
    prefect_port: int

    @property
    def prefect_ui(self) -> str:
        """The pages of the Prefect server."""
        return f"http://127.0.0.1:{self.prefect_port}"

    @property
    def prefect_api(self) -> str:
        """The interface of the Prefect server."""
        return f"{self.prefect_ui}/api"


def choose_addresses(settings: Settings) -> Addresses:
    """The ports of the settings, or the next free ones where something else answers there."""
    return Addresses(
        site_port=_find_free_port(settings.site_host, settings.site_port),
        prefect_port=_find_free_port("127.0.0.1", settings.prefect_port),
    )


def site_environment(settings: Settings, addresses: Addresses) -> dict[str, str]:
    """Our settings as the child processes must see them."""
    return {
        "LIASSE_DATA_DIR": str(settings.data_dir),
        "LIASSE_SITE_PORT": str(addresses.site_port),
        "LIASSE_PREFECT_PORT": str(addresses.prefect_port),
        "LIASSE_SITE_URL": os.environ.get("LIASSE_SITE_URL", f"http://{settings.site_host}:{addresses.site_port}"),
    }


def _find_free_port(host: str, first: int, tries: int = 50) -> int:
    for port in range(first, first + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return first
