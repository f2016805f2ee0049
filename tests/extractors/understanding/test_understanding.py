"""Whole papers made of words: types, fields, lines, checks, page groups."""

import datetime as dt
from decimal import Decimal

import pytest

from extractors.understanding import understand_pages
from extractors.understanding.fingerprint import compare_fingerprints
from schemas.readings import Source
from schemas.vocabulary import DocumentType, FieldName, Legibility
from tests.extractors.understanding.builders import make_page

TODAY = dt.date(2026, 10, 15)
NIR = "2 95 10 99 126 111 93"
OSTEO = (
    "#Zoé VÉZINET",
    "Ostéopathe D.O.",
    "4 rue Basse 35000 Rennes",
    "RPPS 10000001916 - SIRET 732 829 320 00074",
    "",
    "Note d'honoraires n° 2026-118|Fait à Rennes, le 12 mars 2026",
    "Patient : Mme Noël LE GOFF",
    "Séance du 10/03/2026|60,00 €",
    "Total TTC|60,00 €",
    "Acquittée le 12/03/2026 par carte bancaire",
)
DENTIST = (
    "#Dr Paul DU BELLAY",
    "Chirurgien-dentiste",
    "Facture n° F2026/45|Date : 20/04/2026",
    "Patient : DURAND Zoé|N° SS : " + NIR,
    "Date|Acte CCAM|Désignation|Dent|Honoraires|Part AMO",
    "18/04/2026|HBLD634|Couronne céramique|26|500,00 €|72,00 €",
    "19/04/2026|HBJD001|Détartrage||43,38 €|26,03 €",
    "Total des honoraires||||543,38 €|98,03 €",
    "Part AMC||||300,00 €|",
    "Reste à charge||||145,35 €|",
)
DENTIST_COLUMNS = (0, 10, 20, 38, 46, 58)


def read_one(*rows, **options):
    (document,) = understand_pages([make_page(*rows, **options)], today=TODAY)
    return document


@pytest.mark.parametrize("scale", [6.0, 10.0, 42.0])
def test_fee_note(scale):
    note = read_one(*OSTEO, scale=scale)
    assert note.type is DocumentType.NOTE_HONORAIRES
    assert note.value_of(FieldName.DOCUMENT_NUMBER) == "2026-118"
    assert note.value_of(FieldName.ISSUE_DATE) == dt.date(2026, 3, 12)
    assert note.value_of(FieldName.CARE_DATES) == (dt.date(2026, 3, 10),)
    assert note.value_of(FieldName.TOTAL_AMOUNT) == Decimal("60.00")
    assert note.value_of(FieldName.PATIENT_NAME) == "Noël LE GOFF"
    assert note.value_of(FieldName.PRACTITIONER_NAME) == "Zoé VÉZINET"
    assert note.value_of(FieldName.RPPS) == "10000001916"
    assert note.value_of(FieldName.SIRET) == "73282932000074"
    assert note.value_of(FieldName.PAID) is True
    assert FieldName.AMO_AMOUNT not in note.fields
    assert FieldName.IBAN not in note.fields


def test_places_lie_on_the_page_and_checks_are_named():
    page = make_page(*OSTEO)
    (note,) = understand_pages([page], today=TODAY)
    for field in note.fields.values():
        assert field.page == 1
        assert field.raw_text
        assert field.polygon is not None
        assert all(0 <= corner.x <= page.width and 0 <= corner.y <= page.height for corner in field.polygon)
        assert 0 <= field.confidence <= 1
    assert [check.name for check in note.fields[FieldName.SIRET].checks] == ["check_digits"]
    assert all(check.passed for check in note.fields[FieldName.SIRET].checks)


def test_lines_and_arithmetic():
    bill = read_one(*DENTIST, columns=DENTIST_COLUMNS)
    assert bill.type is DocumentType.FACTURE_DENTAIRE
    first, second = bill.line_items
    assert (first.date, first.code, first.location) == (dt.date(2026, 4, 18), "HBLD634", "26")
    assert (first.amount, first.amo) == (Decimal("500.00"), Decimal("72.00"))
    assert (second.code, second.label) == ("HBJD001", "Détartrage")
    assert bill.value_of(FieldName.TOTAL_AMOUNT) == Decimal("543.38")
    assert bill.value_of(FieldName.AMO_AMOUNT) == Decimal("98.03")
    assert bill.value_of(FieldName.AMC_AMOUNT) == Decimal("300.00")
    assert bill.value_of(FieldName.PATIENT_DUE) == Decimal("145.35")
    assert bill.value_of(FieldName.CARE_DATES) == (dt.date(2026, 4, 18), dt.date(2026, 4, 19))
    checks = {check.name: check.passed for check in bill.fields[FieldName.TOTAL_AMOUNT].checks}
    assert checks == {"total_is_sum_of_shares": True, "sum_of_lines": True}


def test_lines_that_do_not_add_up_hold_the_total_back():
    rows = [row.replace("543,38", "643,38") for row in DENTIST]
    bill = read_one(*rows, columns=DENTIST_COLUMNS)
    total = bill.fields[FieldName.TOTAL_AMOUNT]
    assert total.value == Decimal("643.38")
    assert total.held_back == "check_failed:total_is_sum_of_shares"
    assert {check.name for check in total.checks if not check.passed} == {"total_is_sum_of_shares", "sum_of_lines"}


def test_care_after_the_invoice_is_a_failed_check():
    note = read_one(*(row.replace("10/03/2026", "30/03/2026") for row in OSTEO))
    care = note.fields[FieldName.CARE_DATES]
    assert [(check.name, check.passed) for check in care.checks] == [("care_before_issue", False)]
    assert care.held_back == "check_failed:care_before_issue"


@pytest.mark.parametrize(
    ("mention", "paid"),
    [
        ("Acquittée le 12/03/2026", True),
        ("Réglé par chèque", True),
        ("Facture réglée en totalité", True),
        ("À régler avant le 12/04/2026", False),
        ("Solde restant dû : 60,00 €", False),
        ("Facture non acquittée", False),
        ("Membre d'une association agréée, le règlement par chèque est accepté", None),
        ("TVA acquittée sur les encaissements", None),
        ("", None),
    ],
)
def test_paid(mention, paid):
    note = read_one(*OSTEO[:-1], mention)
    assert note.value_of(FieldName.PAID) is paid


def test_quote_is_never_paid_and_has_no_care_date():
    quote = read_one(
        "#DEVIS", "Dr Paul DU BELLAY chirurgien-dentiste", "Devis n° D-77 du 01/09/2026", "Patient : DURAND Zoé",
        "Code|Acte|Honoraires|Base|Remb. AMO|Non remboursé", "HBLD634|Couronne céramique|500,00|120,00|72,00|428,00",
        "Total||500,00|120,00|72,00|428,00", "Devis valable 6 mois. Bon pour accord. Réglé par chèque.",
        columns=(0, 10, 30, 40, 50, 60),
    )  # fmt: skip
    assert quote.type is DocumentType.DEVIS_DENTAIRE
    assert quote.value_of(FieldName.TOTAL_AMOUNT) == Decimal("500.00")
    assert quote.value_of(FieldName.AMO_AMOUNT) == Decimal("72.00")
    assert quote.value_of(FieldName.PATIENT_DUE) == Decimal("428.00")
    assert FieldName.PAID not in quote.fields
    assert FieldName.CARE_DATES not in quote.fields


def test_rib():
    rib = read_one(
        "#RELEVÉ D'IDENTITÉ BANCAIRE", "Titulaire du compte", "M. Paul VÉZINET ou Mme Zoé VÉZINET", "4 rue Basse",
        "IBAN : FR14 2004 1010 0505 0001 3M02 606", "BIC : CEPAFRPP333",
    )  # fmt: skip
    assert rib.type is DocumentType.RIB
    assert rib.value_of(FieldName.IBAN) == "FR1420041010050500013M02606"
    assert rib.value_of(FieldName.BIC) == "CEPAFRPP333"
    assert rib.value_of(FieldName.ACCOUNT_HOLDER) == "Paul VÉZINET ou Zoé VÉZINET"


def test_wrong_iban_is_shown_with_its_failed_check():
    rib = read_one(
        "#RELEVÉ D'IDENTITÉ BANCAIRE", "Titulaire : Paul VÉZINET", "IBAN : FR15 2004 1010 0505 0001 3M02 606"
    )
    iban = rib.fields[FieldName.IBAN]
    assert iban.value == "FR1520041010050500013M02606"
    assert iban.held_back == "check_failed:check_digits"  # however surely it is what the paper shows


def test_doubtful_digits_that_fail_their_key_are_not_given():
    rows = (*OSTEO[:6], f"N° de sécurité sociale : {NIR[:-1]}4", *OSTEO[6:])
    note = read_one(*rows, source=Source.TESSERACT, confidence=0.5)
    nir = note.fields[FieldName.NIR]
    assert nir.value is None
    assert nir.held_back == "unreadable"


def test_ordonnance_has_the_prescribers_number_and_no_amount():
    paper = read_one(
        "#Dr Paul VÉZINET", "Ophtalmologue", "RPPS 10000001916", "Rennes, le 3 mars 2026", "Mme Zoé DURAND",
        "Ordonnance", "OD : -3,50 (-0,75 à 95°) addition 1,50",
        "OG : -3,00 addition 1,50",
    )  # fmt: skip
    assert paper.type is DocumentType.ORDONNANCE
    assert paper.value_of(FieldName.RPPS) == "10000001916"
    assert paper.value_of(FieldName.ISSUE_DATE) == dt.date(2026, 3, 3)
    assert paper.value_of(FieldName.PATIENT_NAME) == "Zoé DURAND"
    assert FieldName.TOTAL_AMOUNT not in paper.fields


def test_a_letter_is_another_document_without_fields():
    letter = read_one(
        "Paul VÉZINET", "4 rue Basse", "Objet : demande de remboursement", "Madame, Monsieur,",
        "Veuillez trouver ci-joint la facture de mes lunettes d'un montant de 153,60 €.",
        "Je vous prie d'agréer mes salutations distinguées.",
    )  # fmt: skip
    assert letter.type is DocumentType.AUTRE
    assert letter.fields == {}


def test_illegible_page_has_no_field():
    blurred = read_one(*OSTEO, legibility=Legibility.ILLEGIBLE)
    assert not blurred.legible
    assert blurred.fields == {}
    (empty,) = understand_pages([make_page(legibility=Legibility.ILLEGIBLE)], today=TODAY)
    assert (empty.type, empty.legible, empty.fields) == (DocumentType.AUTRE, False, {})


def test_pages_of_one_paper_are_put_together_in_printed_order():
    first = make_page(*DENTIST[:7], "Page 1/2", columns=DENTIST_COLUMNS, page=2)
    second = make_page("Facture n° F2026/45", *DENTIST[7:], "Page 2/2", columns=DENTIST_COLUMNS, page=1)
    (bill,) = understand_pages([second, first], today=TODAY)
    assert bill.pages == (2, 1)
    assert (bill.page_number_printed, bill.page_count_printed, bill.missing_pages) == (1, 2, False)
    assert bill.value_of(FieldName.TOTAL_AMOUNT) == Decimal("543.38")


def test_a_page_that_the_print_announces_is_missed():
    bill = read_one(*DENTIST[:7], "Page 1/2", columns=DENTIST_COLUMNS)
    assert bill.missing_pages
    assert bill.page_count_printed == 2


def test_other_papers_of_a_file_stay_apart():
    pages = [make_page(*OSTEO, page=1), make_page(*DENTIST, columns=DENTIST_COLUMNS, page=2)]
    note, bill = understand_pages(pages, today=TODAY)
    assert (note.pages, bill.pages) == ((1,), (2,))
    both = [make_page(*OSTEO, page=1), make_page(*OSTEO, page=1, sheet=1)]
    assert [paper.pages for paper in understand_pages(both, today=TODAY)] == [(1,), (1,)]


def test_fingerprint_finds_another_scan_of_the_same_paper():
    clean = read_one(*OSTEO)
    noisy = read_one(
        *(row.replace("Basse", "Rasse") for row in OSTEO), source=Source.TESSERACT, confidence=0.8, scale=30
    )
    other = read_one(*DENTIST, columns=DENTIST_COLUMNS)
    assert len(clean.text_fingerprint) == 32
    assert compare_fingerprints(clean.text_fingerprint, noisy.text_fingerprint) > 0.6
    assert compare_fingerprints(clean.text_fingerprint, other.text_fingerprint) < 0.2


def test_labels_are_found_through_reading_errors():
    rows = (row.replace("honoraires", "honoralres").replace("Patient", "Patlent") for row in OSTEO)
    note = read_one(*rows, source=Source.TESSERACT, confidence=0.9)
    assert note.value_of(FieldName.PATIENT_NAME) == "Noël LE GOFF"
    assert note.value_of(FieldName.DOCUMENT_NUMBER) == "2026-118"


def test_a_name_cut_at_the_end_of_its_line_goes_on_under_it():
    page = make_page("Cabinet Dupré", "Ostéopathe", "Note d'honoraires n° 12345", "Patient : Véronique LOPES-",
                     "RIBEIRO", "Séance du 03/02/2026|60,00 €", "Total : 60,00 €", columns=(0.0, 30.0))  # fmt: skip
    [paper] = understand_pages([page])
    assert paper.value_of(FieldName.PATIENT_NAME) == "Véronique LOPES-RIBEIRO"


def test_a_name_whose_spaces_a_stamp_lost_is_the_same_name():
    page = make_page("Anne-Sophie Le Goff", "Psychologue", "16 cours Lafayette", "Note d'honoraires n° 12345",
                     "Patient : Mohamed DIALLO", "Total : 60,00 €", "Anne-Sophie LEGOFF", "Psychologue")  # fmt: skip
    [paper] = understand_pages([page])
    assert paper.value_of(FieldName.PRACTITIONER_NAME) == "Anne-Sophie LE GOFF"


def test_a_label_cut_at_the_edge_of_a_ticket_is_known():
    page = make_page("PHARMACIE DU PONT", "Facture n° 0007222", "Date 03/07/2025", "Montant facturé|71,82",
                     "Assurance Maladie|45,49", "Organisme complémentai|26,33", "Solde assuré|0,00",
                     source=Source.TESSERACT, confidence=0.95)  # fmt: skip
    [paper] = understand_pages([page])
    assert paper.value_of(FieldName.AMC_AMOUNT) == Decimal("26.33")


@pytest.mark.parametrize(
    ("entry", "way_out", "in_order"), [("02/03/2026", "06/03/2026", True), ("06/03/2026", "02/03/2026", False)]
)
def test_a_stay_ends_after_it_began(entry, way_out, in_order):
    bill = read_one(
        "CLINIQUE DES DUNES",
        "Facture n° 2026-0417 du 10/03/2026",
        "Patient : Léa VASSEUR",
        f"Date d'entrée : {entry}",
        f"Date de sortie : {way_out}",
        "Forfait journalier 4 23,00 92,00",
        "Total à payer 92,00",
    )
    assert bill.type is DocumentType.FACTURE_HOSPITALIERE
    care = bill.fields[FieldName.CARE_DATES]
    assert care.value == (dt.date(2026, 3, 2), dt.date(2026, 3, 6))
    assert {check.name: check.passed for check in care.checks}["entry_before_exit"] is in_order
    assert (care.held_back == "check_failed:entry_before_exit") is not in_order
