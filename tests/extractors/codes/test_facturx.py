"""The invoice attached to a PDF."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import zlib
from decimal import Decimal

import pytest

from extractors.codes.facturx import parse_cii, read_facturx
from extractors.codes.values import FacturX, IgnoredCode, IgnoredReason
from tests.extractors.codes.makers import SIRET, attach, attach_anything, write_cii
from tests.extractors.papers import write_text_page

LINES = [("Séance de rééducation", "4", "16.13", "64.52")]
BOMB = "<!DOCTYPE x [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
) + "]>"  # fmt: skip


def ignored(xml):
    result = parse_cii(xml)
    assert isinstance(result, IgnoredCode)
    return result.reason


def test_a_minimum_invoice():
    invoice = read_facturx(attach(write_text_page(), write_cii()))
    assert isinstance(invoice, FacturX)
    assert invoice.profile == "urn:factur-x.eu:1p0:minimum"
    assert invoice.number == "2024-0187"
    assert invoice.issue_date == dt.date(2024, 3, 14)
    assert invoice.sellers == ("SELARL Cabinet de kinésithérapie Martin",)
    assert (invoice.siret, invoice.siren) == (SIRET, SIRET[:9])
    assert (invoice.grand_total, invoice.due, invoice.tax) == (Decimal("64.52"), Decimal("64.52"), Decimal(0))
    assert invoice.lines == ()


def test_a_full_invoice_has_lines():
    invoice = read_facturx(attach(write_text_page(), write_cii(profile="en16931", lines=LINES, trading="Kiné Lilas")))
    (line,) = invoice.lines
    assert line.label == "Séance de rééducation"
    assert (line.quantity, line.unit_price, line.amount) == (Decimal(4), Decimal("16.13"), Decimal("64.52"))
    assert invoice.sellers == ("Kiné Lilas", "SELARL Cabinet de kinésithérapie Martin")


@pytest.mark.parametrize(
    ("number", "scheme", "expected"),
    [
        (SIRET, "0009", (SIRET, SIRET[:9])),
        (SIRET[:9], "0002", (None, SIRET[:9])),
        ("73282932000075", "0009", (None, None)),
        (SIRET, "0060", (None, None)),
    ],
    ids=["siret", "siren", "wrong check digits", "another register"],
)
def test_registers(number, scheme, expected):
    invoice = parse_cii(write_cii(siret=number, scheme=scheme))
    assert (invoice.siret, invoice.siren) == expected


def test_nothing_attached():
    assert read_facturx(write_text_page()) is None


def test_another_attachment():
    assert read_facturx(attach_anything(write_text_page(), b"<a/>", name="notice.xml")) is None


def test_the_older_name():
    data = attach_anything(write_text_page(), write_cii(), name="ZUGFeRD-invoice.xml")
    assert read_facturx(data).number == "2024-0187"


def test_a_bomb_of_entities():
    assert ignored(write_cii(doctype=BOMB, number="&a11;")) is IgnoredReason.FORBIDDEN_DTD


def test_a_file_of_this_machine_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    doctype = f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    assert ignored(write_cii(doctype=doctype, number="&f;")) is IgnoredReason.FORBIDDEN_DTD


def test_a_doctype_in_another_encoding():
    xml = write_cii(doctype=BOMB).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert ignored(xml) in (IgnoredReason.FORBIDDEN_DTD, IgnoredReason.NOT_XML)


def test_an_attachment_that_unfolds_without_end():
    """Ten megabytes of blanks for ten kilobytes: unfolded no further than a large invoice."""
    packed = zlib.compress(b" " * 300_000_000, 9)
    data = attach_anything(write_text_page(), b"x", packed=packed)
    tracemalloc.start()
    try:
        result = read_facturx(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.reason is IgnoredReason.TOO_LARGE
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", IgnoredReason.NOT_XML),
        (b"%PDF-1.4", IgnoredReason.NOT_XML),
        (write_cii()[:700], IgnoredReason.NOT_XML),
        (b"<a>" * 5000 + b"</a>" * 5000, IgnoredReason.NOT_XML),
        (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", IgnoredReason.UNKNOWN_SYNTAX),
        (write_cii(code="381"), IgnoredReason.NOT_AN_INVOICE),
        (write_cii(currency="CHF"), IgnoredReason.FOREIGN_CURRENCY),
        (b" " * 2_000_001, IgnoredReason.TOO_LARGE),
    ],
    ids=["empty", "a PDF", "cut", "deep", "UBL", "credit note", "francs", "large"],
)
def test_what_is_not_used(xml, reason):
    assert ignored(xml) is reason


def test_broken_content_in_a_real_file():
    data = attach_anything(write_text_page(), write_cii()[:900])
    assert read_facturx(data).reason is IgnoredReason.NOT_XML


def test_broken_stream_in_a_real_file():
    data = attach_anything(write_text_page(), b"x", packed=b"this is no stream")
    assert isinstance(read_facturx(data), IgnoredCode)


def test_bytes_that_are_no_pdf():
    assert isinstance(read_facturx(b"%PDF-1.7 and nothing else"), IgnoredCode)


@pytest.mark.parametrize("day", ["20241332", "2024-03-14", "", "999999999"])
def test_impossible_dates(day):
    assert parse_cii(write_cii(day=day)).issue_date is None


@pytest.mark.parametrize("total", ["1e9", "NaN", "64,52", "", "9" * 40])
def test_impossible_amounts(total):
    assert parse_cii(write_cii(total=total)).grand_total is None
