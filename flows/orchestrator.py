"""The Prefect server as the worker sees it: welcome when it answers, missed by nobody when it does not.

Deployments are served from a thread of their own, started once a server answers. Whether a burst of work becomes a flow
run is asked before each burst.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from prefect.runner import Runner

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 2.0
#: How often the server is asked whether it is ready.
_ASK_SECONDS = 5.0
#: After a run that Prefect did not let start or end, bursts do without it for so long.
_DISTRUST_SECONDS = 60.0
_JOIN_SECONDS = 10.0


class Orchestrator:
    """The Prefect server that the environment names; use it as a context manager.

    Args:
        worker: name of this worker.
        stop: set when the process must end.
    """

    def __init__(self, worker: str, stop: threading.Event) -> None:
        self._worker = worker
        self._stop = stop
        self._url = os.environ["PREFECT_API_URL"].rstrip("/")
        self._serving = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._runner: Runner | None = None
        self._ready = False
        self._distrusted_until = 0.0
        self._thread = threading.Thread(target=self._serve, name="deployments", daemon=True)

    def __enter__(self) -> Orchestrator:
        self._thread.start()
        threading.Thread(target=self._keep_asking, name="prefect-health", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._runner is not None and self._loop is not None and self._runner.started:
            asyncio.run_coroutine_threadsafe(self._runner.astop(), self._loop)
        self._thread.join(timeout=_JOIN_SECONDS)

    def is_ready(self) -> bool:
        """Whether a flow run may be begun: the deployments are served, and the server and its database answered.

        Known without asking: the answer is some seconds old.
        """
        return self._serving.is_set() and self._ready and time.monotonic() >= self._distrusted_until

    def distrust(self) -> None:
        """Do without the server for a while: it answered, and a run failed all the same."""
        self._distrusted_until = time.monotonic() + _DISTRUST_SECONDS

    def _keep_asking(self) -> None:
        while not self._stop.is_set():
            if self._serving.is_set():
                self._ready = self._answers("/ready")
            self._stop.wait(_ASK_SECONDS)

    def _answers(self, path: str) -> bool:
        try:
            # The configured server.
            with urllib.request.urlopen(self._url + path, timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _serve(self) -> None:
        told = False
        while not self._answers("/ready"):
            if not told:
                log.info("working without Prefect until its server answers", worker=self._worker)
                told = True
            if self._stop.wait(_LOOK_SECONDS):
                return
        try:
            self._serve_deployments()
        except Exception as error:
            log.error("deployments are not served", worker=self._worker, error=type(error).__name__, exc_info=True)

    def _serve_deployments(self) -> None:
        # Prefect reads its settings when it is imported, and that takes seconds: not before somebody answers.
        from prefect.runner import Runner

        from flows.deployments import declare_deployments
        from flows.runs import close_leftover_runs

        try:
            close_leftover_runs(self._worker)
        except Exception as error:  # what the Prefect pages show must never keep papers waiting
            log.warning("leftover flow runs could not be closed", worker=self._worker, error=type(error).__name__)
        self._loop = loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        # The schedule stays on while no worker is up: whichever worker comes first takes the next sweep.
        self._runner = runner = Runner(name=f"liasse-{self._worker}", pause_on_shutdown=False, limit=2)

        async def serve() -> None:
            for deployment in await declare_deployments(self._worker):
                await runner.aadd_deployment(deployment)
            self._serving.set()
            await runner.start()

        loop.run_until_complete(serve())
