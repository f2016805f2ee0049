"""How a settlement stands, as the system that pays says; and what that leaves as it is."""

from datetime import date

import pytest

from schemas.errors import NotHandedOverError
from schemas.statuses import DossierStatus, EventKind, Settlement
from schemas.vocabulary import DecisionKind
from storage.events import append_event, rebuild_status
from storage.models import Event
from storage.settling import report_settlement
from storage.work import claim_dossiers, claim_pieces, save_decision, save_reading
from tests.storage.build import LEASE, SETTLE, add_piece, at, make_decision, make_dossier, make_reading


def decide(dossier, store, kind, now=60):
    add_piece(dossier, store, now=at(now))
    for piece in claim_pieces("w", 9, at(now + 1), LEASE):
        save_reading(piece, make_reading(piece), worker="w", seconds=0.1, now=at(now + 2), settle=SETTLE)
    for claimed in claim_dossiers("w", 9, at(now + 60), LEASE):
        save_decision(claimed, make_decision(claimed.reference, kind), worker="w", now=at(now + 61))
    dossier.refresh_from_db()


def report(dossier, state, day=None, now=600):
    report_settlement(dossier.pk, state, day=day, actor="integrator:pays", now=at(now))
    dossier.refresh_from_db()
    assert rebuild_status(dossier).value == dossier.status
    return DossierStatus(dossier.status)


def test_from_handed_over_to_paid(database, folder_store):
    dossier = make_dossier()
    decide(dossier, folder_store, DecisionKind.COMPLETE)
    assert report(dossier, Settlement.WAITING_AMO) is DossierStatus.WAITING_AMO
    assert report(dossier, Settlement.RESUMED) is DossierStatus.COMPLETE
    assert report(dossier, Settlement.PAID, date(2026, 11, 27)) is DossierStatus.PAID
    last = Event.objects.filter(dossier=dossier).latest("id")
    assert (last.kind, last.actor, last.after["on"]) == ("paid", "integrator:pays", "2026-11-27")


def test_the_same_again_is_no_event(database, folder_store):
    dossier = make_dossier()
    decide(dossier, folder_store, DecisionKind.COMPLETE)
    for _ in range(2):
        report(dossier, Settlement.PAID)
    assert Event.objects.filter(kind="paid").count() == 1


@pytest.mark.parametrize("kind", [DecisionKind.INCOMPLETE, DecisionKind.TO_REVIEW])
def test_what_is_not_handed_over_is_not_settled(database, folder_store, kind):
    dossier = make_dossier()
    decide(dossier, folder_store, kind)
    for state in Settlement:
        with pytest.raises(NotHandedOverError):
            report(dossier, state)
    assert dossier.status == kind.value


def test_what_was_paid_stays_paid_until_a_paper_comes(database, folder_store):
    dossier = make_dossier()
    decide(dossier, folder_store, DecisionKind.COMPLETE)
    report(dossier, Settlement.PAID)
    with pytest.raises(NotHandedOverError):
        report(dossier, Settlement.WAITING_AMO)
    add_piece(dossier, folder_store, now=at(900))
    dossier.refresh_from_db()
    assert dossier.status == "received"
    with pytest.raises(NotHandedOverError):
        report(dossier, Settlement.PAID)


def test_a_word_that_comes_too_late_changes_no_status(database, folder_store):
    """The log alone leads to the same status, whatever the order in which two systems wrote."""
    dossier = make_dossier()
    append_event(dossier, EventKind.PAID, at=at(5), actor="integrator:pays")
    assert rebuild_status(dossier) is DossierStatus.RECEIVED


def test_the_delay_of_a_dossier_ends_when_it_is_handed_over(database, folder_store):
    from storage.delays import _count_days

    dossier = make_dossier()
    decide(dossier, folder_store, DecisionKind.COMPLETE)
    rows = Event.objects.filter(dossier=dossier).order_by("id").values_list("at", "before__status", "after__status")
    before = _count_days(list(rows))
    report(dossier, Settlement.WAITING_AMO, now=100_000)
    report(dossier, Settlement.PAID, now=200_000)
    assert _count_days(list(rows.all())) == before > 0
