"""One server for all the processes of a test run.

The first process that asks starts a keeper, which runs the server and outlives that process; the others find its
address in a file. The keeper ends with the run, also when the run is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.services.daemons import ServiceError

_PATIENCE = 180.0


def find_run_folder() -> Path:
    """A folder that all processes of this run share, and no other run."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    folder = Path(tempfile.gettempdir()) / f"liasse-tests-{os.getuid()}-{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def remove_abandoned_folders() -> None:
    """Clear what runs that were killed have left: their servers have ended with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"liasse-tests-{os.getuid()}-*"):
        if not Path("/proc", folder.name.rpartition("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def obtain_service(name: str, run: Path) -> dict[str, str]:
    """How to reach a server, started if nobody has yet.

    Args:
        name: ``s3`` or ``postgres``.
        run: from ``find_run_folder``.

    Raises:
        ServiceError: it does not start.
    """
    address = run / f"{name}.json"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            _start_keeper(name, run, address)
    return dict(json.loads(address.read_text()))


def stop_services(run: Path) -> None:
    """End the servers of this run and wait until they are gone."""
    for pid_file in run.glob("*.pid"):
        with contextlib.suppress(ProcessLookupError):
            keeper = os.pidfd_open(int(pid_file.read_text()))
            signal.pidfd_send_signal(keeper, signal.SIGTERM)
            select.select([keeper], [], [], 30)
            os.close(keeper)


def _start_keeper(name: str, run: Path, address: Path) -> None:
    watched = int(run.name.rpartition("-")[2])
    log = run / f"{name}.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.services.once", name, str(address), str(watched)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
    (run / f"{name}.pid").write_text(str(keeper.pid))
    deadline = time.monotonic() + _PATIENCE
    while not address.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise ServiceError(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)


def keep_service(name: str, address: Path, watched: int) -> None:
    """Run a server until SIGTERM, or until the watched process is gone."""
    from tests.services.postgres import run_postgres
    from tests.services.s3 import run_s3

    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with {"s3": run_s3, "postgres": run_postgres}[name]() as found:
        draft = address.with_suffix(".draft")
        draft.write_text(json.dumps(found))
        draft.replace(address)
        with contextlib.suppress(ProcessLookupError):
            select.select([os.pidfd_open(watched)], [], [])


if __name__ == "__main__":
    keep_service(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
