import logging
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers import decide
from dossiers.calendar import add_working_days, is_working_day
from dossiers.decide import weigh_findings
from dossiers.rules import ALL_RULES, make_rules
from dossiers.rules.payment import InvoicePaid
from schemas.checks import CheckRules, RuleCode
from schemas.decisions import Evidence, Finding, Level, Outcome
from schemas.readings import Source
from schemas.rules import load_rules
from schemas.vocabulary import ClaimType, DocumentType, MissingPiece, ReviewReason
from tests.dossiers.builders import (
    CHILD,
    RULES,
    UPLOAD,
    dossier,
    field,
    invoice,
    judge,
    prescription,
    reading,
    rib,
    statement,
)


def test_every_code_has_its_rule():
    assert {rule.code for rule in ALL_RULES} == set(RuleCode)
    off = {code for code, check in RULES.checks.items() if check.level == "off"}
    assert {rule.code for rule in make_rules(RULES)} == set(RuleCode) - off


def test_queue_priority_due_and_versions():
    decision = judge(invoice(), prescription(), upload_date=date(2026, 4, 30))
    assert (decision.queue, decision.priority) == ("optique", 3)
    assert decision.due == date(2026, 5, 6)  # 1 May is a holiday, then a week-end
    assert decision.rules_version == RULES.full_version
    assert decision.reader_version
    assert "mercredi 6 mai 2026" in decision.message_fr
    assert judge(invoice("devis_optique"), kind="devis").priority == 2
    assert judge(invoice()).priority == 4


def test_a_late_dossier_comes_first():
    late = decide(dossier(invoice(), prescription()), RULES, today=date(2026, 6, 1))
    assert late.priority == 1
    on_time = decide(dossier(invoice(), prescription()), RULES, today=late.due)
    assert on_time.priority == 3


def test_missing_pieces_and_reasons_stand_together():
    decision = judge(invoice(patient_name="Hugo VASSEUR", paid=None), prescription())
    assert decision.decision == "incomplete"
    assert (decision.missing, decision.reasons) == (("facture_acquittee",), ("patient_mismatch",))
    assert "Hugo" not in decision.message_fr


def test_one_doubt_takes_every_request_back():
    decision = judge(invoice(total_amount=field(Decimal(300), 0.2)), patient=CHILD)
    assert decision.decision == "to_review"
    assert decision.missing == ()
    assert set(decision.reasons) == {"patient_mismatch", "lecture_incertaine"}
    assert "rien à envoyer" in decision.message_fr


def test_a_broken_rule_decides_nothing(monkeypatch, caplog):
    def break_down(self, facts):
        raise KeyError("Léa VASSEUR")

    monkeypatch.setattr(InvoicePaid, "check", break_down)
    with caplog.at_level(logging.ERROR):
        decision = judge(invoice(), prescription())
    assert (decision.decision, decision.reasons) == ("to_review", ("lecture_incertaine",))
    assert "invoice_is_paid" in caplog.text
    assert "VASSEUR" not in caplog.text


def test_a_rule_can_be_weighed_down_or_switched_off():
    for level, outcomes in (("warning", ["failed"]), ("off", [])):
        checks = {**RULES.checks, RuleCode.INVOICE_PAID: CheckRules(level=level)}
        rules = RULES.model_copy(update={"checks": checks})
        decision = judge(invoice(paid=None), prescription(), rules=rules)
        assert decision.decision == "complete"
        assert [f.outcome.value for f in decision.findings if f.code == "invoice_is_paid"] == outcomes


def test_nothing_is_decided_on_half_an_upload():
    half = dossier(invoice())
    claim = half.claim.model_copy(update={"files": ("facture_optique", "not-read-yet")})
    with pytest.raises(ValueError, match="not-read-yet"):
        decide(half.model_copy(update={"claim": claim}), RULES, today=UPLOAD)


def test_the_line_of_a_decision():
    line = judge(invoice(), rib_on_file=False).to_line()
    assert line["decision"] == "incomplete"
    assert line["missing"] == ["ordonnance", "rib"]
    assert line["due"] == "2026-05-18"  # 1, 8 and 14 May are holidays
    found = next(found for found in line["findings"] if found["code"] == "patient_is_claims_patient")
    assert found["evidence"] == [{"file": "facture_optique", "page": 1, "field": "patient_name", "dossier": None}]


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 10, 11), 3, date(2026, 10, 14)),  # a Sunday
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # Easter Monday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 7, 14), 0, date(2026, 7, 15)),
        (date(2026, 7, 15), 0, date(2026, 7, 15)),
    ],
)
def test_working_days(day, count, due):
    assert add_working_days(day, count) == due


def test_holidays_of_a_subdivision():
    good_friday = date(2026, 4, 3)
    assert is_working_day(good_friday)
    assert not is_working_day(good_friday, "57")


# --- what holds whatever is read ---

sources = st.sampled_from([Source.TEXT_LAYER, Source.TESSERACT, Source.SECOND_READER])
confidences = st.sampled_from([0.1, 0.5, 0.65, 0.9, 0.96, 1.0])


@st.composite
def papers(draw):
    source = draw(sources)
    kind = draw(st.sampled_from([kind.value for kind in DocumentType]))
    name = f"p{draw(st.integers(0, 10**9))}"
    if draw(st.integers(0, 4)) == 0:
        return reading(kind, source, id=name, legible=False, type_confidence=draw(confidences))

    def some(*values):
        value = draw(st.sampled_from([None, *values]))
        if value is None:
            return None
        held = draw(st.sampled_from([None, None, "rivals"]))
        return field(value, draw(confidences), source, held_back=held)

    return invoice(
        kind,
        source,
        id=name,
        type_confidence=draw(confidences),
        document_number=some("F1", "F2"),
        issue_date=some(date(2026, 3, 20), date(2023, 1, 1)),
        care_dates=some((date(2026, 3, 18),), (date(2026, 5, 1),), (date(2022, 1, 1),)),
        total_amount=some(Decimal(300), Decimal(9000)),
        amo_amount=some(Decimal(60)),
        patient_due=some(Decimal(240), Decimal(200)),
        paid=some(True, False),
        patient_name=some("Léa VASSEUR", "Hugo VASSEUR", "Xyz", ""),
        iban=some("FR1420041010050500013M02606", "FR00"),
        lines=draw(st.sampled_from([(), ("300.00",), ("100.00", "100.00")])),
        missing_pages=draw(st.booleans()),
    )


@settings(max_examples=300)
@given(
    st.lists(papers(), max_size=4, unique_by=lambda paper: paper.id),
    st.sampled_from([kind.value for kind in ClaimType]),
    st.booleans(),
    st.booleans(),
)
def test_invariants_of_a_decision(found, kind, teletransmission, rib_on_file):
    decision = judge(*found, kind=kind, teletransmission=teletransmission, rib_on_file=rib_on_file)
    outcomes = {finding.outcome for finding in decision.findings if finding.level is Level.BLOCKING}
    assert (decision.decision == "incomplete") == bool(decision.missing)
    assert (decision.decision == "complete") == (not decision.missing and not decision.reasons)
    assert ("lecture_incertaine" in decision.reasons) == (Outcome.INCONCLUSIVE in outcomes)
    if "lecture_incertaine" in decision.reasons:
        assert (decision.decision, decision.missing) == ("to_review", ())
    if decision.decision == "complete":
        assert outcomes <= {Outcome.PASSED}
    if "piece_illisible" in decision.missing:
        assert not all(reading.documents[0].legible for reading in found)
    assert decision.message_fr
    assert "{" not in decision.message_fr
    assert decision.due > UPLOAD
    for finding in decision.findings:
        assert (finding.outcome is Outcome.FAILED) or not (finding.missing or finding.member_fr)


@settings(max_examples=100)
@given(st.lists(papers(), max_size=3, unique_by=lambda paper: paper.id), st.sampled_from(["optique", "soins", "devis"]))
def test_a_decision_depends_on_nothing_else_than_its_facts(found, kind):
    assert judge(*found, kind=kind) == judge(*found, kind=kind)


@given(
    st.lists(
        st.builds(
            Finding,
            code=st.just("x"),
            outcome=st.sampled_from(Outcome),
            level=st.sampled_from(Level),
            missing=st.lists(st.sampled_from(MissingPiece), max_size=2).map(tuple),
            reason=st.none() | st.sampled_from(ReviewReason),
            handler_fr=st.just("x"),
            evidence=st.just((Evidence(file="f"),)),
        ),
        max_size=5,
    )
)
def test_only_blocking_findings_count(findings):
    missing, reasons = weigh_findings(findings)
    blocking = [finding for finding in findings if finding.level is Level.BLOCKING]
    assert weigh_findings(blocking) == (missing, reasons)
    if all(finding.outcome is Outcome.PASSED for finding in blocking):
        assert (missing, reasons) == ((), ())


def test_a_doubt_never_makes_a_request_nor_a_completion():
    """Every field of a good dossier, one after the other, read without certainty."""
    good = invoice(source=Source.TESSERACT)
    assert judge(good, prescription(), rib()).decision == "complete"
    for name in ("total_amount", "care_dates", "patient_name", "paid", "issue_date"):
        value = good.documents[0].fields[name].value
        decision = judge(
            invoice(source=Source.TESSERACT, **{name: field(value, 0.3, Source.TESSERACT)}), prescription()
        )
        assert (decision.decision, decision.missing) == ("to_review", ()), name
        assert decision.reasons == ("lecture_incertaine",), name


def test_the_example_insurer_is_found_without_being_named():
    rules = load_rules()
    assert judge(invoice(), prescription(), rules=rules).decision == "complete"
    assert judge(statement(), kind="consultation", rules=rules).decision == "complete"
