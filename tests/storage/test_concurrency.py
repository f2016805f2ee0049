"""Several real processes on one database: nothing done twice, nothing lost, also when they are killed."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from schemas.errors import HeldByOtherError, LeaseLostError, LiasseError, StalePageError
from schemas.rules import load_rules
from schemas.statuses import EventKind, PieceState
from schemas.vocabulary import DecisionKind
from storage.acting import accept
from storage.events import append_event, lock_dossier, rebuild_status
from storage.holding import Ticket, hold_dossier, hold_next, read_version
from storage.leases import lock_free_rows
from storage.models import DecisionRecord, Dossier, Event, OutboxMessage, Piece, Reading
from storage.moving import lock_dossiers, move_pieces
from storage.reminding import remind_members
from storage.work import claim_dossiers, claim_pieces, save_decision, save_reading, waiting_pieces
from tests.services.databases import database_environment
from tests.storage.build import LEASE, NOW, add_piece, at, make_decision, make_dossier, make_member, make_reading


@contextmanager
def worker(url, owner, *, lease=30.0, idle=1.5, hang=False):
    command = [sys.executable, "-m", "tests.storage.worker", owner, str(lease), str(idle), *(["hang"] if hang else [])]
    process = subprocess.Popen(command, env=database_environment(url), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == f"started {owner}\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def fill(store, dossiers, pieces):
    now = timezone.now() - timedelta(seconds=10)
    for number in range(dossiers):
        dossier = make_dossier(f"D{number}", now=now, member=make_member(f"M-{number % 3}"))
        for _ in range(pieces):
            add_piece(dossier, store, now=now)


def check_everything_was_done_once(dossiers, pieces):
    assert Reading.objects.count() == Piece.objects.filter(state=PieceState.READ.value).count() == pieces
    kinds = Counter(Event.objects.values_list("kind", "piece"))
    assert max(count for (kind, _), count in kinds.items() if kind == EventKind.PIECE_READ.value) == 1
    for dossier in Dossier.objects.all():
        assert rebuild_status(dossier).value == dossier.status == "complete"
        numbers = list(DecisionRecord.objects.filter(dossier=dossier).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert OutboxMessage.objects.filter(dossier=dossier).count() == len(numbers)
    assert Dossier.objects.count() == dossiers


@pytest.mark.service
def test_processes_at_once_share_the_work(database, folder_store):
    fill(folder_store, 6, 4)
    with worker(database, "w1") as one, worker(database, "w2") as two, worker(database, "w3") as three:
        said = [process.communicate(timeout=120)[0].splitlines() for process in (one, two, three)]
    counts = Counter(line for lines in said for line in lines)
    assert set(counts.values()) == {1}  # no piece claimed twice, no dossier decided twice
    assert sum(line.startswith("read") for line in counts) == 24
    assert sum(line.startswith("decided") for line in counts) == 6
    check_everything_was_done_once(6, 24)
    assert DecisionRecord.objects.count() == 6


def test_threads_at_once_never_get_the_same_piece(database, folder_store):
    dossier = make_dossier()
    for _ in range(30):
        add_piece(dossier, folder_store)
    barrier = threading.Barrier(6)

    def claim(number):
        try:
            barrier.wait()
            got = []
            while claimed := claim_pieces(f"w{number}", 2, NOW, LEASE):
                got += claimed
            return got
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        claimed = [piece for got in pool.map(claim, range(6)) for piece in got]
    assert len(claimed) == len({piece.id for piece in claimed}) == 30
    assert set(Piece.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.service
def test_a_claim_does_not_wait_for_another_claim(postgres_database, folder_store):
    dossier = make_dossier()
    first, second = (add_piece(dossier, folder_store, now=at(number)) for number in range(2))

    def claim():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            return claim_pieces("other", 1, at(5), LEASE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert lock_free_rows(waiting_pieces(at(5)), 1) == [first]
        assert [piece.id for piece in pool.submit(claim).result()] == [second.pk]


def test_two_events_at_once_follow_each_other(database):
    dossier = make_dossier()
    held = threading.Event()

    def decide():
        try:
            held.wait()
            with transaction.atomic():
                locked = lock_dossier(dossier.pk)
                append_event(locked, EventKind.DECIDED, at=at(2), actor="w", decision=DecisionKind.COMPLETE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            append_event(lock_dossier(dossier.pk), EventKind.PIECE_CLAIMED, at=at(1), actor="w")
            held.set()
            decided = pool.submit(decide)
            time.sleep(0.5)
        decided.result()
    assert Event.objects.last().before == {"status": "processing"}
    dossier.refresh_from_db()
    assert rebuild_status(dossier).value == dossier.status == "complete"


def test_two_workers_remind_a_member_once(database):
    for number in range(8):
        dossier = make_dossier(member=make_member(f"M-{number}"))
        append_event(dossier, EventKind.DECIDED, at=NOW, actor="w", decision=DecisionKind.INCOMPLETE)
    rules, late = load_rules(), NOW + timedelta(days=8)
    barrier = threading.Barrier(3)

    def remind(number):
        try:
            barrier.wait()
            return remind_members(rules, actor=f"w{number}", now=late, today=late.date()).reminded
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(remind, range(3))) == 8
    assert OutboxMessage.objects.filter(key__startswith="reminder:").count() == 8
    assert Event.objects.filter(kind=EventKind.MEMBER_REMINDED.value).count() == 8


def test_papers_moved_both_ways_at_once_are_in_one_dossier_each(database, folder_store):
    pair = [make_dossier(), make_dossier()]
    for dossier in pair * 4:
        add_piece(dossier, folder_store)
    for claimed in claim_pieces("w", 20, NOW, LEASE):
        save_reading(claimed, make_reading(claimed), worker="w", seconds=0.0, now=NOW)
    barrier = threading.Barrier(2)

    def move(way):
        try:
            source, target = (pair[way].pk, pair[1 - way].pk)
            barrier.wait()
            for piece_id in list(Piece.objects.filter(dossier=source).values_list("pk", flat=True))[:3]:
                with transaction.atomic():
                    rows = lock_dossiers([source, target])
                    piece = Piece.objects.get(pk=piece_id)
                    move_pieces(rows[source], [piece], rows[target], actor=f"w{way}", now=at(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, (0, 1)))
    assert Piece.objects.count() == 8
    assert Event.objects.filter(kind=EventKind.PIECE_LEFT.value).count() == 6
    assert Event.objects.filter(kind=EventKind.PIECE_JOINED.value).count() == 6
    for dossier in Dossier.objects.all():
        assert rebuild_status(dossier).value == dossier.status


def test_a_killed_reader_s_paper_is_taken_over_after_its_lease(database, folder_store):
    piece = add_piece(make_dossier(), folder_store, now=timezone.now())
    with worker(database, "killed", lease=30, hang=True) as process:
        assert process.stdout.readline() == f"claimed {piece.pk}\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    lease_until = Piece.objects.get().lease_until
    assert claim_pieces("other", 1, lease_until - timedelta(seconds=1), LEASE) == ()
    (taken,) = claim_pieces("other", 1, lease_until, LEASE)
    assert (taken.id, taken.attempt) == (piece.pk, 2)
    save_reading(taken, make_reading(taken), worker="other", seconds=0.0, now=lease_until)
    assert Reading.objects.get().worker == "other"


@pytest.mark.service
def test_killing_workers_again_and_again_loses_and_doubles_nothing(database, folder_store):
    fill(folder_store, 6, 4)
    chance = random.Random(4)
    for number in range(3):
        with worker(database, f"killed{number}", lease=0.5) as process:
            for _ in range(chance.randrange(3, 20)):  # somewhere between claiming, reading and deciding
                if not process.stdout.readline():
                    break
            process.send_signal(signal.SIGKILL)
    with worker(database, "last", lease=5, idle=2) as one, worker(database, "other", lease=5, idle=2) as two:
        one.communicate(timeout=120)
        two.communicate(timeout=120)
    check_everything_was_done_once(6, 24)


def test_papers_that_come_while_others_read_and_decide_are_not_lost(database, folder_store):
    """Senders, readers and deciders on the same few dossiers: no deadlock, and in the end all is decided on all."""
    dossiers = [make_dossier(f"D{number}", now=timezone.now()) for number in range(3)]
    done = threading.Event()
    nothing = timedelta(0)

    def send(number):
        try:
            for rank in range(10):
                add_piece(dossiers[(number + rank) % 3], folder_store, now=timezone.now(), settle=nothing)
                time.sleep(0.01)
        finally:
            connection.close()

    def work(number):
        try:
            while True:
                last_round = done.is_set()
                busy = False
                for piece in claim_pieces(f"w{number}", 2, timezone.now(), LEASE):
                    busy = True
                    save_reading(
                        piece, make_reading(piece), worker="w", seconds=0.0, now=timezone.now(), settle=nothing
                    )
                for dossier in claim_dossiers(f"w{number}", 2, timezone.now(), LEASE):
                    busy = True
                    with suppress(LeaseLostError):
                        save_decision(dossier, make_decision(dossier.reference), worker="w", now=timezone.now())
                if last_round and not busy:
                    return
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        workers = [pool.submit(work, number) for number in range(3)]
        for sender in [pool.submit(send, number) for number in range(3)]:
            sender.result()
        done.set()
        for one in workers:
            one.result()
    # A worker may have left while another still read the last paper of a dossier: what is left is decided here.
    for dossier in claim_dossiers("last", 10, at(10**9), LEASE):
        save_decision(dossier, make_decision(dossier.reference), worker="w", now=timezone.now())
    check_everything_was_done_once(3, 30)
    for dossier in dossiers:
        kinds = list(Event.objects.filter(dossier=dossier).values_list("kind", flat=True))
        last_paper = max(index for index, kind in enumerate(kinds) if kind == EventKind.PIECE_READ.value)
        assert EventKind.DECIDED.value in kinds[last_paper:]


def test_two_gestionnaires_at_once_never_hold_one_dossier(database, folder_store):
    """Both ask at the same moment, again and again: the next dossier, the same dossier, and to decide it."""
    rules = load_rules()
    odile, basile = (User.objects.create_user(name) for name in ("odile", "basile"))
    for number in range(6):
        dossier = make_dossier(f"R{number}", member=make_member(f"M-{number}"))
        add_piece(dossier, folder_store)
    for claimed in claim_pieces("w", 10, NOW, LEASE):
        save_reading(claimed, make_reading(claimed), worker="w", seconds=1.0, now=NOW, settle=timedelta(0))
    for claimed in claim_dossiers("w", 10, at(10), LEASE):
        save_decision(claimed, make_decision(claimed.reference, DecisionKind.TO_REVIEW), worker="w", now=at(10))
    start = threading.Barrier(2)

    def take(user):
        held = []
        try:
            for _ in range(3):
                start.wait(timeout=30)
                held.append(hold_next(user.pk, (), at(20), NOW.date()))
            return held
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        taken = [hold for held in pool.map(take, (odile, basile)) for hold in held]
    assert len({hold.dossier_id for hold in taken}) == 6
    Dossier.objects.update(lease_owner="", lease_token=None, lease_until=None)
    contested = Dossier.objects.order_by("reference").first()

    def decide(user):
        try:
            start.wait(timeout=30)
            hold = hold_dossier(contested.pk, user.pk, at(30))
            ticket = Ticket(contested.pk, hold.token, read_version(contested.pk), user.pk, user.username, user.username)
            accept(ticket, rules, at(31), why="vu")
            return "accepted"
        except LiasseError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(decide, (odile, basile)))
    # Whoever came second was told so; coming wholly after the first, they may accept what is accepted already.
    assert "accepted" in ended
    assert set(ended) <= {"accepted", HeldByOtherError.code, StalePageError.code, LeaseLostError.code}
    accepted = Event.objects.filter(dossier=contested, kind=EventKind.HANDLER_ACCEPTED.value)
    assert accepted.count() == ended.count("accepted")
