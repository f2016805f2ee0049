"""The site with every sample dossier decided, served by processes of its own and gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Page

#: The command line of the project.
LIASSE = [sys.executable, "-m", "liasse"]
_START_SECONDS = 120


@contextmanager
def open_decided_site() -> Iterator[Mapping[str, str]]:
    """An installation of its own in which every sample dossier is decided; yields its environment."""
    with tempfile.TemporaryDirectory(prefix="liasse-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DJANGO_"))}
        environment = {**kept, "LIASSE_DATA_DIR": folder, "LIASSE_SITE_PORT": str(probe.getsockname()[1])}
        probe.close()
        subprocess.run([*LIASSE, "run", "--until-decided"], env=environment, check=True)
        yield environment


@contextmanager
def serve(environment: Mapping[str, str]) -> Iterator[str]:
    """Serve it as long as the block lasts; yields its address."""
    address = f"http://127.0.0.1:{environment['LIASSE_SITE_PORT']}"
    process = subprocess.Popen([*LIASSE, "site"], env=dict(environment))
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/sante", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def sign_in(page: Page, address: str, account: tuple[str, str]) -> None:
    """Sign somebody in and wait until they are."""
    page.goto(f"{address}/connexion")
    page.get_by_label("Identifiant").fill(account[0])
    page.get_by_label("Mot de passe").fill(account[1])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Se déconnecter").wait_for()
