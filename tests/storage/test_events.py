from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import AppendOnlyError, LeaseLostError, RefusalCode
from schemas.statuses import DossierStatus, EventKind, derive_status, next_status
from schemas.vocabulary import DecisionKind
from storage.events import append_event, lock_dossier, rebuild_status
from storage.folder_store import FolderStore
from storage.models import Dossier, Event
from storage.outbox import claim_messages, mark_sent
from storage.sweep import sweep_database
from storage.work import (
    claim_dossiers,
    claim_pieces,
    postpone_dossier,
    release_pieces,
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


def test_an_event_cannot_be_changed_or_removed_in_python(database):
    dossier = make_dossier()
    event = Event.objects.get()
    event.actor = "somebody else"
    for attempt in (
        event.save,
        event.delete,
        lambda: Event.objects.update(actor="x"),
        Event.objects.all().delete,
        lambda: Event.objects.bulk_update([event], ["actor"]),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    with pytest.raises(ProtectedError):
        dossier.delete()
    assert Event.objects.get().actor == "test"


@pytest.mark.parametrize("statement", ["UPDATE storage_event SET actor = 'x'", "DELETE FROM storage_event"])
def test_an_event_cannot_be_changed_or_removed_in_the_database(database, statement):
    make_dossier()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get().actor == "test"


@pytest.mark.service
def test_the_event_table_cannot_be_emptied(postgres_database):
    make_dossier()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE storage_event CASCADE")
    assert Event.objects.count() == 1


def test_an_event_and_its_status_are_written_together_or_not_at_all(database):
    dossier = make_dossier()
    with transaction.atomic():
        append_event(lock_dossier(dossier.pk), EventKind.PIECE_CLAIMED, at=NOW, actor="w")
        transaction.set_rollback(True)
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.RECEIVED.value
    assert Event.objects.count() == 1


def test_an_event_remembers_before_and_after(database):
    dossier = make_dossier()
    with transaction.atomic():
        locked = lock_dossier(dossier.pk)
        append_event(locked, EventKind.DECIDED, at=at(1), actor="w", decision=DecisionKind.TO_REVIEW, detail={"n": 1})
    event = Event.objects.last()
    assert (event.before, event.after) == (
        {"status": "received"},
        {"status": "to_review", "n": 1, "decision": "to_review"},
    )
    locked.refresh_from_db()
    assert (locked.status, locked.changed_at) == ("to_review", at(1))


def test_statuses_follow_from_events():
    opened, received, claimed = EventKind.DOSSIER_OPENED, EventKind.PIECE_RECEIVED, EventKind.PIECE_CLAIMED
    read, decided, notified = EventKind.PIECE_READ, EventKind.DECIDED, EventKind.MEMBER_NOTIFIED
    status = DossierStatus
    assert derive_status([]) is status.RECEIVED
    assert derive_status([(opened, None), (received, None)]) is status.RECEIVED
    assert derive_status([(received, None), (claimed, None), (received, None)]) is status.PROCESSING
    assert derive_status([(claimed, None), (read, None)]) is status.PROCESSING
    for decision, after in zip(DecisionKind, (status.COMPLETE, status.INCOMPLETE, status.TO_REVIEW), strict=True):
        assert derive_status([(claimed, None), (decided, decision), (notified, None)]) is after
        assert next_status(after, received) is status.RECEIVED


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["piece", "claim", "read", "refuse", "release", "decide", "postpone", "redo", "send", "sweep", "wait"]
        ),
        st.integers(0, 2),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions=ACTIONS)
def test_whatever_happens_the_events_rebuild_the_status(database, tmp_path_factory, actions):
    store = FolderStore(tmp_path_factory.mktemp("objects"))
    # A member a dossier, so that none waits for another; what earlier examples left is of no concern.
    dossiers = [make_dossier(member=make_member(f"M-{number}"), now=NOW) for number in range(3)]
    ours = {dossier.pk for dossier in dossiers}
    held, now = [], NOW
    for action, which in actions:
        now += timedelta(seconds=1)
        if action == "piece":
            add_piece(dossiers[which], store, now=now)
        elif action == "claim":
            held += claim_pieces("w", which + 1, now, LEASE, max_attempts=3)
        elif action in {"read", "refuse"} and held:
            piece = held.pop(0)
            reading = make_reading(piece, refusal=RefusalCode.DAMAGED if action == "refuse" else None)
            with suppress(LeaseLostError):
                save_reading(piece, reading, worker="w", seconds=0.0, now=now, settle=SETTLE)
        elif action == "release":
            release_pieces(held)
        elif action == "decide":
            for dossier in claim_dossiers("w", 5, now, LEASE):
                kind = list(DecisionKind)[which]
                save_decision(dossier, make_decision(dossier.reference, kind), worker="w", now=now)
        elif action == "postpone":
            for dossier in claim_dossiers("w", 5, now, LEASE):
                postpone_dossier(dossier, now)
        elif action == "redo":
            schedule_decision(dossiers[which].pk, now)
        elif action == "send":
            for message in claim_messages("w", 5, now, LEASE):
                mark_sent(message, worker="w", now=now)
        elif action == "sweep":
            sweep_database(now, store, max_attempts=3)
        elif action == "wait":
            now += LEASE
        for dossier in Dossier.objects.filter(pk__in=ours):
            assert rebuild_status(dossier).value == dossier.status
    _finish(now + timedelta(hours=2))
    for dossier in Dossier.objects.filter(pk__in=ours):
        assert rebuild_status(dossier).value == dossier.status
        assert dossier.settled_after is None
        assert (dossier.status == "received") == (not dossier.pieces.exists() and not dossier.decisions.exists())


def _finish(now):
    """A worker that comes at last and does all there is to do."""
    for piece in claim_pieces("last", 1000, now, LEASE, max_attempts=3):
        save_reading(piece, make_reading(piece), worker="last", seconds=0.0, now=now, settle=SETTLE)
    for dossier in claim_dossiers("last", 1000, now, LEASE):
        save_decision(dossier, make_decision(dossier.reference), worker="last", now=now)
