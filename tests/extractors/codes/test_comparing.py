"""Page against code: agreement, disagreement, one alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from extractors.codes.comparing import compare_with_codes
from extractors.codes.facturx import parse_cii
from extractors.codes.two_d_doc import parse_2d_doc
from extractors.codes.values import CodeKind, IgnoredCode, IgnoredReason
from schemas.geometry import Box
from schemas.readings import Alternative, Check, DocumentReading, FieldValue, LineItem, Source
from schemas.vocabulary import DocumentType, FieldName
from tests.extractors.codes.makers import (
    ACCOUNT,
    BANK,
    HOLDER,
    OTHER_ACCOUNT,
    OTHER_SIRET,
    SIRET,
    write_cii,
    write_message,
)

PLACE = Box(10, 10, 60, 60).to_polygon()


def field(value, confidence=0.9, source=Source.TESSERACT, **more):
    return FieldValue(value=value, raw_text=str(value), confidence=confidence, source=source, page=1, **more)


def paper(kind=DocumentType.FACTURE_SOINS, *, pages=(1,), legible=True, items=(), **fields):
    named = {FieldName(name): value for name, value in fields.items()}
    return DocumentReading(type=kind, type_confidence=0.9, pages=pages, legible=legible, fields=named, line_items=items)


def bank_paper(**fields):
    return paper(DocumentType.RIB, **fields)


def invoice(**changes):
    return parse_cii(write_cii(**changes))


def bank_code(page=1, **changes):
    return parse_2d_doc(write_message(**changes).encode(), page=page, polygon=PLACE)


def compare(document, *codes):
    (result,) = compare_with_codes([document], codes)
    return result


def check_of(field):
    return {check.name: check.passed for check in field.checks}


def test_the_same_total_raises_trust():
    total = compare(paper(total_amount=field(Decimal("64.52"), 0.7)), invoice()).fields[FieldName.TOTAL_AMOUNT]
    assert total.value == Decimal("64.52")
    assert total.source is Source.TESSERACT
    assert total.confidence == pytest.approx(0.97)
    assert check_of(total) == {"agrees_with_facturx": True}
    assert total.held_back is None


def test_low_confidence_is_lifted_by_agreement_and_a_failed_check_is_not():
    lifted = compare(paper(total_amount=field(Decimal("64.52"), 0.5, held_back="low_confidence")), invoice())
    assert lifted.fields[FieldName.TOTAL_AMOUNT].held_back is None
    kept = compare(paper(total_amount=field(Decimal("64.52"), 0.5, held_back="check_failed:sum_of_lines")), invoice())
    assert kept.fields[FieldName.TOTAL_AMOUNT].held_back == "check_failed:sum_of_lines"


def test_another_total_is_held_back_with_both_values():
    read = field(
        Decimal("84.52"), 0.9, polygon=PLACE, alternatives=(Alternative(value=Decimal("8.00"), confidence=0.1),)
    )
    total = compare(paper(total_amount=read), invoice()).fields[FieldName.TOTAL_AMOUNT]
    assert total.value == Decimal("64.52")
    assert total.source is Source.FACTUR_X
    assert [choice.value for choice in total.alternatives] == [Decimal("84.52"), Decimal("8.00")]
    assert total.confidence <= 0.5
    assert total.raw_text == "84.52"
    assert total.polygon == PLACE
    assert check_of(total) == {"agrees_with_facturx": False}
    assert total.held_back == "disagrees_with_facturx"


def test_an_exact_print_stays_in_front():
    read = field(Decimal("84.52"), 0.99, Source.TEXT_LAYER)
    total = compare(paper(total_amount=read), invoice()).fields[FieldName.TOTAL_AMOUNT]
    assert (total.value, total.source) == (Decimal("84.52"), Source.TEXT_LAYER)
    assert total.alternatives[0].value == Decimal("64.52")
    assert total.held_back == "disagrees_with_facturx"


def test_what_only_the_invoice_says():
    fields = compare(paper(), invoice()).fields
    assert fields[FieldName.TOTAL_AMOUNT].value == Decimal("64.52")
    assert fields[FieldName.ISSUE_DATE].value == dt.date(2024, 3, 14)
    assert fields[FieldName.SIRET].value == SIRET
    assert fields[FieldName.DOCUMENT_NUMBER].value == "2024-0187"
    for value in fields.values():
        assert value.source is Source.FACTUR_X
        assert value.page is None
        assert value.polygon is None
    assert FieldName.PATIENT_DUE not in fields
    assert list(fields) == [name for name in FieldName if name in fields]


def test_the_sum_due_can_only_confirm():
    same = compare(paper(patient_due=field(Decimal("20.00"))), invoice(due="20.00"))
    assert check_of(same.fields[FieldName.PATIENT_DUE]) == {"agrees_with_facturx": True}
    other = compare(paper(patient_due=field(Decimal("25.81"))), invoice(due="20.00"))
    assert other.fields[FieldName.PATIENT_DUE].checks == ()


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        ("Cabinet de kinésithérapie MARTIN", True),
        ("CABINET DE KINESITHERAPIE MARTIN SELARL", True),
        ("Kiné Lilas", True),
        ("Cabinet de kinesitherapic Martin", True),
        ("Cabinet de kinésithérapie Bernard", False),
    ],
)
def test_names_of_the_seller(printed, agrees):
    fields = compare(paper(practitioner_name=field(printed)), invoice(trading="Kiné Lilas")).fields
    name = fields[FieldName.PRACTITIONER_NAME]
    assert check_of(name) == {"agrees_with_facturx": agrees}
    assert (name.held_back is None) is agrees
    if agrees:
        assert name.value == printed


def test_numbers_are_the_same_whatever_their_signs():
    fields = compare(paper(document_number=field("2024 0187")), invoice()).fields
    assert check_of(fields[FieldName.DOCUMENT_NUMBER]) == {"agrees_with_facturx": True}


@pytest.mark.parametrize(("printed", "agrees"), [(SIRET, True), (OTHER_SIRET, False)])
def test_nine_digits_confirm_or_deny_fourteen(printed, agrees):
    short = invoice(siret=SIRET[:9])
    siret = compare(paper(siret=field(printed)), short).fields[FieldName.SIRET]
    assert check_of(siret) == {"agrees_with_facturx": agrees}
    assert siret.value == printed
    assert (siret.held_back is None) is agrees
    assert FieldName.SIRET not in compare(paper(), short).fields


LINES = [("Séance", "4", "16.13", "64.52")]


def test_lines_of_the_attached_invoice_where_the_page_has_none():
    document = compare(paper(total_amount=field(Decimal("64.52"))), invoice(profile="en16931", lines=LINES))
    assert document.line_items == (
        LineItem(label="Séance", quantity=Decimal(4), unit_price=Decimal("16.13"), amount=Decimal("64.52")),
    )


def test_lines_of_the_page_that_add_up_are_kept():
    own = (LineItem(label="Séance du 4 mars", amount=Decimal("64.52"), code="AMK 7.5"),)
    document = compare(paper(items=own, total_amount=field(Decimal("64.52"))), invoice(profile="en16931", lines=LINES))
    assert document.line_items == own


def test_lines_that_do_not_add_up_are_not_taken():
    wrong = [("Séance hors taxe", "1", "50.00", "50.00")]
    document = compare(paper(total_amount=field(Decimal("64.52"))), invoice(profile="en16931", lines=wrong))
    assert document.line_items == ()


def test_lines_of_a_disputed_total_are_not_taken():
    document = compare(paper(total_amount=field(Decimal("84.52"))), invoice(profile="en16931", lines=LINES))
    assert document.line_items == ()


def test_of_several_invoices_the_one_that_says_the_same():
    first = paper(pages=(1,), total_amount=field(Decimal("10.00")), document_number=field("A1"))
    second = paper(pages=(2,), total_amount=field(Decimal("99.00")), document_number=field("2024-0187"))
    one, two = compare_with_codes([first, second], [invoice()])
    assert one == first
    assert two.fields[FieldName.TOTAL_AMOUNT].held_back == "disagrees_with_facturx"


def test_of_several_invoices_none_that_says_the_same():
    papers = (paper(pages=(1,)), paper(pages=(2,)))
    assert compare_with_codes(papers, [invoice()]) == papers


@pytest.mark.parametrize("kind", [DocumentType.ORDONNANCE, DocumentType.DEVIS_OPTIQUE, DocumentType.AUTRE])
def test_an_invoice_says_nothing_of_other_papers(kind):
    document = paper(kind)
    assert compare(document, invoice()) == document


def test_an_illegible_paper_stays_without_values():
    document = paper(legible=False)
    assert compare(document, invoice(), bank_code()) == document


def test_ignored_codes_change_nothing():
    document = paper(total_amount=field(Decimal("1.00")))
    assert compare(document, IgnoredCode(CodeKind.FACTUR_X, IgnoredReason.NOT_XML)) == document


def test_bank_details_that_agree():
    document = compare(
        bank_paper(
            iban=field(ACCOUNT, 0.8, held_back="low_confidence", checks=(Check(name="check_digits", passed=True),)),
            bic=field(BANK + "XXX"),
            account_holder=field("Durand Camille"),
        ),
        bank_code(),
    )
    for name in (FieldName.IBAN, FieldName.BIC, FieldName.ACCOUNT_HOLDER):
        assert check_of(document.fields[name])["agrees_with_2ddoc"]
        assert document.fields[name].held_back is None
    assert document.fields[FieldName.ACCOUNT_HOLDER].value == "Durand Camille"


def test_another_account_is_held_back_with_both():
    iban = compare(bank_paper(iban=field(OTHER_ACCOUNT, 0.99)), bank_code()).fields[FieldName.IBAN]
    assert iban.value == ACCOUNT
    assert iban.source is Source.DATAMATRIX
    assert iban.alternatives[0].value == OTHER_ACCOUNT
    assert iban.held_back == "disagrees_with_2ddoc"
    assert check_of(iban) == {"agrees_with_2ddoc": False}


def test_what_cannot_be_read_comes_from_the_code_with_its_place():
    unreadable = FieldValue(value=None, raw_text="FR7?", confidence=0, source=Source.TESSERACT, held_back="unreadable")
    iban = compare(bank_paper(iban=unreadable), bank_code()).fields[FieldName.IBAN]
    assert (iban.value, iban.source, iban.page, iban.polygon) == (ACCOUNT, Source.DATAMATRIX, 1, PLACE)
    assert iban.held_back is None


def test_an_unknown_paper_with_the_code_of_bank_details_is_one():
    document = compare(paper(DocumentType.AUTRE), bank_code())
    assert document.type is DocumentType.RIB
    assert document.fields[FieldName.ACCOUNT_HOLDER].value == HOLDER


def test_a_code_belongs_to_the_papers_of_its_page():
    document = bank_paper(iban=field(OTHER_ACCOUNT))
    assert compare(document, bank_code(page=2)) == document


def test_an_invoice_does_not_become_bank_details():
    document = paper(total_amount=field(Decimal("64.52")))
    assert compare(document, bank_code()) == document


def test_codes_of_other_types_change_nothing():
    document = paper(DocumentType.AUTRE)
    assert compare(document, bank_code(kind="28")) == document


def test_two_codes_that_contradict_each_other_never_pass():
    other = bank_code(fields=(("30", HOLDER), ("31", OTHER_ACCOUNT), ("32", BANK)))
    iban = compare(bank_paper(iban=field(ACCOUNT)), bank_code(), other).fields[FieldName.IBAN]
    assert iban.held_back == "disagrees_with_2ddoc"
    assert {iban.value, *(choice.value for choice in iban.alternatives)} == {ACCOUNT, OTHER_ACCOUNT}


def test_the_same_code_twice_does_not_outvote_the_page():
    once = compare(bank_paper(iban=field(OTHER_ACCOUNT)), bank_code())
    assert compare(bank_paper(iban=field(OTHER_ACCOUNT)), bank_code(), bank_code()) == once


def test_a_cut_name_does_not_become_the_holder():
    cut = parse_2d_doc(write_message(fields=()).replace("\x1f", "30MONSIEUR DE LA TR\x1e\x1f", 1).encode())
    assert FieldName.ACCOUNT_HOLDER not in compare(bank_paper(), cut).fields
    read = field("Monsieur Jean DE LA TRÉMOILLE")
    assert compare(bank_paper(account_holder=read), cut).fields[FieldName.ACCOUNT_HOLDER] == read
