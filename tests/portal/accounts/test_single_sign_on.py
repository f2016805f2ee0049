"""Signing in with an account of elsewhere, against a real provider; and where none is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from schemas.settings import Settings
from tests.portal import build
from tests.portal.browsing import find_violations, open_browser
from tests.portal.server import new_installation, serve
from tests.services.daemons import find_free_ports
from tests.services.databases import use_database
from tests.services.identity import CLIENT, PASSWORD, SECRET, run_provider


def test_without_another_side_there_is_no_such_door(db):
    assert "Se connecter avec" not in Client().get("/connexion").content.decode()
    for path in ("aller", "retour"):
        assert Client().get(f"/connexion/entreprise/{path}").status_code == 404


@pytest.fixture
def sites(tmp_path, django_db_blocker):
    environment = new_installation(tmp_path)
    [port] = find_free_ports(1)
    environment |= {
        "LIASSE_OIDC_SERVER_URL": f"http://127.0.0.1:{port}",
        "LIASSE_OIDC_CLIENT_ID": CLIENT,
        "LIASSE_OIDC_CLIENT_SECRET": SECRET,
        "LIASSE_OIDC_NAME": "le compte de la mutuelle",
        "LIASSE_SECOND_FACTOR_FOR_HANDLERS": "true",
    }
    back = f"http://127.0.0.1:{environment['LIASSE_SITE_PORT']}/connexion/entreprise/retour"
    settings = Settings(data_dir=environment["LIASSE_DATA_DIR"])
    with (
        run_provider(tmp_path, port, back) as provider,
        serve(environment) as site,
        django_db_blocker.unblock(),
        use_database(settings.database_url),
        ThreadPoolExecutor(1) as worker,  # Playwright keeps an event loop in this thread
    ):
        yield site, provider, lambda job: worker.submit(job).result()


def hire(username, email):
    user = build.make_handler(username)
    user.email = email
    user.save()
    return user


def go(page, site, name):
    page.set_default_timeout(20_000)
    page.goto(f"{site.address}/connexion")
    page.get_by_role("link", name="Se connecter avec le compte de la mutuelle").click()
    if page.locator("[name=login]").count():
        page.locator("[name=login]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")


@pytest.mark.service
def test_a_gestionnaire_comes_in_with_the_account_of_elsewhere(sites):
    site, _, in_thread = sites
    from allauth.socialaccount.models import SocialAccount

    from storage.models import SignIn

    user = in_thread(lambda: hire("om", "Odile@exemple.invalid"))
    with open_browser() as browser:
        page, faults = browser.new_context(locale="fr-FR").new_page(), []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"{site.address}/connexion")
        assert find_violations(page) == []
        go(page, site, "odile")
        page.get_by_role("heading", name="Dossiers").wait_for()  # no second factor of ours is asked for
        assert in_thread(lambda: SignIn.objects.filter(user=user).count()) == 1
        assert in_thread(lambda: SocialAccount.objects.get().user_id) == user.pk
        # Known once, they come in by the account and no longer by the address.
        in_thread(lambda: type(user).objects.update(email="autre@exemple.invalid"))
        page.get_by_role("button", name="Se déconnecter").click()
        go(page, site, "odile")
        page.get_by_role("heading", name="Dossiers").wait_for()
        assert in_thread(SocialAccount.objects.count) == 1
        # Whoever left comes in no more.
        in_thread(lambda: type(user).objects.update(is_active=False))
        page.context.clear_cookies(name="liasse_session")
        go(page, site, "odile")
        page.get_by_role("heading", name="Compte inconnu").wait_for()
        assert find_violations(page) == []


@pytest.mark.service
def test_nobody_comes_in_by_an_address_alone(sites):
    """Not a member, not an address that the other side has not verified, not one that two people have."""
    site, _, in_thread = sites

    def settle():
        member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
        member.user.email = "odile@exemple.invalid"
        member.user.save()
        hire("pr", "paul@exemple.invalid")

    in_thread(settle)
    with open_browser() as browser:
        for name in ("odile", "paul"):
            page = browser.new_context(locale="fr-FR").new_page()
            go(page, site, name)
            page.get_by_role("heading", name="Compte inconnu").wait_for()
            page.goto(f"{site.address}/gestion")
            page.get_by_role("heading", name="Connexion").wait_for()
        in_thread(lambda: [hire("a", "odile@exemple.invalid"), hire("b", "odile@exemple.invalid")])
        page = browser.new_context(locale="fr-FR").new_page()
        go(page, site, "odile")
        page.get_by_role("heading", name="Compte inconnu").wait_for()


@pytest.mark.service
def test_what_does_not_come_back_from_there_is_refused(sites):
    site, _, _ = sites
    for path in ("?code=x", "?code=x&state=y", "?error=access_denied", ""):
        answer = site.get(f"/connexion/entreprise/retour{path}")
        assert answer.status_code == 400
        assert "Connexion interrompue" in answer.text
    assert site.get("/connexion/autre/aller").status_code == 404


@pytest.mark.service
def test_another_side_that_does_not_answer_is_told(tmp_path):
    environment = new_installation(tmp_path)
    [port] = find_free_ports(1)
    environment |= {"LIASSE_OIDC_SERVER_URL": f"http://127.0.0.1:{port}", "LIASSE_OIDC_CLIENT_ID": CLIENT}
    with serve(environment) as site:
        answer = site.get("/connexion/entreprise/aller")
        assert answer.status_code == 400
        assert "Connexion interrompue" in answer.text
