"""Two people, two tabs, two clicks: what happens once happens once, and who came too late is told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright import sync_api as playwright

from tests.portal.desk import desk_of, events_of, held_by, make_world, open_next, wait_focus

pytestmark = pytest.mark.service
expect = playwright.expect
STALE = "Rien n’a été enregistré"


def test_a_second_tab_that_is_stale_writes_nothing_and_says_why(site, browser):
    served, in_thread = site
    first, _ = in_thread(make_world)
    page, _ = desk_of(browser, served)
    open_next(page)
    wait_focus(page, "Dates de soins")
    other = page.context.new_page()
    other.goto(page.url)
    wait_focus(other, "Dates de soins")
    page.keyboard.press("Enter")
    wait_focus(page, "Montant total")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert").filter(has_text=STALE)).to_contain_text("Dates de soins")
    assert in_thread(events_of, first).count("field_corrected") == 1


def test_a_double_click_decides_once(site, browser):
    served, in_thread = site
    first, second = in_thread(make_world)
    page, _ = desk_of(browser, served)
    open_next(page)
    for words in ("Dates de soins", "Montant total"):
        wait_focus(page, words)
        page.keyboard.press("Enter")
    wait_focus(page, "Accepter le dossier")
    page.get_by_role("button", name="Accepter le dossier").dblclick()
    page.wait_for_url(f"**/gestion/dossiers/{second}")
    assert in_thread(events_of, first).count("handler_accepted") == 1
    assert "handler_accepted" not in in_thread(events_of, second)


def test_two_people_who_press_next_together_get_two_dossiers(site, browser):
    served, in_thread = site
    both = set(map(str, in_thread(make_world)))
    pages = [desk_of(browser, served, name)[0] for name in ("odile", "basile")]
    for page in pages:
        expect(page.get_by_role("button", name="Dossier suivant")).to_be_focused()
    for page in pages:  # the second one leaves before the first one has its answer
        page.evaluate("setTimeout(() => document.activeElement.click(), 0)")
    for page in pages:
        page.wait_for_url(re.compile(r"/gestion/dossiers/[0-9a-f-]{36}$"))
    assert {page.url.rsplit("/", 1)[1] for page in pages} == both
    assert len({in_thread(held_by, dossier) for dossier in both}) == 2


def test_a_dossier_in_another_hand_can_be_read_and_not_changed(site, browser):
    served, in_thread = site
    first, _ = in_thread(make_world)
    page, _ = desk_of(browser, served)
    open_next(page)
    guest, _ = desk_of(browser, served, "basile")
    guest.goto(f"{served.address}/gestion/dossiers/{first}")
    expect(guest.get_by_text("Ouvert par Odile Marchand")).to_be_visible()
    assert guest.locator("[data-value]").count() == 0
    assert guest.get_by_role("button", name="Prendre ce dossier").count() == 0


def test_a_hold_that_ran_out_and_went_to_another_is_told(site, browser):
    served, in_thread = site
    first, second = in_thread(make_world)
    page, _ = desk_of(browser, served)
    open_next(page)
    wait_focus(page, "Dates de soins")

    def run_out():
        from django.utils import timezone

        from storage.models import Dossier

        Dossier.objects.filter(pk=first).update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    page.route("**/presence", lambda route: route.abort())  # a telephone in a tunnel sends no sign of life
    in_thread(run_out)
    other, _ = desk_of(browser, served, "basile")
    open_next(other)
    assert other.url.endswith(str(first))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text=STALE)).to_be_visible()
    assert "field_corrected" not in in_thread(events_of, first)
    assert in_thread(held_by, first) != in_thread(held_by, second)
