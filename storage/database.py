"""How the database is reached: one place for the site, the workers and the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import dj_database_url
from django.db import InterfaceError, OperationalError, connection
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from schemas.errors import LiasseError

Result = TypeVar("Result")

#: Seconds that a writer waits for another on SQLite, where one writes at a time.
_SQLITE_WAIT = 30


def describe_database(url: str) -> dict[str, Any]:
    """The entry of Django's ``DATABASES`` for an address.

    Args:
        url: ``sqlite:///path`` or ``postgres://user:password@host:port/name``.
    """
    entry: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if entry["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: a transaction that will write takes the lock at its start and waits for it, instead of failing
        # half-way with "database is locked" when it turns from reading to writing.
        entry["OPTIONS"] = {
            "timeout": _SQLITE_WAIT,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    return entry


def is_passing(error: BaseException) -> bool:
    """Whether the same work may succeed later without anybody changing anything.

    Our own errors say so by their type; of the database's, a lost connection and a lock held too long pass, everything
    else (a value that a column does not take) will be the same next time.
    """
    if isinstance(error, LiasseError):
        return error.retryable
    return isinstance(error, OperationalError | InterfaceError | OSError)


def try_again(work: Callable[[], Result], *, seconds: float) -> Result:
    """Do something that is whole or not done at all, again while what fails may pass, on a fresh connection each time.

    Args:
        work: one transaction, which finds out by itself if an earlier try was committed although it seemed to fail.
        seconds: after which the last error is raised.
    """
    tries = Retrying(
        retry=retry_if_exception(is_passing),
        stop=stop_after_delay(seconds),
        wait=wait_random_exponential(multiplier=0.2, max=5.0),
        before_sleep=_drop_connection,
        reraise=True,
    )
    return tries(work)


def _drop_connection(_state: RetryCallState) -> None:
    """Django keeps a broken connection until a request ends, and there are no requests in a worker."""
    connection.close()
