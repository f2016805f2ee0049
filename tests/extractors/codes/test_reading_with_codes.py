"""Whole files with codes, read from their bytes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from extractors import read_bytes
from schemas.lines import reading_from_line, reading_to_line
from schemas.readings import Source
from schemas.vocabulary import DocumentType, FieldName
from tests.extractors.codes.makers import (
    ACCOUNT,
    BANK,
    HOLDER,
    OTHER_ACCOUNT,
    attach,
    attach_anything,
    degrade,
    draw_bank_details,
    draw_code,
    spell,
    write_cii,
    write_message,
)
from tests.extractors.hostile import PaperMaker
from tests.extractors.papers import save, write_text_page


def read_one(data):
    reading = read_bytes(data, identifier="x")
    assert reading.refusal is None
    assert "codes" in reading.timings
    line = reading_to_line(reading)
    assert reading_to_line(reading_from_line(line)) == line
    (document,) = reading.documents
    return document


def checks(field):
    return {check.name: check.passed for check in field.checks}


def test_an_invoice_and_its_data_agree():
    document = read_one(attach(write_text_page(), write_cii()))
    total = document.fields[FieldName.TOTAL_AMOUNT]
    assert (total.value, total.source) == (Decimal("64.52"), Source.TEXT_LAYER)
    assert checks(total)["agrees_with_facturx"]
    assert total.held_back is None
    assert document.value_of(FieldName.ISSUE_DATE) == dt.date(2024, 3, 14)


def test_an_invoice_and_its_data_disagree():
    total = read_one(attach(write_text_page(), write_cii(total="99.99"))).fields[FieldName.TOTAL_AMOUNT]
    assert total.value == Decimal("64.52")
    assert Decimal("99.99") in [choice.value for choice in total.alternatives]
    assert total.held_back == "disagrees_with_facturx"
    assert not checks(total)["agrees_with_facturx"]


def test_data_that_cannot_be_used_change_nothing():
    plain = read_one(write_text_page())
    for content in (b"<broken", write_cii(doctype='<!DOCTYPE x [<!ENTITY a "a">]>', number="&a;")):
        assert read_one(attach_anything(write_text_page(), content)) == plain


def test_bank_details_photographed_with_their_code():
    photo = degrade(draw_bank_details(write_message(), dpi=220), blur=0.8, noise=5, tilt=2)
    document = read_one(save(photo, "JPEG", quality=85))
    assert document.type is DocumentType.RIB
    iban = document.fields[FieldName.IBAN]
    assert iban.value == ACCOUNT
    assert checks(iban).get("agrees_with_2ddoc", True)
    assert iban.held_back is None


@pytest.mark.parametrize("how", ["scan", "born digital"])
def test_bank_details_that_were_changed_after_signing(how):
    if how == "scan":
        data = save(draw_bank_details(write_message(), account=OTHER_ACCOUNT))
    else:
        lines = (
            "RELEVÉ D'IDENTITÉ BANCAIRE",
            f"Titulaire du compte : {HOLDER}",
            f"IBAN : {spell(OTHER_ACCOUNT)}",
            f"BIC : {BANK}",
            "Ce relevé est destiné à être remis à vos créanciers ou débiteurs.",
        )
        data = PaperMaker().write(lines).paste(draw_code(write_message()), (400, 600, 474, 674)).save()
    iban = read_one(data).fields[FieldName.IBAN]
    assert {iban.value, *(choice.value for choice in iban.alternatives)} >= {ACCOUNT, OTHER_ACCOUNT}
    assert iban.held_back == "disagrees_with_2ddoc"
    assert not checks(iban)["agrees_with_2ddoc"]
