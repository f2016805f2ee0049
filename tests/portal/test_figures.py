"""The team's dashboard counts what people saw, and nothing that nobody looked at."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schemas.rules import load_rules
from schemas.statuses import EventKind
from schemas.vocabulary import FieldName
from storage.contents import append_saying
from storage.figures import measure_team
from storage.handling_models import BlindCheck
from storage.models import DecisionRecord, Event, Reading
from tests.portal import build

THRESHOLDS = load_rules().thresholds


@pytest.fixture
def chief(world):
    client = Client()
    client.force_login(build.make_handler("ines", supervisor=True))
    return client


def say(world, field, how, *, value="12.00", was="13.00", source="tesseract", confidence=0.99, held_back=None):
    """What a gestionnaire said of a value that the machine had read."""
    return append_saying(
        world.dossier, EventKind.FIELD_CORRECTED, at=timezone.now(), actor="odile", piece=world.piece,
        said={"document": 0, "field": field, "value": was if how == "confirmed" else value, "how": how},
        was={"value": was, "source": source, "confidence": confidence, "held_back": held_back},
    )  # fmt: skip


def measure():
    return measure_team(THRESHOLDS, today=timezone.localdate(), weeks=4)


def cells(field):
    effort = measure().effort.get(FieldName(field))
    if effort is None:
        return None
    return effort.right_flagged, effort.wrong_flagged, effort.wrong_accepted, effort.right_accepted


def test_values_that_people_saw_fall_in_four_cells(world):
    say(world, "total_amount", "confirmed", confidence=0.6, held_back="low_confidence")
    say(world, "care_dates", "typed", confidence=0.6, held_back="low_confidence")
    say(world, "practitioner_name", "pointed", confidence=0.999)
    say(world, "issue_date", "typed", confidence=0.999, held_back="check_failed:x")
    say(world, "document_number", "confirmed", confidence=0.999)
    say(world, "patient_name", "typed", value="13.00", held_back="low_confidence", confidence=0.1)
    assert cells("total_amount") == (1, 0, 0, 0)
    assert cells("care_dates") == (0, 1, 0, 0)
    assert cells("practitioner_name") == (0, 0, 1, 0)
    assert cells("issue_date") == (0, 1, 0, 0)
    assert cells("document_number") == (0, 0, 0, 1)
    assert cells("patient_name") == (1, 0, 0, 0)  # typed, and the machine had read the same
    assert cells("nir") is None  # nobody looked


def test_what_was_undone_never_was(world):
    event = say(world, "total_amount", "typed")
    undone = {"undoes": event.pk, "document": 0, "field": "total_amount"}
    append_saying(
        world.dossier, EventKind.CORRECTION_UNDONE, at=timezone.now(), actor="odile", piece=world.piece, said=undone
    )
    assert cells("total_amount") is None
    assert measure().origins.suppliers == ()


def test_what_stands_in_the_end_is_held_against_what_the_machine_read(world):
    say(world, "total_amount", "typed", held_back="low_confidence", confidence=0.3)
    say(world, "total_amount", "typed", value="13.00", was="12.00", source="handler", confidence=1.0)
    assert cells("total_amount") == (1, 0, 0, 0)


@pytest.mark.parametrize("source", ["handler", "member"])
def test_values_that_people_set_say_nothing_of_the_machine(world, source):
    say(world, "total_amount", "typed", source=source, confidence=1.0)
    assert cells("total_amount") is None


def test_blind_checks_count_values_that_the_machine_had_accepted_and_once(world):
    now = timezone.now()
    judged = {"patient_name": {"right": 0, "wrong": 1}, "total_amount": {"right": 2, "wrong": 0}}
    BlindCheck.objects.create(
        dossier=world.dossier, drawn_at=now, checked_at=now, judged=judged,
        differing={f"{world.piece.pk}/0": ["patient_name"]},
    )  # fmt: skip
    append_saying(
        world.dossier, EventKind.BLIND_DIFFERED, at=now, actor="odile", piece=world.piece,
        said={"document": 0, "field": "patient_name", "value": "Léa"},
    )  # fmt: skip
    say(world, "patient_name", "typed", value="Léa", was="Léo")  # what the check called for
    assert cells("patient_name") == (0, 0, 1, 0)
    assert cells("total_amount") == (0, 0, 0, 2)
    assert cells("issue_date") is None
    assert measure().weeks[-1].escaped == 1


def test_weeks_begin_on_monday_and_only_first_decisions_count(world):
    today = timezone.localdate()
    DecisionRecord.objects.all().delete()
    rows = [
        (0, 1, "complete", []),
        (0, 2, "to_review", []),
        (7, 1, "to_review", ["lecture_incertaine"]),
        (90, 1, "complete", []),
    ]
    for days, number, decision, reasons in rows:
        dossier = world.dossier if number == 2 else build.make_dossier(world.member)
        DecisionRecord.objects.create(
            dossier=dossier, number=number, line={}, decision=decision, missing=[], reasons=reasons, rules_version="",
            rules_hash="", reader_version="", worker="w", decided_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    weeks = measure_team(THRESHOLDS, today=today, weeks=3).weeks
    assert [week.monday.weekday() for week in weeks] == [0, 0, 0]
    assert [(week.decided, week.touchless, week.doubtful) for week in weeks] == [(0, 0, 0), (1, 0, 1), (1, 1, 0)]


def test_papers_are_counted_by_where_they_come_from(world):
    Reading.objects.update(read_at=timezone.now(), file_kind="picture", practitioner="Cabinet Moreau")
    Reading.objects.filter(piece=world.piece).update(refusal="damaged")
    say(world, "total_amount", "typed")
    figures = measure()
    assert {origin.name for origin in figures.origins.doors} == {"site"}
    assert sum(origin.whole.corrected for origin in figures.origins.doors) == 1
    assert [(origin.name, origin.whole.refused) for origin in figures.origins.kinds] == [("picture", 1)]
    assert [(origin.name, origin.whole.corrected) for origin in figures.origins.suppliers] == [("Cabinet Moreau", 1)]
    assert [share.corrected for share in figures.origins.suppliers[0].weeks] == [0, 0, 0, 1]


def test_the_page_shows_every_number_and_gives_them_to_a_spreadsheet(world, chief):
    say(world, "total_amount", "confirmed", held_back="low_confidence", confidence=0.5)
    BlindCheck.objects.create(dossier=world.dossier, drawn_at=timezone.now(), checked_at=timezone.now())
    page = chief.get("/gestion/tableau").content.decode()
    assert page.count('class="bars-bar"') == 24
    assert "Montant total" in page
    assert "(1 sur 1)" in page
    assert "1, dont 0\u00a0avec une erreur (de 0,0\u202f% à 79,3\u202f%)" in page
    assert chief.get("/gestion/tableau?semaines=x&file=y").status_code == 200
    text = chief.get("/gestion/tableau?format=csv&semaines=4").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["Montant total", "1", "0", "0", "0", "1"] in rows


def test_queries_do_not_grow_with_the_dossiers(world, chief):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert chief.get("/gestion/tableau").status_code == 200
        return len(queries)

    say(world, "total_amount", "typed")
    few = count()
    for _ in range(8):
        build.make_decided_dossier(world.member)
        say(world, "total_amount", "typed")
    assert count() == few
    assert Event.objects.filter(kind="field_corrected").count() == 9
