"""What a member says of a paper, against what was read."""

from datetime import date
from decimal import Decimal

import pytest

from dossiers import decide
from schemas.decisions import Outcome
from schemas.readings import Source
from schemas.sayings import Saying
from schemas.vocabulary import DecisionKind, DocumentType, FieldName
from tests.dossiers.builders import RULES, UPLOAD, dossier, field, invoice, prescription


def judge(*sayings, paper=None):
    made = dossier(paper or invoice(id="inv", type_confidence=0.99), prescription()).model_copy(
        update={"sayings": sayings}
    )
    decision = decide(made, RULES, today=UPLOAD)
    found = [finding for finding in decision.findings if finding.code == "member_agrees_with_reading"]
    return decision, found[0] if found else None


def say(name, value, file="inv", document=0):
    return Saying(file=file, document=document, field=FieldName(name), value=value)


def test_nothing_said_is_nothing_to_check():
    decision, finding = judge()
    assert finding is None
    assert decision.decision is DecisionKind.COMPLETE


@pytest.mark.parametrize(
    "saying",
    [
        say("total_amount", Decimal("300.00")),
        say("practitioner_name", "optique des  QUAIS"),
        say("issue_date", date(2026, 3, 20)),
        Saying(file="inv", document=0, type=DocumentType.FACTURE_OPTIQUE),
        say("total_amount", Decimal(1), file="gone"),
        say("total_amount", Decimal(1), document=4),
    ],
)
def test_who_says_the_same_or_speaks_of_no_paper_changes_nothing(saying):
    decision, finding = judge(saying)
    assert finding is None or finding.outcome is Outcome.PASSED
    assert decision.decision is DecisionKind.COMPLETE


@pytest.mark.parametrize(
    ("saying", "words"),
    [
        (say("total_amount", Decimal("320.50")), ("320,50", "300,00")),
        (say("issue_date", date(2026, 3, 21)), ("21 mars 2026", "20 mars 2026")),
        (say("practitioner_name", None), ("rien", "Optique des Quais")),
        (Saying(file="inv", document=0, type=DocumentType.ORDONNANCE), ("ordonnance", "facture")),
    ],
)
def test_who_says_something_else_brings_a_person_to_look(saying, words):
    decision, finding = judge(saying)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert all(word in finding.handler_fr for word in words)
    assert finding.member_fr is None
    assert decision.decision is DecisionKind.TO_REVIEW
    assert decision.reasons == ("lecture_incertaine",)
    assert decision.missing == ()


def test_what_a_gestionnaire_saw_on_the_paper_settles_it():
    seen = invoice(id="inv", total_amount=field(Decimal("300.00"), source=Source.HANDLER))
    decision, finding = judge(say("total_amount", Decimal("320.50")), paper=seen)
    assert finding.outcome is Outcome.PASSED
    assert decision.decision is DecisionKind.COMPLETE
