"""What operators see, and what alarms them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schemas.errors import RefusalCode
from schemas.settings import load_settings
from schemas.vocabulary import DecisionKind
from storage.alarms import Alarm, AlarmCode, find_alarms, tell_alarms
from storage.deciding import claim_dossiers, save_decision
from storage.measures import measure
from storage.models import OutboxMessage
from storage.outbox import claim_messages, mark_sent
from storage.pieces import claim_pieces, save_reading
from storage.workers import give_sign, list_workers, sign_in, sign_off
from tests.storage.build import LEASE, SETTLE, add_piece, at, make_decision, make_dossier, make_member, make_reading

pytestmark = pytest.mark.usefixtures("database")


def process(store, number, kind, *, refusal=None):
    """A dossier of one paper: received at 0 s, read at 10 s in 4 s, decided at 15 s, told at 18 s."""
    dossier = make_dossier(f"D{number}", member=make_member(f"M-{number}"))
    add_piece(dossier, store)
    (piece,) = claim_pieces("w1", 1, at(6), LEASE)
    save_reading(piece, make_reading(piece, refusal=refusal), worker="w1", seconds=4.0, now=at(10), settle=SETTLE)
    (claimed,) = claim_dossiers("w1", 1, at(14), LEASE)
    save_decision(claimed, make_decision(claimed.reference, kind), worker="w1", now=at(15))
    (message,) = claim_messages("w1", 1, at(16), LEASE)
    mark_sent(message, worker="w1", now=at(18))


def test_rates_times_shares_and_refusals(folder_store):
    for number, kind in enumerate([DecisionKind.COMPLETE, DecisionKind.INCOMPLETE, DecisionKind.TO_REVIEW]):
        process(folder_store, number, kind)
    process(folder_store, 3, DecisionKind.TO_REVIEW, refusal=RefusalCode.ENCRYPTED)
    add_piece(make_dossier("D9"), folder_store, now=at(20))
    found = measure(at(60))
    assert (found.papers_hour, found.papers_day, found.oldest_seconds) == (4, 4, 40.0)
    assert (found.backlog.unread_pieces, found.backlog.undecided_dossiers) == (1, 1)
    assert (found.decided, found.touchless) == (4, 0.5)
    assert found.refusals == {"encrypted": 1}
    assert {stage: (times.count, times.median, times.p95) for stage, times in found.times.items()} == {
        "waiting": (4, 6.0, 6.0),
        "reading": (4, 4.0, 4.0),
        "deciding": (4, 15.0, 15.0),
        "telling": (4, 3.0, 3.0),
    }
    later = measure(at(60) + timedelta(days=40))
    assert (later.papers_day, later.decided, later.touchless, later.refusals) == (0, 0, None, {})


def test_only_the_last_decision_of_a_dossier_counts(folder_store):
    process(folder_store, 1, DecisionKind.TO_REVIEW)
    dossier = make_dossier("D1", member=make_member("M-1"))
    add_piece(dossier, folder_store, now=at(20))
    (piece,) = claim_pieces("w1", 1, at(21), LEASE)
    save_reading(piece, make_reading(piece), worker="w1", seconds=1.0, now=at(22), settle=SETTLE)
    (claimed,) = claim_dossiers("w1", 1, at(30), LEASE)
    save_decision(claimed, make_decision("D1"), worker="w1", now=at(31))
    found = measure(at(60))
    assert (found.decided, found.touchless) == (1, 1.0)


def test_the_number_of_queries_does_not_grow(folder_store):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            measure(at(60))
        return len(captured)

    empty = count()
    for number in range(5):
        process(folder_store, number, DecisionKind.COMPLETE)
    assert count() == empty == 15


def test_workers_give_signs_of_life_and_stop_in_order():
    sign_in("one", 2, at(0))
    sign_in("two", 2, at(0))
    sign_in("three", 2, at(0))
    give_sign("one", at(100))
    sign_off("three", at(5))
    states = {worker.name: (worker.alive, worker.stopped) for worker in list_workers(at(110))}
    assert states == {"one": (True, False), "two": (False, False), "three": (False, True)}
    alarms = {alarm.code: alarm.message for alarm in find_alarms(measure(at(110)))}
    assert list(alarms) == [AlarmCode.WORKER_LOST]
    assert alarms[AlarmCode.WORKER_LOST].endswith(": two")


def test_silence_is_an_alarm(folder_store):
    add_piece(make_dossier(), folder_store, now=at(0))
    sign_in("one", 1, at(0))
    assert find_alarms(measure(at(30))) == ()
    codes = [alarm.code for alarm in find_alarms(measure(at(3600)))]
    assert codes == [AlarmCode.NO_WORKER, AlarmCode.WORKER_LOST, AlarmCode.PAPERS_WAIT]


def test_an_alarm_is_told_when_it_starts_and_again_after_hours(monkeypatch):
    monkeypatch.setattr(load_settings(), "alarm_email", "exploitation@exemple.invalid")
    alarms = find_alarms(measure(at(0)))
    assert [alarm.code for alarm in alarms] == [AlarmCode.NO_WORKER]
    told = [len(tell_alarms(alarms, at(minutes * 60))) for minutes in (0, 5, 239, 240, 245)]
    assert told == [1, 0, 0, 1, 0]
    assert tell_alarms((), at(250 * 60)) == ()
    assert len(tell_alarms(alarms, at(255 * 60))) == 1
    assert len(mail.outbox) == 3
    assert mail.outbox[0].to == ["exploitation@exemple.invalid"]
    assert "no worker is alive" in mail.outbox[0].body


def test_no_paper_for_an_hour_of_a_working_day_is_an_alarm_where_it_is_asked_for(folder_store, monkeypatch):
    process(folder_store, 1, DecisionKind.COMPLETE)  # a Monday, at 11 on the site's clock
    sign_in("w1", 1, at(0))

    def is_silent(seconds):
        return AlarmCode.SILENCE in {alarm.code for alarm in find_alarms(measure(at(seconds)))}

    assert not is_silent(2 * 3600)
    monkeypatch.setattr(load_settings(), "silence_minutes", 60)
    assert [is_silent(seconds) for seconds in (30 * 60, 61 * 60, 8 * 3600)] == [False, True, True]
    assert not is_silent(10 * 3600)  # after eight in the evening
    assert not is_silent(21.5 * 3600)  # half past eight in the morning: the day has just begun
    assert is_silent(24 * 3600)
    assert not is_silent(5 * 24 * 3600)  # Saturday


def test_the_watch_leaves_to_the_sweep_what_only_that_can_see(monkeypatch):
    gone = Alarm(AlarmCode.ORIGINALS_MISSING, "1 original is missing")
    assert tell_alarms((gone,), at(0)) == (gone,)
    assert tell_alarms((), at(60), set(AlarmCode) - {AlarmCode.ORIGINALS_MISSING}) == ()
    assert tell_alarms((gone,), at(120)) == ()  # still on, told already
    assert tell_alarms((), at(180)) == ()
    assert tell_alarms((gone,), at(240)) == (gone,)


def test_an_alarm_that_could_not_be_mailed_is_told_next_time(monkeypatch, settings):
    monkeypatch.setattr(load_settings(), "alarm_email", "exploitation@exemple.invalid")
    alarms = find_alarms(measure(at(0)))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with pytest.raises(OSError, match="refused"):
        tell_alarms(alarms, at(0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert len(tell_alarms(alarms, at(300))) == 1


def test_messages_given_up_are_an_alarm(folder_store):
    process(folder_store, 1, DecisionKind.COMPLETE)
    OutboxMessage.objects.update(sent_at=None, given_up_at=at(20))
    assert AlarmCode.MESSAGES_ABANDONED in {alarm.code for alarm in find_alarms(measure(at(30)))}
