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


def say(world, field, how, *, confidence=0.99, held_back=None):
    """What a gestionnaire said of a value that the machine had read."""
    append_saying(
        world.dossier, EventKind.FIELD_CORRECTED, at=timezone.now(), actor="odile", piece=world.piece,
        said={"document": 0, "field": field, "value": "12.00", "how": how},
        was={"value": "13.00", "source": "tesseract", "confidence": confidence, "held_back": held_back},
    )  # fmt: skip


def measure():
    return measure_team(THRESHOLDS, today=timezone.localdate(), weeks=4)


def test_values_that_people_saw_fall_in_four_cells(world):
    say(world, "total_amount", "confirmed", confidence=0.6, held_back="low_confidence")
    say(world, "total_amount", "typed", confidence=0.6, held_back="low_confidence")
    say(world, "total_amount", "pointed", confidence=0.99)
    say(world, "issue_date", "typed", confidence=0.99, held_back="check_failed:x")
    check = BlindCheck.objects.create(dossier=world.dossier, drawn_at=timezone.now(), checked_at=timezone.now())
    check.differing = {f"{world.piece.pk}/0": ["patient_name"]}
    check.save()
    effort = measure().effort
    total = effort[FieldName.TOTAL_AMOUNT]
    papers = world.dossier.pieces.count()
    assert (total.right_flagged, total.wrong_flagged, total.wrong_accepted, total.right_accepted) == (1, 1, 1, papers)
    assert effort[FieldName.ISSUE_DATE].wrong_flagged == 1
    assert effort[FieldName.PATIENT_NAME].wrong_accepted == 1
    assert FieldName.NIR not in effort  # nobody looked
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
    Reading.objects.update(read_at=timezone.now())
    say(world, "total_amount", "typed")
    figures = measure()
    assert {source.name for source in figures.doors} == {"site"}
    assert sum(source.corrected for source in figures.doors) == 1
    assert figures.suppliers[0].corrected == 1


def test_the_page_shows_every_number_and_gives_them_to_a_spreadsheet(world, chief):
    say(world, "total_amount", "confirmed")
    page = chief.get("/gestion/tableau").content.decode()
    assert page.count('class="bars-bar"') == 24
    assert "Montant total" in page
    assert "(1 sur 1)" in page
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
