"""The worker: one process that works off what waits and serves the scheduled flows.

It needs the database and the object store. A Prefect server makes what it does visible and runs what is scheduled;
without one, papers are read and decided all the same.
"""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection
from django.utils import timezone

from flows import stages
from flows.burst import PlainStages, work_until_idle
from flows.context import WorkerContext, make_context
from flows.environment import prefect_environment
from flows.orchestrator import Orchestrator
from flows.pulse import giving_signs
from flows.readers import close_readers
from schemas.errors import ConfigurationError
from schemas.settings import Settings
from storage.logs import set_up_logs
from storage.rule_texts import keep_installed_rules
from storage.work import free_leases

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 1.0
_HARD_STOP_SECONDS = 12.0


def run_worker(settings: Settings, name: str = "") -> None:
    """Work until SIGTERM or SIGINT.

    Args:
        settings: of this installation.
        name: of this worker, one a machine; the host's name when empty.

    Raises:
        ConfigurationError: another worker of that name runs here.
    """
    for variable, value in prefect_environment(settings.data_dir / "prefect", settings.prefect_api_url).items():
        os.environ.setdefault(variable, value)
    set_up_logs()
    name = name or socket.gethostname()
    with _only_one(settings, name):
        for left in (settings.data_dir / "work").glob(f"{glob.escape(name)}-*"):
            shutil.rmtree(left, ignore_errors=True)
        context = make_context(settings, name)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, lambda _n, _f: _ask_to_stop(context))
        log.info("worker starts", worker=name, readers=context.readers)
        try:
            # Not waited for: drops are taken and dossiers decided while the readers load what they need.
            threading.Thread(target=context.pool.warm_up, name="warm-up", daemon=True).start()
            keep_installed_rules(timezone.now())
            with giving_signs(name, context.readers), Orchestrator(name, context.stop) as orchestrator:
                # Not in the main thread: there, Prefect would answer SIGTERM in our place, in the middle of anything.
                work = threading.Thread(target=_work, args=(context, orchestrator), name="work", daemon=True)
                work.start()
                work.join()
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


def _work(context: WorkerContext, orchestrator: Orchestrator) -> None:
    """Run a burst whenever something waits."""
    clean = False
    while not context.stop.is_set():
        try:
            if not clean:
                # Nothing is in hand here. Whatever is still leased under this name was claimed by a process that died,
                # or in a transaction whose answer was lost: freed, instead of waiting for the leases to lapse.
                freed = free_leases(context.owner)
                clean = True
                if freed:
                    log.info("leases freed", worker=context.owner, leases=freed)
            if stages.has_work(context):
                _run_burst(context, orchestrator)
                continue
        except Exception as error:  # the worker outlives whatever a burst dies of
            log.error("burst failed", worker=context.owner, error=type(error).__name__, exc_info=True)
            clean = False
            connection.close()  # it may be broken; the next query opens another
            orchestrator.distrust()
            context.stop.wait(_RETRY_SECONDS)
        context.stop.wait(context.settings.poll_seconds)
    connection.close()


def _run_burst(context: WorkerContext, orchestrator: Orchestrator) -> None:
    if orchestrator.is_ready():
        from flows.intake import intake

        intake(context.owner)
    else:
        with PlainStages(context) as plain:
            work_until_idle(context, plain, give_way=orchestrator.is_ready)


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
