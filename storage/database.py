"""How the database is reached: one place for the site, the workers and the tests."""

from __future__ import annotations

from typing import Any

import dj_database_url

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
