"""Flow runs that a dead worker left behind.

A worker killed with -9 cannot tell the Prefect server that its run ended: the run would be shown as running for ever.
The next worker of the same name says it for it. Nothing of ours depends on these states; people who look at the
Prefect pages do.
"""

from __future__ import annotations

import structlog
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

log = structlog.get_logger(__name__)


def worker_tag(worker: str) -> str:
    """The tag that every run of a worker carries."""
    return f"worker:{worker}"


def close_leftover_runs(worker: str) -> int:
    """Mark the runs that an earlier process of this worker left unfinished as crashed.

    Returns:
        How many there were.
    """
    unfinished = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[worker_tag(worker)]),
        state=FlowRunFilterState(
            type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
        ),
    )
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=unfinished)
        for run in runs:
            client.set_flow_run_state(
                run.id, Crashed(message="The worker ended without a word; its papers were taken over."), force=True
            )
    if runs:
        log.warning("leftover flow runs closed", worker=worker, runs=len(runs))
    return len(runs)
