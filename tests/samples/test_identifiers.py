"""Identifiers pass the checks that the trade uses, by libraries written by others."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
import schwifty
from stdnum import luhn
from stdnum.fr import nir, siren, siret

from samples import identifiers, names
from samples.people import draw_member, draw_place, draw_practitioner

SEEDS = range(120)


@pytest.mark.parametrize("department", ["75", "2A", "2B", "33"])
def test_nir_has_the_right_key(department: str) -> None:
    for seed in SEEDS:
        number = identifiers.make_nir(Random(seed), "F", dt.date(1984, 7, 3), department)
        assert nir.is_valid(number), number
        assert number.startswith("28407" + department)


def test_a_changed_nir_fails() -> None:
    number = identifiers.make_nir(Random(1), "M", dt.date(1984, 7, 3), "75")
    assert not nir.is_valid(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_rpps_finess_adeli_siret_pass_luhn() -> None:
    for seed in SEEDS:
        rng = Random(seed)
        rpps, finess = identifiers.make_rpps(rng), identifiers.make_finess(rng, "44")
        assert len(rpps) == 11
        assert len(finess) == 9
        assert luhn.is_valid(rpps)
        assert luhn.is_valid(finess)
        assert finess.startswith("44")
        assert luhn.is_valid(identifiers.make_adeli(rng, "44", "00"))
        number = identifiers.make_siret(rng)
        assert siret.is_valid(number)
        assert siren.is_valid(number[:9])


def test_iban_has_the_right_rib_key_and_check_digits() -> None:
    for seed in SEEDS:
        iban = identifiers.make_iban(Random(seed), "17939")
        assert schwifty.IBAN(iban, validate_bban=True).country_code == "FR"


def test_a_broken_iban_fails() -> None:
    for seed in SEEDS:
        rng = Random(seed)
        broken = identifiers.break_iban(rng, identifiers.make_iban(rng, "18429"))
        assert len(broken) == 27
        with pytest.raises(schwifty.exceptions.SchwiftyException):
            schwifty.IBAN(broken, validate_bban=True)


def test_cip_and_lpp_keys() -> None:
    from stdnum import ean

    for seed in SEEDS:
        assert ean.is_valid(identifiers.make_cip(Random(seed)))
    # Published examples of the fitted rule.
    assert identifiers.make_lpp("720613") == "7206130"


def test_people_are_coherent() -> None:
    today = dt.date(2026, 10, 15)
    for seed in SEEDS:
        member = draw_member(Random(seed), today=today)
        assert schwifty.BIC(member.bank.bic).country_code == "FR"
        assert schwifty.IBAN(member.bank.iban, validate_bban=True)
        for person in member.people:
            assert nir.is_valid(person.nir)
            assert person.birth < today
            if person.role == "enfant":
                assert person.nir == member.adherent.nir
                assert person.birth > member.adherent.birth
        assert len({person.first for person in member.people if person.role == "enfant"}) == sum(
            person.role == "enfant" for person in member.people
        )


def test_issuers_carry_what_their_kind_carries() -> None:
    for seed in SEEDS:
        shop = draw_place(Random(seed), "opticien", names.OPTICIANS)
        assert shop.name in names.OPTICIANS
        assert shop.finess is not None
        person = draw_practitioner(Random(seed), "ostéopathe")
        assert person.name == person.person
        assert person.finess is None


def test_towns_do_not_repeat_and_postcodes_fit() -> None:
    for department, postcode, town in names.TOWNS:
        assert town
        assert postcode[:2] == ("20" if department in ("2A", "2B") else department)


def test_group_digits() -> None:
    assert identifiers.group_digits("123456789", (3,)) == "123 456 789"
    assert identifiers.group_digits("1234567890", (1, 2)) == "1 23 45 67 89 0"
