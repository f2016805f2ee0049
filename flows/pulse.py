"""Signs of life of a worker, from a thread of its own: a worker that waits for a long reading is not dead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection
from django.utils import timezone

from storage.workers import SIGN_EVERY, give_sign, sign_in, sign_off

log = structlog.get_logger(__name__)


@contextmanager
def giving_signs(name: str, readers: int) -> Iterator[None]:
    """Tell the database that a worker is there, as long as the block lasts, and then that it went in order."""
    over = threading.Event()

    def give_signs() -> None:
        known = False
        while not over.is_set():
            try:
                if known:
                    give_sign(name, timezone.now())
                else:
                    sign_in(name, readers, timezone.now())
                    known = True
            except Exception as error:  # the database is away for a moment
                log.warning("no sign of life given", worker=name, error=type(error).__name__)
            connection.close()
            over.wait(SIGN_EVERY.total_seconds())

    thread = threading.Thread(target=give_signs, name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
        try:
            sign_off(name, timezone.now())
        except Exception as error:
            log.warning("not signed off", worker=name, error=type(error).__name__)
        connection.close()
