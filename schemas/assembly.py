"""How surely a paper that comes without a request must fit an open one before it joins it by itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.readings import Frozen

Score = Annotated[float, Field(ge=0, le=1)]


class Assembly(Frozen):
    """Papers without a request.

    Attributes:
        enough: score from which the best request is believed.
        lead: by how much it must be ahead of the next one.
        long_ago_days: a paper older than this, in days, hardly belongs to a request of now.
        same_care_days: days of care further apart than this, in days, hardly belong to one request.
        queue: where papers go that join nothing by themselves.
    """

    enough: Score = 0.6
    lead: Score = 0.15
    long_ago_days: Annotated[int, Field(ge=1, le=3650)] = 730
    same_care_days: Annotated[int, Field(ge=0, le=3650)] = 60
    queue: Annotated[str, Field(min_length=1, max_length=40)] = "courrier"
