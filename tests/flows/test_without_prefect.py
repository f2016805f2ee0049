"""Papers are read and decided whether a Prefect server answers, hangs, or is not there."""

import itertools
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from storage.models import DecisionRecord
from tests.services.installation import Installation
from tests.services.uploads import drop_claim, make_claim, make_member, make_paper

pytestmark = [pytest.mark.service, pytest.mark.timeout(900), pytest.mark.xdist_group("whole-installation")]

RUNS = {"flow_runs": {"name": {"any_": ["intake on worker"]}}}


def close_runs(installation, *, begun_before):
    """As the sweep does it, in a process that works with this installation's Prefect server."""
    code = f"from flows.runs import *; close_old_runs(datetime.fromisoformat({begun_before.isoformat()!r}))"
    environment = {**os.environ, "PREFECT_API_URL": f"http://127.0.0.1:{installation.prefect_port}/api"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_papers_do_not_wait_for_the_prefect_server(tmp_path, sqlite_database):
    environment = {"LIASSE_DATABASE_URL": sqlite_database, "LIASSE_SETTLE_SECONDS": "0"}
    numbers = itertools.count(1)
    with Installation(tmp_path, environment, services=("prefect", "workers")) as installation:

        def process(seconds, when):
            number = next(numbers)
            drop_claim(
                tmp_path / "data" / "inbox", make_claim(f"D{number}", make_member(number), "a.pdf"), make_paper(1)
            )
            decided = DecisionRecord.objects.filter(dossier__reference=f"D{number}")
            installation.wait_until(lambda: decided.all().exists(), seconds, f"a dossier is decided {when}")

        def find_run_states():
            return [run["state"]["type"] for run in installation.ask_prefect("flow_runs/filter", RUNS) or ()]

        def work_until_a_run_shows():
            process(60, "with a Prefect server")
            return "RUNNING" in find_run_states()

        installation.start("worker")
        process(180, "without any Prefect server")
        installation.start("prefect")
        installation.wait_until(work_until_a_run_shows, 300, "a burst is under way as a flow run")

        # A server that takes questions and answers none, as one whose database is locked. The loop asked it for the
        # state of its tasks, and waited for the answer for a minute and more.
        installation.pause("prefect")
        process(45, "while the Prefect server hangs")
        process(45, "while it still hangs")
        installation.resume("prefect")
        installation.wait_until(
            lambda: set(find_run_states()) == {"COMPLETED"}, 90, "the burst ends as a completed run"
        )

        # A run of a machine that never comes back is shown as running until a sweep finds it older than any run.
        flow = installation.ask_prefect("flows/", {"name": "intake"})
        gone = {"flow_id": flow["id"], "name": "intake on gone", "state": {"type": "RUNNING"}}
        zombie = {"flow_runs": {"id": {"any_": [installation.ask_prefect("flow_runs/", gone)["id"]]}}}
        for hours, state in ((-1, "RUNNING"), (1, "CRASHED")):
            close_runs(installation, begun_before=timezone.now() + timedelta(hours=hours))
            assert installation.ask_prefect("flow_runs/filter", zombie)[0]["state"]["type"] == state

        installation.services["worker"].process.terminate()
        assert installation.services["worker"].process.wait(20) == 0
