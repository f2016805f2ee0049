"""The supervisor starts, watches, starts again and stops real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from liasse.supervise import Service, Supervisor


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def lines():
    return []


def make_service(tmp_path, code, name="child"):
    return Service(name, [sys.executable, "-c", code], tmp_path / f"{name}.log", {"ANSWER": "42"})


def test_a_service_gets_its_environment_and_writes_its_log(tmp_path, lines):
    supervisor = Supervisor(
        [make_service(tmp_path, "import os, time; print(os.environ['ANSWER'], flush=True); time.sleep(60)")],
        lines.append,
    )
    supervisor.start()
    assert wait_until(lambda: (tmp_path / "child.log").read_text() == "42\n")
    supervisor.stop()
    assert not supervisor.services[0].is_up
    assert lines == []


def test_a_killed_service_is_started_again_and_said(tmp_path, lines):
    service = make_service(tmp_path, "import time; time.sleep(60)")
    supervisor = Supervisor([service], lines.append)
    supervisor.start()
    first = service.process.pid
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not service.is_up)
    assert wait_until(lambda: (supervisor.check(), service.is_up)[1])
    assert service.process.pid != first
    assert "signal 9" in lines[0]
    supervisor.stop()


def test_a_service_that_dies_at_once_is_started_less_and_less_often(tmp_path, lines):
    service = make_service(tmp_path, "raise SystemExit(3)")
    service.start()
    waits = []
    for restarts in range(8):
        service.restarts = restarts
        waits.append(service.wait_before_restart())
    service.process.wait()
    assert waits[0] == 0.0
    assert waits == sorted(waits)
    assert waits[-1] == 30.0


def test_stopping_also_ends_grandchildren(tmp_path, lines):
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    supervisor = Supervisor([make_service(tmp_path, code)], lines.append)
    supervisor.start()
    assert wait_until(lambda: (tmp_path / "child.log").read_text().endswith("\n"))
    grandchild = int((tmp_path / "child.log").read_text())
    assert is_running(grandchild)
    supervisor.stop()
    assert wait_until(lambda: not is_running(grandchild))


def test_children_die_with_a_supervisor_that_is_killed(tmp_path):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from liasse.supervise import Service, Supervisor\n"
        f"log = Path({str(tmp_path)!r}) / 'child.log'\n"
        "service = Service('child', [sys.executable, '-c', 'import time; time.sleep(60)'], log)\n"
        "Supervisor([service], print).start()\n"
        "print(service.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child = int(supervisor.stdout.readline())
    assert is_running(child)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    assert wait_until(lambda: not is_running(child))
