"""What is owed to somebody who complains, and until when."""

from __future__ import annotations

from datetime import date

from dossiers.calendar import add_months, add_working_days
from schemas.decisions import Clock
from schemas.legal import COMPLAINT_ACKNOWLEDGEMENT, COMPLAINT_ANSWER, Unit
from schemas.rules import InsurerRules


def start_clocks(rules: InsurerRules, received: date) -> tuple[Clock, ...]:
    """What is owed, first things first; nothing where the rule file has no delays.

    Args:
        rules: of the insurer, with the delays as dated data.
        received: day of the complaint.
    """
    subdivision = rules.delays.holidays_subdivision
    clocks = []
    for name in (COMPLAINT_ACKNOWLEDGEMENT, COMPLAINT_ANSWER):
        delay = rules.legal_amount(name, received)
        if delay is None:
            continue
        count = int(delay.value)
        if delay.unit is Unit.MONTHS:
            due = add_months(received, count)
        else:
            due = add_working_days(received, count, subdivision, saturdays=delay.unit is Unit.OUVRABLE_DAYS)
        clocks.append(Clock(code=name, due=due, source=delay.source))
    return tuple(sorted(clocks, key=lambda clock: clock.due))
