"""Alarms are mailed by a process that needs no worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.portal.mailbox import open_mailbox
from tests.portal.server import new_installation


def wait_until_handled(process, number, seconds=60):
    """Return once a process has a handler of its own for a signal."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None
        status = Path(f"/proc/{process.pid}/status").read_text()
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught, 16) >> (number - 1) & 1:
            return
        time.sleep(0.1)
    raise AssertionError("the process does not handle the signal")


def test_the_watch_tells_that_no_worker_is_alive(tmp_path):
    with open_mailbox() as box:
        environment = {
            **new_installation(tmp_path),
            "LIASSE_EMAIL_URL": f"smtp://127.0.0.1:{box.port}",
            "LIASSE_ALARM_EMAIL": "exploitation@exemple.invalid",
        }
        watch = [sys.executable, "-m", "liasse", "watch"]
        subprocess.run([*watch, "--once"], env=environment, check=True, timeout=60)
        message = box.wait()
        assert "no worker is alive" in str(message)
        subprocess.run([*watch, "--once"], env=environment, check=True, timeout=60)
        assert len(box.messages) == 1  # told once
        process = subprocess.Popen(watch, env=environment)
        wait_until_handled(process, signal.SIGTERM)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=20) == 0
