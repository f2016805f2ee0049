"""What did the member write with the papers?"""

from __future__ import annotations

from dossiers.complaints import start_clocks
from dossiers.facts import Facts
from dossiers.message_words import find_words
from dossiers.rules.base import Rule
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Finding


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
        clocks = start_clocks(facts.rules, facts.claim.upload_date)
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
