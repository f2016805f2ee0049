"""Long-lived reader processes that can be killed.

Native code (pdfium, HEIC, OpenCV, Tesseract) cannot be stopped from inside its process, and a file may be made to
hang or crash it. So files are read in child processes with a memory limit and a time limit; a file that kills its
reader costs only its own refusal, and another reader takes the next file.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import popen_forkserver, spawn
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from extractors.limits import Limits
from extractors.regrouping import Regrouped
from extractors.results import ReadFile, StepPicture
from schemas.errors import RefusalCode
from schemas.readings import DocumentReading, FileReading
from schemas.settings import Settings

_log = logging.getLogger(__name__)

#: A reader is replaced after this many files, so that no leak of a native library adds up.
_FILES_PER_READER = 200
_WARM_UP_SECONDS = 120.0
#: A reader may be killed for reasons that have nothing to do with its file (memory of the machine, a person, a broken
#: channel): the file gets so many readers before the death counts as its own fault.
_CHANCES = 2


class ReaderPool:
    """Reader processes on this machine; use it as a context manager.

    Args:
        readers: how many.
        limits: what one file may cost.
        timeout_seconds: time after which a reader is killed and its file refused.
        memory_bytes: private memory of a reader; 0 for no bound.
    """

    def __init__(
        self,
        readers: int = 1,
        limits: Limits | None = None,
        timeout_seconds: float = 120.0,
        memory_bytes: int = 700_000_000,
    ) -> None:
        self._readers = max(1, readers)
        self._limits = limits or Limits()
        self._timeout = timeout_seconds
        self._memory = memory_bytes
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._closings = 0

    @classmethod
    def from_settings(cls, settings: Settings, readers: int) -> ReaderPool:
        """So many readers, bounded as this installation says."""
        return cls(readers, Limits.from_settings(settings), settings.read_timeout_seconds, settings.reader_memory_bytes)

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait_for_files=kind is None)

    def submit(self, path: Path | str, identifier: str | None = None, *, previews: bool = True) -> Future[ReadFile]:
        """Read a file in a reader process.

        Args:
            path: of the file.
            identifier: name of the piece; the file's name without extension when left out.
            previews: also draw the pages.

        Returns:
            A future. Whatever the file does to its reader, the result is a ReadFile, with a refusal if need be;
            the future fails only when the file does not exist or Tesseract is missing.
        """
        path = Path(path)
        answer: Future[ReadFile] = Future()
        self._read(answer, path, identifier or path.stem, previews, _CHANCES)
        return answer

    def _read(self, answer: Future[ReadFile], path: Path, identifier: str, previews: bool, chances: int) -> None:
        closings = self._closings
        inner = self._schedule(_read_in_reader, (path, identifier, self._limits, previews), self._timeout)

        def read_again() -> None:
            try:
                self._read(answer, path, identifier, previews, chances - 1)
            except Exception as error:
                answer.set_exception(error)

        def settle(done: Future[ReadFile]) -> None:
            died = not done.cancelled() and isinstance(done.exception(), ProcessExpired | BrokenProcessPool)
            if died and chances > 1 and closings == self._closings:
                _log.warning("a reader died reading %s, which gets another one", identifier)
                # This runs in a thread of the pool, which could not stop that very pool to start another.
                Thread(target=read_again, daemon=True).start()
            else:
                _settle(answer, done, path, identifier)

        inner.add_done_callback(settle)

    def look(self, path: Path, identifier: str, seconds: float, *, previews: bool = False) -> Future[ReadFile]:
        """A quick look at a file (``extractors.first_look``); a reader that takes longer is ended, the answer refused.

        Args:
            path: of the file.
            identifier: name to remember.
            seconds: that it may take.
            previews: also draw the pages.

        Returns:
            A future; once it is cancelled, no reader spends time on the file any more.
        """
        answer: Future[ReadFile] = Future()
        inner = self._schedule(_look_in_reader, (path, identifier, self._limits, previews), seconds)

        def settle(done: Future[ReadFile]) -> None:
            if answer.set_running_or_notify_cancel():
                _settle(answer, done, path, identifier)

        inner.add_done_callback(settle)
        answer.add_done_callback(lambda done: inner.cancel() if done.cancelled() else None)
        return answer

    def replay(self, path: Path, number: int, seconds: float) -> Future[tuple[StepPicture, ...]]:
        """Draw what was done to a page before it was read (``extractors.replaying``).

        Args:
            path: of the file.
            number: of the page, from 1.
            seconds: after which the reader is ended.

        Returns:
            A future; it fails with ``FileRefusedError``, with ``TimeoutError``, or as a dead reader does.
        """
        return self._schedule(_replay_in_reader, (path, number, self._limits), seconds)

    def regroup(self, groups: Sequence[Regrouped], seconds: float) -> Future[tuple[DocumentReading, ...]]:
        """Understand pages again that were grouped otherwise (``extractors.regrouping``).

        Args:
            groups: the new papers.
            seconds: after which the reader is ended.

        Returns:
            A future; it fails with ``TimeoutError``, or as a dead reader does.
        """
        return self._schedule(_regroup_in_reader, (tuple(groups),), seconds)

    def warm_up(self) -> int:
        """Start the readers and load what the first file would; returns how many answered."""
        started = [self._schedule(_warm_in_reader, (), _WARM_UP_SECONDS) for _ in range(self._readers)]
        done, _ = wait(started, timeout=_WARM_UP_SECONDS)
        return len({future.result() for future in done if not future.cancelled() and future.exception() is None})

    def close(self, *, wait_for_files: bool = True) -> None:
        """End the readers.

        Args:
            wait_for_files: let them finish what was submitted; otherwise they are killed.
        """
        with self._lock:
            self._closings += 1
            pool, self._pool = self._pool, None
        if pool is None:
            return
        if wait_for_files:
            pool.close()  # type: ignore[no-untyped-call]
        else:
            pool.stop()  # type: ignore[no-untyped-call]
        pool.join()

    def _schedule(self, task: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Future[Any]:
        with self._lock:
            for attempt in (1, 2):
                if self._pool is None:
                    self._pool = self._start()
                try:
                    return self._pool.schedule(task, args=arguments, timeout=seconds)
                except RuntimeError:  # pebble gave the pool up (its channel broke): start another one
                    if attempt == 2:
                        raise
                    _log.error("reader pool broken, starting another")
                    self._pool.stop()  # type: ignore[no-untyped-call]
                    self._pool = None
        raise AssertionError("unreachable")

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._readers,
            max_tasks=_FILES_PER_READER,
            initializer=_prepare_in_reader,
            initargs=(self._memory,),
            context=_ReaderContext(),
        )


# What follows runs in the readers. It stands here, importing late, so that the parent never loads a pixel library.


def _prepare_in_reader(memory_bytes: int) -> None:
    from extractors.reader_process import prepare_reader

    prepare_reader(memory_bytes)


def _read_in_reader(path: Path, identifier: str, limits: Limits, previews: bool) -> ReadFile:
    from extractors.reader_process import read_here

    return read_here(path, identifier, limits, previews)


def _look_in_reader(path: Path, identifier: str, limits: Limits, previews: bool) -> ReadFile:
    from extractors.reader_process import look_here

    return look_here(path, identifier, limits, previews)


def _replay_in_reader(path: Path, number: int, limits: Limits) -> tuple[StepPicture, ...]:
    from extractors.reader_process import replay_here

    return replay_here(path, number, limits)


def _regroup_in_reader(groups: tuple[Regrouped, ...]) -> tuple[DocumentReading, ...]:
    from extractors.reader_process import regroup_here

    return regroup_here(groups)


def _warm_in_reader() -> int:
    from extractors.reader_process import warm_reader

    return warm_reader()


def _settle(answer: Future[ReadFile], done: Future[ReadFile], path: Path, identifier: str) -> None:
    """Give the answer that a reader gave, or the refusal that its death means."""
    if done.cancelled():
        answer.cancel()
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    elif isinstance(error, TimeoutError):
        answer.set_result(_refuse(path, identifier, RefusalCode.TIMEOUT))
    elif isinstance(error, ProcessExpired | MemoryError):
        _log.warning("a reader died reading %s (exit code %s)", identifier, getattr(error, "exitcode", None))
        answer.set_result(_refuse(path, identifier, RefusalCode.DAMAGED))
    else:
        answer.set_exception(error)


def _refuse(path: Path, identifier: str, refusal: RefusalCode) -> ReadFile:
    try:  # what hung the reader must not hang us: a pipe or a device has no content to hash
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        digest = ""
    return ReadFile(FileReading(id=identifier, file=str(path), sha256=digest, refusal=refusal))


class _ReaderProcess(ForkServerProcess):
    """A process that does not import the parent's main module again.

    The parent may be a worker of an orchestrator or a web server; multiprocessing would load all of it into every
    reader. Readers need nothing of it.
    """

    _preparation = Lock()

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> popen_forkserver.Popen:  # noqa: N802  the name multiprocessing calls
        original = spawn.get_preparation_data

        def prepare_without_main(name: str) -> dict[str, Any]:
            return {key: value for key, value in original(name).items() if not key.startswith("init_main")}

        with _ReaderProcess._preparation:
            spawn.get_preparation_data = prepare_without_main
            try:
                return popen_forkserver.Popen(process_obj)
            finally:
                spawn.get_preparation_data = original


class _ReaderContext(ForkServerContext):
    """Fork server that has the reading modules loaded once for all readers."""

    Process = _ReaderProcess

    def __init__(self) -> None:
        super().__init__()
        multiprocessing.set_forkserver_preload(["extractors.reader_process"])
