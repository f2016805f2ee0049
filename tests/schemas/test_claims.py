"""What a claim may hold, and that the database can hold every claim."""

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.claims import Claim, Person
from schemas.rules import default_rules_path
from storage import models

PERSON = {"first": "Inès", "last": "VALMONT", "birth_date": "1988-04-02"}
CLAIM = {
    "id": "C-1",
    "claim_type": "optique",
    "upload_date": "2026-03-01",
    "member": {"member_number": "0441", "people": [PERSON]},
    "patient": PERSON,
    "files": ["facture.jpg"],
}


def person(**changes):
    return {"patient": {**PERSON, **changes}}


def member(**changes):
    return {"member": {**CLAIM["member"], **changes}}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"id": "2026-K7QD-3MXR"},
        {"id": "a" * 40},
        {"upload_date": "2000-01-01"},
        {"upload_date": "2100-12-31"},
        {"message": "Bonjour,\r\n\tvoici ma facture.\f" + "é" * 9_900},
        {"message": None},
        {"files": []},
        {"files": [f"f{number}" for number in range(50)]},
        {"files": ["Facture n° 3 (été).pdf", "x" * 255, "a..b"]},
        member(member_number="0441 / 12-B é"),
        member(member_number="9" * 32),
        member(holder="H" * 120, iban_on_file="F" * 34, mutuelle="Solimut'Ouest"),
        person(birth_date="1890-01-01", birth_name="D'Hérœville-Nuñez"),
        person(birth_date=None, first="", last="é" * 80),
    ],
)
def test_what_people_really_send_is_taken(changes):
    Claim.model_validate(CLAIM | changes)
    Claim.model_validate_json(json.dumps(CLAIM | changes))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"id": ""}, "id"),
        ({"id": "a" * 41}, "id"),
        ({"id": "../x"}, "id"),
        ({"id": "."}, "id"),
        ({"id": ".."}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "é"}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"upload_date": "1999-12-31"}, "upload_date"),
        ({"upload_date": "2101-01-01"}, "upload_date"),
        ({"upload_date": "9999-12-31"}, "upload_date"),
        ({"message": "x" * 10_001}, "message"),
        ({"message": "a\0b"}, "message"),
        ({"message": "a\udfffb"}, "message"),
        ({"files": ["f"] * 51}, "files"),
        ({"files": [""]}, "files.0"),
        ({"files": ["x" * 256]}, "files.0"),
        ({"files": ["a\0b"]}, "files.0"),
        ({"files": ["a\x85b"]}, "files.0"),
        ({"files": ["a/b"]}, "files.0"),
        ({"files": ["a\\b"]}, "files.0"),
        ({"files": [".hidden"]}, "files.0"),
        ({"files": ["\udc80"]}, "files.0"),
        (member(member_number=""), "member.member_number"),
        (member(member_number="  "), "member.member_number"),
        (member(member_number="9" * 33), "member.member_number"),
        (member(member_number="04\x1b41"), "member.member_number"),
        (member(member_number="04\u202e41"), "member.member_number"),
        (member(member_number="\ud800"), "member.member_number"),
        (member(mutuelle="M" * 121), "member.mutuelle"),
        (member(mutuelle="\ud800"), "member.mutuelle"),
        (member(holder="H" * 121), "member.holder"),
        (member(holder="a\0b"), "member.holder"),
        (member(iban_on_file="F" * 35), "member.iban_on_file"),
        (member(people=[{**PERSON, "last": "\ud800"}]), "member.people.0.last"),
        (person(first="I" * 81), "patient.first"),
        (person(last="VAL\nMONT"), "patient.last"),
        (person(birth_name="\udfff"), "patient.birth_name"),
        (person(birth_date="1889-12-31"), "patient.birth_date"),
        (person(birth_date="9999-12-31"), "patient.birth_date"),
        (person(sex="FF"), "patient.sex"),
        (person(role="r" * 21), "patient.role"),
        (person(nir="1" * 16), "patient.nir"),
        (person(nir="\ud800"), "patient.nir"),
    ],
)
def test_what_is_absurd_is_refused_with_its_place(changes, where):
    with pytest.raises(ValidationError) as refused:
        Claim.model_validate(CLAIM | changes)
    assert ".".join(map(str, refused.value.errors()[0]["loc"])) == where


@pytest.mark.parametrize(
    ("model", "column", "longest", "sign"),
    [
        (models.Dossier, "reference", lambda text: {"id": text}, "a"),
        (models.Member, "member_number", lambda text: member(member_number=text), "9"),
        (models.Member, "mutuelle", lambda text: member(mutuelle=text), "é"),
        (models.Member, "iban_on_file", lambda text: member(iban_on_file=text), "F"),
        (models.Member, "holder", lambda text: member(holder=text), "é"),
        (models.Piece, "name", lambda text: {"files": [text]}, "é"),
        *((models.Person, name, lambda text, name=name: person(**{name: text}), "é")
          for name in ("first", "last", "birth_name", "sex", "role", "nir")),
    ],
)  # fmt: skip
def test_a_text_may_be_as_long_as_its_column_and_no_longer(model, column, longest, sign):
    length = model._meta.get_field(column).max_length
    Claim.model_validate(CLAIM | longest(sign * length))
    with pytest.raises(ValidationError):
        Claim.model_validate(CLAIM | longest(sign * (length + 1)))


def test_the_dates_are_inclusive():
    assert Person(first="A", last="B", birth_date=date(1890, 1, 1)).birth_date == date(1890, 1, 1)


def test_every_sample_claim_is_one():
    folder: Path = default_rules_path().parents[1] / "set"
    lines = (folder / "dossiers_inputs.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        Claim.model_validate_json(line)
