"""One's own account: the password, who signed in, sessions elsewhere, and messages about them."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from liasse.accounts import app
from portal.devices import describe_browser
from storage.models import SignIn, StaffChange
from tests.portal import build
from tests.portal.accounts.test_second_factor import set_up

NEW = "cheval-agrafe-pile-correct"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def user(member):
    from portal.accounts import create_account

    return create_account("eloise", build.PASSWORD, member=member, name="Éloïse Quéméneur")


def sign_in(client, password=build.PASSWORD):
    assert client.post("/connexion", {"username": "eloise", "password": password}).url == "/"
    return client


def change(client, current=build.PASSWORD, new=NEW):
    return client.post("/compte/mot-de-passe", {"current": current, "new_password1": new, "new_password2": new})


def is_in(client):
    return client.get("/dossiers").status_code == 200


def test_sign_ins_are_listed_and_ended_from_elsewhere(user):
    desk, phone = sign_in(Client(headers={"user-agent": FIREFOX})), sign_in(Client(headers={"user-agent": IPHONE}))
    html = desk.get("/compte").content.decode()
    assert "Firefox sous Windows" in html
    assert "Safari sur iPhone" in html
    (path,) = re.findall(r'action="(/compte/connexions/\d+/fermer)"', html)  # none for the session that asks
    assert desk.post(path).url == "/compte"
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert "/fermer" not in desk.get("/compte").content.decode()


def test_a_session_that_is_over_cannot_be_ended(user):
    desk, phone = sign_in(Client()), sign_in(Client())
    phone.post("/deconnexion")
    assert "/fermer" not in desk.get("/compte").content.decode()


def test_a_new_device_is_told_by_mail(user, sent):
    known = sign_in(Client(headers={"user-agent": FIREFOX}))
    assert sent() == []  # nothing to compare the first one with
    known.post("/deconnexion")
    sign_in(known)
    assert sent() == []
    sign_in(Client(headers={"user-agent": IPHONE}))
    (message,) = sent()
    assert message.to == ["eloise@exemple.invalid"]
    assert "Safari sur iPhone" in message.body


def test_a_changed_password_ends_other_sessions_and_is_told(user, sent):
    here, elsewhere = sign_in(Client()), sign_in(Client())
    before = len(sent())
    assert change(here).url == "/compte"
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert [message.subject for message in sent()[before:]] == ["Votre mot de passe a changé"]
    assert "(cet appareil)" in here.get("/compte").content.decode()
    sign_in(Client(), NEW)


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("faux", NEW, "pas votre mot de passe actuel"),
        (build.PASSWORD, "court", "trop court"),
        (build.PASSWORD, build.PASSWORD, "déjà utilisé"),
    ],
)
def test_a_password_that_cannot_be_is_not_taken(user, current, new, words):
    client = sign_in(Client())
    answer = change(client, current, new)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(build.PASSWORD)


def test_guessing_the_password_of_an_open_browser_locks_it(user):
    client = sign_in(Client())
    assert [change(client, "faux").status_code for _ in range(3)] == [422, 422, 429]
    answer = change(client)
    assert answer.status_code == 429
    assert "minutes au plus" in answer.content.decode().replace("\u00a0", " ")


def test_sessions_and_devices_of_others_do_not_exist(world):
    for path in (f"/compte/connexions/{world.sign_in.pk}/fermer", f"/compte/appareils/{world.trusted.pk}/oublier"):
        assert world.as_other.post(path).status_code == 404
        assert world.as_member.post(path).status_code == 302


def test_the_cookie_of_a_device_is_out_of_reach_and_not_kept_here(user):
    client = sign_in(Client())
    cookie = client.cookies["liasse_appareil"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert SignIn.objects.get().device != cookie.value
    client.cookies["liasse_appareil"] = "<script>"
    client.post("/deconnexion")
    sign_in(client)
    assert client.cookies["liasse_appareil"].value != "<script>"


def test_a_lost_telephone_is_forgotten_by_the_mutuelle(user):
    client = sign_in(Client())
    set_up(client)
    answer = CliRunner().invoke(app, ["forget-second-factor", "07719950"])
    assert answer.exit_code == 0, answer.output
    assert not is_in(client)
    sign_in(Client())
    assert CliRunner().invoke(app, ["forget-second-factor", "personne"]).exit_code != 0


def test_sign_ins_are_part_of_what_is_handed_to_a_member(user, member, tmp_path):
    from storage.exporting import export_member
    from storage.folder_store import FolderStore

    sign_in(Client(headers={"user-agent": FIREFOX}))
    member.refresh_from_db()
    export_member(member, FolderStore(tmp_path), tmp_path / "x.zip", actor="test", now=timezone.now())
    text = zipfile.ZipFile(tmp_path / "x.zip").read("donnees.json").decode()
    assert json.loads(text)["account"]["sign_ins"][0]["label"] == "Firefox sous Windows"
    assert SignIn.objects.get().session_key not in text
    assert SignIn.objects.get().device not in text


def test_an_account_with_a_second_factor_can_be_erased(user, member, tmp_path):
    from storage.erasing import erase_member
    from storage.folder_store import FolderStore

    set_up(sign_in(Client()))
    erase_member(member, FolderStore(tmp_path), reason="test", actor="test", now=timezone.now())
    assert not type(user).objects.filter(pk=user.pk).exists()
    assert not SignIn.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sous Windows"),
        (IPHONE, "Safari sur iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36", "Chrome sous Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0", "Edge sous Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", "Chrome sous Android"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_kinds_of_browsers(agent, words):
    assert describe_browser(agent) == words


def test_the_people_who_work_here_are_added_and_closed_by_command(world):
    run = lambda *words: CliRunner().invoke(app, [*words])  # noqa: E731
    made = run("add", "ines", "--role", "superviseur", "--called", "Inès Roux", "--queue", "optique")
    assert made.exit_code == 0, made.output
    path = made.stdout.strip().partition("/compte/oubli/")[2]
    page = Client().get(f"/compte/oubli/{path}")
    assert page.status_code == 200
    assert "ines  Inès Roux  superviseur  optique" in run("list").stdout
    assert run("queues", "ines").stdout.strip() == "ines: every queue"
    assert run("add", "ines", "--role", "exploitant", "--called", "X").exit_code != 0
    assert run("add", "x", "--role", "chef", "--called", "X").exit_code != 0
    assert "no such queue" in str(run("queues", "ines", "--queue", "nulle part").exception)
    assert run("invite", "04417725").exit_code != 0  # a member
    assert run("close", "ines").exit_code == 0
    assert "closed" in run("list").stdout
    assert run("invite", "ines").stdout.strip().partition("/compte/oubli/")[2] != path
    again = run("invite", "ines").stdout.strip().partition("/compte/oubli/")[2]
    told = StaffChange.objects.filter(username="ines", what="invited")
    assert set(told.values_list("actor", flat=True)) == {"console"}
    assert Client().get(f"/compte/oubli/{again}").status_code == 404
