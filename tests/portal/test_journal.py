"""Who looked at what is written down, and found again by those who answer for it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from storage.models import Sight
from tests.portal import build

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def looked_at(dossier):
    return list(Sight.objects.filter(dossier=dossier).order_by("pk").values_list("actor", "what"))


@pytest.fixture
def chief(world):
    client = Client()
    client.force_login(build.make_handler("ines", supervisor=True))
    return client


def test_each_page_that_a_gestionnaire_opens_is_one_line(world):
    path = f"/gestion/dossiers/{world.dossier.pk}"
    world.as_handler.get(path, headers=FIREFOX)
    world.as_handler.get(f"/papiers/{world.piece.pk}/pages/1")
    world.as_handler.get(f"/papiers/{world.piece.pk}/mots")
    assert looked_at(world.dossier) == [("odile", "dossier")]
    assert "Firefox" in Sight.objects.get().device
    world.as_handler.get(f"/papiers/{world.piece.pk}")
    world.as_handler.get(f"/papiers/{world.piece.pk}/original")
    assert [what for _, what in looked_at(world.dossier)] == ["dossier", "paper", "original"]


def test_a_picture_fetched_on_its_own_is_a_look_of_its_own(world):
    for _ in range(2):
        world.as_handler.get(f"/papiers/{world.piece.pk}/pages/1")
    assert looked_at(world.dossier) == [("odile", "picture")]
    Sight.objects.update(at=timezone.now() - timedelta(hours=1))
    world.as_handler.get(f"/papiers/{world.piece.pk}/mots")
    assert looked_at(world.dossier) == [("odile", "picture")] * 2


def test_what_is_fetched_ahead_is_told_apart_and_hides_no_look(world):
    path = f"/papiers/{world.piece.pk}/pages/1"
    for _ in range(2):
        world.as_handler.get(path, headers={"X-Liasse-Ahead": "1"})
    world.as_handler.get(path)
    assert looked_at(world.dossier) == [("odile", "preloaded"), ("odile", "picture")]


def test_members_and_those_who_may_not_look_leave_no_line(world):
    world.as_member.get(f"/dossiers/{world.dossier.pk}")
    world.as_member.get(f"/papiers/{world.piece.pk}")
    world.as_other.get(f"/papiers/{world.piece.pk}")
    world.as_other.get(f"/gestion/dossiers/{world.dossier.pk}")
    assert looked_at(world.dossier) == []


def test_supervisors_search_by_person_dossier_and_day(world, chief):
    world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}")
    world.as_handler.get(f"/gestion/dossiers/{world.other_dossier.pk}")
    page = chief.get("/gestion/journal").content.decode()
    assert world.dossier.reference in page
    assert "Dossier ouvert" in page
    only = chief.get("/gestion/journal", {"dossier": world.dossier.reference.lower()}).content.decode()
    assert world.other_dossier.reference not in only
    assert "Rien ne correspond" in chief.get("/gestion/journal", {"qui": "paul"}).content.decode()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "Rien ne correspond" in chief.get("/gestion/journal", {"du": tomorrow}).content.decode()
    today = timezone.localdate().isoformat()
    assert world.dossier.reference in chief.get("/gestion/journal", {"du": today, "au": today}).content.decode()
    assert chief.get("/gestion/journal", {"du": "hier", "quoi": "x", "page": "x"}).status_code == 200


def test_acts_are_told_in_words(world, chief):
    page = chief.get("/gestion/journal", {"quoi": "actes"}).content.decode()
    assert "Demande déposée" in page


def test_a_file_for_a_spreadsheet_holds_no_formula(world, chief):
    Sight.objects.create(dossier=world.dossier, at=timezone.now(), actor="=cmd()", what="dossier")
    text = chief.get("/gestion/journal", {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["date", "personne", "dossier ou compte", "quoi", "appareil"]
    assert rows[1][1] == "'=cmd()"


def test_queries_do_not_grow_with_the_journal(world, chief):
    def count(about):
        with CaptureQueriesContext(connection) as queries:
            chief.get("/gestion/journal", {"quoi": about})
        return len(queries)

    world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}")
    few = {about: count(about) for about in ("consultations", "actes")}
    for _ in range(30):
        world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}")
        build.make_dossier(world.member)
    assert {about: count(about) for about in few} == few


def test_changes_of_accounts_have_a_tab_of_their_own(world, chief):
    from portal import staff

    staff.add_colleague(
        "basile", name="Basile Tanguy", email="b@exemple.invalid", role=staff.Role.HANDLER, queues=[], actor="yann"
    )
    staff.add_colleague("solene", name="Solène Riou", email="", role=staff.Role.OPERATOR, queues=[], actor="basile")
    page = chief.get("/gestion/journal?quoi=comptes").content.decode()
    assert page.index("solene") < page.index("Compte ouvert")
    assert "Solène Riou" in page
    about_both = chief.get("/gestion/journal?quoi=comptes&qui=Basile").content.decode()
    assert about_both.count("<td>") == 2 * 4  # whose account it is, and who changed one
    assert chief.get("/gestion/journal?quoi=comptes&qui=yann").content.decode().count("<td>") == 4
    assert chief.get("/gestion/journal?quoi=comptes&du=2099-01-01").content.decode().count("<td>") == 0
    sheet = chief.get("/gestion/journal?quoi=comptes&format=csv").content.decode()
    assert "Basile Tanguy" in sheet


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_changes_of_accounts_as_they_are(database, change):
    from django.db import DatabaseError, transaction

    from portal import staff
    from storage.models import StaffChange

    staff.add_colleague("basile", name="Basile Tanguy", email="", role=staff.Role.HANDLER, queues=[], actor="yann")
    rows = StaffChange.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(actor="nobody") if change == "update" else rows.delete()
    assert StaffChange.objects.get().actor == "yann"
