import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from extractors.understanding.bank import bic_holds, find_bics, find_ibans, iban_holds, rib_to_iban
from extractors.understanding.codes import CodeKind, find_codes, lpp_key_holds
from extractors.understanding.identifiers import IdentifierKind, find_identifiers, is_valid

DIGITS = "0123456789"


def with_luhn(body: str) -> str:
    return body + luhn.calc_check_digit(body)


@st.composite
def nirs(draw):
    sex, year, month = draw(st.sampled_from("12")), draw(st.integers(0, 99)), draw(st.integers(1, 12))
    department = draw(st.sampled_from(["01", "33", "75", "2A", "2B", "99"]))
    rest = draw(st.text(DIGITS, min_size=6, max_size=6))
    body = f"{sex}{year:02d}{month:02d}{department}{rest}"
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    return f"{body}{key:02d}"


def print_nir(value: str, form: int) -> str:
    s, y, m, d, c, o, k = (value[0], value[1:3], value[3:5], value[5:7], value[7:10], value[10:13], value[13:])
    return [value, f"{s} {y} {m} {d} {c} {o} {k}", f"{value[:13]} {k}", f"{s} {y} {m} {d} {c} {o} / {k}",
            f"{s}.{y}.{m}.{d}.{c}.{o}.{k}", f"{s} {y} {m} {d} {c} {o} clé {k}"][form]  # fmt: skip


@given(value=nirs(), form=st.integers(0, 5))
def test_nir_is_read_back_in_every_form(value, form):
    found = [item for item in find_identifiers(f"N° SS : {print_nir(value, form)}") if item.kind is IdentifierKind.NIR]
    assert [(item.value, item.valid) for item in found if item.valid] == [(value, True)]


@given(value=nirs(), place=st.integers(0, 14))
def test_a_wrong_digit_fails_the_nir(value, place):
    if not value[place].isdigit():
        return
    wrong = value[:place] + str((int(value[place]) + 1) % 10) + value[place + 1 :]
    assert not is_valid(IdentifierKind.NIR, wrong)


def test_a_nought_that_was_read_as_a_mark_of_rights_is_one_where_the_key_proves_it():
    [found] = [one for one in find_identifiers("Finess 73 © 710431") if one.kind is IdentifierKind.FINESS]
    assert (found.value, found.valid, found.repaired) == ("730710431", True, True)
    assert not any(one.valid for one in find_identifiers("Finess 73 © 710432"))


def test_known_nirs():
    assert is_valid(IdentifierKind.NIR, "295109912611193")
    assert is_valid(IdentifierKind.NIR, "285072A00401252")
    assert not is_valid(IdentifierKind.NIR, "285132A00401252")


def test_letters_become_digits_only_when_the_key_proves_it():
    (fixed,) = [item for item in find_identifiers("2951O9912611193") if item.kind is IdentifierKind.NIR]
    assert (fixed.value, fixed.valid, fixed.repaired) == ("295109912611193", True, True)
    assert not any(item.valid and item.kind is IdentifierKind.NIR for item in find_identifiers("2951O9912611194"))


@given(siren=st.text(DIGITS, min_size=8, max_size=8), office=st.text(DIGITS, min_size=4, max_size=4))
def test_siret(siren, office):
    value = with_luhn(with_luhn(siren) + office)
    if value.startswith("356000000") or len(set(value)) < 3:
        return
    spaced = f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}"
    for text in (value, spaced):
        assert value in [
            item.value for item in find_identifiers(text) if item.kind is IdentifierKind.SIRET and item.valid
        ]


def test_siret_of_la_poste():
    assert is_valid(IdentifierKind.SIRET, "35600000009075")
    assert is_valid(IdentifierKind.SIRET, "73282932000074")
    assert not is_valid(IdentifierKind.SIRET, "73282932000075")


@given(body=st.text(DIGITS, min_size=9, max_size=9))
def test_rpps(body):
    value = with_luhn("1" + body)
    assert value in [item.value for item in find_identifiers(f"RPPS {value[:2]} {value[2:5]} {value[5:8]} {value[8:]}")]
    assert is_valid(IdentifierKind.RPPS, value)


@given(text=st.text(alphabet="0123456789OIlSB AB./-clé", max_size=50))
def test_nothing_valid_is_made_up(text):
    for item in find_identifiers(text):
        assert 0 <= item.start < item.end <= len(text)
        if item.valid:
            assert is_valid(item.kind, item.value)


@st.composite
def french_ibans(draw):
    bank, branch = draw(st.text(DIGITS, min_size=5, max_size=5)), draw(st.text(DIGITS, min_size=5, max_size=5))
    account = draw(st.text(DIGITS, min_size=11, max_size=11))
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return bank, branch, account, f"{key:02d}"


@given(parts=french_ibans())
def test_iban_from_rib_and_from_print(parts):
    value = rib_to_iban(*parts)
    assert value is not None
    assert value.startswith("FR76")
    for text in (value, re.sub(r"(.{4})", r"\1 ", value)):
        assert [(found.value, found.valid) for found in find_ibans(f"IBAN : {text}")] == [(value, True)]


def test_wrong_rib_key_is_seen_though_mod_97_holds():
    assert iban_holds("FR1420041010050500013M02606")
    assert not iban_holds("FR5430006000011234567890100")
    (found,) = find_ibans("FR76 3000 6000 0112 3456 7890 188")
    assert not found.valid
    assert rib_to_iban("30006", "00001", "12345678901", "88") is None


def test_iban_letters_are_repaired_by_the_key():
    (found,) = find_ibans("FR14 2OO4 1O10 0505 0001 3M02 606")
    assert (found.value, found.valid, found.repaired) == ("FR1420041010050500013M02606", True, True)


def test_bic():
    assert [found.value for found in find_bics("BIC CEPAFRPP333")] == ["CEPAFRPP333"]
    assert not bic_holds("CEPAXXPP333")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("HBJD001 Détartrage", CodeKind.CCAM, "HBJD001"),
        ("AMI 1,5 Soins", CodeKind.NGAP, "AMI 1.5"),
        ("IFD", CodeKind.NGAP, "IFD"),
        ("Monture 2223342", CodeKind.LPP, "2223342"),
    ],
)
def test_codes(text, kind, value):
    assert (kind, value) in [(code.kind, code.value) for code in find_codes(text)]


def test_ccam_has_neither_i_nor_o():
    assert find_codes("HIOD001") == []


def test_lpp_key():
    assert lpp_key_holds("7206130")
    assert not lpp_key_holds("7206131")


def test_two_columns_of_amounts_are_no_number_of_a_register():
    assert find_identifiers("droite 1512.90\t400.00") == []
    assert [found.value for found in find_identifiers("RPPS 109 5927 9398")] == ["10959279398"]
