"""What a person sees when a command cannot do its work: one line that says why, never a trace."""

import fcntl
import os
import subprocess
import sys
import time

import pytest


def run_liasse(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "liasse", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.mark.parametrize("command", ["read", "decide", "run", "migrate", "worker", "site"])
def test_every_command_explains_itself(command):
    done = run_liasse(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_two_runs_on_one_folder_are_refused(tmp_path):
    with (tmp_path / "run.lock").open("w") as lock:
        lock.write("4321")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_liasse("run", LIASSE_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "process 4321" in done.stderr
    assert "[configuration]" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_named():
    done = run_liasse("run", LIASSE_DATA_DIR="/proc/nowhere")
    assert done.returncode == 2
    assert "/proc/nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_site_without_its_database_says_what_to_do(tmp_path):
    done = run_liasse("site", LIASSE_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_worker_of_the_same_name_is_refused(tmp_path):
    with (tmp_path / "worker-w1.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_liasse("worker", "--name", "w1", LIASSE_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "'w1' already runs" in done.stderr


def test_a_worker_that_waits_for_a_server_stops_when_told(tmp_path):
    environment = {**os.environ, "LIASSE_DATA_DIR": str(tmp_path), "LIASSE_READERS": "1", "LIASSE_PREFECT_PORT": "1"}
    subprocess.run([sys.executable, "-m", "liasse", "migrate"], env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "liasse", "worker", "--name", "w1"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert any("worker starts" in line for line in worker.stderr)
        started = time.monotonic()
        worker.terminate()
        worker.wait(timeout=60)
        assert worker.returncode in (0, 143)
    assert time.monotonic() - started < 60
