"""The whole way in a real browser: a member deposits a paper, it is really read, a gestionnaire opens it."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils import timezone
from playwright import sync_api as playwright

import samples
from dossiers import decide
from extractors import read_with_previews
from portal.accounts import HANDLERS, create_account
from schemas.rules import load_rules
from schemas.settings import Settings
from storage.objects import open_store, page_key
from storage.work import claim_dossiers, claim_pieces, load_dossier, save_decision, save_reading
from tests.portal import build
from tests.portal.browsing import open_browser, sign_in
from tests.portal.server import new_installation, serve
from tests.services.databases import use_database

pytestmark = pytest.mark.service

SAMPLES = Path(samples.__file__).parent / "set" / "files"


@pytest.fixture
def site(tmp_path, django_db_blocker):
    environment = new_installation(tmp_path)
    settings = Settings(data_dir=Path(environment["LIASSE_DATA_DIR"]))
    with (
        serve(environment) as site,
        django_db_blocker.unblock(),
        use_database(settings.database_url),
        # Playwright keeps an event loop in this thread, where Django will not work: it gets one of its own.
        ThreadPoolExecutor(1) as worker,
    ):
        yield site, settings, lambda job, *arguments: worker.submit(job, *arguments).result()


@pytest.fixture
def browser():
    with open_browser() as browser:
        yield browser


def work(settings: Settings, folder: Path) -> None:
    """What a worker does: read what waits, decide what is ready."""
    store, lease, rules = open_store(settings), dt.timedelta(minutes=5), load_rules()
    for piece in claim_pieces("lecteur", 10, timezone.now(), lease):
        path = folder / str(piece.id)
        path.write_bytes(store.get_original(piece.sha256))
        read = read_with_previews(path, identifier=str(piece.id))
        for preview in read.previews:
            store.put(page_key(piece.sha256, preview.page), preview.jpeg, content_type="image/jpeg")
        save_reading(piece, read.reading, worker="lecteur", seconds=1.0, now=timezone.now())
    later = timezone.now() + dt.timedelta(seconds=10)
    for claimed in claim_dossiers("lecteur", 10, later, lease):
        loaded = load_dossier(claimed.id, rules)
        decision = decide(loaded.dossier, rules, loaded.history, today=timezone.localdate())
        save_decision(claimed, decision, worker="lecteur", now=timezone.now())


def make_people() -> None:
    build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    create_account("odile", build.PASSWORD, group=HANDLERS, name="Odile Marchand")


def choose(page, words):
    page.locator("label.choice", has_text=words).first.click()


def test_from_deposit_to_review(site, browser, tmp_path):
    site, settings, in_thread = site
    in_thread(make_people)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR")
    page, faults = sign_in(phone, site, "maelys")

    page.get_by_role("link", name="Déposer des documents").click()
    choose(page, "Optique")
    choose(page, "Maëlys Kerjean")
    page.get_by_label("Choisir des fichiers").set_input_files([SAMPLES / "s0001.pdf", SAMPLES / "s0008.heic"])
    assert page.locator(".file-title").all_inner_texts() == ["s0001.pdf", "s0008.heic"]
    page.get_by_role("button", name="Retirer s0008.heic").click()
    page.get_by_role("button", name="Envoyer").click()

    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))
    address = page.url
    page.get_by_text("est bien arrivé").wait_for()
    page.get_by_text("Lecture en cours…").wait_for()
    page.evaluate("window.stillTheSamePage = true")

    in_thread(work, settings, tmp_path)
    page.get_by_text("Lecture en cours…").wait_for(state="detached", timeout=20_000)
    page.locator(".understood .fact-type").first.wait_for()
    assert page.evaluate("window.stillTheSamePage") is True  # followed by itself, without reloading
    page.locator(".thumb svg").wait_for()

    page.get_by_role("link", name="Corriger", exact=True).click()
    page.get_by_label("Montant total, en euros").fill("1,00")
    page.get_by_role("button", name="Envoyer la correction").click()
    page.get_by_text("Votre correction est notée").wait_for()
    assert page.url == address

    page.get_by_role("link", name="Mes dossiers").first.click()
    assert page.locator(".line h2").all_inner_texts() == ["Optique"]
    assert faults == []

    desk = browser.new_context(viewport={"width": 1400, "height": 900}, locale="fr-FR")
    review, faults = sign_in(desk, site, "odile")
    review.locator("tbody a.reference").first.click()
    assert review.url.rpartition("/")[2] == address.rpartition("/")[2]
    review.wait_for_load_state("load")  # the script that links fields and places is deferred
    row = review.locator("tr[data-field]", has_text="Montant total")
    row.focus()
    place = review.locator(f'polygon[data-target="{row.get_attribute("id")}"]')
    playwright.expect(place).to_have_class(re.compile(r"\bbox-lit\b"))
    # The place lies on the picture of its page.
    picture, box = review.locator(".sheet svg.page image").first.bounding_box(), place.bounding_box()
    assert picture["x"] <= box["x"] <= picture["x"] + picture["width"]
    assert picture["y"] <= box["y"] <= picture["y"] + picture["height"]
    place.click()
    assert review.evaluate("document.activeElement.id") == row.get_attribute("id")
    assert faults == []


def test_deposit_without_javascript(site, browser):
    site, _, in_thread = site
    in_thread(make_people)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page, _ = sign_in(context, site, "maelys")
    page.goto(f"{site.address}/dossiers/deposer")
    page.get_by_label("Dentaire", exact=True).check()
    page.get_by_label("Tristan Kerjean").check()
    page.get_by_label("Choisir des fichiers").set_input_files([SAMPLES / "s0001.pdf", SAMPLES / "s0002.pdf"])
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))
    page.get_by_text("2 documents sont bien arrivés.").wait_for()


def test_a_lost_connection_keeps_the_list_and_doubles_nothing(site, browser):
    site, _, in_thread = site
    in_thread(make_people)
    context = browser.new_context(locale="fr-FR")
    page, _ = sign_in(context, site, "maelys")
    page.goto(f"{site.address}/dossiers/deposer")
    choose(page, "Optique")
    choose(page, "Maëlys Kerjean")
    page.get_by_label("Choisir des fichiers").set_input_files([SAMPLES / "s0001.pdf"])
    context.set_offline(True)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("La connexion a été coupée.").wait_for()
    assert page.locator(".file-title").all_inner_texts() == ["s0001.pdf"]
    context.set_offline(False)
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))

    from storage.models import Piece

    assert in_thread(Piece.objects.count) == 1


def test_files_that_cannot_be_taken_are_said_before_sending(site, browser, tmp_path):
    site, _, in_thread = site
    in_thread(make_people)
    page, _ = sign_in(browser.new_context(locale="fr-FR"), site, "maelys")
    page.goto(f"{site.address}/dossiers/deposer")
    empty, text = tmp_path / "vide.pdf", tmp_path / "lettre.docx"
    empty.touch()
    text.write_text("bonjour")
    page.get_by_label("Choisir des fichiers").set_input_files([empty, text])
    page.get_by_text("Ce fichier est vide.").wait_for()
    page.get_by_text("Ce type de fichier n’est pas accepté.").wait_for()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Retirez les fichiers signalés").wait_for()
    assert page.url.endswith("/deposer")
