"""The reader process of a site process: for a look at a file before it is sent, and for pages gone through again.

Those are drawn step by step, or understood again because a person grouped them otherwise.
Started when a page is opened that may need it, bounded in time and memory like a worker's, ended with the process.
"""

from __future__ import annotations

import atexit
from threading import Lock, Thread

from extractors.pool import ReaderPool
from schemas.settings import load_settings

_lock = Lock()
_pool: ReaderPool | None = None
_serving = False


def warm_up_on_demand() -> None:
    """This process serves the site: ``warm_up`` may start a reader before there is anything to look at."""
    global _serving
    _serving = True


def warm_up() -> None:
    """Start the reader in the background, while the member still chooses files, or the gestionnaire still looks."""
    if _serving and _pool is None:
        Thread(target=lambda: open_reader().warm_up(), daemon=True).start()


def open_reader() -> ReaderPool:
    """The reader of this process, made on first use."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = ReaderPool.from_settings(load_settings(), 1)
            atexit.register(close)
        return _pool


def close() -> None:
    """End the reader."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.close(wait_for_files=False)
            _pool = None
