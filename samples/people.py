"""Invented people: families covered by a contract, those who treat them, and where they live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from samples import names
from samples.identifiers import (
    draw_digits,
    make_adeli,
    make_finess,
    make_iban,
    make_nir,
    make_phone,
    make_rpps,
    make_siret,
)


@dataclass(frozen=True)
class Address:
    """A postal address in a town that does not exist."""

    street: str
    postcode: str
    town: str
    department: str

    @property
    def city_line(self) -> str:
        """Postcode and town."""
        return f"{self.postcode} {self.town}"


@dataclass(frozen=True)
class Person:
    """Somebody who is treated, insured, or both."""

    first: str
    last: str
    sex: str
    birth: dt.date
    role: str
    nir: str
    birth_name: str | None = None

    @property
    def full_name(self) -> str:
        """First name and name in capitals, the form in which truth gives it."""
        return f"{self.first} {self.last.upper()}"

    @property
    def civility(self) -> str:
        """The civil title."""
        return "M." if self.sex == "M" else "Mme"


@dataclass(frozen=True)
class Bank:
    """A bank account."""

    name: str
    iban: str
    bic: str
    holder: str
    branch: str


@dataclass(frozen=True)
class Member:
    """A family under one contract."""

    number: str
    mutuelle: str
    address: Address
    people: tuple[Person, ...]
    bank: Bank
    teletransmission: bool = True
    rib_on_file: bool = True
    phone: str = ""
    extra_people: tuple[Person, ...] = field(default=())

    @property
    def adherent(self) -> Person:
        """The person who signed the contract."""
        return self.people[0]


@dataclass(frozen=True)
class Issuer:
    """Who issues a paper.

    Attributes:
        kind: trade, for example "opticien" or "ostéopathe".
        name: what the paper answers to: the shop or the establishment, else the person.
        person: the practitioner, where there is one.
        is_place: True for a shop or an establishment.
    """

    kind: str
    name: str
    address: Address
    phone: str
    siret: str
    person: str | None = None
    is_place: bool = True
    finess: str | None = None
    rpps: str | None = None
    adeli: str | None = None
    speciality: str = ""
    am_number: str = ""


def draw_address(rng: Random) -> Address:
    """An address that does not exist."""
    department, postcode, town = rng.choice(names.TOWNS)
    number = f"{rng.randint(1, 148)}{rng.choice(['', '', '', ' bis', ' ter'])}"
    return Address(f"{number} {rng.choice(names.STREETS)}", postcode, town, department)


def draw_last_name(rng: Random) -> str:
    """A family name: simple, hyphened or with a particle."""
    name = rng.choice(names.LAST_NAMES)
    chance = rng.random()
    if chance < 0.05 and "-" not in name and " " not in name:
        return f"{name}-{rng.choice([n for n in names.LAST_NAMES if n.isalpha()])}"
    if chance < 0.09 and name.isalpha():
        particle = rng.choice(names.PARTICLES)
        return f"{particle}{name}" if particle == "d'" and name[0] in "AEÉIOUY" else f"de {name}"
    return name


def draw_person(
    rng: Random, *, last: str, sex: str, born: tuple[int, int], role: str, nir: str | None = None
) -> Person:
    """A person of a family.

    Args:
        rng: source of chance.
        last: family name.
        sex: "M" or "F".
        born: first and last possible year of birth.
        role: "adherent", "conjoint" or "enfant".
        nir: the NIR under which the person is covered, None for the person's own.
    """
    birth = dt.date(rng.randint(*born), rng.randint(1, 12), rng.randint(1, 28))
    first = rng.choice(names.FIRST_NAMES_M if sex == "M" else names.FIRST_NAMES_F)
    birth_name = None
    if sex == "F" and role != "enfant" and rng.random() < 0.55:
        birth_name = rng.choice([n for n in names.LAST_NAMES if n != last])
    department = rng.choice(names.TOWNS)[0]
    return Person(first, last, sex, birth, role, nir or make_nir(rng, sex, birth, department), birth_name)


def draw_member(rng: Random, *, today: dt.date, size: int | None = None) -> Member:
    """A family under one contract.

    Args:
        rng: source of chance.
        today: a date near which the papers are issued; ages follow from it.
        size: number of people, drawn when None.
    """
    address = draw_address(rng)
    last = draw_last_name(rng)
    sex = rng.choice("MF")
    parent = draw_person(rng, last=last, sex=sex, born=(today.year - 72, today.year - 24), role="adherent")
    people = [parent]
    count = size if size is not None else rng.choice((1, 2, 2, 3, 3, 4))
    if count >= 2:
        other = "F" if sex == "M" else "M"
        partner_last = last if rng.random() < 0.75 else draw_last_name(rng)
        year = parent.birth.year
        people.append(draw_person(rng, last=partner_last, sex=other, born=(year - 5, year + 6), role="conjoint"))
    youngest = max(today.year - 19, parent.birth.year + 20)
    while len(people) < count and youngest < today.year:
        taken = {p.first for p in people}
        child = draw_person(
            rng, last=last, sex=rng.choice("MF"), born=(youngest, today.year - 1), role="enfant", nir=parent.nir
        )
        if child.first not in taken:
            people.append(child)
    bank_name, bank_code, bic = rng.choice(names.BANKS)
    bank = Bank(
        name=bank_name,
        iban=make_iban(rng, bank_code),
        bic=bic + rng.choice(("PP", "2X", "P1", "22")) + rng.choice(("", "XXX", draw_digits(rng, 3))),
        holder=draw_holder(rng, people),
        branch=f"Agence {address.town}",
    )
    number = draw_digits(rng, rng.choice((7, 8, 8, 9, 10)))
    return Member(
        number=number.replace("0", "3", 1) if number.startswith("0") and rng.random() < 0.5 else number,
        mutuelle=rng.choice(names.MUTUELLES),
        address=address,
        people=tuple(people),
        bank=bank,
        phone=make_phone(rng, address.department),
    )


def draw_holder(rng: Random, people: list[Person]) -> str:
    """The holder of the family's account, joint accounts included."""
    first = people[0]
    if len(people) > 1 and people[1].role == "conjoint" and rng.random() < 0.4:
        second = people[1]
        if second.last == first.last:
            return f"{first.civility} ou {second.civility} {first.first} {first.last.upper()}".replace(
                "M. ou Mme", "M ou Mme"
            )
        return f"{first.full_name} ou {second.full_name}"
    return first.full_name


def draw_practitioner_name(rng: Random) -> tuple[str, str]:
    """First and last name of somebody who treats, and nothing else."""
    sex = rng.choice("MF")
    return rng.choice(names.FIRST_NAMES_M if sex == "M" else names.FIRST_NAMES_F), draw_last_name(rng)


def draw_practitioner(rng: Random, kind: str, speciality: str = "", *, adeli: bool = False) -> Issuer:
    """A person who issues papers in their own name.

    Args:
        rng: source of chance.
        kind: trade.
        speciality: what is printed under the name.
        adeli: print an old ADELI number instead of the RPPS.
    """
    first, last = draw_practitioner_name(rng)
    address = draw_address(rng)
    area = address.department.replace("A", "0").replace("B", "0")
    name = f"{first} {last.upper()}"
    return Issuer(
        kind=kind,
        name=name,
        person=name,
        is_place=False,
        address=address,
        phone=make_phone(rng, address.department),
        siret=make_siret(rng),
        rpps=None if adeli else make_rpps(rng),
        adeli=make_adeli(rng, address.department, rng.choice(("00", "80", "93", "95"))) if adeli else None,
        speciality=speciality or kind,
        am_number=f"{area} {rng.randint(1, 9)} {draw_digits(rng, 5)} {rng.randint(0, 9)}",
    )


def draw_place(rng: Random, kind: str, place_names: tuple[str, ...]) -> Issuer:
    """A shop or an establishment.

    Args:
        rng: source of chance.
        kind: trade.
        place_names: signs to choose from.
    """
    address = draw_address(rng)
    first, last = draw_practitioner_name(rng)
    return Issuer(
        kind=kind,
        name=rng.choice(place_names),
        person=f"{first} {last.upper()}",
        is_place=True,
        address=address,
        phone=make_phone(rng, address.department),
        siret=make_siret(rng),
        finess=make_finess(rng, address.department),
        rpps=make_rpps(rng),
        speciality=kind,
    )
