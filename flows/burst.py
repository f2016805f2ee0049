"""One burst of work: hand out what waits, as long as something waits.

Knows no Prefect. How a stage is carried out is told to it: plainly, or as a task that people can follow on the Prefect
pages. Either way the loop waits for readers and for the database only: what the Prefect server knows of a stage is late
by seconds, may be lost, and while its database is locked a question to it takes a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from flows import stages
from flows.context import WorkerContext
from storage.work import ClaimedDossier, ClaimedPiece

#: A burst ends after so many seconds without work.
IDLE_SECONDS = 10.0
#: A burst never lasts longer, so that the Prefect pages show runs that end.
BURST_SECONDS = 900.0
#: Stages at once; each is a thread that mostly waits for a reader.
STAGES_AT_ONCE = 16


class StageRunner(Protocol):
    """How the stages of a burst are carried out."""

    def start_reading(self, reference: str, pieces: Sequence[ClaimedPiece]) -> Future[Any]:
        """Have papers of one dossier read, without waiting for them."""
        ...

    def count_read(self, reading: Future[Any]) -> int:
        """How many papers a reading that has ended kept; 0 when it failed."""
        ...

    def decide(self, dossier: ClaimedDossier) -> str | None:
        """Decide one dossier and return what was decided."""
        ...

    def notify(self) -> int:
        """Send the messages that are due."""
        ...


class PlainStages:
    """Stages as plain calls, for as long as a ``with`` block lasts."""

    def __init__(self, context: WorkerContext) -> None:
        self._context = context
        self._threads = ThreadPoolExecutor(STAGES_AT_ONCE, thread_name_prefix="stage")

    def __enter__(self) -> PlainStages:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    def start_reading(self, reference: str, pieces: Sequence[ClaimedPiece]) -> Future[Any]:  # noqa: ARG002
        """See ``StageRunner``."""
        return self._threads.submit(stages.read_papers, self._context, pieces)

    def count_read(self, reading: Future[Any]) -> int:
        """See ``StageRunner``."""
        return 0 if reading.exception() else int(reading.result())

    def decide(self, dossier: ClaimedDossier) -> str | None:
        """See ``StageRunner``."""
        return stages.decide_dossier(self._context, dossier)

    def notify(self) -> int:
        """See ``StageRunner``."""
        return stages.send_messages(self._context)


@dataclass(frozen=True, slots=True)
class _Reading:
    papers: int
    future: Future[Any]


def work_until_idle(
    context: WorkerContext,
    runner: StageRunner,
    *,
    idle_seconds: float = IDLE_SECONDS,
    burst_seconds: float = BURST_SECONDS,
    give_way: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """The loop of one burst.

    Args:
        context: of this worker.
        runner: carries the stages out.
        idle_seconds: the burst ends after so long without work.
        burst_seconds: the burst takes nothing new after so long.
        give_way: the burst takes nothing new once this says so.

    Returns:
        How many ``papers`` were read, ``dossiers`` decided, ``messages`` sent.
    """
    done = {"papers": 0, "dossiers": 0, "messages": 0}
    reading: list[_Reading] = []
    began = quiet_since = time.monotonic()
    while True:
        busy = stages.take_drops(context) > 0
        ending = context.stop.is_set() or time.monotonic() - began > burst_seconds or give_way()
        if not ending:
            for reference, pieces in _claim_papers(context, taken=sum(entry.papers for entry in reading)):
                reading.append(_Reading(len(pieces), runner.start_reading(reference, pieces)))
        for entry in [entry for entry in reading if entry.future.done()]:
            reading.remove(entry)
            kept = runner.count_read(entry.future)
            done["papers"] += kept
            busy = busy or kept > 0
        for dossier in stages.claim_ready_dossiers(context):
            done["dossiers"] += runner.decide(dossier) is not None
            busy = True
        if stages.messages_wait():
            done["messages"] += runner.notify()
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
