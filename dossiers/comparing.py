"""What becomes of a dossier under other rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.decisions import Decision, Finding, Outcome
from schemas.readings import Frozen
from schemas.rules import InsurerRules

#: What a member, a team or a system notices, in the order in which it matters.
_NOTICED = ("decision", "missing", "reasons", "queue", "priority", "due", "message_fr")


class Change(Frozen):
    """One thing that comes out differently.

    Attributes:
        what: a key of the decision's line, or ``check:`` with the code of a check.
        before, after: as in the line; of a check, its outcome and level ("failed, blocking"), empty where it was not
            made or found nothing wrong.
    """

    what: str
    before: str
    after: str


def compare_decisions(before: Decision, after: Decision) -> tuple[Change, ...]:
    """What differs between two decisions on one dossier, first what people notice, then the checks."""
    one, other = before.to_line(), after.to_line()
    noticed = [Change(what=key, before=_show(one[key]), after=_show(other[key])) for key in _NOTICED]
    outcomes, others = _describe_checks(before.findings), _describe_checks(after.findings)
    checks = [
        Change(what=f"check:{code}", before=outcomes.get(code, ""), after=others.get(code, ""))
        for code in dict.fromkeys((*outcomes, *others))
    ]
    return tuple(change for change in (*noticed, *checks) if change.before != change.after)


def compare_rules(before: InsurerRules, after: InsurerRules) -> tuple[Change, ...]:
    """What differs between two rule files, by the place of each value ("claims.optique.high_amount")."""
    one, other = (dict(_flatten(rules.model_dump(mode="json", exclude_defaults=True))) for rules in (before, after))
    return tuple(
        Change(what=place, before=one.get(place, ""), after=other.get(place, ""))
        for place in dict.fromkeys((*one, *other))
        if one.get(place, "") != other.get(place, "")
    )


def _describe_checks(findings: Sequence[Finding]) -> dict[str, str]:
    return {
        finding.code: f"{finding.outcome.value}, {finding.level.value}"
        for finding in findings
        if finding.outcome is not Outcome.PASSED
    }


def _show(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _flatten(value: Any, place: str = "") -> list[tuple[str, str]]:
    """The single values of a mapping, with their places; the members of a list by what they are called."""
    if isinstance(value, Mapping):
        return [pair for key, inner in value.items() for pair in _flatten(inner, f"{place}.{key}" if place else key)]
    if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(one, Mapping) for one in value):
        named = [(_name(one) or str(rank), one) for rank, one in enumerate(value)]
        return [pair for name, one in named for pair in _flatten(one, f"{place}[{name}]")]
    return [(place, _show(value))]


def _name(entry: Any) -> str:
    """What tells one member of a list from the next: the piece, the reason, the figure and its day."""
    keys = ("piece", "reason", "name", "claim", "goods", "from_age", "effective_from")
    return " ".join(_show(entry[key]) for key in keys if key in entry)
