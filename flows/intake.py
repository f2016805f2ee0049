"""The intake as Prefect shows it: one flow run a burst, one task a stage of a dossier.

There is no flow run a paper, because a run costs about a second. A task stands for one stage of one dossier, so that a
person can follow a dossier on the Prefect pages by its reference, which says nothing of anybody.

Nothing here waits for the Prefect server once the run has begun. The runs carry no tags for that reason: before each
task the engine would ask the server for a slot in the concurrency limits of its tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectConcurrentFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows import stages
from flows.burst import STAGES_AT_ONCE, work_until_idle
from flows.context import current_context
from storage.work import ClaimedDossier, ClaimedPiece


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


class TaskStages:
    """Stages as tasks of the flow run that is under way (see ``flows.burst.StageRunner``)."""

    def start_reading(self, reference: str, pieces: Sequence[ClaimedPiece]) -> Future[Any]:
        """See ``StageRunner``; the thread's own future, whose end is known here and now, not Prefect's state."""
        future = read_task.with_options(task_run_name=f"read {reference}").submit(pieces)
        assert isinstance(future, PrefectConcurrentFuture)  # noqa: S101  # what the flow's task runner makes
        return future.wrapped_future

    def count_read(self, reading: Future[Any]) -> int:
        """See ``StageRunner``."""
        if reading.exception():
            return 0
        state = reading.result()
        return int(state.result(raise_on_failure=False)) if state.is_completed() else 0

    def decide(self, dossier: ClaimedDossier) -> str | None:
        """See ``StageRunner``."""
        return decide_task.with_options(task_run_name=f"decide {dossier.reference}")(dossier)

    def notify(self) -> int:
        """See ``StageRunner``."""
        return notify_task()


@flow(
    name="intake",
    flow_run_name="intake on {worker}",
    task_runner=ThreadPoolTaskRunner(max_workers=STAGES_AT_ONCE),  # type: ignore[arg-type]  # Prefect's own stubs disagree
    persist_result=False,
    validate_parameters=False,
)
def intake(worker: str) -> dict[str, int]:  # noqa: ARG001  # names the run
    """Work until nothing has come for a while.

    Args:
        worker: name of the worker, shown on the Prefect pages.
    """
    logger = get_run_logger()
    done = work_until_idle(current_context(), TaskStages())
    logger.info("papers read: %(papers)s, dossiers decided: %(dossiers)s, messages sent: %(messages)s", done)
    return done
