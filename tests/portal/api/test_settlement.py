"""The system that pays says how a settlement stands; its word is heard about what was handed over, and no more."""

from __future__ import annotations

import json

import pytest

from schemas.statuses import EventKind
from storage.events import append_event
from storage.integrators import Scope
from tests.portal import build
from tests.portal.api.conftest import make_caller


@pytest.fixture
def accepted(world):
    append_event(world.dossier, EventKind.HANDLER_ACCEPTED, at=build.NOW, actor="odile")
    return world.dossier


def report(caller, dossier, **said):
    path = f"/api/v1/dossiers/{dossier.pk}/settlement"
    return caller.client.post(path, json.dumps(said), "application/json", headers=caller._headers({}))


def test_the_member_reads_what_the_paying_system_says(caller, world, accepted):
    answer = report(caller, accepted, state="waiting_amo")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "waiting_amo", "status_fr": "En attente de l’Assurance Maladie"},
    )
    said = caller.get(f"/dossiers/{accepted.pk}").json()
    assert said["next_actor"]["code"] == "assurance_maladie"
    page = world.as_member.get(f"/dossiers/{accepted.pk}").content.decode()
    assert "En attente de l’Assurance Maladie" in page
    assert report(caller, accepted, state="paid", on="2026-11-27").json()["status"] == "paid"
    page = world.as_member.get(f"/dossiers/{accepted.pk}").content.decode()
    assert "Remboursement effectué le 27\u00a0novembre 2026." in page
    assert caller.get("/dossiers?status=paid").json()["items"][0]["id"] == str(accepted.pk)


def test_what_is_not_handed_over_is_a_conflict(caller, world):
    answer = report(caller, world.dossier, state="paid")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_handed_over")


def test_who_may_not_say_so(caller, neighbour, reader, accepted):
    assert report(neighbour, accepted, state="paid").status_code == 404
    assert report(reader, accepted, state="paid").status_code == 403
    assert report(make_caller(scopes=(Scope.READ, Scope.WRITE)), accepted, state="paid").status_code == 403


@pytest.mark.parametrize(
    "said", [{}, {"state": "lost"}, {"state": "paid", "on": "hier"}, {"state": "paid", "euros": 3}]
)
def test_what_cannot_be_understood_changes_nothing(caller, accepted, said):
    assert report(caller, accepted, **said).status_code == 422
    accepted.refresh_from_db()
    assert accepted.status == "complete"
