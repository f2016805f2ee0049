"""Starting server processes so that none outlives whoever wanted it."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class ServiceError(Exception):
    """A server did not start; the message says where its log is."""


def pick_user(*names: str) -> str | None:
    """The account for a daemon when we are root (servers refuse root, rightly); None for our own."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*names, "nobody") if name in known)


def make_data_folder(service: str, user: str | None) -> Path:
    """A folder for a daemon's data, its own."""
    folder = Path(tempfile.mkdtemp(prefix=f"liasse-{service}-"))
    if user is not None:
        shutil.chown(folder, user)
    return folder


def find_free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def start_daemon(command: Sequence[str], *, log: Path, user: str | None, on_death: signal.Signals) -> subprocess.Popen:
    """Start a daemon in a session of its own; it gets ``on_death`` if this process is killed."""
    libc = ctypes.CDLL(None, use_errno=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, on_death),
            **as_user(user),
        )


def as_user(user: str | None) -> dict:
    """Arguments for ``subprocess`` to run as another account."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def stop_daemons(daemons: Sequence[subprocess.Popen], sign: signal.Signals, patience: float = 10.0) -> None:
    """Ask daemons to stop, then make them; each leads its own process group, so its workers go too."""
    for daemon in daemons:
        daemon.send_signal(sign)
    deadline = time.monotonic() + patience
    for daemon in daemons:
        try:
            daemon.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(daemon.pid, signal.SIGKILL)
            daemon.wait()


def wait_until(ready: Callable[[], bool], daemons: Sequence[subprocess.Popen], log: Path, seconds: float = 90) -> None:
    """Wait until a service answers.

    Raises:
        ServiceError: it does not, or one of its processes ended.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if any(daemon.poll() is not None for daemon in daemons) or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServiceError(f"the service does not answer; end of {log}:\n{tail}")
        time.sleep(0.1)
