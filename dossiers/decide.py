"""From the findings of a dossier to what becomes of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from datetime import date

from dossiers.calendar import add_working_days
from dossiers.facts import Facts, gather_facts
from dossiers.history import PastDossier
from dossiers.judging import apply_judgements
from dossiers.rules import Rule, make_rules
from dossiers.wording import say_day
from schemas.claims import Dossier
from schemas.decisions import Decision, Finding, Level, Outcome
from schemas.rules import InsurerRules
from schemas.vocabulary import DecisionKind, MissingPiece, ReviewReason

_log = logging.getLogger(__name__)


def decide(dossier: Dossier, rules: InsurerRules, history: Sequence[PastDossier] = (), *, today: date) -> Decision:
    """Decide what becomes of a dossier. The machine asks, hands over or declares complete; it never refuses.

    Args:
        dossier: the claim and the readings of all its papers.
        rules: of the insurer.
        history: earlier dossiers; those of other members are ignored.
        today: the day of the decision, for what is late.

    Raises:
        ValueError: a file of the claim has no reading.
    """
    facts = gather_facts(dossier, rules, history, today=today)
    found = [finding for rule in make_rules(rules) if (finding := _apply(rule, facts)) is not None]
    findings = tuple(apply_judgements(finding, dossier.judgements) for finding in found)
    missing, reasons = weigh_findings(findings)
    kind = DecisionKind.INCOMPLETE if missing else DecisionKind.TO_REVIEW if reasons else DecisionKind.COMPLETE
    upload = dossier.claim.upload_date
    due = add_working_days(upload, rules.delays.decisions[kind], rules.delays.holidays_subdivision)
    return Decision(
        id=dossier.claim.id,
        decision=kind,
        missing=missing,
        reasons=reasons,
        queue=_choose_queue(facts, reasons),
        priority=_choose_priority(facts, kind, due),
        due=due,
        findings=findings,
        message_fr=_write_message(facts, kind, findings, due),
        rules_version=rules.full_version,
        reader_version=", ".join(sorted({reading.reader_version for reading in dossier.readings} - {""})),
    )


def weigh_findings(findings: Sequence[Finding]) -> tuple[tuple[MissingPiece, ...], tuple[ReviewReason, ...]]:
    """Pieces to ask for and reasons to look, in the order of their lists; only blocking findings count.

    One doubt of reading hands the whole dossier to a person, and nothing is asked: whoever looks sees everything
    at once, and the member is not asked twice.
    """
    blocking = [finding for finding in findings if finding.level is Level.BLOCKING]
    failed = [finding for finding in blocking if finding.outcome is Outcome.FAILED]
    reasons = {finding.reason for finding in failed if finding.reason}
    missing = {piece for finding in failed for piece in finding.missing}
    if any(finding.outcome is Outcome.INCONCLUSIVE for finding in blocking):
        reasons.add(ReviewReason.LECTURE_INCERTAINE)
        missing = set()
    return (
        tuple(piece for piece in MissingPiece if piece in missing),
        tuple(reason for reason in ReviewReason if reason in reasons),
    )


def _apply(rule: Rule, facts: Facts) -> Finding | None:
    try:
        return rule.check(facts)
    except Exception as error:  # a fault of ours must not decide anything
        last = traceback.extract_tb(error.__traceback__)[-1]
        # neither message nor values: they may hold what was printed on a paper
        _log.error(
            "rule %s broke on claim %s: %s at %s:%s",
            rule.code.value, facts.claim.id, type(error).__name__, last.filename, last.lineno,
        )  # fmt: skip
        return rule.inconclusive("Ce contrôle n’a pas pu être fait : à vérifier à la main.")


def _choose_queue(facts: Facts, reasons: Sequence[ReviewReason]) -> str:
    routes = facts.rules.routing.routes
    return next((route.queue for route in routes if route.reason in reasons), facts.claim_rules.queue)


def _choose_priority(facts: Facts, kind: DecisionKind, due: date) -> int:
    routing = facts.rules.routing
    usual = routing.priorities[kind]
    own = facts.claim_rules.priority
    if own is not None and kind is not DecisionKind.INCOMPLETE:
        usual = own
    return min(usual, routing.late_priority) if facts.today > due else usual


def _write_message(facts: Facts, kind: DecisionKind, findings: Sequence[Finding], due: date) -> str:
    """What the member is told: no name and no amount, yet the kind of paper, so it belongs behind a sign-in."""
    texts = facts.rules.messages
    day = say_day(due, weekday=True)
    if kind is DecisionKind.COMPLETE:
        return texts.complete.format(due=day)
    if kind is DecisionKind.TO_REVIEW:
        return texts.to_review.format(due=day)
    asked = [
        finding.member_fr
        for finding in findings
        if finding.missing and finding.level is Level.BLOCKING and finding.member_fr
    ]
    return texts.incomplete.format(pieces="\n".join(f"– {sentence}" for sentence in asked), due=day)
