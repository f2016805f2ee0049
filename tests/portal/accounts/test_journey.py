"""In a real browser, with a real mail server: a member opens an account from the message alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from schemas.settings import Settings
from tests.portal import build
from tests.portal.browsing import open_browser
from tests.portal.mailbox import find_link, open_mailbox
from tests.portal.server import new_installation, serve
from tests.services.databases import use_database

pytestmark = pytest.mark.service
NEW = "cheval-agrafe-pile-correct"


@pytest.fixture
def installation(tmp_path, django_db_blocker):
    environment = new_installation(tmp_path)
    with open_mailbox() as box:
        environment["LIASSE_EMAIL_URL"] = f"smtp://127.0.0.1:{box.port}"
        settings = Settings(data_dir=environment["LIASSE_DATA_DIR"])
        with (
            serve(environment) as site,
            django_db_blocker.unblock(),
            use_database(settings.database_url),
            ThreadPoolExecutor(1) as worker,  # Playwright keeps an event loop in this thread
        ):
            worker.submit(make_member).result()
            yield site, box


def make_member():
    member = build.make_member("07719950", "Éloïse", "Quéméneur")
    member.email = "eloise@exemple.invalid"
    member.save()


def open_account(page, site, box):
    page.set_default_timeout(20_000)
    page.goto(f"{site.address}/connexion")
    page.get_by_role("link", name="Activer mon compte").click()
    page.get_by_label("Numéro d’adhérent").fill("07719950")
    page.get_by_label("Date de naissance").fill("1984-05-17")
    page.get_by_label("Adresse e-mail").fill("eloise@exemple.invalid")
    page.get_by_role("button", name="Recevoir le lien").click()
    page.get_by_role("heading", name="Regardez vos e-mails").wait_for()
    page.goto(find_link(box.wait().get_content()))
    page.get_by_label("Mot de passe", exact=True).fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("heading", name="Mes dossiers").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_member_opens_an_account_from_the_message(installation, script):
    site, box = installation
    with open_browser() as browser:
        context = browser.new_context(locale="fr-FR", java_script_enabled=script)
        page = context.new_page()
        faults = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        open_account(page, site, box)
        assert faults == []
