"""A value on the review screen: other readings, typed, pointed at, completed from the page, undone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright import sync_api as playwright

from tests.portal.desk import desk_of, make_world, open_next, values_of, wait_focus

pytestmark = pytest.mark.service
expect = playwright.expect


def test_other_readings_typing_undo_and_nothing_printed_by_key(site, browser):
    site, in_thread = site
    first, _ = in_thread(make_world)
    page, faults = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "80,00"
    page.keyboard.press("Enter")
    wait_focus(page, "Dates de soins")
    assert in_thread(values_of, first)["total_amount"].value == Decimal("80.00")
    page.keyboard.press("Control+z")
    page.get_by_text("La dernière correction est annulée.").wait_for(state="attached")
    wait_focus(page, "Dates de soins")
    page.keyboard.press("Tab")
    assert in_thread(values_of, first)["total_amount"].value == Decimal("60.00")
    page.keyboard.type("septante")
    page.keyboard.press("Enter")
    expect(page.locator(".point .form-fault:not([hidden])")).to_have_text("Écrivez le montant comme 1389,00.")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == "60,00"
    page.keyboard.type("75")
    page.keyboard.press("Enter")
    wait_focus(page, "Dates de soins")
    found = in_thread(values_of, first)["total_amount"]
    assert (found.value, found.raw_text) == (Decimal("75.00"), "75,00")  # found again on the page
    page.keyboard.press("F2")
    page.get_by_text("rien d’imprimé").first.wait_for()
    assert in_thread(values_of, first)["care_dates"].value is None
    assert [fault for fault in faults if "422" not in fault] == []


def test_words_of_the_page_fill_the_field(site, browser):
    site, in_thread = site
    first, _ = in_thread(make_world)
    page, _ = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("Tab")
    picture = page.locator(".sheet svg.page image").first
    page.locator("[data-scroll]").evaluate("node => node.scrollTo({top: 0})")
    box = picture.bounding_box()
    scale = box["width"] / 800
    page.mouse.click(box["x"] + 640 * scale, box["y"] + 510 * scale)
    page.wait_for_function("() => document.activeElement.value === '75,00'")
    page.mouse.move(box["x"] + 590 * scale, box["y"] + 495 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 705 * scale, box["y"] + 525 * scale, steps=4)
    page.mouse.up()
    page.wait_for_function("() => document.activeElement.value === '75,00 €'")
    page.keyboard.press("Enter")
    wait_focus(page, "Dates de soins")
    found = in_thread(values_of, first)["total_amount"]
    assert found.value == Decimal("75.00")
    assert found.polygon[0] == (600, 500)
    assert found.polygon[2] == (700, 520)


def test_what_is_typed_is_completed_from_the_words_of_the_page(site, browser):
    site, in_thread = site
    first, _ = in_thread(make_world)
    page, faults = desk_of(browser, site)
    open_next(page)
    wait_focus(page, "Dates de soins")
    page.keyboard.press("Tab")
    page.keyboard.type("75")  # two figures say too little
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.value") == "75"
    page.keyboard.type(",")
    page.wait_for_function("() => document.activeElement.value === '75,00 €'")
    page.keyboard.press("Backspace")  # what was proposed goes, what was typed stays
    assert page.evaluate("document.activeElement.value") == "75,"
    page.keyboard.type("00")  # all of a word: it may be all that is meant
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.value") == "75,00"
    for _ in range(2):
        page.keyboard.press("Backspace")
    page.keyboard.type("0")
    page.wait_for_function("() => document.activeElement.value === '75,00 €'")
    page.keyboard.press("Enter")
    wait_focus(page, "Dates de soins")
    found = in_thread(values_of, first)["total_amount"]
    assert (found.value, found.polygon[0], found.polygon[2]) == (Decimal("75.00"), (600, 500), (700, 520))
    assert faults == []
