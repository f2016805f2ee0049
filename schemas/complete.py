"""Lists in a rule file that must name everything, so that nothing is decided by silence."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum


def require_all(where: str, names: type[StrEnum], given: Container[StrEnum]) -> None:
    """Refuse a list that forgets a name.

    Raises:
        ValueError: names what is not there.
    """
    absent = [name.value for name in names if name not in given]
    if absent:
        raise ValueError(f"{where} says nothing of: {', '.join(absent)}")
