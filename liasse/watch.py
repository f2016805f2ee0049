"""``liasse watch``: tells of alarms by e-mail, apart from the workers, who cannot tell that they are all gone."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import structlog
import typer

from liasse.database import open_database

log = structlog.get_logger(__name__)

#: Seconds between two looks.
_EVERY = 60.0


def watch(
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for a timer.")] = False,
) -> None:
    """Look every minute whether something is wrong, and tell LIASSE_ALARM_EMAIL; needs no worker and no Prefect."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    open_database()
    while True:
        _look()
        if once or stop.wait(_EVERY):
            return


def _look() -> None:
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from storage.alarms import AlarmCode, find_alarms, tell_alarms
    from storage.logs import set_up_logs
    from storage.measures import measure

    set_up_logs()
    try:
        now = timezone.now()
        # Whether originals are missing is for the sweep to tell, which looks into the object store.
        told = tell_alarms(find_alarms(measure(now)), now, set(AlarmCode) - {AlarmCode.ORIGINALS_MISSING})
        for alarm in told:
            log.error("alarm", code=alarm.code.value, reason=alarm.message)
    except (DatabaseError, OSError) as error:  # no database, no mail server: the next look tries again
        log.error("alarms not told", error=type(error).__name__)
        close_old_connections()
