"""The review screen and the queue in real Chromium, by keyboard alone; and what an accessibility checker finds."""

from __future__ import annotations

import re

import pytest
from playwright import sync_api as playwright

from storage.objects import default_store, page_key
from tests.portal import build
from tests.portal.browsing import find_violations
from tests.portal.desk import desk_of, events_of, focused, held_by, make_world, open_next, status_of, wait_focus

pytestmark = pytest.mark.service
expect = playwright.expect


def test_a_complete_flagged_dossier_takes_one_key_a_doubt_and_one_to_accept(site, browser):
    site, in_thread = site
    first, second = in_thread(make_world)
    page, faults = desk_of(browser, site)
    open_next(page)
    keys = 0
    for words in ("Dates de soins", "Montant total", "Accepter le dossier"):
        wait_focus(page, words)
        page.keyboard.press("Enter")
        keys += 1
    page.wait_for_url(f"**/gestion/dossiers/{second}")
    assert keys == 3
    assert in_thread(status_of, first) == "complete"
    wait_focus(page, "Montant total")  # the next dossier was pushed, at its first doubt
    assert faults == []


def test_tab_visits_doubts_only_and_the_field_lights_its_place(site, browser):
    site, in_thread = site
    in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    lit = page.locator("polygon.box-lit")
    expect(lit).to_have_count(1)
    assert "care_dates" in lit.get_attribute("data-target")
    page.keyboard.press("Tab")
    assert focused(page) == "Montant total"
    assert "total_amount" in lit.get_attribute("data-target")
    page.keyboard.press("Tab")
    assert focused(page).startswith("Demander à l’adhérent")  # no sure value in between
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "Montant total"


def test_help_zoom_turn_and_panels_by_key(site, browser):
    site, in_thread = site
    in_thread(make_world)
    page, faults = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tout au clavier")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("F8")
    expect(page.locator("[data-scroll]")).to_have_class(re.compile("zoom-1"))
    page.keyboard.press("Shift+F8")
    page.keyboard.press("F9")
    expect(page.locator(".sheet svg.page").first).to_have_attribute("viewBox", "0 0 1200 800")
    page.keyboard.press("F4")
    assert focused(page) == "Documents demandés" or page.evaluate(
        "document.activeElement.closest('[data-panel]') !== null"
    )
    page.locator("[data-ask] input[value=facture_acquittee]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-ask] [data-preview]")).to_contain_text("– ")
    assert faults == []


def test_a_refusal_is_typed_and_goes_to_a_second_person(site, browser):
    site, in_thread = site
    first, second = in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("F6")
    wait_focus(page, "Motif")
    page.keyboard.type("soins non")
    page.keyboard.press("Tab")
    page.keyboard.type("Hors contrat.")
    page.keyboard.press("Tab")
    assert focused(page) == "Partir d’un texte"  # the one for this reason is there already, and can be changed
    panel = page.locator('[data-panel="refuser"]')
    assert "ne sont pas couverts par votre contrat" in panel.get_by_label("Message à l’adhérent").input_value()
    assert "2026-TEST" in panel.locator("[data-preview]").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "Refuser la demande"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/gestion/dossiers/{second}")
    page.get_by_text("l’accord d’une seconde personne est demandé").wait_for()
    other, _ = desk_of(browser, site, "basile")
    open_next(other)
    assert str(first) in other.url
    other.keyboard.press("Control+Enter")
    other.get_by_text("refusé.").wait_for()
    assert in_thread(status_of, first) == "refused"


def test_a_request_begins_with_a_text_of_the_insurer_and_nothing_typed_is_lost(site, browser):
    site, in_thread = site
    first, _ = in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("F4")
    panel = page.locator('[data-panel="demander"]')
    text = panel.get_by_label("Message à l’adhérent")
    choice = panel.get_by_label("Partir d’un texte")
    choice.focus()
    page.keyboard.type("Document ill")
    assert "à plat et près d’une fenêtre" in text.input_value()
    assert text.input_value() == panel.locator("[data-preview]").inner_text()
    text.fill("Bonjour, une question.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    choice.focus()
    page.keyboard.type("Autre")
    assert asked == ["Remplacer le texte déjà écrit\u00a0?"]
    assert text.input_value() == "Bonjour, une question."
    panel.get_by_role("button", name="Envoyer la demande").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Le complément est demandé").wait_for()
    assert in_thread(status_of, first) == "incomplete"


def test_pictures_of_the_next_dossier_are_there_before_it_is_opened(site, browser):
    site, in_thread = site
    _, second = in_thread(make_world)

    def draw():
        from storage.models import Piece, Reading

        piece = Piece.objects.get(dossier=second)
        key = page_key(piece.original_id, 1)
        default_store().put(key, build.jpeg())
        Reading.objects.filter(piece=piece).update(page_keys=[key])
        return piece.pk

    piece = in_thread(draw)
    page, _ = desk_of(browser, site)
    fetched = []
    page.on("response", lambda answer: fetched.append(answer) if answer.url.endswith(f"{piece}/pages/1") else None)
    open_next(page)
    page.wait_for_selector("[data-ahead-done]", state="attached")
    assert [answer.status for answer in fetched] == [200]
    assert in_thread(held_by, second) == ""  # nothing is reserved: whoever asks first gets it
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url(f"**/gestion/dossiers/{second}")
    page.locator(f'[data-sheet="{piece}-1"] image').wait_for(state="attached")
    page.wait_for_load_state("load")
    again = fetched[1:]
    assert again
    assert all("if-none-match" in answer.request.all_headers() for answer in again)  # it was kept, and is asked about


def test_a_lost_hold_is_said_and_nothing_is_written(site, browser):
    site, in_thread = site
    first, _ = in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")

    def lose():
        from storage.models import Dossier

        return build.add_piece(Dossier.objects.get(pk=first))

    in_thread(lose)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Rien n’a été enregistré")).to_contain_text(
        "Un nouveau document est arrivé"
    )
    assert "field_corrected" not in in_thread(events_of, first)


def test_going_back_shows_the_dossier_as_it_is(site, browser):
    site, in_thread = site
    first, second = in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    for words in ("Dates de soins", "Montant total", "Accepter le dossier"):
        wait_focus(page, words)
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/gestion/dossiers/{second}")
    page.go_back()
    page.wait_for_url(f"**/gestion/dossiers/{first}")
    expect(page.locator(".head .status")).to_have_text("Complet")
    assert page.locator("[data-primary]").count() <= 1
    assert page.get_by_role("button", name="Accepter le dossier").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(site, browser, scheme):
    site, in_thread = site
    in_thread(make_world)
    page, _ = desk_of(browser, site, color_scheme=scheme)
    found = {}

    def check(name):
        found[name] = find_violations(page)

    check("queue")
    open_next(page)
    wait_focus(page, "Dates de soins")
    check("review")
    for panel in page.locator("details.act").all():
        panel.evaluate("node => { node.open = true; }")
    check("panels")
    page.keyboard.press("?")
    check("help")
    assert [one for one in found.items() if one[1]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_account_is_opened_by_keyboard_and_its_pages_are_accessible(site, browser, scheme):
    site, in_thread = site
    in_thread(build.make_operator)
    page, faults = desk_of(browser, site, "yann", color_scheme=scheme)
    page.goto(f"{site.address}/administration/personnes")
    assert find_violations(page) == []
    page.get_by_role("link", name="Ajouter une personne").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Identifiant").focus()
    for text in ("basile", "Basile Tanguy", "basile@exemple.invalid"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("responsable")  # the list takes what is typed
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert find_violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/administration/personnes/\d+$"))
    expect(page.locator("h1")).to_have_text("Basile Tanguy")
    expect(page.locator(".history li")).to_have_count(2)
    expect(page.get_by_label("Rôle", exact=True)).to_have_value("superviseur")
    assert find_violations(page) == []
    page.goto(f"{site.address}/administration/regles")
    assert find_violations(page) == []
    page.get_by_role("region", name="Versions").get_by_role("link").press("Enter")  # kept when the site started
    page.get_by_role("heading", name="Texte").wait_for()
    assert find_violations(page) == []
    assert faults == []
