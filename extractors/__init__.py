"""From the bytes of a paper to what it says.

``from extractors import read_file`` is all that most callers need. The package imports nothing heavy until a
file is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extractors.limits import Limits
from extractors.results import PagePreview, ReadFile

if TYPE_CHECKING:
    from extractors.reading import read_bytes, read_file, read_with_previews

__all__ = ["Limits", "PagePreview", "ReadFile", "read_bytes", "read_file", "read_with_previews"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from extractors import reading

        return getattr(reading, name)
    raise AttributeError(f"module 'extractors' has no attribute {name!r}")
