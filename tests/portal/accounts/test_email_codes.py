"""Codes that come by e-mail: set up with a first one, good once, for a while, and not for guessing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from portal.second_factor import find_ways, has_second_factor
from schemas.settings import load_settings
from storage.models import EmailCode
from tests.portal import build

PLACE = "/compte/code-par-email"


@pytest.fixture
def member(db):
    member = build.make_member("07719950", "Éloïse", "Quéméneur", username="eloise")
    member.email = "eloise@exemple.invalid"
    member.save()
    return member


@pytest.fixture
def client(member):
    client = Client()
    client.force_login(member.user)
    return client


def read_code(messages):
    return re.search(r"code est : (\d{6})", messages[-1].body).group(1)


def set_up(client, sent):
    client.post(PLACE, {"current": build.PASSWORD})
    return client.post(PLACE, {"code": read_code(sent())})


def owe():
    client = Client()
    assert client.post("/connexion", {"username": "eloise", "password": build.PASSWORD}).url == "/connexion/code"
    return client


def test_a_first_code_shows_that_messages_arrive(member, client, sent):
    client.post(PLACE, {"current": build.PASSWORD})
    assert not has_second_factor(member.user)  # nothing is asked for before
    assert sent()[-1].to == ["eloise@exemple.invalid"]
    answer = client.post(PLACE, {"code": read_code(sent())})
    assert "Codes de secours" in answer.content.decode()
    assert find_ways(member.user).email


def test_a_wrong_password_sends_nothing(client, sent):
    assert client.post(PLACE, {"current": "faux"}).status_code == 422
    assert sent() == []


def test_the_code_lets_in_once(member, client, sent):
    set_up(client, sent)
    fresh = owe()
    assert "Recevoir un code par e-mail" in fresh.get("/connexion/code").content.decode()
    fresh.post("/connexion/code/envoyer")
    code = read_code(sent())
    assert fresh.post("/connexion/code", {"code": code}).url == "/"
    assert owe().post("/connexion/code", {"code": code}).status_code == 422


def test_the_last_code_alone_is_good_and_for_a_while(member, client, sent):
    set_up(client, sent)
    fresh = owe()
    fresh.post("/connexion/code/envoyer")
    first = read_code(sent())
    fresh.post("/connexion/code/envoyer")
    second = read_code(sent())
    if first != second:
        assert fresh.post("/connexion/code", {"code": first}).status_code == 422
    row = EmailCode.objects.get()
    EmailCode.objects.update(sent_at=row.sent_at - timedelta(minutes=11))
    assert fresh.post("/connexion/code", {"code": second}).status_code == 422


def test_guessing_ends(member, client, sent):
    set_up(client, sent)
    fresh = owe()
    fresh.post("/connexion/code/envoyer")
    code = read_code(sent())
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [fresh.post("/connexion/code", {"code": wrong}).status_code for _ in range(6)]
    assert 429 in answers  # the account is locked, as by wrong passwords
    EmailCode.objects.update(tries=5)
    from portal.email_codes import check_code

    assert not check_code(member.user, code)


def test_there_is_no_flood_of_messages(client, member, sent):
    set_up(client, sent)
    fresh = owe()
    for _ in range(9):
        fresh.post("/connexion/code/envoyer")
    assert len(sent()) <= 6
    assert "réessayez dans une heure" in fresh.get("/connexion/code").content.decode()


def test_it_is_taken_away_with_all_that_hangs_on_it(client, member, sent):
    set_up(client, sent)
    client.post(f"{PLACE}/retirer")
    assert not has_second_factor(member.user)
    assert Client().post("/connexion", {"username": "eloise", "password": build.PASSWORD}).url == "/"


def test_who_must_have_one_keeps_the_last(db, monkeypatch, sent):
    monkeypatch.setattr(load_settings(), "second_factor_for_handlers", True)
    user = build.make_handler("odile")
    user.email = "odile@exemple.invalid"
    user.save()
    client = Client()
    client.post("/connexion", {"username": "odile", "password": build.PASSWORD})
    assert client.get("/gestion").url == "/compte/double-authentification"
    set_up(client, sent)
    assert client.get("/gestion").status_code == 200
    assert client.post(f"{PLACE}/retirer").status_code == 403


def test_without_an_address_nothing_can_be_sent(db, sent):
    build.make_handler("odile")
    client = Client()
    client.post("/connexion", {"username": "odile", "password": build.PASSWORD})
    assert "Aucune adresse" in client.get(PLACE).content.decode()
    client.post(PLACE, {"current": build.PASSWORD})
    assert sent() == []
