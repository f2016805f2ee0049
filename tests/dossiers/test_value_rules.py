from datetime import date, timedelta
from decimal import Decimal

import pytest

from dossiers.calendar import add_months
from dossiers.rules.bank import is_valid_iban
from schemas.readings import Check, LineItem, Source
from tests.dossiers.builders import (
    BAD_IBAN,
    CHILD,
    IBAN,
    PATIENT,
    UPLOAD,
    field,
    finding_of,
    invoice,
    judge,
    outcome_of,
    prescription,
    rib,
    statement,
)

OCR = Source.TESSERACT


def decide_invoice(*more, **changes):
    return judge(invoice(**changes), prescription(), *more)


# --- patient ---


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Léa VASSEUR", "passed"),
        ("Mme VASSEUR Lea", "passed"),
        ("QUILLIEN Léa", "passed"),
        ("Hugo VASSEUR", "failed"),
        ("Marc OBERLIN", "failed"),
        ("VASSEUR", "inconclusive"),
        ("L. VASSEUR", "passed"),
        ("H. VASSEUR", "failed"),
        (None, "inconclusive"),
        (field("Léa VASSEUR", 0.7, OCR), "passed"),  # the member's file confirms what was read
        (field("Léa VASSEUR", 0.59, OCR), "inconclusive"),
        (field("Léa VASSEUR", 0.9, OCR, held_back="two_names"), "inconclusive"),
        (field("Hugo VASSEUR", 0.89, OCR), "inconclusive"),
        (field("Hugo VASSEUR", 0.91, OCR), "failed"),
    ],
)
def test_patient(name, outcome):
    decision = decide_invoice(patient_name=name)
    assert outcome_of(decision, "patient_is_claims_patient") == outcome
    assert ("patient_mismatch" in decision.reasons) == (outcome == "failed")
    assert finding_of(decision, "patient_is_claims_patient").evidence[0].field == "patient_name"


def test_a_near_name_that_is_another_relatives_is_a_mismatch():
    louis, louise = (PATIENT.model_copy(update={"first": first}) for first in ("Louis", "Louise"))
    decision = judge(invoice(patient_name="Louis VASSEUR"), prescription(), patient=louise, people=(louis, louise))
    assert decision.reasons == ("patient_mismatch",)
    alone = judge(invoice(patient_name="Louis VASSEUR"), prescription(), patient=louise, people=(louise,))
    assert alone.decision == "complete"  # nobody else fits: one letter lost in reading


def test_an_initial_that_fits_two_relatives_does_not_tell():
    lise = CHILD.model_copy(update={"first": "Lise"})
    decision = judge(invoice(patient_name="L. VASSEUR"), prescription(), people=(PATIENT, lise))
    assert decision.reasons == ("lecture_incertaine",)


# --- dates ---


@pytest.mark.parametrize(
    ("care", "issued", "outcome"),
    [
        (date(2026, 3, 18), date(2026, 3, 20), "passed"),
        (date(2026, 3, 20), date(2026, 3, 20), "passed"),
        (date(2026, 3, 21), date(2026, 3, 20), "failed"),
        (UPLOAD, UPLOAD, "passed"),
        (UPLOAD + timedelta(days=1), UPLOAD + timedelta(days=1), "failed"),
        (date(2026, 3, 18), None, "passed"),
        (None, date(2026, 3, 20), "passed"),
        (None, UPLOAD + timedelta(days=1), "failed"),
        (None, None, "inconclusive"),
        (date(2026, 3, 18), field(date(2026, 3, 20), 0.5), "inconclusive"),
    ],
)
def test_care_dates(care, issued, outcome):
    decision = decide_invoice(care_dates=(care,) if care else None, issue_date=issued)
    assert outcome_of(decision, "care_dates_are_coherent") == outcome
    assert ("date_soins_incoherente" in decision.reasons) == (outcome == "failed")


def test_doubtful_care_dates_settle_nothing():
    decision = decide_invoice(care_dates=field((date(2026, 3, 18),), 0.89))
    assert outcome_of(decision, "care_dates_are_coherent") == "inconclusive"
    assert outcome_of(decision, "care_within_claim_limit") == "inconclusive"


def test_a_stay_may_be_billed_before_its_end():
    decision = judge(
        invoice("facture_hospitaliere", care_dates=(date(2026, 3, 18), date(2026, 3, 25))), kind="hospitalisation"
    )
    assert decision.decision == "complete"


def test_lines_tell_the_day_of_care_where_nothing_else_does():
    lines = (LineItem(date=date(2026, 3, 22), amount=Decimal(300)),)
    assert decide_invoice(care_dates=None, lines=lines).reasons == ("date_soins_incoherente",)
    assert decide_invoice(care_dates=None, lines=lines, source=OCR).reasons == ("lecture_incertaine",)


@pytest.mark.parametrize(
    ("care", "outcome"),
    [
        ((date(2024, 4, 15),), "passed"),
        ((date(2024, 4, 14),), "failed"),
        ((date(2023, 1, 5), date(2024, 4, 20)), "passed"),
    ],
)
def test_two_years_to_claim(care, outcome):
    decision = decide_invoice(care_dates=care, issue_date=max(care))
    assert outcome_of(decision, "care_within_claim_limit") == outcome
    assert ("prescription_2_ans" in decision.reasons) == (outcome == "failed")


def test_the_oldest_invoice_decides_the_limit():
    old = invoice(id="old", document_number="A1", care_dates=(date(2023, 1, 5),), issue_date=date(2023, 1, 5))
    assert judge(invoice(), old, prescription()).reasons == ("prescription_2_ans",)


def test_a_quote_is_about_no_care():
    decision = judge(invoice("devis_optique", care_dates=None, issue_date=date(2020, 1, 1)), kind="devis")
    assert decision.decision == "complete"


def test_29_february():
    assert add_months(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 28), 24) == date(2026, 2, 28)


def test_no_year_comes_after_the_last():
    assert add_months(date(9999, 12, 31), 24) == date.max


# --- amounts ---

NO_SHARES = {"amo_amount": None, "patient_due": None}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "passed"),
        ({"patient_due": Decimal("240.01")}, "passed"),  # a cent of rounding
        ({"patient_due": Decimal("240.02")}, "failed"),
        ({"patient_due": Decimal("220.00")}, "failed"),
        ({"patient_due": Decimal("220.00"), "source": OCR}, "inconclusive"),  # the AMC share may be unread
        ({"patient_due": Decimal("220.00"), "amc_amount": Decimal(0), "source": OCR}, "failed"),
        ({"amo_amount": Decimal("310.00"), "patient_due": None}, "failed"),
        ({"amo_amount": field(Decimal("60.00"), 0.5, OCR)}, "passed"),  # the sum confirms it
        ({"amo_amount": field(Decimal("66.00"), 0.5, OCR)}, "inconclusive"),
        ({"total_amount": None}, "inconclusive"),
        ({"total_amount": field(Decimal("300.00"), 0.94, OCR)}, "passed"),  # lines and shares confirm it
        ({"total_amount": field(Decimal("300.00"), 0.94, OCR), "lines": (), **NO_SHARES}, "inconclusive"),
        ({"total_amount": field(Decimal("300.00"), 0.59, OCR)}, "inconclusive"),
        ({"total_amount": field(Decimal("300.00"), 0.94, OCR, held_back="rivals")}, "inconclusive"),
        ({"lines": ("100.00", "200.01")}, "passed"),
        ({"lines": ("100.00", "150.00")}, "failed"),
        ({"lines": ("100.00", "150.00"), "source": OCR}, "inconclusive"),  # a line may be unread
        ({"lines": ("100.00", "150.00"), "patient_due": Decimal("190.00"), "source": OCR}, "inconclusive"),
        ({"lines": ("400.00",)}, "passed"),  # a discount: the shares confirm the total
        ({"lines": ("400.00",), **NO_SHARES}, "inconclusive"),
        ({"lines": ("400.00", "-100.00"), **NO_SHARES}, "passed"),
        ({"lines": (LineItem(amount=Decimal("100.00")), LineItem())}, "inconclusive"),
        ({"lines": ()}, "passed"),
        ({"lines": (), "source": OCR}, "passed"),  # the shares confirm the total
        ({"lines": (), "source": OCR, **NO_SHARES}, "inconclusive"),
        ({"lines": ("100.00", "150.00"), "missing_pages": True}, "passed"),
    ],
)
def test_amounts_add_up(changes, outcome):
    decision = decide_invoice(**changes)
    assert outcome_of(decision, "amounts_add_up") == outcome
    assert ("montants_incoherents" in decision.reasons) == (outcome == "failed")


def test_lines_and_shares_together_contradict_a_total():
    changes = {"lines": ("100.00", "150.00"), "patient_due": Decimal("190.00"), "amc_amount": Decimal(0)}
    assert outcome_of(decide_invoice(source=OCR, **changes), "amounts_add_up") == "failed"


def test_the_readings_own_sum_is_believed():
    total = field(Decimal("300.00"), checks=(Check(name="sum_of_lines", passed=True),))
    assert outcome_of(decide_invoice(total_amount=total, lines=("400.00",), **NO_SHARES), "amounts_add_up") == "passed"


@pytest.mark.parametrize(
    ("total", "outcome"),
    [
        (Decimal("1200.00"), "passed"),
        (Decimal("1200.01"), "failed"),
        (field(Decimal("1200.00"), 0.9), "passed"),  # confirmed by the line
        (field(Decimal("1200.00"), 0.3), "inconclusive"),
    ],
)
def test_high_amounts(total, outcome):
    value = total if isinstance(total, Decimal) else total.value
    decision = decide_invoice(total_amount=total, lines=(str(value),), **NO_SHARES)
    assert outcome_of(decision, "amount_below_threshold") == outcome
    assert ("montant_eleve" in decision.reasons) == (outcome == "failed")


def test_no_threshold_no_finding():
    decision = judge(invoice("devis_optique", total_amount=Decimal(90000), lines=("90000",), **NO_SHARES), kind="devis")
    assert outcome_of(decision, "amount_below_threshold") is None


@pytest.mark.parametrize(
    ("total", "bases", "source", "outcome"),
    [
        ("400.00", ("200.00",), Source.TEXT_LAYER, "passed"),
        ("400.01", ("200.00",), Source.TEXT_LAYER, "failed"),
        ("400.01", ("150.00", "50.00"), Source.TEXT_LAYER, "failed"),
        ("400.00", (None,), Source.TEXT_LAYER, "inconclusive"),
        ("400.00", ("0.00",), Source.TEXT_LAYER, "inconclusive"),
        ("500.00", ("200.00",), OCR, "failed"),
    ],
)
def test_fee_excess(total, bases, source, outcome):
    part = Decimal(total) / len(bases)
    lines = tuple(LineItem(amount=part, base=base and Decimal(base)) for base in bases)
    quote = invoice("devis_honoraires", total_amount=Decimal(total), lines=lines, source=source, paid=None, **NO_SHARES)
    decision = judge(quote, kind="devis")
    assert outcome_of(decision, "fee_excess_below_limit") == outcome
    assert ("depassement_honoraires" in decision.reasons) == (outcome == "failed")


def test_only_fee_quotes_have_an_excess():
    assert outcome_of(judge(invoice("devis_dentaire"), kind="devis"), "fee_excess_below_limit") is None


# --- bank details ---


@pytest.mark.parametrize(
    ("iban", "outcome"),
    [
        (IBAN, "passed"),
        (BAD_IBAN, "failed"),
        (field(IBAN, 0.7), "passed"),  # the check digits confirm it
        (field(IBAN, 0.5), "inconclusive"),
        (field(BAD_IBAN, 0.96), "inconclusive"),
        (field(BAD_IBAN, 0.97), "failed"),
        (field(None, 0.4, held_back="unreadable"), "inconclusive"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_iban(iban, outcome, known):
    decision = judge(invoice(), prescription(), rib(iban), rib_on_file=known)
    assert outcome_of(decision, "iban_is_valid") == outcome
    assert ("iban_invalide" in decision.reasons) == (outcome == "failed")


def test_no_rib_no_finding():
    assert outcome_of(decide_invoice(), "iban_is_valid") is None


def test_another_account_than_the_known_one_is_said():
    decision = judge(invoice(), prescription(), rib(), iban_on_file="FR7630006000011234567890189")
    assert finding_of(decision, "iban_is_valid").outcome == "passed"
    assert "n’est pas celui du compte connu" in finding_of(decision, "bank_details_unchanged").handler_fr


@pytest.mark.parametrize(
    ("iban", "valid"),
    [
        (IBAN, True),
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("DE89370400440532013000", True),
        ("DE89370400440532013001", False),
        ("FR5430006000011234567890100", False),  # right check digits, wrong RIB key
        ("FR76", False),
        ("", False),
    ],
)
def test_iban_check_digits(iban, valid):
    assert is_valid_iban(iban) is valid


# --- a consultation is about the statement ---


def test_the_statement_of_a_consultation_is_looked_at():
    fields = {"patient_name": field("Hugo VASSEUR"), "care_dates": field((date(2026, 3, 1),))}
    decision = judge(statement(fields=fields), kind="consultation", teletransmission=False)
    assert decision.reasons == ("patient_mismatch",)


# --- what people read ---


def test_what_could_not_be_checked_is_said_once_each():
    unsure = {"total_amount": field(Decimal("420.00"), 0.3, OCR), "care_dates": field((UPLOAD,), 0.3, OCR)}
    findings = [finding for finding in decide_invoice(**unsure).findings if finding.outcome == "inconclusive"]
    codes = {finding.code for finding in findings}
    assert {"amounts_add_up", "amount_below_threshold", "care_dates_are_coherent", "care_within_claim_limit"} <= codes
    said = [finding.handler_fr for finding in findings]
    assert len(set(said)) == len(said)
