"""Start the processes of an installation, watch them, start again what dies, stop everything.

A child never outlives its supervisor: the kernel sends it SIGTERM when the supervisor ends, however it ends.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 15.0
_CALM_SECONDS = 60.0


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Service:
    """One process that must be up.

    Attributes:
        name: what people call it; also the name of its log file.
        command: program and arguments.
        env: environment variables added to ours.
        log: file that takes what it prints.
        restarts: how often it was started again.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    restarts: int = 0
    process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _output: IO[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                start_new_session=True,
                preexec_fn=_die_with_parent,  # one prctl call, no locks, no allocation
            )
        self._started_at = time.monotonic()

    @property
    def is_up(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def wait_before_restart(self) -> float:
        """Seconds to wait: none after a calm life, more each time it dies at once."""
        if time.monotonic() - self._started_at > _CALM_SECONDS:
            self.restarts = 0
        return min(30.0, 0.5 * 2**self.restarts) if self.restarts else 0.0


class Supervisor:
    """Keeps some services up until told to stop.

    Args:
        services: in the order in which they are started; they are stopped in the opposite order.
        say: prints one line for a person.
    """

    def __init__(self, services: Sequence[Service], say: Callable[[str], None]) -> None:
        self.services = list(services)
        self._say = say
        self._due: dict[str, float] = {}

    def start(self) -> None:
        """Start everything."""
        for service in self.services:
            service.start()

    def check(self) -> None:
        """Start again what died; call it about once a second."""
        for service in self.services:
            if service.is_up or service.process is None:
                continue
            due = self._due.get(service.name)
            if due is None:
                self._say(
                    f"{service.name} ended ({_describe(service.process.returncode)}) and is started again; "
                    f"its log is {service.log}"
                )
                self._due[service.name] = time.monotonic() + service.wait_before_restart()
            elif time.monotonic() >= due:
                del self._due[service.name]
                service.restarts += 1
                service.start()

    def stop(self) -> None:
        """Ask everything to stop, wait, then kill what did not."""
        for service in reversed(self.services):
            if service.is_up and service.process is not None:
                service.process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for service in reversed(self.services):
            process = service.process
            if process is None:
                continue
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"{service.name} did not stop within {_STOP_SECONDS:.0f} s and is killed")
            # Its own children (flow runs, gunicorn workers) share its session: none is left behind.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            finally:
                process.wait()


def _describe(status: int | None) -> str:
    if status is None:
        return "unknown"
    return f"signal {-status}" if status < 0 else f"status {status}"
