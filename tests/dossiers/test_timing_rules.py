"""Dates of papers, care, people and contracts against each other."""

from datetime import date

import pytest

from dossiers.calendar import add_months, add_working_days, count_years
from schemas.readings import Check, LineItem, Source
from schemas.vocabulary import FieldName
from tests.dossiers.builders import (
    CHILD,
    PATIENT,
    UPLOAD,
    field,
    finding_of,
    invoice,
    judge,
    outcome_of,
    prescription,
    reading,
    statement,
)
from tests.dossiers.insurers import SECOND

OCR = Source.TESSERACT
CARE = date(2026, 3, 18)  # of the invoice that the builders make


def dated(day, confidence=1.0):
    return {"fields": {FieldName.ISSUE_DATE: field(day, confidence, OCR)}}


def lasting(day, confidence=1.0):
    return {"fields": {FieldName.CARE_DATES: field((day,) if day else None, confidence, OCR)}}


def months_before(day, months):
    return add_months(day, -months)


@pytest.mark.parametrize(
    ("day", "confidence", "outcome"),
    [
        (date(2026, 3, 2), 1.0, "passed"),
        (CARE, 1.0, "passed"),
        (date(2026, 3, 19), 1.0, "failed"),
        (date(2026, 3, 19), 0.5, "inconclusive"),
        (date(2026, 3, 2), 0.5, "inconclusive"),
    ],
)
def test_a_prescription_comes_before_the_care(day, confidence, outcome):
    decision = judge(invoice(), prescription(**dated(day, confidence)))
    assert outcome_of(decision, "prescription_is_before_care") == outcome
    assert decision.decision == "complete"
    evidence = finding_of(decision, "prescription_is_before_care").evidence
    assert {(place.file, place.field) for place in evidence} == {
        ("ordonnance", "issue_date"),
        ("facture_optique", "care_dates"),
    }
    reasons = judge(invoice(), prescription(**dated(day, confidence)), rules=SECOND).reasons
    assert ("ordonnance_a_verifier" in reasons) == (outcome == "failed")
    assert ("lecture_incertaine" in reasons) == (outcome == "inconclusive")


def test_one_prescription_that_fits_is_enough():
    papers = prescription(id="a", **dated(date(2026, 3, 30))), prescription(id="b", **dated(date(2026, 3, 1)))
    assert outcome_of(judge(invoice(), *papers), "prescription_is_before_care") == "passed"


ADULT, OLDER = date(1985, 5, 4), date(1980, 1, 1)
LENSES = LineItem(label="Lentilles mensuelles", amount="300.00")


@pytest.mark.parametrize(
    ("born", "written", "lines", "outcome"),
    [
        # glasses: one year for a child, five to 42, three later; the age is that of the day of the prescription
        (date(2014, 9, 1), months_before(CARE, 12), (), "passed"),
        (date(2014, 9, 1), date(2025, 3, 17), (), "failed"),
        (ADULT, months_before(CARE, 60), (), "passed"),
        (ADULT, date(2021, 3, 17), (), "failed"),
        (OLDER, months_before(CARE, 36), (), "passed"),
        (OLDER, date(2023, 3, 17), (), "failed"),
        (date(1980, 3, 18), date(2023, 3, 17), (), "passed"),  # 42 to the day: five years
        (date(1980, 3, 17), date(2023, 3, 17), (), "failed"),  # 43 that day: three
        (date(2009, 3, 18), date(2025, 3, 17), (), "failed"),  # 15 that day
        (date(2009, 3, 17), date(2025, 3, 17), (), "passed"),  # 16
        # lenses: one year for a child, three for everybody else
        (ADULT, date(2023, 3, 17), (LENSES,), "failed"),
        (ADULT, date(2023, 3, 18), (LENSES,), "passed"),
        (None, date(2026, 3, 1), (), "inconclusive"),
        (ADULT, date(2016, 10, 16), (), "failed"),  # written before the figures held, used after
    ],
)
def test_a_prescription_may_be_used_for_a_time(born, written, lines, outcome):
    patient = PATIENT.model_copy(update={"birth_date": born})
    papers = invoice(lines=lines) if lines else invoice(), prescription(**dated(written))
    decision = judge(*papers, patient=patient, people=(patient,))
    assert outcome_of(decision, "prescription_is_still_valid") == outcome
    if outcome == "failed":
        assert "Décret 2016-1381" in finding_of(decision, "prescription_is_still_valid").handler_fr


def test_the_validity_is_the_insurers():
    old = invoice("facture_audio"), prescription(**dated(date(2025, 1, 2)))
    assert outcome_of(judge(*old, kind="audio"), "prescription_is_still_valid") is None
    assert outcome_of(judge(*old, kind="audio", rules=SECOND), "prescription_is_still_valid") == "failed"


@pytest.mark.parametrize(
    ("day", "confidence", "outcome"),
    [
        (UPLOAD, 1.0, "passed"),
        (date(2026, 4, 16), 1.0, "failed"),
        (date(2026, 4, 16), 0.5, "inconclusive"),
    ],
)
def test_no_paper_is_dated_ahead(day, confidence, outcome):
    decision = judge(invoice(), prescription(**dated(day, confidence)))
    assert outcome_of(decision, "papers_are_not_dated_ahead") == outcome


def test_care_comes_after_birth():
    for born, outcome in ((CARE, "passed"), (date(2026, 3, 19), "failed"), (None, None)):
        patient = PATIENT.model_copy(update={"birth_date": born})
        decision = judge(invoice(), prescription(), patient=patient)
        assert outcome_of(decision, "care_is_after_birth") == outcome
    unsure = invoice(care_dates=field((CARE,), 0.4, OCR))
    assert outcome_of(judge(unsure, prescription()), "care_is_after_birth") == "inconclusive"


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (None, None, None),
        (CARE, CARE, "passed"),
        (date(2026, 3, 19), None, "failed"),
        (None, date(2026, 3, 17), "failed"),
        (date(2020, 1, 1), None, "passed"),
    ],
)
def test_care_within_the_contract(first, last, outcome):
    decision = judge(invoice(), prescription(), covered_from=first, covered_until=last)
    assert outcome_of(decision, "care_is_within_coverage") == outcome
    unsure = judge(invoice(care_dates=field((CARE,), 0.4, OCR)), prescription(), covered_from=first)
    assert outcome_of(unsure, "care_is_within_coverage") == ("inconclusive" if first else None)


@pytest.mark.parametrize(
    ("day", "confidence", "outcome"),
    [
        (date(2026, 3, 1), 1.0, "passed"),
        (date(2026, 3, 21), 1.0, "failed"),
        (date(2026, 3, 21), 0.5, "inconclusive"),
        (None, 0.2, "inconclusive"),
    ],
)
def test_a_quote_comes_before_the_invoice(day, confidence, outcome):
    decision = judge(invoice(), prescription(), reading("devis_optique", **dated(day, confidence)))
    assert outcome_of(decision, "quote_is_before_invoice") == outcome


def test_an_invoice_alone_has_no_quote_to_compare():
    assert finding_of(judge(invoice(), prescription()), "quote_is_before_invoice") is None


@pytest.mark.parametrize(
    ("day", "confidence", "outcome"),
    [
        (CARE, 1.0, "passed"),
        (date(2026, 2, 1), 1.0, "failed"),
        (date(2026, 2, 1), 0.5, "inconclusive"),
        (None, 0.2, "inconclusive"),
    ],
)
def test_a_statement_is_of_the_same_care(day, confidence, outcome):
    papers = invoice(), prescription(), statement(**lasting(day, confidence))
    assert outcome_of(judge(*papers, teletransmission=False), "statement_is_of_same_care") == outcome
    dated_papers = invoice(), prescription(**dated(date(2026, 3, 1))), statement(**lasting(day, confidence))
    other = judge(*dated_papers, teletransmission=False, rules=SECOND)
    assert ("decompte_autres_soins" in other.reasons) == (outcome == "failed")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(9999, 12, 1), 1, date.max),
    ],
)
def test_months(day, months, later):
    assert add_months(day, months) == later


def test_ages():
    assert count_years(date(2000, 2, 29), date(2016, 2, 28)) == 15
    assert count_years(date(2000, 2, 29), date(2016, 2, 29)) == 16
    assert count_years(date(2001, 2, 28), date(2017, 2, 27)) == 15


def test_saturdays_count_where_the_law_says_ouvrables():
    friday = date(2026, 10, 2)
    assert add_working_days(friday, 1, saturdays=True) == date(2026, 10, 3)
    assert add_working_days(friday, 1) == date(2026, 10, 5)
    assert add_working_days(friday, 10, saturdays=True) == date(2026, 10, 14)
    assert add_working_days(friday, 10) == date(2026, 10, 16)
    assert CHILD.birth_date


def test_the_oldest_prescriptions_do_not_pass_for_lack_of_a_figure():
    papers = invoice(amo_amount=None, patient_due=None), prescription(**dated(date(2010, 5, 4)))
    assert outcome_of(judge(*papers), "prescription_is_still_valid") == "failed"
    assert outcome_of(judge(*papers, kind="lentilles"), "prescription_is_still_valid") == "failed"


def test_a_stay_that_ends_before_it_began_is_looked_at():
    checks = (Check(name="entry_before_exit", passed=False),)
    doubt = "lecture_incertaine"
    for source, reasons in ((Source.TEXT_LAYER, ("date_soins_incoherente", doubt)), (Source.TESSERACT, (doubt,))):
        care = field((date(2026, 3, 18),), source=source, checks=checks, held_back="check_failed:entry_before_exit")
        decision = judge(invoice("facture_hospitaliere", care_dates=care), kind="hospitalisation")
        assert (decision.decision, decision.reasons) == ("to_review", reasons)
