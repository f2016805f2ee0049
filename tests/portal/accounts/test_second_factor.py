"""A code at sign-in: set up, asked for, spared on trusted devices, demanded of gestionnaires."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from portal.second_factor import draw_secret
from schemas.settings import load_settings
from storage.models import AccountTry, TrustedDevice
from tests.portal import build
from tests.portal.codes import find_code

SETUP = "/compte/double-authentification"


@pytest.fixture
def user(db):
    return build.make_member("04417725", "Maëlys", "Kerjean", username="maelys").user


def sign_in(client, name="maelys", password=build.PASSWORD, **more):
    return client.post("/connexion", {"username": name, "password": password, **more})


def set_up(client):
    """The secret and the recovery codes."""
    html = client.get(SETUP).content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', html).group(1)
    answer = client.post(SETUP, {"code": find_code(secret), "current": build.PASSWORD})
    assert answer.status_code == 200
    return secret, re.findall(r"<li><code>(\d{8})</code>", answer.content.decode())


@pytest.fixture
def protected(user):
    """An account with a second factor: its secret, its recovery codes, and the browser that set it up."""
    client = Client()
    sign_in(client)
    return (*set_up(client), client)


def owe():
    client = Client()
    assert sign_in(client).url == "/connexion/code"
    return client


def test_after_the_password_comes_the_code(protected):
    secret, codes, _ = protected
    assert len(set(codes)) == 10
    client = owe()
    assert client.get("/dossiers").status_code == 302
    assert client.post("/connexion/code", {"code": find_code(secret, steps=1)}).url == "/"
    assert client.get("/dossiers").status_code == 200


def test_the_way_on_is_kept(protected):
    client = Client()
    sign_in(client, next="/dossiers/deposer")
    assert client.post("/connexion/code", {"code": find_code(protected[0], steps=1)}).url == "/dossiers/deposer"


@pytest.mark.parametrize("steps", [-4, 4, 40])
def test_codes_of_other_times_are_wrong(protected, steps):
    client = owe()
    answer = client.post("/connexion/code", {"code": find_code(protected[0], steps=steps)})
    assert answer.status_code == 422
    assert "n’est pas le bon" in answer.content.decode()
    assert client.get("/dossiers").status_code == 302


def test_a_code_is_good_once_also_for_another_process(protected, settings):
    code = find_code(protected[0], steps=1)
    assert owe().post("/connexion/code", {"code": code}).status_code == 302
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert owe().post("/connexion/code", {"code": code}).status_code == 422


def test_a_recovery_code_is_good_once(protected):
    _, codes, _ = protected
    assert owe().post("/connexion/code", {"code": f"{codes[3][:4]} {codes[3][4:]}"}).status_code == 302
    assert owe().post("/connexion/code", {"code": codes[3]}).status_code == 422


def test_wrong_codes_lock_the_account_like_wrong_passwords(protected):
    client = owe()
    statuses = [client.post("/connexion/code", {"code": "000000"}).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]
    assert client.post("/connexion/code", {"code": find_code(protected[0], steps=1)}).status_code == 429
    assert sign_in(Client()).status_code == 429


def test_who_owes_a_code_too_long_starts_again(protected, monkeypatch):
    client = owe()
    now = __import__("time").time() + 601
    monkeypatch.setattr("portal.entering.time.time", lambda: now)
    assert client.get("/connexion/code").url == "/connexion"


def test_a_password_changed_meanwhile_ends_what_was_begun(protected, user):
    client = owe()
    user.set_password("une-autre-suite-de-mots")
    user.save()
    assert client.post("/connexion/code", {"code": find_code(protected[0], steps=1)}).url == "/connexion"


def test_a_trusted_device_is_spared_until_it_is_revoked(protected):
    client = owe()
    client.post("/connexion/code", {"code": find_code(protected[0], steps=1), "trust": "on"})
    client.post("/deconnexion")
    assert sign_in(client).url == "/"
    assert owe()  # another one is not
    row = TrustedDevice.objects.get()
    assert client.post(f"/compte/appareils/{row.pk}/oublier").url == "/compte"
    client.post("/deconnexion")
    assert sign_in(client).url == "/connexion/code"


def test_trust_ends_by_itself(protected):
    client = owe()
    client.post("/connexion/code", {"code": find_code(protected[0], steps=1), "trust": "on"})
    client.post("/deconnexion")
    TrustedDevice.objects.update(until=TrustedDevice.objects.get().trusted_at - timedelta(days=1))
    assert sign_in(client).url == "/connexion/code"


def test_setting_up_needs_the_password_and_a_right_code(user):
    client = Client()
    sign_in(client)
    client.get(SETUP)
    code = find_code(client.session["second_factor_secret"])
    wrong_password = client.post(SETUP, {"code": code, "current": "faux"})
    wrong_code = client.post(SETUP, {"code": "000000", "current": build.PASSWORD})
    assert wrong_password.status_code == wrong_code.status_code == 422
    assert not Authenticator.objects.exists()


def test_the_secret_is_sealed_in_the_database(protected):
    secret, codes, _ = protected
    kept = str(list(Authenticator.objects.values()))
    assert secret not in kept
    assert not any(code in kept for code in codes)
    assert not AccountTry.objects.filter(name__contains=find_code(secret)).exists()


def test_it_is_removed_with_the_password_only(protected):
    client = protected[2]
    assert client.post(f"{SETUP}/retirer", {"current": "faux"}).status_code == 422
    assert client.post(f"{SETUP}/retirer", {"current": build.PASSWORD}).url == "/compte"
    assert sign_in(Client()).url == "/"


def test_recovery_codes_are_renewed(protected):
    _, old, client = protected
    answer = client.post("/compte/codes", {"current": build.PASSWORD})
    new = re.findall(r"<li><code>(\d{8})</code>", answer.content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert owe().post("/connexion/code", {"code": old[0]}).status_code == 422
    assert owe().post("/connexion/code", {"code": new[0]}).status_code == 302


def test_a_link_by_mail_does_not_get_around_the_code(protected, user):
    from portal.links import make_recovery_token

    user.refresh_from_db()
    client = Client()
    new = "une-autre-suite-de-mots"
    answer = client.post(f"/compte/oubli/{make_recovery_token(user)}", {"new_password1": new, "new_password2": new})
    assert answer.url == "/connexion/code"
    assert client.get("/dossiers").status_code == 302


def test_gestionnaires_must_have_one_where_the_insurer_wants_it(db, monkeypatch):
    build.make_handler("odile")
    monkeypatch.setattr(load_settings(), "second_factor_for_handlers", True)
    client = Client()
    sign_in(client, "odile")
    for path in ("/gestion", "/compte", "/", "/nulle-part"):
        assert client.get(path).url == SETUP
    assert client.get("/sante").status_code == 200
    set_up(client)
    assert client.get("/gestion").status_code == 200
    assert client.post(f"{SETUP}/retirer", {"current": build.PASSWORD}).status_code == 403


def test_members_need_none(user, monkeypatch):
    monkeypatch.setattr(load_settings(), "second_factor_for_handlers", True)
    client = Client()
    assert sign_in(client).url == "/"
    assert client.get("/dossiers").status_code == 200


def test_secrets_are_drawn():
    assert draw_secret() != draw_secret()
    assert len(draw_secret()) == 32
