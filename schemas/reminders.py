"""When a member who was asked for something is asked again, and when a person takes over."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from schemas.messages import EmailTexts
from schemas.readings import Frozen

Days = Annotated[int, Field(ge=1, le=365)]


class Reminders(Frozen):
    """Days of the calendar since the member was asked.

    Attributes:
        after_days: one reminder after each.
        hand_over_after_days: a gestionnaire decides what becomes of a dossier that nobody answered for so long.
        email: what a reminder says.
    """

    after_days: Annotated[tuple[Days, ...], Field(min_length=1, max_length=5)]
    hand_over_after_days: Days
    email: EmailTexts

    @model_validator(mode="after")
    def _check_order(self) -> Reminders:
        days = (*self.after_days, self.hand_over_after_days)
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("each reminder comes after the one before, and the hand-over after the last of them")
        return self
