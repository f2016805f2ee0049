"""What the simulation assumes of members and gestionnaires."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from schemas.errors import ConfigurationError
from schemas.readings import Frozen
from schemas.vocabulary import DecisionKind

#: The assumptions that are shipped.
DEFAULT_WORLD = Path(__file__).parent / "world.yaml"
#: Stands for every queue.
ANY_QUEUE = "*"

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
Weight = Annotated[float, Field(ge=0.0)]
Hour = Annotated[int, Field(ge=0, le=24)]


class Members(Frozen):
    """What a member does who is asked for a piece.

    Attributes:
        answer_days_median: days until the answer, half of the time.
        answer_days_spread: standard deviation of their logarithm.
        wrong_paper: share of answers that are another paper.
        by_mail: share of answers that name the member and not the request.
        sends_again: share of what comes in that came in before, photographed once more.
        again_days: at most so many days before.
    """

    never_answer: Share
    answer_days_median: Positive
    answer_days_spread: Positive
    wrong_paper: Share
    by_mail: Share = 0.0
    sends_again: Share = 0.0
    again_days: int = Field(default=30, ge=1)


class Desk(Frozen):
    """Some gestionnaires with the same queues."""

    count: int = Field(ge=1, le=1000)
    queues: tuple[str, ...] = Field(min_length=1)


class World(Frozen):
    """Members, gestionnaires and their habits.

    Attributes:
        weekdays: Monday to Sunday, as shares of a usual day.
        hours: weights of the 24 hours.
        arrivals: shares of what becomes of a dossier that is read without fault.
        minutes_a_dossier, minutes_a_finding: what a look takes, and more for every check that did not pass.
        asks_the_member: share of what a person looked at for which the member is asked.
    """

    dossiers_a_day: int = Field(ge=1, le=1_000_000)
    weekdays: tuple[Weight, ...] = Field(min_length=7, max_length=7)
    hours: tuple[Weight, ...] = Field(min_length=24, max_length=24)
    arrivals: dict[DecisionKind, Share]
    members: Members
    handlers: tuple[Desk, ...] = Field(min_length=1)
    open_hour: Hour
    close_hour: Hour
    minutes_a_dossier: Positive
    minutes_a_finding: Weight
    minutes_spread: Positive
    asks_the_member: Share
    given_up_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _check(self) -> World:
        if abs(sum(self.arrivals.values()) - 1) > 0.001:
            raise ValueError("the shares of arrivals make one")
        if self.open_hour >= self.close_hour:
            raise ValueError("the desk opens before it closes")
        if not sum(self.hours) or not sum(self.weekdays):
            raise ValueError("some hour of some day brings dossiers")
        return self


def load_world(path: Path = DEFAULT_WORLD) -> World:
    """The assumptions of a file.

    Raises:
        ConfigurationError: it cannot be read, or says something else; the message names the place.
    """
    try:
        return World.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        message = f"{path}: {place}: {fault['msg']}"
        raise ConfigurationError(message) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error
