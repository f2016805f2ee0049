from datetime import date, timedelta

import pytest

from dossiers.ordering import rank_in_queue
from schemas.errors import RefusalCode
from schemas.statuses import DossierStatus
from schemas.vocabulary import DecisionKind, MissingPiece
from storage.acting import ask_member
from storage.holding import Ticket, hold_dossier, hold_next, read_version
from storage.models import Dossier
from storage.queries import (
    count_by_queue,
    count_by_status,
    count_refusals,
    describe_dossier,
    describe_dossiers,
    find_waiting,
    find_workers,
    measure_backlog,
    measure_queues,
    order_for_handlers,
    select_dossiers,
)
from storage.work import claim_dossiers, claim_pieces, save_decision, save_reading
from tests.storage.build import (
    LEASE,
    NOW,
    SETTLE,
    add_piece,
    at,
    make_decision,
    make_dossier,
    make_member,
    make_person,
    make_reading,
)


def finish(dossiers, store, kind, *, now=NOW, refusal=None, **more):
    """Have dossiers read and decided, a paper each."""
    for dossier in dossiers:
        add_piece(dossier, store, now=now)
    for claimed in claim_pieces("reader", 100, now, LEASE):
        reading = make_reading(claimed, refusal=refusal)
        save_reading(claimed, reading, worker="reader", seconds=0.1, now=now, settle=SETTLE)
    decided = now + timedelta(seconds=3)
    while claimed_dossiers := claim_dossiers("w", 100, decided, LEASE):
        for claimed in claimed_dossiers:
            decision = make_decision(claimed.reference, kind).model_copy(update=more)
            save_decision(claimed, decision, worker="w", now=decided)


def test_a_list_takes_three_queries_whatever_its_length(database, folder_store, django_assert_num_queries):
    dossiers = [make_dossier(f"D{number:02d}", now=at(number)) for number in range(12)]
    finish(dossiers[:6], folder_store, DecisionKind.INCOMPLETE, now=at(20))
    finish(dossiers[:3], folder_store, DecisionKind.TO_REVIEW, now=at(40), refusal=RefusalCode.DAMAGED)
    add_piece(dossiers[0], folder_store, now=at(60))
    with django_assert_num_queries(3):
        lines = describe_dossiers(select_dossiers())
    assert [line.reference for line in lines] == [f"D{number:02d}" for number in reversed(range(12))]
    first = lines[-1]
    assert (first.pieces, first.unread, first.refused) == (3, 1, 1)
    assert (first.status, first.queue, first.priority) == (DossierStatus.RECEIVED, "optique", 3)
    assert (first.decision.number, first.decision.kind) == (2, DecisionKind.TO_REVIEW)
    assert (first.member_number, first.patient) == ("M-1", "Amélie Nôtre")
    fifth = lines[-5]
    assert fifth.decision.missing == (MissingPiece.ORDONNANCE,)
    assert fifth.decision.message_fr.startswith("Il manque")
    assert fifth.seconds == 3
    assert lines[0].decision is lines[0].seconds is None
    with django_assert_num_queries(3):
        assert len(describe_dossiers(select_dossiers()[2:4])) == 2
    with django_assert_num_queries(3):
        assert describe_dossier(dossiers[4].pk) == fifth


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zoe", ["B"]),
        ("ZOÉ", ["B"]),
        ("  d'arc   zoé ", ["B"]),
        ("M-2", ["B"]),
        ("m-2 amelie", []),
        ("notre", ["A"]),
        ("%", []),
        ("_", []),
        ("", ["B", "A"]),
    ],
)
def test_search_finds_words_in_any_order_without_accents(database, text, found):
    make_dossier("A")
    zoe = make_person(first="Zoé", last="d'Arc")
    make_dossier("B", member=make_member("M-2", people=(zoe,)), patient=zoe, now=at(1))
    assert [dossier.reference for dossier in select_dossiers(text=text)] == found


def test_filters_narrow_a_list(database, folder_store):
    a, b = make_dossier("A"), make_dossier("B", member=make_member("M-2"))
    finish([a], folder_store, DecisionKind.COMPLETE)
    assert list(select_dossiers(among=Dossier.objects.filter(member=b.member_id))) == [b]
    assert list(select_dossiers(statuses=[DossierStatus.COMPLETE])) == [a]
    assert list(select_dossiers(queue="optique")) == [a]
    assert list(select_dossiers(queue="dentaire")) == []


def test_handlers_take_what_is_late_then_urgent_then_due_then_old(database):
    for reference, priority, due in (
        ("A", 3, None), ("B", 1, None), ("C", 3, "2026-10-25"), ("D", None, None), ("E", 4, "2026-10-15"),
    ):  # fmt: skip
        make_dossier(reference)
        Dossier.objects.filter(reference=reference).update(priority=priority, due=due)
    ordered = list(order_for_handlers(select_dossiers(), date(2026, 10, 20)))
    assert [dossier.reference for dossier in ordered] == ["E", "B", "C", "A", "D"]
    ranks = [rank_in_queue(row.priority, row.due, row.opened_at, row.reference, date(2026, 10, 20)) for row in ordered]
    assert ranks == sorted(ranks)  # without a database the order is the same


def test_the_load_of_each_queue(database, folder_store, django_assert_num_queries):
    dossiers = [make_dossier(member=make_member(f"M-{number}"), now=at(number)) for number in range(4)]
    finish(dossiers[:3], folder_store, DecisionKind.TO_REVIEW)
    finish(dossiers[3:], folder_store, DecisionKind.COMPLETE)
    Dossier.objects.filter(pk=dossiers[0].pk).update(due="2026-10-01", upload_date="2026-09-20")
    Dossier.objects.filter(pk=dossiers[1].pk).update(queue="dentaire")
    hold_dossier(dossiers[2].pk, 7, at(900))
    with django_assert_num_queries(1):
        loads = measure_queues(["optique", "hospitalisation"], at(900), NOW.date())
    assert [(load.queue, load.waiting, load.late, load.held) for load in loads] == [
        ("dentaire", 1, 0, 0),
        ("hospitalisation", 0, 0, 0),
        ("optique", 2, 1, 1),
    ]
    assert [load.oldest for load in loads[1:]] == [None, date(2026, 9, 20)]


def test_a_dossier_that_its_member_returned_keeps_its_place(database, folder_store):
    old = make_dossier(member=make_member("M-1"))
    young = make_dossier(member=make_member("M-2"), now=at(60))
    finish([old, young], folder_store, DecisionKind.TO_REVIEW)
    hold = hold_next(7, (), at(600), NOW.date())
    ticket = Ticket(hold.dossier_id, hold.token, read_version(hold.dossier_id), 7, "odile", "Odile")
    assert hold.dossier_id == old.pk
    ask_member(ticket, [MissingPiece.ORDONNANCE], "Envoyez l’ordonnance.", at(601))
    newest = make_dossier(member=make_member("M-3"), now=at(700))
    finish([newest], folder_store, DecisionKind.TO_REVIEW)
    waiting = order_for_handlers(select_dossiers(statuses=[DossierStatus.TO_REVIEW]), NOW.date())
    assert [row.pk for row in waiting] == [young.pk, newest.pk]
    finish([old], folder_store, DecisionKind.TO_REVIEW)  # the member sends the paper, days later
    assert [row.pk for row in waiting.all()] == [old.pk, young.pk, newest.pk]


def test_counts(database, folder_store, django_assert_num_queries):
    dossiers = [make_dossier(member=make_member(f"M-{number}")) for number in range(5)]
    finish(dossiers[:2], folder_store, DecisionKind.TO_REVIEW)
    finish(dossiers[2:3], folder_store, DecisionKind.INCOMPLETE, refusal=RefusalCode.ENCRYPTED)
    with django_assert_num_queries(1):
        assert count_by_status() == {
            DossierStatus.RECEIVED: 2,
            DossierStatus.PROCESSING: 0,
            DossierStatus.INCOMPLETE: 1,
            DossierStatus.TO_REVIEW: 2,
            DossierStatus.COMPLETE: 0,
            DossierStatus.REFUSED: 0,
            DossierStatus.JOINED: 0,
            DossierStatus.WAITING_AMO: 0,
            DossierStatus.PAID: 0,
        }
    assert count_by_status(dossiers[2].member_id)[DossierStatus.INCOMPLETE] == 1
    assert sum(count_by_status(dossiers[2].member_id).values()) == 1
    assert count_by_queue() == {"optique": 2}
    assert count_refusals() == {"encrypted": 1}
    assert find_workers(NOW) == {"reader": NOW}
    assert find_workers(at(1)) == {}


def test_the_backlog_is_measured_in_four_queries(database, folder_store, django_assert_num_queries):
    one, two = make_dossier(), make_dossier(member=make_member("M-2"))
    finish([one], folder_store, DecisionKind.COMPLETE)
    add_piece(two, folder_store, now=at(10))
    add_piece(two, folder_store, now=at(5))
    claim_pieces("w", 1, at(20), LEASE)
    with django_assert_num_queries(4):
        backlog = measure_backlog(at(21))
    assert (backlog.unread_pieces, backlog.held_pieces, backlog.oldest_piece) == (2, 1, at(5))
    assert (backlog.undecided_dossiers, backlog.failing_dossiers) == (1, 0)
    assert (backlog.unsent_messages, backlog.abandoned_messages) == (1, 0)
    assert measure_backlog(at(21) + LEASE).held_pieces == 0


def test_what_is_still_waited_for(database, folder_store, django_assert_num_queries):
    a, _ = make_dossier("A"), make_dossier("B", member=make_member("M-2"))
    assert find_waiting(["A", "B", "none"]) == {"A", "B"}
    finish([a], folder_store, DecisionKind.COMPLETE)
    with django_assert_num_queries(1):
        assert find_waiting(["A", "B"]) == {"B"}
    add_piece(a, folder_store, now=at(100))
    assert find_waiting(["A"]) == {"A"}
