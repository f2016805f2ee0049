"""Tokens: who gets one, and what it is worth."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from schemas.settings import load_settings
from storage.integrators import Scope, count_request, revoke_integrator
from tests.portal.api.conftest import basic


def test_a_secret_gives_a_token(caller):
    answer = caller.fetch_token()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 900
    assert given["scope"] == "dossiers:read dossiers:write settlement:write"
    assert caller.secret not in given["access_token"]


def test_the_secret_may_stand_in_the_form(caller):
    form = {"client_id": caller.integrator.client_id, "client_secret": caller.secret}
    answer = Client().post("/api/v1/token", {"grant_type": "client_credentials", **form})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "dossiers:erase"}, "invalid_scope"),
        ({"scope": ["dossiers:read", "dossiers:write"]}, "invalid_request"),
    ],
)
def test_what_is_wrong_with_a_request(caller, form, error):
    answer = caller.fetch_token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Basic " + "/w==", basic("nobody", "x"), "Bearer x"])
def test_nobody_else_gets_one(caller, header):
    answer = Client().post(
        "/api/v1/token", {"grant_type": "client_credentials"}, headers={"Authorization": header} if header else {}
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_narrower_token_does_less(caller):
    caller.token = caller.fetch_token(scope="dossiers:read").json()["access_token"]
    assert caller.get("/dossiers").status_code == 200
    answer = caller.deposit()
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="dossiers:write"' in answer.headers["WWW-Authenticate"]


def test_a_reader_asks_for_no_more(reader):
    assert reader.fetch_token(scope="dossiers:write").json()["error"] == "invalid_scope"
    assert reader.deposit().status_code == 403


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", "another salt"])
def test_a_made_up_token_is_worth_nothing(caller, token):
    caller.token = token
    if token == "another salt":
        caller.token = signing.dumps({"client": caller.integrator.client_id, "scopes": ["dossiers:read"]})
    answer = caller.get("/dossiers")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="liasse"'


def test_an_old_token_is_worth_nothing(caller, monkeypatch):
    monkeypatch.setattr(load_settings(), "api_token_seconds", -1)
    assert caller.get("/dossiers").status_code == 401


def test_a_revoked_integrator_is_out_at_once(caller):
    revoke_integrator(caller.integrator.client_id, now=timezone.now())
    assert caller.get("/dossiers").status_code == 401
    assert caller.fetch_token().status_code == 401


def test_a_scope_that_is_taken_away_counts_no_more(caller):
    caller.integrator.scopes = [Scope.READ.value]
    caller.integrator.save()
    assert caller.deposit().status_code == 403


def test_too_many_requests_wait(caller, neighbour, monkeypatch):
    monkeypatch.setattr(load_settings(), "api_per_minute", 3)
    statuses = [caller.get("/dossiers").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]  # the token was the first of the three
    answer = caller.get("/dossiers")
    assert answer.json()["code"] == "rate_limited"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert neighbour.get("/dossiers").status_code == 200
    assert caller.fetch_token().status_code == 429


def test_the_count_begins_again_after_a_minute(caller):
    start = timezone.now() + dt.timedelta(hours=1)
    assert [count_request(caller.integrator, 2, start) for _ in range(3)] == [0, 0, 60]
    assert count_request(caller.integrator, 2, start + dt.timedelta(seconds=45)) == 15
    assert count_request(caller.integrator, 2, start + dt.timedelta(seconds=60)) == 0
