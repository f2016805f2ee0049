from datetime import timedelta

import pytest

from schemas.errors import LeaseLostError, RefusalCode, StorageError
from schemas.statuses import DossierStatus, EventKind, PieceState
from storage.models import Event, Piece, Reading
from storage.values import to_reading
from storage.work import claim_pieces, free_leases, has_waiting_work, release_pieces, renew_pieces, save_reading
from tests.storage.build import LEASE, NOW, SETTLE, add_piece, at, make_dossier, make_reading


def save(claimed, *, now=NOW, **more):
    reading = more.pop("reading", None) or make_reading(claimed)
    save_reading(claimed, reading, worker="w", seconds=0.5, now=now, settle=SETTLE, **more)


def kinds():
    return [event.kind for event in Event.objects.all()]


def test_papers_are_claimed_oldest_first_and_once(database, folder_store):
    dossier = make_dossier()
    pieces = [add_piece(dossier, folder_store, now=at(-number)) for number in range(4)]
    first = claim_pieces("w1", 3, NOW, LEASE)
    assert [claimed.id for claimed in first] == [piece.pk for piece in pieces[:0:-1]]
    assert first[0].sha256 == pieces[3].original_id
    assert (first[0].attempt, first[0].owner, first[0].lease_until) == (1, "w1", NOW + LEASE)
    second = claim_pieces("w2", 3, NOW, LEASE)
    assert [claimed.id for claimed in second] == [pieces[0].pk]
    assert claim_pieces("w3", 3, NOW, LEASE) == ()
    assert claim_pieces("w3", 0, NOW, LEASE) == ()
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.PROCESSING.value


def test_a_lease_runs_out(database, folder_store):
    add_piece(make_dossier(), folder_store)
    (first,) = claim_pieces("w1", 1, NOW, LEASE)
    assert not has_waiting_work(at(59))
    assert claim_pieces("w2", 1, at(59), LEASE) == ()
    assert has_waiting_work(at(60))
    (second,) = claim_pieces("w2", 1, at(60), LEASE)
    assert (second.id, second.attempt) == (first.id, 2)
    assert second.token != first.token


def test_a_renewed_lease_does_not_run_out(database, folder_store):
    add_piece(make_dossier(), folder_store)
    claimed = claim_pieces("w1", 1, NOW, LEASE)
    assert renew_pieces(claimed, at(50), LEASE) == {claimed[0].id}
    assert claim_pieces("w2", 1, at(100), LEASE) == ()
    (taken,) = claim_pieces("w2", 1, at(110), LEASE)
    assert renew_pieces(claimed, at(111), LEASE) == frozenset()
    assert renew_pieces([taken], at(111), LEASE) == {taken.id}


def test_a_reading_is_kept_with_its_event(database, folder_store):
    dossier = make_dossier()
    piece = add_piece(dossier, folder_store)
    (claimed,) = claim_pieces("w1", 1, at(1), LEASE)
    save(claimed, now=at(5), words_key="derived/x/words.json.gz", page_keys=["derived/x/page-1.jpg"])
    row = Reading.objects.get()
    reading = to_reading(row)
    assert (reading.id, reading.file, reading.sha256) == (str(piece.pk), piece.name, piece.original_id)
    assert reading.documents == make_reading(claimed).documents
    assert reading.pages[0].words == ()
    assert (row.words_key, row.page_keys) == ("derived/x/words.json.gz", ["derived/x/page-1.jpg"])
    assert (row.worker, row.seconds, row.refusal) == ("w", 0.5, "")
    piece.refresh_from_db()
    assert (piece.state, piece.lease_owner, piece.lease_token) == (PieceState.READ.value, "", None)
    assert kinds()[-1] == EventKind.PIECE_READ.value
    dossier.refresh_from_db()
    assert dossier.settled_after == at(5)


def test_the_decision_waits_for_the_end_of_the_upload(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store)
    (claimed,) = claim_pieces("w1", 1, NOW, LEASE)
    save(claimed, now=at(0.1))
    dossier.refresh_from_db()
    assert dossier.settled_after == NOW + SETTLE


def test_a_reading_does_not_cut_short_the_wait_for_more_papers(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store)
    add_piece(dossier, folder_store, now=at(1), settle=timedelta(minutes=5))
    for claimed in claim_pieces("w1", 2, at(1), LEASE):
        save(claimed, now=at(2))
    dossier.refresh_from_db()
    assert dossier.settled_after == at(301)


def test_a_refused_paper_says_why(database, folder_store):
    piece = add_piece(make_dossier(), folder_store)
    (claimed,) = claim_pieces("w1", 1, NOW, LEASE)
    save(claimed, reading=make_reading(claimed, refusal=RefusalCode.ENCRYPTED))
    piece.refresh_from_db()
    assert piece.state == PieceState.REFUSED.value
    assert piece.reading.refusal == "encrypted"
    assert Event.objects.last().after["code"] == "encrypted"
    assert claim_pieces("w1", 1, at(1000), LEASE) == ()


def test_a_late_reading_is_not_written(database, folder_store):
    add_piece(make_dossier(), folder_store)
    (first,) = claim_pieces("w1", 1, NOW, LEASE)
    (second,) = claim_pieces("w1", 1, at(60), LEASE)  # the same name: only the token tells the two apart
    with pytest.raises(LeaseLostError):
        save(first, now=at(61))
    assert Reading.objects.count() == 0
    assert EventKind.PIECE_READ.value not in kinds()
    save(second, now=at(62))
    with pytest.raises(LeaseLostError):
        save(second, now=at(63))
    assert Reading.objects.count() == 1
    assert kinds().count(EventKind.PIECE_READ.value) == 1


def test_a_lease_that_ran_out_but_was_not_taken_over_is_still_good(database, folder_store):
    add_piece(make_dossier(), folder_store)
    (claimed,) = claim_pieces("w1", 1, NOW, LEASE)
    save(claimed, now=at(1000))
    assert Reading.objects.count() == 1


def test_a_reading_of_other_bytes_is_refused(database, folder_store):
    add_piece(make_dossier(), folder_store)
    (claimed,) = claim_pieces("w1", 1, NOW, LEASE)
    with pytest.raises(StorageError, match="other bytes"):
        save(claimed, reading=make_reading(claimed).model_copy(update={"sha256": "0" * 64}))
    assert Reading.objects.count() == 0


def test_a_paper_given_back_does_not_count_as_an_attempt(database, folder_store):
    add_piece(make_dossier(), folder_store)
    for _ in range(5):
        claimed = claim_pieces("w1", 1, NOW, LEASE, max_attempts=3)
        assert release_pieces(claimed) == 1
        assert release_pieces(claimed) == 0
    (claimed,) = claim_pieces("w2", 1, NOW, LEASE)
    assert claimed.attempt == 1


def test_a_paper_that_kills_its_readers_is_refused_in_the_end(database, folder_store):
    dossier = make_dossier()
    piece = add_piece(dossier, folder_store)
    for attempt in range(3):
        (claimed,) = claim_pieces("w", 1, at(attempt * 60), LEASE, max_attempts=3)
        assert claimed.attempt == attempt + 1
    assert claim_pieces("w", 1, at(179), LEASE, max_attempts=3) == ()
    piece.refresh_from_db()
    assert piece.state == PieceState.RECEIVED.value
    assert claim_pieces("w", 1, at(180), LEASE, max_attempts=3) == ()
    piece.refresh_from_db()
    assert piece.state == PieceState.REFUSED.value
    assert to_reading(piece.reading).refusal is RefusalCode.TIMEOUT
    assert folder_store.get_original(piece.original_id)
    with pytest.raises(LeaseLostError):
        save(claimed, now=at(181))
    dossier.refresh_from_db()
    assert dossier.settled_after == at(180)


def test_a_poisoned_paper_does_not_hold_up_the_others(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store)
    for attempt in range(3):
        claim_pieces("w", 1, at(attempt * 60), LEASE, max_attempts=3)
    good = add_piece(dossier, folder_store, now=at(200))
    assert [claimed.id for claimed in claim_pieces("w", 5, at(200), LEASE, max_attempts=3)] == [good.pk]


def test_a_worker_that_starts_again_gets_its_papers_back_at_once(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store)
    add_piece(dossier, folder_store)
    claim_pieces("w1", 1, NOW, LEASE)
    claim_pieces("w2", 1, NOW, LEASE)
    assert free_leases("w1") == 1
    (claimed,) = claim_pieces("w1", 5, at(1), LEASE)
    assert claimed.attempt == 2
    assert Piece.objects.filter(lease_owner="w2").count() == 1


def test_an_idle_claim_asks_once_and_opens_no_transaction(database, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert claim_pieces("w", 5, NOW, timedelta(seconds=60)) == ()
    assert asked[0]["sql"].lstrip().upper().startswith("SELECT")
