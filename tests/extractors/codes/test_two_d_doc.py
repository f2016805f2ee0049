"""The message of a 2D-Doc."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.codes.two_d_doc import BIC, HOLDER, IBAN, is_2d_doc, parse_2d_doc
from extractors.codes.values import IgnoredCode, IgnoredReason, SignatureState, TwoDDoc
from tests.extractors.codes.makers import (
    ACCOUNT,
    BANK,
    GS,
    RS,
    US,
    days_since_2000,
    write_message,
)  # fmt: skip
from tests.extractors.codes.makers import (
    HOLDER as NAME,
)


def parse(message):
    return parse_2d_doc(message.encode())


@pytest.mark.parametrize("version", ["02", "03", "04"])
def test_bank_details_of_every_version(version):
    code = parse(write_message(version=version, signed=days_since_2000(dt.date(2025, 3, 14))))
    assert isinstance(code, TwoDDoc)
    assert code.version == int(version)
    assert code.document_type == "03"
    assert code.issuer == ("FR00", "0001")
    assert code.issue_date is None
    assert code.signature_date == dt.date(2025, 3, 14)
    assert dict(code.fields) == {HOLDER: NAME, IBAN: ACCOUNT, BIC: BANK}
    assert code.signature is SignatureState.NOT_VERIFIED


def test_the_example_of_the_specification():
    """The message printed in the public specification for this type, its blanks put back."""
    code = parse(
        f"DC03FR000001FFFF1636030130M EXEMPLE HENRY ET MME SPECIMEN NATACHA{GS}31FR7030002005500000157845Z02{GS}"
        f"32CRLYFRPP{GS}{US}EQOSLUFV626SM4K7PTNO3PDT7IM736GLXXBJALK4MCSWJM3QIWQ7ASSCV5VNPS5HD2QZPVTCE76W5WG5MFFF"
        "JZWWOIDDLNVT2JX3HLI"
    )
    assert code.signature_date == dt.date(2015, 7, 27)
    assert code.fields[HOLDER] == "M EXEMPLE HENRY ET MME SPECIMEN NATACHA"
    assert code.fields[BIC] == "CRLYFRPP"
    assert code.signature is SignatureState.NOT_VERIFIED


def test_a_field_of_the_greatest_length_needs_no_sign():
    message = write_message(fields=()).replace(US, f"32CRLYFRPPXXX31{ACCOUNT}{GS}{US}", 1)
    assert dict(parse(message).fields) == {BIC: "CRLYFRPPXXX", IBAN: ACCOUNT}


def test_a_field_that_was_cut():
    message = write_message(fields=(("31", ACCOUNT),)).replace(US, f"30MONSIEUR ET MADAME DE LA TR{RS}{US}", 1)
    code = parse(message)
    assert code.truncated == {HOLDER}
    assert code.fields[HOLDER] == "MONSIEUR ET MADAME DE LA TR"


def test_other_papers_are_named_and_not_read():
    code = parse(write_message(kind="28", fields=(("43", "2,75"), ("44", "2278012345678"))))
    assert code.document_type == "28"
    assert not code.fields


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (write_message(version="03").replace("DC03", "DC09"), IgnoredReason.UNKNOWN_VERSION),
        ("DC04FR00000", IgnoredReason.BAD_HEADER),
        (write_message().replace("FFFF", "GGGG"), IgnoredReason.BAD_HEADER),
        (write_message(perimeter="07"), IgnoredReason.UNKNOWN_PERIMETER),
        (write_message()[:60], IgnoredReason.NO_SIGNATURE),
        (write_message(signature=None), IgnoredReason.NO_SIGNATURE),
        (write_message(fields=(("ZZ", "what"),)), IgnoredReason.BAD_FIELDS),
        (write_message(fields=(("31", "FR76"),)), IgnoredReason.BAD_FIELDS),
        (write_message(fields=(("31", ACCOUNT[:-2] + "00"),)), IgnoredReason.BAD_CHECK_DIGITS),
        (write_message(fields=()), IgnoredReason.BAD_FIELDS),
        (write_message(fields=(("31", ACCOUNT), ("31", ACCOUNT))), IgnoredReason.BAD_FIELDS),
        (write_message(fields=(("31", ACCOUNT), ("32", "<script>"))), IgnoredReason.BAD_FIELDS),
        (write_message(fields=(("30", "A\x00B"), ("31", ACCOUNT))), IgnoredReason.BAD_FIELDS),
    ],
    ids=[
        "version",
        "short",
        "not hexadecimal",
        "perimeter",
        "cut",
        "unsigned",
        "field",
        "too short",
        "check digits",
        "no account",
        "two accounts",
        "no bank",
        "control signs",
    ],
)
def test_what_is_not_used(message, reason):
    result = parse(message)
    assert isinstance(result, IgnoredCode)
    assert result.reason is reason


@pytest.mark.parametrize("signature", ["", "NOT BASE 32 !", "ABCDEFGH"])
def test_a_malformed_signature_is_said_to_be(signature):
    assert parse(write_message(signature=signature)).signature is SignatureState.MALFORMED


def test_the_binary_form_is_recognised_and_not_read():
    message = b"\xdc\x04FR" + bytes(range(60))
    assert is_2d_doc(message)
    assert parse_2d_doc(message).reason is IgnoredReason.UNKNOWN_VERSION


def test_other_matrices_are_none():
    assert not is_2d_doc(b"01034009300000120")
    assert not is_2d_doc(b"DCIM")


@given(st.binary(max_size=300))
def test_no_bytes_raise(message):
    assert isinstance(parse_2d_doc(message), TwoDDoc | IgnoredCode)


@given(st.text(max_size=80), st.integers(0, 200))
def test_no_change_of_a_message_raises(text, place):
    message = write_message()
    assert isinstance(parse(message[:place] + text + message[place:]), TwoDDoc | IgnoredCode)
