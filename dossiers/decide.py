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
from dossiers.telling import write_message
from schemas.claims import Dossier
from schemas.contests import CONTESTED
from schemas.decisions import Clock, Decision, Finding, Level, Outcome
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
    if dossier.contested:  # a person decides, whatever the papers now say
        missing, reasons = (), (CONTESTED, *reasons)
    kind = DecisionKind.INCOMPLETE if missing else DecisionKind.TO_REVIEW if reasons else DecisionKind.COMPLETE
    upload = dossier.claim.upload_date
    due = add_working_days(upload, rules.delays.decisions[kind], rules.delays.holidays_subdivision)
    clocks = _gather_clocks(findings)
    due = min([due, *(clock.due for clock in clocks)])
    return Decision(
        id=dossier.claim.id,
        decision=kind,
        missing=missing,
        reasons=reasons,
        queue=_choose_queue(facts, reasons),
        priority=_choose_priority(facts, kind, reasons, due),
        due=due,
        clocks=clocks,
        findings=findings,
        message_fr=write_message(facts, kind, findings, due),
        rules_version=rules.full_version,
        rules_hash=rules.content_hash,
        reader_version=", ".join(sorted({reading.reader_version for reading in dossier.readings} - {""})),
    )


def weigh_findings(findings: Sequence[Finding]) -> tuple[tuple[MissingPiece, ...], tuple[str, ...]]:
    """Pieces to ask for and reasons to look, in the order of their lists; only blocking findings count.

    Reasons of the insurer's own come after the usual ones, in the order of the findings.

    One doubt of reading hands the whole dossier to a person, and nothing is asked: whoever looks sees everything
    at once, and the member is not asked twice.
    """
    usual = [reason.value for reason in ReviewReason]
    blocking = [finding for finding in findings if finding.level is Level.BLOCKING]
    failed = [finding for finding in blocking if finding.outcome is Outcome.FAILED]
    reasons = dict.fromkeys(finding.reason for finding in failed if finding.reason)
    missing = {piece for finding in failed for piece in finding.missing}
    if any(finding.outcome is Outcome.INCONCLUSIVE for finding in blocking):
        reasons[ReviewReason.LECTURE_INCERTAINE] = None
        missing = set()
    return (
        tuple(piece for piece in MissingPiece if piece in missing),
        tuple(sorted(reasons, key=lambda reason: usual.index(reason) if reason in usual else len(usual))),
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


def _gather_clocks(findings: Sequence[Finding]) -> tuple[Clock, ...]:
    """What must be done by a day, first things first. Duties do not depend on the weight of a check."""
    started = [clock for finding in findings if finding.outcome is Outcome.FAILED for clock in finding.clocks]
    return tuple(sorted(started, key=lambda clock: clock.due))


def _choose_queue(facts: Facts, reasons: Sequence[str]) -> str:
    if CONTESTED in reasons and facts.rules.contests and facts.rules.contests.queue:
        return facts.rules.contests.queue
    queues = (route.queue for route in facts.rules.routing.routes if route.queue and route.reason in reasons)
    return next(queues, facts.claim_rules.queue)


def _choose_priority(facts: Facts, kind: DecisionKind, reasons: Sequence[str], due: date) -> int:
    routing = facts.rules.routing
    usual = routing.priorities[kind]
    own = facts.claim_rules.priority
    if own is not None and kind is not DecisionKind.INCOMPLETE:
        usual = own
    if CONTESTED in reasons and facts.rules.contests:
        usual = min(usual, facts.rules.contests.priority)
    usual = min([usual, *(route.priority for route in routing.routes if route.priority and route.reason in reasons)])
    return min(usual, routing.late_priority) if facts.today > due else usual
