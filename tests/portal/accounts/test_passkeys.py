"""Passkeys, with a virtual one in a real browser, and with whatever else may be sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from portal.passkeys import MOST, list_passkeys
from portal.second_factor import find_ways
from schemas.settings import Settings
from tests.portal import build
from tests.portal.browsing import find_violations, open_browser
from tests.portal.server import new_installation, serve
from tests.services.databases import use_database


@pytest.fixture
def user(db):
    return build.make_member("04417725", "Maëlys", "Kerjean", username="maelys").user


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


def begin(client, **changes):
    return client.post("/compte/cles", {"name": "Clé", "current": build.PASSWORD} | changes)


class TestWhatMayBeSent:
    def test_the_password_comes_first(self, client):
        assert begin(client, current="faux").status_code == 422
        assert "publicKey" not in begin(client, current="faux").json()
        assert client.post("/compte/cles/ajouter", {"credential": "{}"}).url == "/compte/cles"

    def test_what_is_drawn_names_the_account_and_the_host_alone(self, client):
        options = begin(client).json()["publicKey"]
        assert options["rp"] == {"id": "testserver", "name": "Liasse"}
        assert options["user"]["name"] == "maelys"
        assert "@" not in str(options["user"])

    @pytest.mark.parametrize(
        "sent", ["", "[]", "{", "{}", '{"id": "a"}', '{"type":"public-key","response":{}}', "x" * 30_000]
    )
    def test_what_is_no_passkey_is_none(self, client, user, sent):
        begin(client)
        assert client.post("/compte/cles/ajouter", {"credential": sent}).status_code == 302
        assert list_passkeys(user) == []

    def test_there_is_a_most(self, client, user):
        from allauth.mfa.models import Authenticator

        for number in range(MOST):
            Authenticator.objects.create(user=user, type="webauthn", data={"name": str(number), "credential": {}})
        assert len(list_passkeys(user)) == MOST
        client.session["adding_passkey"] = {}
        answer = client.get("/compte/cles")
        assert answer.content.decode().count("Retirer la clé") == MOST

    def test_nobody_who_owes_nothing_is_let_in(self, db):
        assert Client().post("/connexion/cle", {"credential": "{}"}).url == "/connexion"


@pytest.fixture
def site(tmp_path, django_db_blocker):
    environment = new_installation(tmp_path)
    settings = Settings(data_dir=environment["LIASSE_DATA_DIR"])
    with (
        serve(environment) as served,
        django_db_blocker.unblock(),
        use_database(settings.database_url),
        ThreadPoolExecutor(1) as worker,  # Playwright keeps an event loop in this thread
    ):
        worker.submit(lambda: build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")).result()
        yield served, worker


def sign_in(page, address):
    page.goto(f"{address}/connexion")
    page.get_by_label("Identifiant").fill("maelys")
    page.get_by_label("Mot de passe").fill(build.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


@pytest.mark.service
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_adding_a_passkey_to_signing_in_with_it(site, scheme):
    served, worker = site
    address = served.address.replace("127.0.0.1", "localhost")  # passkeys belong to a name, not to a number
    with open_browser() as browser:
        context = browser.new_context(locale="fr-FR", color_scheme=scheme, viewport={"width": 390, "height": 844})
        page, faults = context.new_page(), []
        page.set_default_timeout(20_000)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

        sign_in(page, address)
        page.get_by_role("link", name="Mon compte").click()
        page.get_by_role("link", name="Ajouter une clé d’accès").click()
        assert find_violations(page) == []
        page.get_by_label("Nom de cette clé").fill("Mon téléphone")
        page.get_by_label("Votre mot de passe actuel").fill(build.PASSWORD)
        page.get_by_role("button", name="Ajouter la clé").click()
        page.get_by_role("heading", name="Codes de secours").wait_for()
        page.get_by_role("link", name="Continuer").click()
        page.get_by_role("link", name="Mes clés d’accès").click()
        page.get_by_text("Mon téléphone, ajoutée le").wait_for()
        assert find_violations(page) == []
        page.get_by_role("button", name="Se déconnecter").click()

        sign_in(page, address)
        page.get_by_role("heading", name="Code de connexion").wait_for()
        assert find_violations(page) == []
        page.get_by_role("button", name="Utiliser ma clé d’accès").click()
        page.get_by_role("heading", name="Mes dossiers").wait_for()
        assert faults == []

        # Another one, that the account does not know, opens nothing.
        page.get_by_role("button", name="Se déconnecter").click()
        devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        sign_in(page, address)
        page.get_by_role("button", name="Utiliser ma clé d’accès").click()
        page.get_by_text("Aucune clé n’a répondu").wait_for()
        ways = worker.submit(lambda: find_ways(build.create_account("maelys", build.PASSWORD))).result()
        assert (ways.passkeys, ways.application, ways.email) == (1, False, False)
