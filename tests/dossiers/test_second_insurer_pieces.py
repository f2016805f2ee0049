"""What an insurer asks for that the reference one does not, and takes that it does not."""

from datetime import date
from decimal import Decimal

import pytest

from schemas.readings import Source
from schemas.vocabulary import FieldName
from tests.dossiers.builders import (
    CHILD,
    PATIENT,
    RULES,
    field,
    finding_of,
    invoice,
    judge,
    outcome_of,
    reading,
    statement,
)
from tests.dossiers.insurers import SECOND
from tests.dossiers.test_timing_rules import dated

OCR = Source.TESSERACT
PRESCRIBED = {"fields": {FieldName.ISSUE_DATE: field(date(2026, 3, 2))}}


def prescribed():
    return reading("ordonnance", **PRESCRIBED)


def costing(total, confidence=1.0, kind="facture_optique"):
    value = field(Decimal(total), confidence, OCR if confidence < 1 else Source.TEXT_LAYER)
    return invoice(kind, total_amount=value, lines=(), amo_amount=None, patient_due=None)


def test_the_two_insurers_ask_for_other_papers():
    glasses = invoice()
    assert judge(glasses, teletransmission=True).missing == ("ordonnance",)
    assert judge(glasses, teletransmission=True, rules=SECOND).missing == ()
    note = invoice("note_honoraires", rpps="10000001916")
    assert judge(note, kind="medecine_douce").decision == "to_review"  # above the first insurer's limit
    assert judge(note, kind="medecine_douce", rules=SECOND).missing == ("ordonnance",)
    stay = invoice("facture_hospitaliere", paid=None, lines=("300.00",))
    assert judge(stay, kind="hospitalisation").missing == ("facture_acquittee",)
    assert judge(stay, kind="hospitalisation", rules=SECOND).decision == "complete"


# --- a statement in place of the invoice ---


def stated(**changes):
    fields = {
        FieldName.TOTAL_AMOUNT: field(Decimal("40.00")),
        FieldName.CARE_DATES: field((date(2026, 3, 18),)),
        FieldName.PATIENT_NAME: field("Léa VASSEUR"),
    }
    return statement(fields=fields, **changes)


def test_a_statement_alone_does_not_replace_the_invoice():
    decision = judge(stated(), kind="pharmacie", rules=SECOND)
    assert decision.missing == ("facture",)
    assert "déclaration sur l’honneur" in decision.message_fr


def test_a_statement_with_a_signed_one_does_and_a_person_sees_it():
    letter = reading("autre")
    decision = judge(stated(), letter, kind="pharmacie", rules=SECOND)
    assert (decision.decision, decision.missing) == ("to_review", ())
    assert decision.reasons == ("declaration_a_verifier",)
    assert "remplacée" in finding_of(decision, "invoice_present").handler_fr
    evidence = {place.file for place in finding_of(decision, "replacement_needs_no_look").evidence}
    assert evidence == {"decompte_am", "autre"}
    assert judge(stated(), letter, kind="pharmacie").missing == ("facture", "ordonnance")


def test_the_invoice_itself_needs_no_look():
    decision = judge(invoice("facture_pharmacie"), stated(), reading("autre"), kind="pharmacie", rules=SECOND)
    assert finding_of(decision, "replacement_needs_no_look") is None
    assert decision.decision == "complete"


def test_the_statement_is_judged_in_its_place():
    other = stated().documents[0].fields | {FieldName.PATIENT_NAME: field("Hugo VASSEUR")}
    decision = judge(statement(fields=other), reading("autre"), kind="pharmacie", rules=SECOND)
    assert "beneficiaire_different" in decision.reasons


# --- a piece above an amount ---


@pytest.mark.parametrize(
    ("total", "confidence", "decision", "missing"),
    [
        ("800.00", 1.0, "complete", ()),
        ("800.01", 1.0, "incomplete", ("devis",)),
        ("850.00", 0.4, "to_review", ()),
        ("100.00", 0.4, "to_review", ()),
    ],
)
def test_a_quote_is_needed_above_an_amount(total, confidence, decision, missing):
    found = judge(costing(total, confidence), rules=SECOND)
    assert (found.decision, found.missing) == (decision, missing)
    if confidence < 1:
        assert outcome_of(found, "quote_present") == "inconclusive"
        assert "s’il faut la pièce" in finding_of(found, "quote_present").handler_fr


def test_a_quote_that_is_there_is_enough():
    quote = reading("devis_optique", **dated(date(2026, 3, 1)))
    assert judge(costing("850.00"), quote, rules=SECOND).decision == "complete"
    unsure = judge(costing("850.00", 0.4), quote, rules=SECOND)
    assert outcome_of(unsure, "quote_present") == "passed"


def test_nothing_is_asked_above_an_amount_while_the_invoice_is_not_there():
    assert judge(reading("autre"), rules=SECOND).missing == ("facture",)


# --- a condition on the patient ---


@pytest.mark.parametrize(
    ("patient", "missing"),
    [
        (CHILD, ("ordonnance",)),
        (PATIENT, ()),
        (CHILD.model_copy(update={"birth_date": date(2010, 4, 15)}), ()),  # 16 on the day
        (CHILD.model_copy(update={"birth_date": date(2010, 4, 16)}), ("ordonnance",)),
        (CHILD.model_copy(update={"birth_date": None}), ()),
    ],
)
def test_a_prescription_for_a_child(patient, missing):
    paper = invoice("facture_soins", patient_name=patient.full_name)
    decision = judge(paper, kind="soins", patient=patient, people=(patient,), rules=SECOND)
    assert decision.missing == missing


# --- papers that are for somebody else, or known ---


def test_a_care_sheet_is_sent_on_to_the_assurance_maladie():
    decision = judge(invoice(), reading("feuille_de_soins"), rules=SECOND)
    assert decision.decision == "complete"
    assert "Envoyez la feuille de soins à votre caisse" in decision.message_fr
    assert outcome_of(decision, "no_care_sheet_for_assurance_maladie") == "failed"
    assert "feuille de soins" not in judge(invoice(), prescribed(), reading("feuille_de_soins")).message_fr


@pytest.mark.parametrize(("teletransmission", "outcome"), [(True, "failed"), (False, None)])
def test_a_statement_that_comes_by_itself(teletransmission, outcome):
    decision = judge(invoice(), prescribed(), stated(), teletransmission=teletransmission)
    assert outcome_of(decision, "statement_not_received_by_feed") == outcome
    assert decision.decision == "complete"


# --- a paper that may be the missing one ---


def test_a_letter_with_an_iban_may_be_the_rib():
    letter = reading("autre", fields={FieldName.IBAN: field("FR1420041010050500013M02606")})
    decision = judge(invoice(), prescribed(), letter, rib_on_file=False)
    assert (decision.decision, decision.missing) == ("to_review", ())
    assert outcome_of(decision, "bank_details_present") == "inconclusive"


# --- fees above the base ---


def fees(kind, base, total="60.00", **changes):
    from schemas.readings import LineItem

    line = LineItem(amount=Decimal(total), base=Decimal(base))
    return invoice(kind, total_amount=Decimal(total), amo_amount=None, patient_due=None, lines=(line,), **changes)


@pytest.mark.parametrize(("base", "outcome"), [("40.00", "passed"), ("39.99", "failed")])
def test_an_excess_on_an_invoice(base, outcome):
    decision = judge(fees("facture_soins", base), kind="soins", rules=SECOND)
    assert outcome_of(decision, "fee_excess_below_limit") == outcome
    assert finding_of(judge(fees("facture_soins", base), kind="soins"), "fee_excess_below_limit") is None


def test_a_quote_of_glasses_has_no_excess():
    for rules in (RULES, SECOND):
        decision = judge(fees("devis_optique", "0.10"), kind="devis", rules=rules)
        assert finding_of(decision, "fee_excess_below_limit") is None
