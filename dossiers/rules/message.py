"""What did the member write with the papers?"""

from __future__ import annotations

from dossiers.calendar import add_months, add_working_days
from dossiers.facts import Facts
from dossiers.message_words import find_words
from dossiers.rules.base import Rule
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Clock, Finding
from schemas.legal import COMPLAINT_ACKNOWLEDGEMENT, COMPLAINT_ANSWER, Unit


class NoComplaint(Rule):
    """The message is no complaint; one that is must be acknowledged and answered by days that are dated data."""

    code = RuleCode.NO_COMPLAINT

    def check(self, facts: Facts) -> Finding | None:
        """Look for words of complaint."""
        message = facts.claim.message
        if not message:
            return None
        words = find_words(message, facts.rules.words.complaint)
        if not words:
            return self.passed("Le message ne paraît pas être une réclamation.")
        clocks = _start_clocks(facts)
        by = f" Accusé de réception dû le {say_day(clocks[0].due)} au plus tard." if clocks else ""
        return self.failed(f"Le message paraît être une réclamation ({_quote(words)}).{by}", clocks=clocks)


class NotUrgent(Rule):
    """The message does not say that it is urgent."""

    code = RuleCode.NOT_URGENT

    def check(self, facts: Facts) -> Finding | None:
        """Look for words of haste."""
        message = facts.claim.message
        if not message:
            return None
        words = find_words(message, facts.rules.words.urgent)
        if words:
            return self.failed(f"Le message parle d’une urgence ({_quote(words)}).")
        return self.passed("Le message ne parle pas d’urgence.")


def _quote(words: tuple[str, ...]) -> str:
    return ", ".join(f"« {word.rstrip('*')} »" for word in words)


def _start_clocks(facts: Facts) -> tuple[Clock, ...]:
    """What is owed to somebody who complains, first things first."""
    received = facts.claim.upload_date
    subdivision = facts.rules.delays.holidays_subdivision
    clocks = []
    for name in (COMPLAINT_ACKNOWLEDGEMENT, COMPLAINT_ANSWER):
        delay = facts.rules.legal_amount(name, received)
        if delay is None:
            continue
        count = int(delay.value)
        if delay.unit is Unit.MONTHS:
            due = add_months(received, count)
        else:
            due = add_working_days(received, count, subdivision, saturdays=delay.unit is Unit.OUVRABLE_DAYS)
        clocks.append(Clock(code=name, due=due, source=delay.source))
    return tuple(sorted(clocks, key=lambda clock: clock.due))
