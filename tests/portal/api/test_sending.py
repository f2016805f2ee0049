"""Depositing and completing: once, safely, within the limits of the site."""

from __future__ import annotations

import json

import pytest

from portal.limits import load_limits
from schemas.statuses import EventKind
from storage.models import Dossier, IdempotencyKey, Member, Piece
from storage.objects import default_store
from tests.portal import build
from tests.portal.api.conftest import PDF, make_claim, make_files


def test_a_deposit_is_a_dossier_with_its_papers(caller):
    answer = caller.deposit(files=(("facture.pdf", PDF), ("rib.pdf", b"%PDF-1.7 rib")))
    assert answer.status_code == 201, answer.content
    said = answer.json()
    dossier = Dossier.objects.get(pk=said["id"])
    assert answer.headers["Location"] == said["href"] == f"/api/v1/dossiers/{dossier.pk}"
    assert (dossier.reference, dossier.claim_type, dossier.message) == (said["reference"], "optique", "Bonjour.")
    assert str(dossier.patient) == "Maëlys Kerjean"
    pieces = list(dossier.pieces.all())
    assert {(piece.name, piece.door) for piece in pieces} == {("facture.pdf", "api"), ("rib.pdf", "api")}
    assert {piece.original_id for piece in pieces} == set(said["sha256"])
    assert default_store().get_original(said["sha256"][0]) == PDF
    events = dossier.events.filter(kind=EventKind.PIECE_RECEIVED.value)
    assert {event.actor for event in events} == {f"integrator:{caller.integrator.client_id}"}


def test_the_same_sending_counts_once(caller):
    first, second = caller.deposit(), caller.deposit()
    assert first.json() == second.json()
    assert (first.headers["Idempotent-Replayed"], second.headers["Idempotent-Replayed"]) == ("false", "true")
    assert Piece.objects.filter(dossier=first.json()["id"]).count() == 1


def test_another_key_is_another_dossier(caller):
    assert caller.deposit().json()["id"] != caller.deposit("k-other").json()["id"]


@pytest.mark.parametrize(
    "change", [{"claim": {"claim_type": "dentaire"}}, {"files": (("facture.pdf", b"%PDF-1.7 other"),)}]
)
def test_a_key_names_one_content(caller, change):
    caller.deposit()
    answer = caller.deposit(files=change.get("files", (("facture.pdf", PDF),)), **change.get("claim", {}))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_two_integrators_may_use_the_same_key(caller, neighbour):
    person = {"first": "Solène", "last": "Abgrall"}
    assert caller.deposit().status_code == 201
    assert neighbour.deposit(member_number="09000001", patient=person).status_code == 201


def test_a_sending_that_was_cut_short_is_finished(caller, monkeypatch):
    from portal import deposits
    from schemas.errors import StorageError

    receive, calls = deposits.receive_piece, []

    def fail_on_the_second(*given, **more):
        calls.append(1)
        if len(calls) == 2:
            raise StorageError("no room")
        return receive(*given, **more)

    monkeypatch.setattr(deposits, "receive_piece", fail_on_the_second)
    files = (("facture.pdf", PDF), ("rib.pdf", b"%PDF-1.7 rib"))
    before = Dossier.objects.count()
    broken = caller.deposit(files=files)
    assert (broken.status_code, broken.json()["code"]) == (503, "not_kept")
    assert int(broken.headers["Retry-After"]) > 0
    finished = caller.deposit(files=files)
    assert finished.status_code == 201
    assert Dossier.objects.count() == before + 1
    assert Piece.objects.filter(dossier=finished.json()["id"]).count() == 2


@pytest.mark.parametrize("key", [None, "", "with space", "x" * 101, "é"])
def test_a_key_is_compulsory(caller, key):
    answer = caller.deposit(key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


def test_an_unknown_member_is_told_and_the_key_stays_free(caller):
    answer = caller.deposit(member_number="99999999")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_member")
    assert not IdempotencyKey.objects.exists()
    assert caller.deposit().status_code == 201


def test_a_member_of_another_insurer_is_unknown(caller, neighbour):
    theirs = {"first": "Solène", "last": "Abgrall"}
    unknown = caller.deposit(member_number="99999999", patient=theirs)
    for record in ({}, {"member": {"people": [theirs]}}):
        answer = caller.deposit(member_number="09000001", patient=theirs, **record)
        assert answer.status_code == 422
        assert answer.content == unknown.content
    assert Member.objects.get(member_number="09000001").mutuelle == "Mutuelle Voisine"


def test_a_patient_must_be_covered(caller):
    answer = caller.deposit(patient={"first": "Jean", "last": "Inconnu"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_patient")
    spelled = {"first": "MAELYS", "last": "kerjean"}
    assert caller.deposit(patient=spelled).status_code == 201


def test_a_new_member_comes_with_what_is_known_of_it(caller):
    people = [{"first": "Enora", "last": "Le Goff", "birth_date": "1979-04-01"}]
    answer = caller.deposit(
        member_number="07000001", patient=people[0], member={"rib_on_file": False, "people": people}
    )
    assert answer.status_code == 201
    member = Member.objects.get(member_number="07000001")
    assert (member.mutuelle, member.rib_on_file) == ("Mutuelle Exemple", False)


def test_the_limits_are_those_of_the_site(caller):
    limits = load_limits()
    many = tuple((f"{rank}.pdf", b"%PDF-1.7") for rank in range(limits.files + 1))
    for files, code in (((), "no_file"), (many, "too_many_files"), ((("vide.pdf", b""),), "empty")):
        answer = caller.deposit(files=files)
        assert answer.status_code == 422
        assert code in {one["code"] for one in answer.json()["errors"]}
    heavy = caller.deposit(files=(("lourd.pdf", b"%PDF" + b"0" * limits.file_bytes),))
    assert heavy.json()["errors"][0]["code"] == "too_large"
    announced = caller.client.post("/api/v1/dossiers", b"x", content_type="text/plain", CONTENT_LENGTH="999999999")
    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"claim_type": "jardinage"}, "claim.claim_type"),
        ({"unknown": 1}, "claim.unknown"),
        ({"patient": {"first": "A"}}, "claim.patient.last"),
        ({"message": "x" * 2001}, "claim.message"),
        ({"patient": {"first": "A", "last": "B", "birth_date": 0}}, "claim.patient.birth_date"),
        ({"patient": {"first": "", "last": "B"}}, "claim.patient.first"),
        ({"member_number": "a\u0000b"}, "claim.member_number"),
    ],
)
def test_what_is_wrong_is_named(caller, change, field):
    answer = caller.deposit(**change)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_part_under_a_wrong_name_is_not_lost_in_silence(caller):
    data = {"claim": json.dumps(make_claim()), "files": make_files((("a.pdf", PDF),)), "file": make_files([("b", PDF)])}
    answer = caller.send("/dossiers", data)
    assert answer.json()["errors"][0]["field"] == "file"


@pytest.mark.parametrize("claim", ["", "{", "[]", "nul"])
def test_a_claim_that_is_none(caller, claim):
    answer = caller.send("/dossiers", {"claim": claim, "files": make_files((("a.pdf", PDF),))})
    assert answer.status_code == 422


def test_only_multipart_is_taken(caller):
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "k"}
    answer = caller.client.post("/api/v1/dossiers", "{}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_complement_opens_the_dossier_again(caller, world):
    answer = caller.complete(world.dossier.pk)
    assert answer.status_code == 201
    assert caller.complete(world.dossier.pk).json() == answer.json()
    world.dossier.refresh_from_db()
    assert (world.dossier.status, world.dossier.pieces.count()) == ("received", 2)
    build.read_pieces()
    build.decide_dossiers(now=world.dossier.settled_after)
    world.dossier.refresh_from_db()
    assert world.dossier.status in {"incomplete", "to_review"}


def test_a_key_names_one_dossier(caller, world):
    caller.complete(world.dossier.pk)
    answer = caller.complete(world.other_dossier.pk)
    assert answer.json()["code"] == "idempotency_key_reused"


def test_nobody_adds_to_a_dossier_of_another_insurer(neighbour, world):
    answer = neighbour.complete(world.dossier.pk)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert world.dossier.pieces.count() == 1
