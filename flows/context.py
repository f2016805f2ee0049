"""What the flows of one process work with: settings, object store, readers, the wish to stop.

Prefect records the parameters of a flow run and shows them to anybody who opens its pages, so these never travel as
parameters.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from extractors.pool import ReaderPool
from flows.inbox_places import BucketInbox, FolderInbox, Inbox
from flows.readers import count_readers, open_readers
from schemas.rules import InsurerRules, load_rules
from schemas.settings import Settings
from storage.objects import ObjectStore, open_store


@dataclass
class WorkerContext:
    """Everything that one worker process works with.

    Attributes:
        owner: name under which leases are held.
        stop: set when the process must end; loops look at it.
        work_dir: where originals are laid for the readers; emptied at start.
    """

    settings: Settings
    owner: str
    store: ObjectStore
    rules: InsurerRules
    inboxes: tuple[Inbox, ...]
    work_dir: Path
    stop: Event = field(default_factory=Event)
    _patience_ends: float = float("inf")

    def ask_to_stop(self) -> None:
        """Have the loops end: nothing new is begun, what is nearly done may finish."""
        self._patience_ends = time.monotonic() + _PATIENCE_SECONDS
        self.stop.set()

    def is_out_of_patience(self) -> bool:
        """Whether even work that was begun must be given back now."""
        return time.monotonic() > self._patience_ends

    @property
    def readers(self) -> int:
        """How many reader processes there are."""
        return count_readers(self.settings)

    @property
    def pool(self) -> ReaderPool:
        """The reader processes, started on first use."""
        return open_readers(self.settings)


#: A worker told to stop gives papers back that are not read within this time; supervisors kill after 10 s and more.
_PATIENCE_SECONDS = 5.0

_current: WorkerContext | None = None


def make_context(settings: Settings, owner: str) -> WorkerContext:
    """A context for this process, remembered for ``current_context``."""
    global _current
    store = open_store(settings)
    inboxes: list[Inbox] = []
    if settings.inbox_dir is not None:
        inboxes.append(FolderInbox(settings.inbox_dir))
    if settings.object_store == "s3":
        inboxes.append(BucketInbox(store, settings.inbox_prefix))
    work_dir = settings.data_dir / "work" / f"{owner}-{os.getpid()}"
    work_dir.mkdir(parents=True, exist_ok=True)
    _current = WorkerContext(
        settings=settings,
        owner=owner,
        store=store,
        rules=load_rules(settings.rules_file),
        inboxes=tuple(inboxes),
        work_dir=work_dir,
    )
    return _current


def current_context() -> WorkerContext:
    """The context of this process; a served flow run, which is a process of its own, makes one from the environment."""
    if _current is not None:
        return _current
    from schemas.settings import load_settings

    return make_context(load_settings(), f"run-{os.getpid()}")
