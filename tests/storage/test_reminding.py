"""Members who do not answer are reminded once each time, and handed to a person in the end."""

from datetime import timedelta
from itertools import pairwise

import pytest

from schemas.rules import load_rules
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import ClaimType, DecisionKind
from storage.delays import FEWEST, measure_delay
from storage.events import append_event, lock_dossier, rebuild_status
from storage.models import Dossier, OutboxMessage
from storage.reminding import Reminded, remind_members
from tests.storage.build import NOW, add_piece, make_dossier

RULES = load_rules()
ASKED = NOW


def ask(dossier, *, now=ASKED, decision=DecisionKind.INCOMPLETE):
    append_event(dossier, EventKind.DECIDED, at=now, actor="w", decision=decision, detail={"number": 1})
    return dossier


def run(days, rules=RULES):
    now = ASKED + timedelta(days=days)
    return remind_members(rules, actor="w", now=now, today=now.date())


def reminders(dossier):
    return [
        event.after["number"] for event in dossier.events.filter(kind=EventKind.MEMBER_REMINDED.value).order_by("id")
    ]


def test_each_reminder_is_written_once(database):
    dossier = ask(make_dossier("A"))
    assert RULES.reminders.after_days == (7, 21)
    assert run(6) == Reminded()
    assert run(7) == Reminded(reminded=1)
    assert run(7) == run(20) == Reminded()
    assert run(21) == Reminded(reminded=1)
    assert run(30) == Reminded()
    assert reminders(dossier) == [1, 2]
    messages = OutboxMessage.objects.filter(key__startswith="reminder:")
    assert len(messages) == len({message.key for message in messages}) == 2
    assert "A" in messages[0].subject
    assert f"/dossiers/{dossier.pk}" in messages[0].body
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.INCOMPLETE.value


def test_what_was_missed_is_not_made_up_for(database):
    dossier = ask(make_dossier())
    assert run(25) == Reminded(reminded=1)
    assert reminders(dossier) == [2]


def test_whoever_answers_is_not_reminded_and_is_asked_anew(database, folder_store):
    dossier = ask(make_dossier())
    add_piece(dossier, folder_store, now=ASKED + timedelta(days=3))
    assert run(10) == Reminded()
    ask(lock_and_get(dossier), now=ASKED + timedelta(days=4))
    assert run(10) == Reminded()
    assert run(11) == Reminded(reminded=1)
    assert reminders(dossier) == [1]


def lock_and_get(dossier):
    from django.db import transaction

    with transaction.atomic():
        return lock_dossier(dossier.pk)


def test_a_dossier_that_nobody_answers_comes_to_a_person(database):
    dossier = ask(make_dossier())
    run(8)
    assert run(45) == Reminded(handed_over=1)
    assert run(46) == Reminded()
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.TO_REVIEW.value == rebuild_status(dossier).value
    assert dossier.due > (ASKED + timedelta(days=45)).date()
    assert dossier.priority == RULES.routing.priorities[DecisionKind.TO_REVIEW]
    event = dossier.events.last()
    assert (event.kind, event.after["reminders"]) == (EventKind.LEFT_UNANSWERED.value, 1)


def test_a_member_without_address_is_remembered_and_written_nothing(database):
    dossier = ask(make_dossier(email=""))
    assert run(7) == Reminded(reminded=1)
    assert reminders(dossier) == [1]
    assert not OutboxMessage.objects.filter(key__startswith="reminder:").exists()


def test_without_reminders_in_the_rules_nothing_happens(database):
    ask(make_dossier())
    assert run(100, RULES.model_copy(update={"reminders": None})) == Reminded()


def test_settled_and_waiting_dossiers_are_left_alone(database):
    for kind in (DecisionKind.COMPLETE, DecisionKind.TO_REVIEW):
        ask(make_dossier(), decision=kind)
    assert run(100) == Reminded()


def settle(number, *, after_days, waited_days=0):
    """A dossier that was settled some days after its deposit, of which it waited some for its member."""
    dossier = make_dossier(f"S{number:03d}")
    asked = NOW + timedelta(hours=1)
    if waited_days:
        ask(dossier, now=asked)
        append_event(dossier, EventKind.PIECE_RECEIVED, at=asked + timedelta(days=waited_days), actor="test")
    ask(dossier, now=NOW + timedelta(days=after_days), decision=DecisionKind.COMPLETE)


def test_a_delay_is_told_of_enough_dossiers_and_without_the_days_of_the_member(database, django_assert_num_queries):
    for number in range(FEWEST - 1):
        settle(number, after_days=2)
    later = NOW + timedelta(days=20)
    assert measure_delay(ClaimType.OPTIQUE, later) is None
    settle(FEWEST, after_days=12, waited_days=9)
    with django_assert_num_queries(2):
        delay = measure_delay(ClaimType.OPTIQUE, later)
    assert (delay.dossiers, delay.median) == (FEWEST, 2.0)
    assert 2.0 <= delay.ninety <= 3.0
    assert measure_delay(ClaimType.DENTAIRE, later) is None
    assert measure_delay(ClaimType.OPTIQUE, later + timedelta(days=365)) is None
    Dossier.objects.filter(reference="S000").update(status=DossierStatus.TO_REVIEW.value)
    assert measure_delay(ClaimType.OPTIQUE, later) is None  # reopened: not settled any more


def test_the_time_between_an_answer_and_the_next_opening_is_nobodys(database):
    for number in range(FEWEST):
        dossier = make_dossier(f"R{number:03d}")
        ask(dossier, now=NOW + timedelta(days=1), decision=DecisionKind.COMPLETE)
        append_event(dossier, EventKind.PIECE_RECEIVED, at=NOW + timedelta(days=60), actor="test")
        ask(dossier, now=NOW + timedelta(days=61), decision=DecisionKind.COMPLETE)
    delay = measure_delay(ClaimType.OPTIQUE, NOW + timedelta(days=62))
    assert (delay.median, delay.ninety) == (2.0, 2.0)


@pytest.mark.parametrize("days", [(), (7, 7), (21, 7), (7, 50)])
def test_reminders_come_in_order_and_before_the_hand_over(days):
    from pydantic import ValidationError

    from schemas.reminders import Reminders

    with pytest.raises(ValidationError):
        Reminders(after_days=days, hand_over_after_days=45, email=RULES.reminders.email)
    assert all(earlier < later for earlier, later in pairwise(RULES.reminders.after_days))
