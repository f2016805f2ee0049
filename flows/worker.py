"""The worker: one process that runs the resident flow and serves the scheduled ones."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from flows.context import WorkerContext, make_context
from flows.logs import set_up_logs
from flows.readers import close_readers
from schemas.errors import ConfigurationError
from schemas.settings import Settings
from storage.work import free_leases

log = structlog.get_logger(__name__)

_SERVER_WAIT_SECONDS = 180.0
_RETRY_SECONDS = 5.0
_HARD_STOP_SECONDS = 12.0


def run_worker(settings: Settings, name: str = "") -> None:
    """Work until SIGTERM or SIGINT.

    Args:
        settings: of this installation.
        name: of this worker, one a machine; the host's name when empty.

    Raises:
        ConfigurationError: another worker of that name runs here, or no Prefect server answers.
    """
    os.environ.setdefault("PREFECT_API_URL", settings.prefect_api_url)
    set_up_logs()
    name = name or socket.gethostname()
    with _only_one(settings, name):
        shutil.rmtree(settings.data_dir / "work", ignore_errors=True)
        context = make_context(settings, name)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, lambda _n, _f: _ask_to_stop(context))
        freed = free_leases(name)
        log.info("worker starts", worker=name, readers=context.readers, leases_freed=freed)
        try:
            context.pool.warm_up()
            _wait_for_server(context.stop)
            if context.stop.is_set():
                return
            _close_leftovers(name)
            with _serving_deployments(name):
                _work(context)
        finally:
            close_readers()
            shutil.rmtree(context.work_dir, ignore_errors=True)
            log.info("worker stopped", worker=name)


def _ask_to_stop(context: WorkerContext) -> None:
    """Stop in order; and if something hangs (a Prefect server that went first), stop all the same.

    What is then cut short is taken up by the next worker: its leases are freed at once under the same name.
    """
    if not context.stop.is_set():
        context.ask_to_stop()
        watchdog = threading.Timer(_HARD_STOP_SECONDS, os._exit, args=(143,))
        watchdog.daemon = True
        watchdog.start()


def _work(context: WorkerContext) -> None:
    """Run a burst whenever something waits."""
    # Prefect reads its settings when it is imported, and that takes seconds: not before this process needs it.
    from prefect import tags

    from flows import stages
    from flows.intake import intake
    from flows.runs import worker_tag

    while not context.stop.is_set():
        try:
            if stages.has_work(context):
                with tags(worker_tag(context.owner)):
                    intake(context.owner)
                continue
        except Exception as error:  # the worker outlives whatever a burst dies of; leases bring the work back
            log.error("burst failed", worker=context.owner, error=type(error).__name__, exc_info=True)
            context.stop.wait(_RETRY_SECONDS)
        context.stop.wait(context.settings.poll_seconds)


@contextmanager
def _only_one(settings: Settings, name: str) -> Iterator[None]:
    """Hold the name of this worker: leases are held in it, so two processes must not share it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / f"worker-{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"a worker named {name!r} already runs on {settings.data_dir}; give this one another --name"
            ) from error
        yield


def _wait_for_server(stop: threading.Event) -> None:
    url = os.environ["PREFECT_API_URL"].rstrip("/") + "/health"
    deadline = time.monotonic() + _SERVER_WAIT_SECONDS
    while not stop.is_set():
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # the configured server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if time.monotonic() > deadline:
            raise ConfigurationError(
                f"no Prefect server answers at {url} after {_SERVER_WAIT_SECONDS:.0f} s; "
                "start one with `prefect server start` or set LIASSE_PREFECT_API_URL"
            )
        stop.wait(0.5)


def _close_leftovers(name: str) -> None:
    from flows.runs import close_leftover_runs

    try:
        close_leftover_runs(name)
    except Exception as error:  # what the Prefect pages show must never keep papers waiting
        log.warning("leftover flow runs could not be closed", worker=name, error=type(error).__name__)


@contextmanager
def _serving_deployments(name: str) -> Iterator[None]:
    """Serve the deployments in a thread of their own, because the resident flow has the main one."""
    from prefect.runner import Runner

    from flows.deployments import declare_deployments

    loop = asyncio.new_event_loop()
    # The schedule stays on while no worker is up: whichever worker comes first takes the next sweep.
    runner = Runner(name=f"liasse-{name}", pause_on_shutdown=False, limit=2)

    async def serve() -> None:
        for deployment in await declare_deployments(name):
            await runner.aadd_deployment(deployment)
        await runner.start()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serve())
        except Exception as error:
            log.error("deployments are not served", worker=name, error=type(error).__name__, exc_info=True)

    thread = threading.Thread(target=run, name="deployments", daemon=True)
    thread.start()
    try:
        yield
    finally:
        if runner.started:
            asyncio.run_coroutine_threadsafe(runner.astop(), loop)
        thread.join(timeout=10)
