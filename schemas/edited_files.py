"""What tells that somebody changed a file after it was made."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.readings import Frozen


class EditedFiles(Frozen):
    """Signs of a change; text or strokes put over a page are always one.

    Attributes:
        programs: that people change papers with; part of the name that they leave in a file. Capitals do not count.
        days_after: a file that says it was modified so many days after it was made; None where that tells nothing
            (whoever scans, joins or signs files modifies them).
    """

    programs: tuple[Annotated[str, Field(min_length=3, max_length=60)], ...] = ()
    days_after: Annotated[int, Field(ge=0, le=3650)] | None = None
