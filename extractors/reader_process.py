"""What a reader process is before it reads: bounded in memory, silent, and gone when its parent is gone.

This module is also what the fork server loads once, so that every reader starts with everything imported.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import multiprocessing
import os
import resource
import signal
import sys
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

# Before numpy and its friends are imported: one thread each, the pool is what uses the cores.
for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import rapidocr  # noqa: E402, F401  takes a second or two: once in the fork server, not in every reader

from extractors import reading as _reading  # noqa: E402
from extractors.fingerprints import fingerprint_page  # noqa: E402
from extractors.first_look import look_at_file  # noqa: E402
from extractors.limits import Limits  # noqa: E402
from extractors.recognising.second_reader import load_second_reader  # noqa: E402
from extractors.regrouping import Regrouped, understand_again  # noqa: E402
from extractors.replaying import replay_page  # noqa: E402
from extractors.results import ReadFile, StepPicture  # noqa: E402
from extractors.understanding.loading import load_models  # noqa: E402
from schemas.readings import DocumentReading  # noqa: E402

_PR_SET_PDEATHSIG = 1
_F_SETSIG = 10

# The hash library imports scipy on first use: better once in the fork server than on the first page of each reader.
fingerprint_page(np.tri(64, dtype=np.uint8) * 255)
# So do the word lists and models: loaded here, they are shared by all readers. What goes wrong is told by the first
# file, which has somewhere to tell it.
with contextlib.suppress(Exception):
    load_models()


def prepare_reader(memory_bytes: int) -> None:
    """Turn this process into a reader.

    Args:
        memory_bytes: private memory that the process, and each engine it starts, may take; 0 for no bound.
    """
    # A group of its own: Ctrl-C in a terminal is answered by the parent alone, and whatever a reader started
    # (Tesseract) can be ended with it.
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _end_group)
    if sys.platform == "linux":
        _die_with_parent()
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)


def _die_with_parent() -> None:
    """Ask the kernel to end this group when the process that opened the pool is gone, however it went.

    The direct parent is the fork server, which lives as long as any reader holds the pipe that it watches: its death
    signal alone would leave a hung reader, and itself, behind for ever. So the pipe from the pool's process, on which
    nothing more is sent, sends a signal when it closes. A thread could not do it: native code may hold the lock.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    pipe = parent.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(pipe, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([pipe], timeout=0):  # it went before we asked
        os.killpg(0, signal.SIGKILL)


def _end_group(_signal: int, _frame: FrameType | None) -> None:
    os.killpg(0, signal.SIGKILL)


def read_here(path: Path, identifier: str, limits: Limits, previews: bool) -> ReadFile:
    """Read one file in this process; never raises for a bad file."""
    if previews:
        return _reading.read_with_previews(path, identifier=identifier, limits=limits)
    return ReadFile(_reading.read_file(path, identifier=identifier, limits=limits))


def look_here(path: Path, identifier: str, limits: Limits, previews: bool) -> ReadFile:
    """A quick look at one file in this process; never raises for a bad file."""
    return look_at_file(path, identifier=identifier, limits=limits, previews=previews)


def replay_here(path: Path, number: int, limits: Limits) -> tuple[StepPicture, ...]:
    """The steps of one page, drawn in this process.

    Raises:
        FileRefusedError: the file or the page cannot be opened.
    """
    return replay_page(path, number, limits)


def regroup_here(groups: tuple[Regrouped, ...]) -> tuple[DocumentReading, ...]:
    """New papers made of pages that were read before, understood in this process."""
    return tuple(understand_again(group) for group in groups)


def warm_reader() -> int:
    """Load what the first file would load; the process id is the answer."""
    load_models()
    load_second_reader()
    return os.getpid()
