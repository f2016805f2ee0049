"""Structured logs: one JSON object a line, identifiers only, never what is printed on a paper.

The text of an exception may quote what it failed on, so a failure is told by its kind and its places in the code.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

_ROOT = Path(__file__).resolve().parent.parent


def tell_failure(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace an exception by its kind and where it came from (``file:line function``, outermost first)."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event.setdefault("error", type(error).__name__)
        event["trace"] = [
            f"{_shorten(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _shorten(path: str) -> str:
    """A place in the code as in the repository, or within the installed packages."""
    if path.startswith(str(_ROOT)):
        return str(Path(path).relative_to(_ROOT))
    return path.rpartition("site-packages/")[2]


#: What is done to every line, ours and those of libraries.
PROCESSORS: Sequence[structlog.typing.Processor] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_failure,
)


def set_up_logs() -> None:
    """Send our logs, and the warnings of libraries, to standard error as JSON lines."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def describe_logging(levels: dict[str, str]) -> dict[str, Any]:
    """The ``LOGGING`` of Django for lines in the same form.

    Args:
        levels: least level of each logger.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": [structlog.stdlib.add_logger_name, *PROCESSORS],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            name: {"handlers": ["console"], "level": level, "propagate": False} for name, level in levels.items()
        },
    }
