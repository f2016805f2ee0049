"""Flow runs that a dead worker left behind.

A worker killed with -9 cannot tell the Prefect server that its run ended: the run would be shown as running for ever.
The next worker of the same name says it for it, and the sweep of any worker once a run is older than any can be (the
machine may never come back). Nothing of ours depends on these states; people who look at the Prefect pages do.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterName,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

log = structlog.get_logger(__name__)

_UNFINISHED = FlowRunFilterState(
    type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
)


def name_runs(worker: str) -> list[str]:
    """Names of the runs of a worker: see ``flow_run_name`` of the flows."""
    scheduled = ("sweep", "purge", "reminders", "quality")
    return [f"intake on {worker}", *(f"{flow} by {worker}" for flow in scheduled)]


def close_leftover_runs(worker: str) -> int:
    """Mark the runs that an earlier process of this worker left unfinished as crashed.

    Returns:
        How many there were.
    """
    return _close(FlowRunFilter(name=FlowRunFilterName(any_=name_runs(worker)), state=_UNFINISHED))


def close_old_runs(started_before: datetime) -> int:
    """Mark the runs of whatever worker that began before a moment and never ended as crashed.

    Returns:
        How many there were.
    """
    return _close(FlowRunFilter(start_time=FlowRunFilterStartTime(before_=started_before), state=_UNFINISHED))


def _close(unfinished: FlowRunFilter) -> int:
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=unfinished)
        for run in runs:
            client.set_flow_run_state(
                run.id, Crashed(message="The worker ended without a word; its papers were taken over."), force=True
            )
    if runs:
        log.warning("leftover flow runs closed", runs=len(runs))
    return len(runs)
