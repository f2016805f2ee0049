"""Working days in France."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta

import holidays

_SATURDAY, _SUNDAY = 5, 6
_MONTHS = 12


def is_working_day(day: date, subdivision: str | None = None) -> bool:
    """Neither a Saturday, nor a Sunday, nor a French public holiday.

    Args:
        day: to look at.
        subdivision: with holidays of its own, as the ``holidays`` library names it.
    """
    return day.weekday() < _SATURDAY and day not in holidays.country_holidays("FR", subdiv=subdivision, years=day.year)


def add_working_days(day: date, count: int, subdivision: str | None = None, *, saturdays: bool = False) -> date:
    """The day that comes some working days after another.

    Args:
        day: to count from; it is not counted, and need not be a working day.
        count: 0 gives the day itself, or the next working day.
        subdivision: see ``is_working_day``.
        saturdays: they count too ("jours ouvrables", where the others are "jours ouvrés").
    """
    free = _SUNDAY if saturdays else _SATURDAY
    known = holidays.country_holidays("FR", subdiv=subdivision)
    while count > 0 or day.weekday() >= free or day in known:
        day += timedelta(days=1)
        if day.weekday() < free and day not in known:
            count -= 1
    return day


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month. After the last year there is no other day."""
    rank = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(rank, _MONTHS)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def count_years(since: date, day: date) -> int:
    """Full years from one day to another: an age. Somebody born on 29 February is a year older on 1 March."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
