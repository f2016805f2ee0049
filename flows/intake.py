"""The resident flow: takes what was uploaded, has it read, decides, notifies.

One flow run is one burst of work: it starts when something waits and ends after a few idle seconds. There is no flow
run a paper, because a run costs about a second. A task stands for one stage of one dossier, so that a person can follow
a dossier on the Prefect pages by its reference, which says nothing of anybody.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows import stages
from flows.context import WorkerContext, current_context
from storage.work import ClaimedDossier, ClaimedPiece

#: A burst ends after so many seconds without work.
IDLE_SECONDS = 10.0
#: A burst never lasts longer, so that the Prefect pages show runs that end.
BURST_SECONDS = 900.0


@task(name="read", persist_result=False, cache_policy=NO_CACHE)
def read_task(pieces: Sequence[ClaimedPiece]) -> int:
    """Have some papers of one dossier read."""
    return stages.read_papers(current_context(), pieces)


@task(name="decide", persist_result=False, cache_policy=NO_CACHE)
def decide_task(dossier: ClaimedDossier) -> str | None:
    """Decide one dossier and return what was decided."""
    return stages.decide_dossier(current_context(), dossier)


@task(name="notify", persist_result=False, cache_policy=NO_CACHE)
def notify_task() -> int:
    """Send the messages that are due."""
    return stages.send_messages(current_context())


@flow(
    name="intake",
    flow_run_name="intake on {worker}",
    task_runner=ThreadPoolTaskRunner(max_workers=16),  # type: ignore[arg-type]  # Prefect's own stubs disagree
    persist_result=False,
    validate_parameters=False,
)
def intake(worker: str) -> dict[str, int]:  # noqa: ARG001  # names the run
    """Work until nothing has come for a while.

    Args:
        worker: name of the worker, shown on the Prefect pages.
    """
    logger = get_run_logger()
    done = work_until_idle(current_context())
    logger.info("papers read: %(papers)s, dossiers decided: %(dossiers)s, messages sent: %(messages)s", done)
    return done


def work_until_idle(
    context: WorkerContext, *, idle_seconds: float = IDLE_SECONDS, burst_seconds: float = BURST_SECONDS
) -> dict[str, int]:
    """The loop of one burst: hand out what waits, as long as something waits."""
    done = {"papers": 0, "dossiers": 0, "messages": 0}
    reading: list[tuple[int, PrefectFuture[int]]] = []
    began = quiet_since = time.monotonic()
    while True:
        busy = stages.take_drops(context) > 0
        ending = context.stop.is_set() or time.monotonic() - began > burst_seconds
        if not ending:
            for reference, pieces in _claim_papers(context, taken=sum(papers for papers, _ in reading)):
                future = read_task.with_options(task_run_name=f"read {reference}").submit(pieces)
                reading.append((len(pieces), future))
        for entry in [entry for entry in reading if entry[1].state.is_final()]:
            reading.remove(entry)
            done["papers"] += entry[1].result() if entry[1].state.is_completed() else 0
            busy = True
        for dossier in stages.claim_ready_dossiers(context):
            decided = decide_task.with_options(task_run_name=f"decide {dossier.reference}")(dossier)
            done["dossiers"] += decided is not None
            busy = True
        if stages.messages_wait():
            done["messages"] += notify_task()
            busy = True
        now = time.monotonic()
        if busy or reading:
            quiet_since = now
        if not reading and (ending or now - quiet_since > idle_seconds):
            return done
        context.stop.wait(context.settings.poll_seconds if not busy else 0.05)


def _claim_papers(context: WorkerContext, taken: int) -> list[tuple[str, list[ClaimedPiece]]]:
    """Papers that wait, grouped by the reference of their dossier; no more than keep every reader busy for a moment."""
    free = 2 * context.readers - taken
    if free <= 0:
        return []
    references = stages.find_references(stages.claim_papers(context, free))
    groups: dict[str, list[ClaimedPiece]] = {}
    for piece, reference in references.items():
        groups.setdefault(reference, []).append(piece)
    return list(groups.items())
