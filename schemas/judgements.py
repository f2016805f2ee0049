"""What a person said of a finding."""

from __future__ import annotations

from schemas.readings import Frozen


class Judgement(Frozen):
    """A gestionnaire looked at what a rule found, and it is in order.

    Attributes:
        code: of the finding.
        sentence: what the rule said (``handler_fr``). Where it says something else later, nobody has looked at that.
        by: who looked, as colleagues call them.
    """

    code: str
    sentence: str
    by: str
