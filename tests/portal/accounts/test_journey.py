"""In a real browser, with a real mail server: a member opens an account, then protects it with a second factor."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import zxingcpp
from PIL import Image

from schemas.settings import Settings
from tests.portal import build
from tests.portal.browsing import find_violations, open_browser
from tests.portal.codes import find_code
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


def check(page, found, name):
    found[name] = find_violations(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_second_factor_from_setting_up_to_a_trusted_device(installation, scheme):
    site, box = installation
    with open_browser() as browser:
        context = browser.new_context(locale="fr-FR", color_scheme=scheme, viewport={"width": 390, "height": 844})
        page, found, faults = context.new_page(), {}, []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        open_account(page, site, box)

        page.get_by_role("link", name="Mon compte").click()
        check(page, found, "account")
        page.get_by_role("link", name="Mettre en place la double authentification").click()
        check(page, found, "setting up")
        secret = page.locator("code.secret").inner_text()
        assert secret in read_qr(page.locator("svg.qr").screenshot())
        page.get_by_label("Code que montre l’application").fill(find_code(secret))
        page.get_by_label("Votre mot de passe actuel").fill(NEW)
        page.get_by_role("button", name="Mettre en place").click()
        page.get_by_role("heading", name="Codes de secours").wait_for()
        check(page, found, "recovery codes")
        codes = page.locator(".codes code").all_inner_texts()
        page.get_by_role("link", name="Continuer").click()
        page.get_by_text("En place").wait_for()
        page.get_by_role("button", name="Se déconnecter").click()

        give_password(page)
        page.get_by_role("heading", name="Code de connexion").wait_for()
        check(page, found, "code")
        page.get_by_label("Code à usage unique").fill(codes[0])
        page.get_by_label("Ne plus demander de code").check()
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("heading", name="Mes dossiers").wait_for()

        page.get_by_role("button", name="Se déconnecter").click()
        give_password(page)
        page.get_by_role("heading", name="Mes dossiers").wait_for()  # this device is trusted
        page.get_by_role("link", name="Mon compte").click()
        check(page, found, "account with a trusted device")
        page.get_by_role("button", name="Ne plus faire confiance").click()
        page.get_by_text("Un code sera de nouveau demandé").wait_for()
        page.get_by_role("link", name="Changer de mot de passe").click()
        check(page, found, "change password")

        for path in ("/compte/activer", "/compte/oubli", "/connexion"):
            context.clear_cookies()
            page.goto(f"{site.address}{path}")
            check(page, found, path)
        assert faults == []
        assert [one for one in found.items() if one[1]] == []


def give_password(page):
    page.get_by_label("Identifiant").fill("07719950")
    page.get_by_label("Mot de passe").fill(NEW)
    page.get_by_role("button", name="Se connecter").click()


def read_qr(picture):
    """What a telephone would read."""
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return read.text
