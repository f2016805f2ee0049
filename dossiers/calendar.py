"""Working days in France."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

_SATURDAY = 5


def is_working_day(day: date, subdivision: str | None = None) -> bool:
    """Neither a Saturday, nor a Sunday, nor a French public holiday.

    Args:
        day: to look at.
        subdivision: with holidays of its own, as the ``holidays`` library names it.
    """
    return day.weekday() < _SATURDAY and day not in holidays.country_holidays("FR", subdiv=subdivision, years=day.year)


def add_working_days(day: date, count: int, subdivision: str | None = None) -> date:
    """The day that comes some working days after another.

    Args:
        day: to count from; it is not counted, and need not be a working day.
        count: 0 gives the day itself, or the next working day.
        subdivision: see ``is_working_day``.
    """
    known = holidays.country_holidays("FR", subdiv=subdivision)
    while count > 0 or day.weekday() >= _SATURDAY or day in known:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in known:
            count -= 1
    return day
