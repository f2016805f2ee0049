"""A decision that is contested is taken again, by somebody else."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from dossiers import decide
from schemas.errors import RefusedActError
from schemas.handling import RefusalReason
from schemas.rules import load_rules
from schemas.statuses import DossierStatus
from schemas.vocabulary import DecisionKind
from storage import acting
from storage.contesting import Remedy, contest, find_remedy
from storage.deciding import load_dossier
from storage.events import rebuild_status
from storage.holding import Ticket, hold_dossier, hold_next, read_version
from storage.models import Contest
from storage.work import claim_dossiers, save_decision
from tests.storage.build import LEASE, NOW, add_piece, at, make_dossier
from tests.storage.test_queries import finish

RULES = load_rules().model_copy(update={"four_eyes": load_rules().four_eyes.model_copy(update={"refusals": False})})
LATER = at(3600)


@pytest.fixture
def refused(database, folder_store):
    """A dossier that Odile has refused."""
    odile = User.objects.create_user("odile")
    dossier = make_dossier()
    finish([dossier], folder_store, DecisionKind.TO_REVIEW)
    acting.refuse(in_hand(dossier, odile), RULES, RefusalReason.NOT_COVERED, "hors contrat", "Non couvert.", at(60))
    dossier.refresh_from_db()
    return dossier


def in_hand(dossier, user, now=NOW):
    hold = hold_dossier(dossier.pk, user.pk, now + timedelta(seconds=30))
    return Ticket(dossier.pk, hold.token, read_version(dossier.pk), user.pk, user.username, user.username)


def say_no(dossier, why="Le contrat couvre ces soins.", *, now=LATER, token=None, rules=RULES):
    token = token or uuid.uuid4()
    return contest(dossier.pk, why, token, rules, actor="member:1", now=now, today=now.date())


def decide_again(now):
    for claimed in claim_dossiers("w", 10, now, LEASE):
        loaded = load_dossier(claimed.id, RULES)
        decision = decide(loaded.dossier, RULES, loaded.history, today=now.date())
        save_decision(claimed, decision, worker="w", now=now)


def status_of(dossier):
    dossier.refresh_from_db()
    assert rebuild_status(dossier).value == dossier.status
    return DossierStatus(dossier.status)


def test_it_goes_to_a_person_who_did_not_decide(refused):
    odile, paul = User.objects.get(username="odile"), User.objects.create_user("paul")
    made = say_no(refused)
    assert made.decided_by == odile
    assert status_of(refused) is DossierStatus.RECEIVED
    decide_again(at(3700))
    assert status_of(refused) is DossierStatus.TO_REVIEW
    assert refused.decisions.last().reasons[0] == "contestation"
    assert hold_next(odile.pk, (), at(3800), NOW.date()) is None
    with pytest.raises(RefusedActError) as own:
        acting.accept(in_hand(refused, odile, at(3800)), RULES, at(3830), why="à revoir")
    assert "votre décision" in own.value.message_fr
    refused.refresh_from_db()
    type(refused).objects.filter(pk=refused.pk).update(lease_until=None, lease_owner="", lease_token=None)
    hold = hold_next(paul.pk, (), at(3900), NOW.date())
    assert hold.dossier_id == refused.pk
    ticket = Ticket(refused.pk, hold.token, read_version(refused.pk), paul.pk, "paul", "Paul")
    assert acting.accept(ticket, RULES, at(3910), why="le contrat couvre bien") == ()
    assert status_of(refused) is DossierStatus.COMPLETE
    assert Contest.objects.get().settled_at == at(3910)


def test_papers_that_come_with_it_do_not_let_the_machine_settle_it(refused, folder_store):
    say_no(refused)
    finish([refused], folder_store, DecisionKind.COMPLETE, now=at(3700))  # the worker reads
    loaded = load_dossier(refused.pk, RULES)
    decision = decide(loaded.dossier, RULES, loaded.history, today=NOW.date())
    assert (decision.decision, decision.missing) == (DecisionKind.TO_REVIEW, ())


def test_sent_twice_it_counts_once_and_one_is_enough(refused):
    token = uuid.uuid4()
    assert say_no(refused, token=token) == say_no(refused, token=token)
    decide_again(at(3700))
    assert find_remedy(refused, RULES, NOW.date()).open_since == LATER
    with pytest.raises(RefusedActError, match="nothing to contest"):
        say_no(refused)


def test_nothing_is_contested_without_a_reason_too_late_or_before_a_decision(refused, folder_store):
    with pytest.raises(RefusedActError) as unsaid:
        say_no(refused, "  ")
    assert "pourquoi" in unsaid.value.message_fr
    far = NOW + timedelta(days=800)
    assert find_remedy(refused, RULES, far.date()) == Remedy(passed=True)
    with pytest.raises(RefusedActError):
        say_no(refused, now=far)
    waiting = make_dossier("W")
    assert find_remedy(waiting, RULES, NOW.date()) == Remedy()
    with pytest.raises(RefusedActError):
        say_no(waiting)
    silent = RULES.model_copy(update={"contests": None})
    assert find_remedy(refused, silent, NOW.date()) == Remedy()


def test_the_time_is_the_insurers(refused):
    until = find_remedy(refused, RULES, NOW.date()).until
    assert until == date(NOW.year + 2, NOW.month, NOW.day)
    short = RULES.model_copy(update={"contests": RULES.contests.model_copy(update={"within_months": 1})})
    assert find_remedy(refused, short, until) == Remedy(passed=True)
    ahead = RULES.contests.model_copy(update={"effective_from": NOW.date() + timedelta(days=1)})
    assert find_remedy(refused, RULES.model_copy(update={"contests": ahead}), NOW.date()) == Remedy()


def test_asking_the_member_does_not_end_it(refused, folder_store):
    say_no(refused)
    decide_again(at(3700))
    paul = User.objects.create_user("paul")
    acting.ask_member(in_hand(refused, paul, at(3800)), (), "Envoyez votre contrat.", at(3830))
    add_piece(refused, folder_store, now=at(3900))
    assert load_dossier(refused.pk, RULES).dossier.contested
