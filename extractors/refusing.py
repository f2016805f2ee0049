"""What an error means for the file that was being looked at."""

from __future__ import annotations

import logging
import traceback

from schemas.errors import FileRefusedError, RefusalCode

_log = logging.getLogger(__name__)


def name_refusal(error: Exception) -> RefusalCode:
    """Why a file is refused that could not be read to its end.

    A file that breaks a library in a way that nobody foresaw costs its own refusal and no more. Only the kind of error
    and the place in our code go to the log: its text may quote the paper.
    """
    if isinstance(error, FileRefusedError):
        return error.refusal
    if isinstance(error, MemoryError):
        return RefusalCode.TOO_MANY_PIXELS
    place = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("unforeseen %s at %s:%s", type(error).__name__, place.filename, place.lineno)
    return RefusalCode.DAMAGED
