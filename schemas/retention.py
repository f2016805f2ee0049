"""How long each kind of data is kept: dated schedules, written by the insurer, shipped with an example.

No law fixes one figure for all of it: the schedule is a decision of whoever answers for the data, with its reason and
its source beside each figure.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.errors import ConfigurationError
from schemas.yaml_files import parse_yaml

_SHIPPED = Path(__file__).with_name("retention.yaml")


class DataKind(StrEnum):
    """Kinds of data with a time of their own."""

    #: Originals, page pictures, words, readings and file names; counted from the last change of their dossier.
    PAPERS = "papers"
    #: What a dossier says of a person: the member's words, the findings, the names by which it is searched; counted
    #: from its last change. Its number, statuses and dates stay, and say nothing of anybody.
    DOSSIERS = "dossiers"
    #: Address and text of the messages sent; counted from the day they were sent or given up.
    MESSAGES = "messages"
    #: Who signed in when, with which kind of device; counted from that moment.
    SIGN_INS = "sign_ins"
    #: Names that integrators gave to what they sent, so that it counts once; counted from the first sending.
    SENDINGS = "sendings"
    #: Names, birth days, numbers and accounts of a contract whose dossiers are all emptied; counted from the end of
    #: the contract, or from the last change of a dossier where no end is known.
    CONTRACTS = "contracts"
    #: Who looked at which dossier; counted from that moment.
    SIGHTS = "sights"
    #: What other systems were told of changes of status; counted from the day it was sent or given up.
    WEBHOOKS = "webhooks"
    #: Searches that gestionnaires keep under a name; counted from the day they were kept.
    SEARCHES = "searches"


class RetentionRule(BaseModel):
    """How long one kind of data is kept.

    Attributes:
        months: how many calendar months.
        why: the reason, for whoever asks.
        source: the text that it rests on; "own decision" where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: int = Field(ge=1, le=1200)
    why: str = Field(min_length=10)
    source: str = Field(min_length=3)


class RetentionSchedule(BaseModel):
    """The rules in force from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    rules: dict[DataKind, RetentionRule]

    @model_validator(mode="after")
    def _check(self) -> RetentionSchedule:
        absent = set(DataKind) - set(self.rules)
        if absent:
            raise ValueError(f"no rule for {', '.join(sorted(absent))}")
        if self.rules[DataKind.PAPERS].months > self.rules[DataKind.DOSSIERS].months:
            raise ValueError("papers cannot be kept longer than the dossier that tells whose they are")
        return self


class RetentionFile(BaseModel):
    """All the schedules, past and to come.

    Attributes:
        version: name of this file's state, written beside everything that is purged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    schedules: tuple[RetentionSchedule, ...] = Field(min_length=1)

    def on(self, day: date) -> RetentionSchedule:
        """The schedule in force on a day.

        Raises:
            ConfigurationError: none was in force yet.
        """
        begun = [schedule for schedule in self.schedules if schedule.valid_from <= day]
        if not begun:
            raise ConfigurationError(f"no retention schedule is in force on {day}")
        return max(begun, key=lambda schedule: schedule.valid_from)


@lru_cache(maxsize=4)
def load_retention(path: Path | None = None) -> RetentionFile:
    """The schedules of a file, those shipped when None.

    Raises:
        ConfigurationError: there is no such file, or it is wrong; the message names the lines.
    """
    chosen = path or _SHIPPED
    try:
        text = chosen.read_text()
    except OSError as error:
        raise ConfigurationError(f"{chosen}: {error.strerror}") from error
    return parse_yaml(text, RetentionFile, chosen.name)


def months_before(day: date, months: int) -> date:
    """The day so many calendar months earlier; the last of the month where that month is shorter."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for last in range(day.day, day.day - 4, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("a month has at least 28 days")
