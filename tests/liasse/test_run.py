"""``liasse run`` as a person runs it: real processes, a real Prefect server, a worker killed on the way."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

SET = Path(__file__).resolve().parents[2] / "samples" / "set"

pytestmark = [pytest.mark.service, pytest.mark.timeout(1800), pytest.mark.xdist_group("whole-installation")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def few_samples(tmp_path):
    """The eight sample dossiers with the lightest papers, and a hostile file each in two of them."""
    lines = [json.loads(line) for line in (SET / "dossiers_inputs.jsonl").read_text().splitlines()]
    papers = {path.stem: path for path in (SET / "files").iterdir()}
    lines.sort(key=lambda line: (sum(papers[name].suffix != ".pdf" for name in line["files"]), len(line["files"])))
    chosen = lines[:8]
    folder = tmp_path / "samples"
    (folder / "files").mkdir(parents=True)
    for line in chosen:
        for name in line["files"]:
            shutil.copyfile(papers[name], folder / "files" / papers[name].name)
    for line, bad in zip(chosen, ["encrypted.pdf", "zip_renamed.pdf"], strict=False):
        shutil.copyfile(SET / "bad" / bad, folder / "files" / bad)
        line["files"].append(Path(bad).stem)
    (folder / "dossiers_inputs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in chosen))
    return folder


class Installation:
    """An installation in a folder of its own."""

    def __init__(self, tmp_path, samples):
        self.data = tmp_path / "data"
        self.samples = samples
        self.output = tmp_path / "output.txt"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DJANGO_"))},
            "LIASSE_DATA_DIR": str(self.data),
            "LIASSE_PREFECT_PORT": str(free_port()),
            "LIASSE_SITE_PORT": str(free_port()),
            "LIASSE_READERS": "1",
            "COLUMNS": "200",
        }

    def start(self, *options):
        with self.output.open("ab") as output:
            command = [sys.executable, "-m", "liasse", "run", "--samples-from", str(self.samples), *options]
            return subprocess.Popen(command, env=self.env, stdout=output, stderr=subprocess.STDOUT)

    def ask(self, query):
        try:
            with sqlite3.connect(self.data / "liasse.sqlite3", timeout=30) as database:
                return database.execute(query).fetchall()
        except sqlite3.OperationalError:  # not made or not migrated yet
            return []

    def ask_prefect(self, path, body):
        """One question to this installation's Prefect server."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.env['LIASSE_PREFECT_PORT']}/api/{path}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def deployments(self):
        try:
            return self.ask_prefect("deployments/filter", {})
        except OSError:  # the server is starting
            return []

    def find_run(self, run):
        return self.ask_prefect("flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})[0]

    def processes(self):
        """Identifiers of every process that works for this installation."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environment = (folder / "environ").read_bytes()
                except OSError:
                    continue
                if f"LIASSE_DATA_DIR={self.data}".encode() in environment:
                    found.append(int(folder.name))
        return found

    def find_worker(self):
        for pid in self.processes():
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"liasse" in words and b"worker" in words:
                return pid
        return None


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s: {what}")


def test_a_worker_killed_on_the_way_loses_and_doubles_nothing(tmp_path, few_samples):
    installation = Installation(tmp_path, few_samples)
    process = installation.start("--until-decided")
    try:
        wait_until(lambda: installation.ask("select 1 from storage_reading"), 400, "the first paper is read")
        os.kill(installation.find_worker(), signal.SIGKILL)
        assert process.wait(timeout=600) == 0, installation.output.read_text()
    finally:
        process.kill()
        process.wait()

    claims = [json.loads(line) for line in (few_samples / "dossiers_inputs.jsonl").read_text().splitlines()]
    papers = sum(len(claim["files"]) for claim in claims)
    assert installation.ask("select count(*) from storage_dossier where status in ('received', 'processing')") == [(0,)]
    assert installation.ask("select count(*), count(distinct dossier_id) from storage_decisionrecord") == [(8, 8)]
    assert installation.ask("select count(*), count(distinct piece_id) from storage_reading") == [(papers, papers)]
    assert installation.ask("select count(*) from storage_piece") == [(papers,)]
    assert {code for (code,) in installation.ask("select refusal from storage_reading where refusal != ''")} == {
        "encrypted",
        "unsupported_type",
    }
    decided = "select dossier_id, count(*) from storage_event where kind = 'decided' group by 1"
    assert {count for _, count in installation.ask(decided)} == {1}
    output = installation.output.read_text()
    assert "worker ended (signal 9)" in output
    assert all(claim["id"] in output for claim in claims)
    assert not any((installation.data / "inbox").iterdir())
    wait_until(lambda: not installation.processes(), 20, "every process is gone")

    # Again, on the same data: nothing is read or decided a second time, and Ctrl-C stops everything.
    process = installation.start()
    try:
        wait_until(lambda: "Serving" in installation.output.read_text(), 300, "the site answers")
        wait_until(lambda: len(installation.deployments()) == 5, 300, "the deployments are served")
        sweep = next(entry for entry in installation.deployments() if "sweep" in entry["entrypoint"])
        assert sweep["schedules"][0]["schedule"]["interval"] == 300
        # The server's own scheduler works: a run nobody asked for is due.
        wait_until(
            lambda: any(
                entry["auto_scheduled"] and entry["deployment_id"] == sweep["id"]
                for entry in installation.ask_prefect("flow_runs/filter", {})
            ),
            120,
            "the next sweep is scheduled",
        )
        run = installation.ask_prefect(f"deployments/{sweep['id']}/create_flow_run", {})
        wait_until(
            lambda: installation.find_run(run["id"])["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED"),
            90,
            "the sweep ends",
        )
        assert installation.find_run(run["id"])["state"]["type"] == "COMPLETED"
        # The run that the killed worker left behind was closed by the next one: nothing is shown as running.
        states = {entry["name"]: entry["state"]["type"] for entry in installation.ask_prefect("flow_runs/filter", {})}
        assert "RUNNING" not in {state for name, state in states.items() if name.startswith("intake")}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
    assert installation.ask("select count(*) from storage_decisionrecord") == [(8,)]
    assert installation.ask("select count(*) from storage_reading") == [(papers,)]
    wait_until(lambda: not installation.processes(), 20, "every process is gone")
