from datetime import date, timedelta

import pytest

from dossiers import decide
from schemas.claims import MAX_FILES
from schemas.errors import LeaseLostError
from schemas.rules import load_rules
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import ClaimType, DecisionKind
from storage.events import rebuild_status
from storage.intake import open_dossier
from storage.models import DecisionRecord, Event, OutboxMessage
from storage.work import (
    claim_dossiers,
    claim_pieces,
    free_leases,
    has_waiting_work,
    load_dossier,
    postpone_dossier,
    release_dossiers,
    renew_dossiers,
    save_decision,
    save_reading,
    schedule_decision,
)
from tests.storage.build import (
    LEASE,
    NOW,
    SETTLE,
    add_piece,
    at,
    make_decision,
    make_dossier,
    make_member,
    make_reading,
)

RULES = load_rules()


def read_all(now=NOW, number="F-1"):
    for claimed in claim_pieces("reader", 50, now, LEASE):
        save_reading(
            claimed, make_reading(claimed, number=number), worker="reader", seconds=0.1, now=now, settle=SETTLE
        )


def decide_all(now, kind=DecisionKind.COMPLETE):
    return [
        save_decision(claimed, make_decision(claimed.reference, kind), worker="w", now=now)
        for claimed in claim_dossiers("w", 50, now, LEASE)
    ]


def ready(now):
    return [claimed.reference for claimed in claim_dossiers("w", 50, now, LEASE)]


def test_nothing_is_decided_on_half_an_upload(database, folder_store):
    dossier = make_dossier("A")
    assert ready(at(100)) == []  # no paper yet
    add_piece(dossier, folder_store, now=NOW)
    read_all(at(1))
    assert ready(at(1.9)) == []
    add_piece(dossier, folder_store, now=at(1.9))
    assert ready(at(3)) == []  # the second paper is not read
    read_all(at(3))
    assert ready(at(3.8)) == []  # and has just come in
    assert has_waiting_work(at(4))
    assert ready(at(4)) == ["A"]
    assert ready(at(4)) == []
    assert not has_waiting_work(at(4))


def test_a_dossier_is_loaded_as_it_came(database, folder_store):
    dossier = make_dossier("A", message="Merci.", member=make_member(iban_on_file="FR76", holder="A. Nôtre"))
    first = add_piece(dossier, folder_store)
    read_all()
    second = add_piece(dossier, folder_store, now=at(1))
    loaded = load_dossier(dossier.pk, RULES)
    claim = loaded.dossier.claim
    assert (claim.id, claim.claim_type, claim.message) == ("A", ClaimType.OPTIQUE, "Merci.")
    assert claim.member == make_member(iban_on_file="FR76", holder="A. Nôtre")
    assert claim.patient == make_member().people[0]
    assert claim.files == (str(first.pk), str(second.pk))
    assert [reading.id for reading in loaded.dossier.readings] == [str(first.pk)]
    assert loaded.history == ()


def test_a_dossier_of_nobody_known_can_be_loaded_and_decided(database, folder_store):
    dossier = open_dossier("A", ClaimType.OPTIQUE, date(2026, 1, 2), member=None, patient=None, now=NOW)
    add_piece(dossier, folder_store)
    read_all()
    loaded = load_dossier(dossier.pk, RULES)
    assert loaded.dossier.claim.patient.full_name.strip() == ""
    assert decide(loaded.dossier, RULES, loaded.history, today=NOW.date()).decision is not DecisionKind.COMPLETE


def test_a_dossier_that_grew_beyond_one_claim_is_decided_all_the_same(database, folder_store):
    dossier = make_dossier("A")
    for _ in range(MAX_FILES + 1):
        add_piece(dossier, folder_store)
    for _ in range(2):
        read_all()
    loaded = load_dossier(dossier.pk, RULES)
    assert len(loaded.dossier.claim.files) == MAX_FILES + 1
    assert decide(loaded.dossier, RULES, loaded.history, today=NOW.date()).id == "A"


def test_the_history_is_the_member_s_earlier_dossiers(database, folder_store):
    day = timedelta(days=1)
    for reference, when, member in (
        ("later", NOW + day, "M-1"),
        ("earlier", NOW - 2 * day, "M-1"),
        ("this", NOW, "M-1"),
        ("other", NOW - day, "M-2"),
        ("same-day", NOW - timedelta(hours=1), "M-1"),
    ):
        add_piece(make_dossier(reference, now=when, member=make_member(member)), folder_store, now=when)
    read_all(NOW + 2 * day)
    loaded = load_dossier(make_dossier("this").pk, RULES)
    assert [past.id for past in loaded.history] == ["earlier", "same-day"]
    assert loaded.history[0].papers[0].document_number == "F-1"
    assert loaded.history[0].papers[0].page_fingerprints == ("00ff00ff00ff00ff",)


def test_loading_takes_a_fixed_number_of_queries(database, folder_store, django_assert_num_queries):
    for number in range(8):
        dossier = make_dossier(f"A{number}", now=at(number))
        add_piece(dossier, folder_store)
        add_piece(dossier, folder_store)
    read_all()
    with django_assert_num_queries(12):
        loaded = load_dossier(dossier.pk, RULES)
    assert len(loaded.history) == 7


def test_a_member_s_dossiers_are_decided_in_the_order_of_their_upload(database, folder_store):
    second, first, other = (
        make_dossier("second", now=at(10)),
        make_dossier("first", now=NOW),
        make_dossier("other", now=at(20), member=make_member("M-2")),
    )
    for dossier in (second, first, other):
        add_piece(dossier, folder_store)
    read_all()
    assert sorted(ready(at(30))) == ["first", "other"]
    free_leases("w")
    assert len(decide_all(at(31))) == 2
    assert ready(at(31)) == ["second"]


def test_a_decision_is_written_with_all_that_follows(database, folder_store):
    dossier = make_dossier("A")
    add_piece(dossier, folder_store)
    read_all()
    (record,) = decide_all(at(3), DecisionKind.INCOMPLETE)
    dossier.refresh_from_db()
    assert (record.number, record.decision, record.missing, record.reasons) == (1, "incomplete", ["ordonnance"], [])
    assert record.line == make_decision("A", DecisionKind.INCOMPLETE).to_line()
    assert (record.rules_version, record.reader_version, record.worker) == ("exemple 1", "0.1.0", "w")
    assert (dossier.status, dossier.queue, dossier.priority, dossier.due) == (
        DossierStatus.INCOMPLETE.value,
        "optique",
        3,
        date(2026, 10, 15),
    )
    assert (dossier.settled_after, dossier.lease_token, dossier.attempts) == (None, None, 0)
    event = Event.objects.last()
    assert (event.kind, event.before, event.after["status"]) == (
        EventKind.DECIDED.value,
        {"status": "processing"},
        "incomplete",
    )
    assert ready(at(1000)) == []


def test_the_message_to_the_member_tells_no_secret(database, folder_store):
    for kind in DecisionKind:
        dossier = make_dossier(f"REF-{kind.value}", member=make_member(f"M-{kind.value}"))
        add_piece(dossier, folder_store)
        read_all()
        decide_all(at(3), kind)
        message = OutboxMessage.objects.get(dossier=dossier)
        assert message.recipient == "amelie@exemple.invalid"
        text = message.subject + message.body
        assert dossier.reference in message.subject
        assert f"/dossiers/{dossier.pk}" in message.body
        for secret in ("lunette", "optique", "ordonnance", "389", "€", "Amélie", "Nôtre", "M-1"):
            assert secret.casefold() not in text.casefold()
        assert (message.due_at, message.sent_at) == (at(3), None)


def test_a_member_without_address_is_written_nothing(database, folder_store):
    add_piece(make_dossier(email=""), folder_store)
    read_all()
    assert len(decide_all(at(3))) == 1
    assert OutboxMessage.objects.count() == 0


def test_a_decision_is_written_once(database, folder_store):
    add_piece(make_dossier("A"), folder_store)
    read_all()
    (claimed,) = claim_dossiers("w", 1, at(3), LEASE)
    save_decision(claimed, make_decision("A"), worker="w", now=at(3))
    with pytest.raises(LeaseLostError):
        save_decision(claimed, make_decision("A"), worker="w", now=at(3))
    counts = (DecisionRecord.objects.count(), OutboxMessage.objects.count())
    assert counts == (1, 1)
    assert Event.objects.filter(kind=EventKind.DECIDED.value).count() == 1


def test_a_late_decision_is_not_written(database, folder_store):
    add_piece(make_dossier("A"), folder_store)
    read_all()
    (late,) = claim_dossiers("w", 1, at(3), LEASE)
    (taken,) = claim_dossiers("w", 1, at(63), LEASE)
    with pytest.raises(LeaseLostError):
        save_decision(late, make_decision("A"), worker="w", now=at(64))
    save_decision(taken, make_decision("A"), worker="w", now=at(64))
    assert DecisionRecord.objects.count() == 1


def test_a_paper_that_comes_while_the_dossier_is_being_decided_is_part_of_the_decision(database, folder_store):
    dossier = make_dossier("A")
    add_piece(dossier, folder_store)
    read_all()
    (claimed,) = claim_dossiers("w", 1, at(3), LEASE)
    late = add_piece(dossier, folder_store, now=at(3.5))
    with pytest.raises(LeaseLostError):
        save_decision(claimed, make_decision("A", DecisionKind.INCOMPLETE), worker="w", now=at(4))
    assert DecisionRecord.objects.count() == 0
    assert OutboxMessage.objects.count() == 0
    assert ready(at(10)) == []
    read_all(at(10))
    (again,) = claim_dossiers("w", 1, at(10), LEASE)
    assert str(late.pk) in [reading.id for reading in load_dossier(again.id, RULES).dossier.readings]
    save_decision(again, make_decision("A"), worker="w", now=at(10))
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.COMPLETE.value


def test_a_paper_that_comes_after_the_decision_has_it_decided_again(database, folder_store):
    dossier = make_dossier("A")
    add_piece(dossier, folder_store)
    read_all()
    decide_all(at(3), DecisionKind.INCOMPLETE)
    add_piece(dossier, folder_store, now=at(100))
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.RECEIVED.value
    read_all(at(101))
    (record,) = decide_all(at(103))
    assert record.number == 2
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.COMPLETE.value == rebuild_status(dossier).value
    assert OutboxMessage.objects.count() == 2


def test_a_failing_decision_rests_longer_each_time(database, folder_store):
    add_piece(make_dossier("A"), folder_store)
    read_all()
    now, rests = at(3), []
    for _ in range(12):
        (claimed,) = claim_dossiers("w", 1, now, LEASE)
        rests.append(postpone_dossier(claimed, now))
        with pytest.raises(LeaseLostError):
            postpone_dossier(claimed, now)
        assert claim_dossiers("w", 1, now + rests[-1] - timedelta(seconds=1), LEASE) == ()
        now += rests[-1]
    assert rests[:3] == [timedelta(seconds=20), timedelta(seconds=40), timedelta(seconds=80)]
    assert rests[-1] == timedelta(hours=1)


def test_leases_of_dossiers_are_renewed_and_given_back(database, folder_store):
    add_piece(make_dossier("A"), folder_store)
    read_all()
    claimed = claim_dossiers("w", 1, at(3), LEASE)
    assert renew_dossiers(claimed, at(50), LEASE) == {claimed[0].id}
    assert claim_dossiers("w2", 1, at(100), LEASE) == ()
    assert release_dossiers(claimed) == 1
    assert release_dossiers(claimed) == 0
    (again,) = claim_dossiers("w2", 1, at(100), LEASE)
    assert again.attempt == 1


def test_a_decided_dossier_can_be_scheduled_again(database, folder_store):
    dossier = make_dossier("A")
    add_piece(dossier, folder_store)
    read_all()
    decide_all(at(3))
    schedule_decision(dossier.pk, at(50))
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.COMPLETE.value  # until the new decision
    (record,) = decide_all(at(50), DecisionKind.TO_REVIEW)
    assert record.number == 2
