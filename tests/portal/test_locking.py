"""Repeated failures to sign in lock a name for a while; it opens again by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.db.models import F
from django.test import Client

from portal.locking import say_lock
from tests.portal import build

N = "\u00a0"


@pytest.fixture(autouse=True)
def _account(db):
    build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")


def sign_in(password, *, name="maelys", address="10.0.0.1"):
    return Client(REMOTE_ADDR=address).post("/connexion", {"username": name, "password": password})


def let_pass(time):
    """Make everything that was counted so much older."""
    for model in (AccessAttempt, AccessFailureLog):
        model.objects.update(attempt_time=F("attempt_time") - time)


def fail(times, **more):
    return [sign_in("faux", **more).status_code for _ in range(times)]


def test_the_third_failure_locks_also_whoever_knows_the_password():
    assert fail(2) == [200, 200]
    assert sign_in(build.PASSWORD).status_code == 302  # two failures are forgiven
    assert fail(3, address="10.0.0.2") == [200, 200, 429]
    answer = sign_in(build.PASSWORD)
    assert answer.status_code == 429
    html = answer.content.decode()
    assert "Trop d’essais" in html
    assert f"30{N}minutes au plus" in html


def test_other_names_are_not_locked():
    build.make_member("05093311", "Yann", "Le Bris", username="yann")
    fail(3)
    assert sign_in(build.PASSWORD, name="yann").status_code == 302


def test_a_name_without_account_is_answered_alike():
    known, unknown = fail(4), fail(4, name="personne")
    assert known == unknown == [200, 200, 429, 429]


def test_it_opens_by_itself_and_tries_meanwhile_do_not_prolong_it():
    fail(3)
    let_pass(timedelta(minutes=20))
    assert fail(1) == [429]
    let_pass(timedelta(minutes=9))
    assert sign_in(build.PASSWORD).status_code == 429
    let_pass(timedelta(minutes=2))
    assert sign_in(build.PASSWORD).status_code == 302


def test_after_three_locks_in_a_day_it_stays_locked_for_a_day():
    for _ in range(3):
        assert fail(3)[-1] == 429
        let_pass(timedelta(minutes=40))
    answer = sign_in(build.PASSWORD)
    assert answer.status_code == 429
    assert f"24{N}heures au plus" in answer.content.decode()
    let_pass(timedelta(hours=24))
    assert sign_in(build.PASSWORD).status_code == 302


def test_failures_are_forgotten_after_a_day():
    fail(2)
    assert AccessFailureLog.objects.count() == 2
    let_pass(timedelta(hours=25))
    fail(1, name="autre")
    assert [row.username for row in AccessFailureLog.objects.all()] == ["autre"]
    assert [row.username for row in AccessAttempt.objects.all()] == ["autre"]


def test_the_password_is_written_nowhere():
    fail(3)
    rows = [str(row.__dict__) for model in (AccessAttempt, AccessFailureLog) for row in model.objects.all()]
    assert rows
    assert not any("faux" in row for row in rows)


@pytest.mark.parametrize(
    ("lock", "words"), [(timedelta(minutes=30), f"30{N}minutes"), (timedelta(hours=24), f"24{N}heures")]
)
def test_a_lock_in_words(lock, words):
    assert say_lock(lock) == words
