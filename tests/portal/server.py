"""An installation of its own, served by the real command."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.settings import Settings
from tests.services.databases import copy_sqlite
from tests.services.once import find_run_folder

SITE = [sys.executable, "-m", "liasse", "site"]


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    text: str

    def json(self):
        return json.loads(self.text)


@dataclass(frozen=True)
class Site:
    port: int
    process: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        return self._ask("POST", path, data, headers)

    def _ask(self, method, path, data=None, headers=None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        finally:
            connection.close()

    def memory_mb(self) -> float:
        """Resident memory of the server process that answers (the child of the one that was started)."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def new_installation(folder: Path, *, migrated: bool = True) -> dict[str, str]:
    """The environment of an embedded installation in a folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DJANGO_"))}
    environment = {**kept, "LIASSE_DATA_DIR": str(folder / "data"), "LIASSE_SITE_PORT": str(port)}
    if migrated:
        path = Path(Settings(data_dir=folder / "data").database_url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        copy_sqlite(find_run_folder(), path, "portal.settings")
    return environment


@contextmanager
def serve(environment: dict[str, str]) -> Iterator[Site]:
    """The site, up and answering; stopped at the end."""
    port = int(environment["LIASSE_SITE_PORT"])
    process = subprocess.Popen(SITE, env=environment)
    try:
        site = Site(port, process.pid)
        deadline = time.monotonic() + 60
        while True:
            try:
                site.get("/sante")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the site did not come up") from None
                time.sleep(0.2)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=30)
