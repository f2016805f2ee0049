"""What runs on a schedule, called as plain functions; no server answers here, and nothing of it depends on one."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from prefect.logging import disable_run_logger
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.context import make_context
from flows.purge import purge
from flows.reminders import reminders
from flows.sweep import sweep
from schemas.settings import Settings, load_settings
from schemas.statuses import EventKind
from schemas.vocabulary import DecisionKind
from storage.events import append_event
from storage.models import Dossier, Piece, UpkeepRecord
from storage.workers import sign_in
from tests.storage.build import add_piece, make_dossier

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def context(tmp_path):
    nowhere = {PREFECT_API_URL: "http://127.0.0.1:1/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nowhere), disable_run_logger():
        yield make_context(Settings(data_dir=tmp_path, readers=1), "w1")


def test_a_sweep_frees_what_was_left_and_tells_alarms(context, monkeypatch):
    monkeypatch.setattr(load_settings(), "alarm_email", "exploitation@exemple.invalid")
    long_ago = timezone.now() - timedelta(hours=2)
    piece = add_piece(make_dossier(now=long_ago), context.store, now=long_ago)
    Piece.objects.update(lease_owner="gone", lease_until=long_ago)
    sign_in("w1", 1, timezone.now())
    counts = sweep.fn("w1")
    assert (counts["freed_pieces"], counts["missing_originals"], counts["alarms_told"]) == (1, 0, 1)
    assert "the oldest paper waits for 120 min" in mail.outbox[0].body
    assert sweep.fn("w1")["alarms_told"] == 0
    (context.settings.data_dir / "objects" / "originals" / piece.original_id[:2] / piece.original_id).unlink()
    Piece.objects.update(received_at=timezone.now())
    type(piece.original).objects.update(kept_at=timezone.now())
    counts = sweep.fn("w1")
    assert (counts["missing_originals"], counts["alarms_told"]) == (1, 1)
    assert "originals_missing" in mail.outbox[1].subject


def test_members_are_reminded_on_working_days_only(context, monkeypatch):
    dossier = make_dossier("ASKED", now=timezone.now() - timedelta(days=9))
    asked = timezone.now() - timedelta(days=8)
    append_event(dossier, EventKind.DECIDED, at=asked, actor="w", decision=DecisionKind.INCOMPLETE)
    monkeypatch.setattr("flows.reminders.is_working_day", lambda *_: False)
    assert reminders.fn("w1") == {"reminded": 0, "handed_over": 0, "messages_sent": 0}
    monkeypatch.setattr("flows.reminders.is_working_day", lambda *_: True)
    assert reminders.fn("w1") == {"reminded": 1, "handed_over": 0, "messages_sent": 1}
    assert reminders.fn("w1") == {"reminded": 0, "handed_over": 0, "messages_sent": 0}
    assert ["ASKED" in message.subject for message in mail.outbox] == [True]


def test_a_purge_erases_what_is_due(context):
    add_piece(make_dossier("OLD"), context.store)
    add_piece(make_dossier("NEW"), context.store)
    Dossier.objects.filter(reference="OLD").update(changed_at=timezone.now() - timedelta(days=366 * 6))
    report = purge.fn("w1")
    assert (report["papers"], report["dossiers"]) == (1, 0)
    assert dict(Piece.objects.values_list("dossier__reference", "state")) == {"OLD": "erased", "NEW": "received"}
    assert UpkeepRecord.objects.get().actor == "w1"
