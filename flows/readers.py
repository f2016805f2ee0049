"""The reader processes of this worker: started once, kept between flow runs, because starting them costs seconds."""

from __future__ import annotations

import os
from threading import Lock

from extractors.pool import ReaderPool
from schemas.settings import Settings

_lock = Lock()
_pool: ReaderPool | None = None


def count_readers(settings: Settings) -> int:
    """How many reader processes this machine gets: as configured, else one a core that we may use."""
    return settings.readers or len(os.sched_getaffinity(0))


def open_readers(settings: Settings) -> ReaderPool:
    """The pool of this process, made on first use."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = ReaderPool.from_settings(settings, count_readers(settings))
        return _pool


def close_readers() -> None:
    """End the reader processes, whatever they are reading: their papers were given back."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.close(wait_for_files=False)
            _pool = None
