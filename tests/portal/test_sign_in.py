"""Signing in and out."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal.accounts import HANDLERS, create_account
from schemas.errors import ConfigurationError
from tests.portal import build

FAULT = "Identifiant ou mot de passe incorrect."


def sign_in(client, username, password, **more):
    return client.post("/connexion", {"username": username, "password": password, **more})


def test_a_member_lands_on_their_dossiers(world):
    answer = sign_in(world.anonymous, "maelys", build.PASSWORD)
    assert answer.url == "/"
    assert world.anonymous.get("/").url == "/dossiers"


def test_a_gestionnaire_lands_on_the_queue(world):
    sign_in(world.anonymous, "odile", build.PASSWORD)
    assert world.anonymous.get("/").url == "/gestion"


def test_a_failure_does_not_tell_which_part_was_wrong(world):
    User.objects.filter(username="gaetan").update(is_active=False)
    attempts = [("maelys", "faux"), ("inconnue", build.PASSWORD), ("gaetan", build.PASSWORD)]
    pages = []
    for username, password in attempts:
        answer = sign_in(Client(), username, password)
        assert answer.status_code == 200
        html = answer.content.decode()
        assert FAULT in html
        start = html.index('id="faute"')
        pages.append(html[start : html.index("<form", start)])
    assert len(set(pages)) == 1


def test_the_way_back_stays_on_this_site(world):
    assert sign_in(Client(), "maelys", build.PASSWORD, next="/dossiers/deposer").url == "/dossiers/deposer"
    assert sign_in(Client(), "maelys", build.PASSWORD, next="https://ailleurs.example/").url == "/"
    assert sign_in(Client(), "maelys", build.PASSWORD, next="//ailleurs.example/").url == "/"


def test_signing_out_ends_the_session(world):
    sign_in(world.anonymous, "maelys", build.PASSWORD)
    before = world.anonymous.cookies["liasse_session"].value
    assert world.anonymous.post("/deconnexion").url == "/connexion"
    assert world.anonymous.get("/dossiers").status_code == 302
    thief = Client()
    thief.cookies["liasse_session"] = before
    assert thief.get("/dossiers").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world):
    sign_in(world.anonymous, "maelys", build.PASSWORD)
    for name in ("liasse_session", "liasse_csrf"):
        world.anonymous.get("/dossiers/deposer")
        cookie = world.anonymous.cookies[name]
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"


def test_an_account_is_created_once_and_keeps_its_password(world):
    again = create_account("maelys", "un-autre-mot-de-passe", member=world.member)
    assert again.check_password(build.PASSWORD)
    assert User.objects.filter(username="maelys").count() == 1
    handler = create_account("odile", "un-autre-mot-de-passe", group=HANDLERS)
    assert [group.name for group in handler.groups.all()] == [HANDLERS]


def test_a_contract_belongs_to_one_account(world):
    with pytest.raises(ConfigurationError):
        create_account("intruse", "un-long-mot-de-passe", member=world.member)
    assert not User.objects.filter(username="intruse").exists()
