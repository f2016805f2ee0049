"""Whose papers, which account, whose number."""

from datetime import date

import pytest

from schemas.readings import Source
from schemas.vocabulary import FieldName
from tests.dossiers.builders import (
    BAD_IBAN,
    CHILD,
    IBAN,
    PATIENT,
    RULES,
    field,
    finding_of,
    invoice,
    judge,
    outcome_of,
    prescription,
    rib,
)
from tests.dossiers.insurers import SECOND

OCR = Source.TESSERACT
OTHER_IBAN = "FR7630006000011234567890189"
NIR = "285054410900453"


def named(name, confidence=1.0):
    """Fields of a dated prescription in a name."""
    dated = {FieldName.ISSUE_DATE: field(date(2026, 3, 2))}
    return {"fields": dated | ({FieldName.PATIENT_NAME: field(name, confidence)} if name != "" else {})}


@pytest.mark.parametrize(
    ("name", "confidence", "outcome"),
    [
        ("Mme VASSEUR Léa", 1.0, "passed"),
        ("QUILLIEN Lea", 1.0, "passed"),
        ("Hugo VASSEUR", 1.0, "failed"),
        ("Marc TANGUY", 1.0, "failed"),
        ("Marc TANGUY", 0.4, "inconclusive"),
        (None, 1.0, "inconclusive"),
    ],
)
def test_a_prescription_is_the_patients(name, confidence, outcome):
    decision = judge(invoice(), prescription(**named(name, confidence)))
    assert outcome_of(decision, "other_papers_are_patients") == outcome
    assert decision.decision == "complete"  # a warning of the reference insurer changes nothing
    other = judge(invoice(), prescription(**named(name, confidence)), rules=SECOND)
    expected = {"passed": (), "failed": ("beneficiaire_different",), "inconclusive": ("lecture_incertaine",)}
    assert other.reasons == expected[outcome]


def test_a_prescription_without_a_name_says_nothing_of_it():
    assert finding_of(judge(invoice(), prescription()), "other_papers_are_patients") is None


@pytest.mark.parametrize(
    ("printed", "confidence", "outcome"),
    [
        ("417", 1.0, "passed"),
        ("00417", 0.7, "passed"),  # the file confirms it
        ("0418", 1.0, "failed"),
        ("0418", 0.5, "inconclusive"),
        (None, 0.2, "inconclusive"),
    ],
)
def test_the_member_number(printed, confidence, outcome):
    decision = judge(invoice(member_number=field(printed, confidence)), prescription())
    assert outcome_of(decision, "member_number_is_claims") == outcome


def test_no_member_number_is_nothing_to_check():
    assert finding_of(judge(invoice(), prescription()), "member_number_is_claims") is None


@pytest.mark.parametrize(
    ("printed", "confidence", "outcome"),
    [
        (NIR, 1.0, "passed"),
        (NIR[:13], 0.7, "passed"),
        ("185054410900400", 1.0, "failed"),
        ("185054410900400", 0.5, "inconclusive"),
    ],
)
def test_a_nir_is_somebodys_on_the_contract_and_never_written_out(printed, confidence, outcome):
    patient = PATIENT.model_copy(update={"nir": NIR})
    decision = judge(invoice(nir=field(printed, confidence)), prescription(), patient=patient)
    finding = finding_of(decision, "nir_is_on_contract")
    assert finding.outcome == outcome
    assert finding.evidence[0].field == "nir"
    assert not {printed, NIR} & set(finding.handler_fr.replace(".", " ").split())
    assert printed not in decision.model_dump_json()


def test_a_nir_is_nothing_to_check_where_none_is_known():
    assert finding_of(judge(invoice(nir=field(NIR)), prescription()), "nir_is_on_contract") is None


def test_a_shared_nir_makes_no_duplicate():
    from dossiers import remember
    from tests.dossiers.builders import dossier

    child = CHILD.model_copy(update={"nir": NIR})
    other = {"document_number": "X9", "total_amount": None, "sha256": "x", "patient_name": "Hugo VASSEUR"}
    past = remember(dossier(invoice(nir=field(NIR), **other), id="past", patient=child), RULES)
    decision = judge(invoice(nir=field(NIR)), prescription(), history=[past])
    assert outcome_of(decision, "invoice_not_sent_before") == "passed"
    assert NIR not in past.model_dump_json()


@pytest.mark.parametrize(
    ("iban", "outcome"),
    [
        (IBAN, "passed"),
        (field(IBAN, 0.7, OCR), "passed"),
        (OTHER_IBAN, "failed"),
        (field(OTHER_IBAN, 0.7, OCR), "failed"),  # its check digits confirm that it was read right
        (field(BAD_IBAN, 0.7, OCR), "inconclusive"),
        (field(None, 0.2, OCR), "inconclusive"),
    ],
)
def test_a_change_of_account(iban, outcome):
    holder = {FieldName.ACCOUNT_HOLDER: field("Mme Léa VASSEUR")}
    paper = rib(iban)
    fields = {**paper.documents[0].fields, **holder}
    paper = paper.model_copy(update={"documents": (paper.documents[0].model_copy(update={"fields": fields}),)})
    decision = judge(invoice(), prescription(), paper, iban_on_file=f"{IBAN[:4]} {IBAN[4:]}")
    assert outcome_of(decision, "bank_details_unchanged") == outcome
    other = judge(invoice(), paper, iban_on_file=IBAN, rules=SECOND)
    assert ("changement_de_compte" in other.reasons) == (outcome == "failed")
    if outcome == "failed":
        assert (other.queue, other.decision) == ("paiement", "to_review")
        assert iban not in other.message_fr if isinstance(iban, str) else True


def test_no_account_on_file_is_no_change():
    assert finding_of(judge(invoice(), prescription(), rib()), "bank_details_unchanged") is None


@pytest.mark.parametrize(
    ("holder", "confidence", "outcome"),
    [
        ("Mme Léa VASSEUR", 1.0, "passed"),
        ("M. OU MME VASSEUR", 1.0, "passed"),
        ("M ET MME VASSEUR", 0.7, "passed"),
        ("VASSEUR L.", 1.0, "passed"),
        ("SCI DES TILLEULS", 1.0, "failed"),
        ("Marc TANGUY", 0.5, "inconclusive"),
        (None, 1.0, "inconclusive"),
    ],
)
def test_the_holder_of_the_account(holder, confidence, outcome):
    paper = rib()
    fields = {**paper.documents[0].fields, FieldName.ACCOUNT_HOLDER: field(holder, confidence)}
    paper = paper.model_copy(update={"documents": (paper.documents[0].model_copy(update={"fields": fields}),)})
    assert outcome_of(judge(invoice(), prescription(), paper), "account_holder_is_known") == outcome


RPPS, SIRET, FINESS = "10000001916", "73282932000074", "750712184"


@pytest.mark.parametrize(
    ("numbers", "identified", "valid"),
    [
        ({"rpps": RPPS}, "passed", "passed"),
        ({"siret": field(SIRET, 0.7, OCR)}, "passed", "passed"),
        ({"finess": FINESS}, "passed", "passed"),
        ({"finess": "2A0000018"}, "passed", "passed"),
        ({"rpps": "10000001917"}, "inconclusive", "failed"),
        ({"rpps": field("10000001917", 0.6, OCR)}, "inconclusive", "inconclusive"),
        ({"rpps": "10000001917", "siret": SIRET}, "passed", "failed"),
        ({"siret": field(None, 0.1)}, "inconclusive", "inconclusive"),
        ({}, "failed", None),
    ],
)
def test_numbers_of_the_professional(numbers, identified, valid):
    papers = invoice("note_honoraires", **numbers), prescription(**named(""))
    decision = judge(*papers, kind="medecine_douce", rules=SECOND)
    assert outcome_of(decision, "issuer_is_identified") == identified
    assert outcome_of(decision, "identifiers_are_valid") == valid
    expected = {"passed": (), "failed": ("professionnel_non_identifie",), "inconclusive": ("lecture_incertaine",)}
    assert tuple(reason for reason in decision.reasons if reason != "montant_eleve") == expected[identified]


def test_a_photo_that_shows_no_number_may_have_one():
    decision = judge(invoice("note_honoraires", OCR), prescription(), kind="medecine_douce", rules=SECOND)
    assert outcome_of(decision, "issuer_is_identified") == "inconclusive"


def test_other_claims_need_no_number():
    assert finding_of(judge(invoice(), rules=SECOND), "issuer_is_identified") is None
