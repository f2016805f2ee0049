"""Papers grouped otherwise in real Chromium, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright import sync_api as playwright

from extractors.understanding import understand_paper
from flows.derived import save_words
from portal.accounts import HANDLERS, create_account
from schemas.readings import FileReading
from schemas.rules import load_rules
from schemas.vocabulary import ClaimType
from storage.deciding import load_dossier
from storage.objects import page_key
from storage.pieces import claim_pieces, save_reading
from tests.extractors.understanding.builders import make_page
from tests.extractors.understanding.test_understanding import DENTIST, DENTIST_COLUMNS, OSTEO
from tests.portal import build
from tests.portal.browsing import find_violations
from tests.portal.desk import desk_of, focused, open_next

pytestmark = pytest.mark.service
expect = playwright.expect


def make_grouped():
    """A dossier whose only file was read as one paper: it is a note and a bill."""
    member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    create_account("odile", build.PASSWORD, group=HANDLERS, name="Odile Marchand")
    dossier = build.make_dossier(member, ClaimType.MEDECINE_DOUCE)
    build.add_piece(dossier)
    (claimed,) = claim_pieces("lecteur-1", 1, build.NOW, build.LEASE)
    pages = (make_page(*OSTEO, page=1), make_page(*DENTIST, columns=DENTIST_COLUMNS, page=2))
    reading = FileReading(
        id=str(claimed.id),
        file=claimed.name,
        sha256=claimed.sha256,
        pages=pages,
        documents=(understand_paper(pages).model_copy(update={"type_confidence": 0.5}),),
    )
    store = build.default_store()
    keys = [page_key(claimed.sha256, page.page) for page in pages]
    for key in keys:
        store.put(key, build.jpeg(), content_type="image/jpeg")
    save_reading(
        claimed,
        reading,
        worker="lecteur-1",
        seconds=0.8,
        now=build.NOW,
        words_key=save_words(store, reading),
        page_keys=keys,
    )
    build.decide_dossiers()
    return dossier.pk


def pages_of(dossier_id):
    (reading,) = load_dossier(dossier_id, load_rules()).dossier.readings
    return [document.pages for document in reading.documents]


def test_a_paper_is_split_undone_split_again_and_merged_by_keyboard(site, browser):
    site, in_thread = site
    dossier = in_thread(make_grouped)
    page, faults = desk_of(browser, site)
    open_next(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tout au clavier")).to_contain_text("découper un document")
    page.keyboard.press("?")
    page.keyboard.press("F7")
    assert focused(page) == "la page 2"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert focused(page) == "Raison (facultative)"
    page.keyboard.type("deux soins différents")
    assert find_violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_text("Document découpé en 2.").wait_for(state="attached", timeout=60_000)
    assert in_thread(pages_of, dossier) == [(1,), (2,)]
    page.keyboard.press("Control+z")
    page.get_by_text("La dernière correction est annulée.").wait_for(state="attached")
    assert in_thread(pages_of, dossier) == [(1, 2)]
    page.keyboard.press("F7")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Document découpé en 2.").wait_for(state="attached", timeout=60_000)
    page.keyboard.press("Shift+F7")
    assert focused(page) == "Ne fait qu’un avec"
    assert find_violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_text("Documents réunis.").wait_for(state="attached", timeout=60_000)
    assert in_thread(pages_of, dossier) == [(1, 2)]
    assert faults == []
