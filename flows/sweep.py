"""The scheduled flow that takes up what was left behind.

Everything a worker does can be interrupted at any moment; what it leaves is found again by its traces in the database:
lapsed leases, papers whose reader died every time, dossiers that nobody scheduled, messages that were never sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import structlog
from django.utils import timezone
from prefect import flow, get_run_logger

from flows import stages
from flows.burst import BURST_SECONDS
from flows.context import current_context
from flows.runs import close_old_runs
from storage.alarms import Alarm, AlarmCode, find_alarms, tell_alarms
from storage.logs import set_up_logs
from storage.measures import measure
from storage.sweep import sweep_database

log = structlog.get_logger(__name__)

#: No run of ours lasts so long: a burst ends after this time and the reading of its last papers.
_LONGEST_RUN = timedelta(seconds=4 * BURST_SECONDS)


@flow(name="sweep", flow_run_name="sweep by {worker}", persist_result=False, validate_parameters=False)
def sweep(worker: str) -> dict[str, int]:  # noqa: ARG001  # names the run
    """Look for what was left behind and put it back to work.

    Args:
        worker: who serves this run, shown on the Prefect pages.
    """
    set_up_logs()
    context = current_context()
    found = asdict(sweep_database(timezone.now(), context.store))
    missing = found.pop("missing_originals")
    if missing:
        log.error("originals are missing from the object store", originals=missing)
    counts = {
        **found,
        "missing_originals": len(missing),
        "messages_sent": stages.send_messages(context),
        "closed_runs": _close_old_runs(),
        "alarms_told": _tell_alarms(missing),
    }
    get_run_logger().info("%s", counts)
    log.info("swept", **counts)
    return counts


def _tell_alarms(missing_originals: Sequence[str]) -> int:
    now = timezone.now()
    alarms = find_alarms(measure(now))
    if missing_originals:
        gone = f"{len(missing_originals)} originals of the last day are missing from the object store"
        alarms += (Alarm(AlarmCode.ORIGINALS_MISSING, gone),)
    for alarm in alarms:
        log.error("alarm", code=alarm.code.value, reason=alarm.message)
    try:
        return len(tell_alarms(alarms, now))
    except Exception as error:  # the mail server does not answer: the next sweep tells them
        log.warning("alarms not told", error=type(error).__name__)
        return 0


def _close_old_runs() -> int:
    try:
        return close_old_runs(timezone.now() - _LONGEST_RUN)
    except Exception as error:  # what the Prefect pages show must not make a sweep fail
        log.warning("old flow runs could not be closed", error=type(error).__name__)
        return 0
