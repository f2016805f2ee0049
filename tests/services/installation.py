"""A whole installation in real processes, each of which may be killed: Prefect server, site, workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from liasse.supervise import Service, Supervisor
from tests.services.daemons import find_free_ports


class Installation:
    """Processes that share a database and an object store; use it as a context manager.

    Args:
        folder: each process gets a data folder below it.
        environment: ``LIASSE_...`` settings that all of them share (database, object store, inbox).
        workers: names of the workers; each has a data folder of its own, unless there is only one.
        prefect_database: address of the Prefect server's database; SQLite in its home when empty.
        services: which of ``prefect``, ``site`` and ``workers`` to start.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        workers: tuple[str, ...] = ("worker",),
        prefect_database: str = "",
        services: tuple[str, ...] = ("prefect", "site", "workers"),
    ) -> None:
        self.folder = folder
        self.site_port, self.prefect_port = find_free_ports(2)
        self.said: list[str] = []
        shared = {
            **dict.fromkeys((name for name in os.environ if name.startswith(("LIASSE_", "DJANGO_"))), ""),
            "LIASSE_SITE_PORT": str(self.site_port),
            "LIASSE_PREFECT_PORT": str(self.prefect_port),
            "LIASSE_SECRET_KEY": "for this test alone, the same for all processes of it",
            "LIASSE_READERS": "1",
            **environment,
        }
        self._shared = {name: value for name, value in shared.items() if value}
        self._absent = [name for name, value in shared.items() if not value and name != "LIASSE_DATA_DIR"]
        self.services: dict[str, Service] = {}
        if "prefect" in services:
            extra = {"LIASSE_PREFECT_DATABASE_URL": prefect_database} if prefect_database else {}
            self._add("prefect", [sys.executable, "-m", "liasse", "prefect-server"], folder / "data", extra)
        if "site" in services:
            self._add("site", [sys.executable, "-m", "liasse", "site"], folder / "data")
        if "workers" in services:
            for name in workers:
                data = folder / "data" if len(workers) == 1 else folder / name
                self._add(name, [sys.executable, "-m", "liasse", "worker", "--name", name], data)
        self.supervisor = Supervisor([], say=self.said.append)
        #: Called whenever the processes are looked after.
        self.also_check: Callable[[], None] = lambda: None

    def _add(self, name: str, command: list[str], data: Path, extra: Mapping[str, str] | None = None) -> None:
        environment = {**self._shared, "LIASSE_DATA_DIR": str(data), **(extra or {})}
        # env removes what the test's own environment has set for the test alone.
        cleared = [word for variable in self._absent for word in ("-u", variable)]
        self.services[name] = Service(name, ["env", *cleared, *command], self.folder / f"{name}.log", environment)

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.resume("prefect")
        self.supervisor.stop()

    def start(self, *names: str) -> None:
        """Start some of the processes, all when none is named; from now on they are started again when they die."""
        for name in names or self.services:
            service = self.services[name]
            self.supervisor.services.append(service)
            service.start()

    def check(self) -> None:
        """Start again what died, at once however often it did: here it is killed on purpose."""
        for service in self.supervisor.services:
            service.restarts = 0
        self.supervisor.check()
        self.also_check()

    def pid(self, name: str) -> int:
        """The process of a service."""
        process = self.services[name].process
        assert process is not None
        return process.pid

    def family(self, name: str) -> list[int]:
        """A service's process and everything below it."""
        found, look = [], [self.pid(name)]
        while look:
            pid = look.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    look += [int(child) for child in (task / "children").read_text().split()]
        return found

    def pause(self, name: str) -> None:
        """Stop a service in its tracks: it answers nothing and is not gone."""
        os.kill(self.pid(name), signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a paused service go on."""
        if name in self.services and self.services[name].process is not None:
            os.kill(self.pid(name), signal.SIGCONT)

    def wait_until(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for something, starting again what dies meanwhile."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            if found := condition():
                return found
            time.sleep(0.1)
        logs = "".join(f"\n--- {name}\n{self.log(name)[-2000:]}" for name in self.services)
        raise AssertionError(f"not within {seconds:.0f} s: {what}{logs}")

    def log(self, name: str) -> str:
        """What a service has printed."""
        path = self.services[name].log
        return path.read_text(errors="replace") if path.exists() else ""

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The structured lines in a service's log."""
        for line in self.log(name).splitlines():
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    yield found

    def ask_prefect(self, path: str, body: Mapping[str, Any]) -> Any:
        """One question to the Prefect server; None while it does not answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect_port}/api/{path}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except OSError:
            return None
