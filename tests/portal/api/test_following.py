"""Following dossiers: one's own insurer's, and no others."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from schemas.errors import RefusalCode
from storage.models import Sight
from tests.portal import build


def test_a_dossier_as_it_stands(caller, world):
    answer = caller.get(f"/dossiers/{world.dossier.pk}")
    assert answer.status_code == 200
    said = answer.json()
    assert said["reference"] == world.dossier.reference
    assert (said["status"], said["status_fr"]) == ("incomplete", "Complément nécessaire")
    assert said["next_actor"] == {"code": "member", "sentence_fr": "À vous : ajoutez ce qui manque."}
    assert said["missing"] == ["ordonnance"]
    assert said["rules_version"] == world.dossier.decisions.get().rules_version
    assert said["message_fr"]
    assert said["usual_delay"] is None  # too few are settled to tell
    assert [paper["state"] for paper in said["papers"]] == ["read"]
    assert build.NIR not in answer.content.decode()


def test_missing_pieces_come_with_their_sentences(caller, world):
    said = caller.get(f"/dossiers/{world.dossier.pk}/missing").json()
    assert [(one["code"], one["label_fr"]) for one in said["items"]] == [("ordonnance", "ordonnance")]
    assert said["items"][0]["sentence_fr"]
    fresh = build.make_dossier(world.member)
    assert caller.get(f"/dossiers/{fresh.pk}/missing").json()["items"] == []


def test_a_paper_that_could_not_be_read_says_why(caller, world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier)
    build.read_pieces(refusal=RefusalCode.ENCRYPTED)
    (paper,) = caller.get(f"/dossiers/{dossier.pk}").json()["papers"]
    assert (paper["state"], paper["refusal"]) == ("refused", "encrypted")
    assert "mot de passe" in paper["refusal_fr"]


@pytest.mark.parametrize("end", ["", "/missing"])
def test_what_is_another_insurer_s_does_not_exist(neighbour, world, end):
    theirs = neighbour.get(f"/dossiers/{world.dossier.pk}{end}")
    nowhere = neighbour.get(f"/dossiers/{uuid.uuid4()}{end}")
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.content == nowhere.content
    assert neighbour.get("/dossiers").json() == {"items": [], "next": None}


def test_an_erased_dossier_is_gone(caller, world):
    world.dossier.erased_at = timezone.now()
    world.dossier.save()
    assert caller.get(f"/dossiers/{world.dossier.pk}").status_code == 404
    listed = {one["id"] for one in caller.get("/dossiers").json()["items"]}
    assert listed == {str(world.other_dossier.pk)}


def test_pages_hold_every_dossier_once(caller, world):
    expected = {str(world.dossier.pk), str(world.other_dossier.pk)}
    for minutes in (0, 0, 1, 2, 2):
        moment = build.NOW + dt.timedelta(minutes=minutes)
        expected.add(str(build.make_dossier(world.member, now=moment).pk))
    found, cursor, pages = [], None, 0
    while True:
        page = caller.get("/dossiers", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["items"]]
        pages += 1
        if pages == 1:  # what comes in meanwhile shifts nothing
            build.make_dossier(world.member, now=build.NOW + dt.timedelta(hours=1))
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == 4
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_filters(caller, world):
    fresh = build.make_dossier(world.other, now=build.NOW + dt.timedelta(days=2))
    cases = {
        ("status", "received"): {fresh},
        ("status", "incomplete"): {world.dossier, world.other_dossier},
        ("claim_type", "dentaire"): set(),
        ("member_number", world.member.member_number): {world.dossier},
        ("reference", fresh.reference): {fresh},
        ("changed_since", (build.NOW + dt.timedelta(days=1)).isoformat()): {fresh},
    }
    cases["changed_since", "0001-01-01T00:00:00+14:00"] = {fresh, world.dossier, world.other_dossier}
    cases["changed_since", "9999-12-31T23:59:59-14:00"] = set()
    for (name, value), expected in cases.items():
        found = caller.get("/dossiers", {name: value}).json()["items"]
        assert {one["id"] for one in found} == {str(one.pk) for one in expected}, name


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"limit": 0},
        {"limit": 101},
        {"limit": "many"},
        {"cursor": "x"},
        {"changed_since": "2026-01-01"},
        {"member_number": "a\0"},
    ],
)
def test_a_list_is_asked_for_properly(caller, query):
    answer = caller.get("/dossiers", query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [one["field"] for one in answer.json()["errors"]] == list(query)


def test_every_sight_is_written_down(caller, world):
    caller.get(f"/dossiers/{world.dossier.pk}")
    caller.get(f"/dossiers/{world.dossier.pk}/missing")
    caller.get(f"/dossiers/{world.dossier.pk}/messages")
    caller.get(f"/dossiers/{world.other_dossier.pk}xx")
    seen = Sight.objects.filter(dossier=world.dossier).order_by("pk")
    assert [one.what for one in seen] == ["dossier", "missing", "messages"]
    assert all(caller.integrator.client_id in one.actor for one in seen)


def test_messages_are_listed_page_by_page_and_written_once(caller, world):
    path = f"/dossiers/{world.dossier.pk}/messages"
    said = [caller.write(world.dossier.pk, f"Message {number}", key=f"k{number}") for number in (1, 2, 3, 3)]
    assert [one.status_code for one in said] == [201] * 4
    assert said[3].headers["Idempotent-Replayed"] == "true"
    first = caller.get(f"{path}?limit=2").json()
    assert [one["text"] for one in first["items"]] == ["Message 1", "Message 2"]
    rest = caller.get(f"{path}?after={first['next']}").json()
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["Message 3"], None)
    assert all(one["from_member"] for one in first["items"])
    assert caller.write(world.dossier.pk, "autre", key="k1").status_code == 409
    refused = caller.write(world.dossier.pk, "   ", key="k4")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text")
    assert caller.write(world.dossier.pk, "x", key="").json()["code"] == "idempotency_key_invalid"
