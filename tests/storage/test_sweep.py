from datetime import UTC, datetime, timedelta

import pytest

from schemas.statuses import PieceState
from storage.models import Dossier, Original, OutboxMessage, Piece
from storage.objects import original_key
from storage.outbox import claim_messages
from storage.sweep import find_missing_originals, sweep_database
from storage.work import claim_dossiers, claim_pieces, save_reading
from tests.storage.build import LEASE, NOW, SETTLE, add_piece, at, make_dossier, make_member, make_reading


def nothing_but(report, **expected):
    return {name: count for name, count in report.counts().items() if count} == expected


def read_all(now=NOW):
    for claimed in claim_pieces("reader", 50, now, LEASE):
        save_reading(claimed, make_reading(claimed), worker="reader", seconds=0.1, now=now, settle=SETTLE)


def test_a_sweep_of_an_orderly_house_does_nothing(database, folder_store):
    add_piece(make_dossier(), folder_store)
    claim_pieces("w", 1, NOW, LEASE)
    assert nothing_but(sweep_database(at(30), folder_store))


def test_leases_that_ran_out_are_freed(database, folder_store):
    dossier = make_dossier()
    add_piece(make_dossier(member=make_member("M-2")), folder_store)
    read_all()
    add_piece(dossier, folder_store)
    claim_pieces("w", 1, NOW, LEASE)
    claim_dossiers("w", 1, at(3), LEASE)
    OutboxMessage.objects.create(
        key="k", dossier=dossier, recipient="a@exemple.invalid", subject="s", body="b", created_at=NOW, due_at=NOW
    )
    claim_messages("w", 1, NOW, LEASE)
    assert nothing_but(sweep_database(at(63), folder_store), freed_pieces=1, freed_dossiers=1, freed_messages=1)
    assert nothing_but(sweep_database(at(63), folder_store))
    assert Piece.objects.filter(lease_owner="").count() == 2


def test_a_paper_on_which_every_reader_died_is_refused(database, folder_store):
    piece = add_piece(make_dossier(), folder_store)
    for attempt in range(2):
        claim_pieces("w", 1, at(attempt * 60), LEASE, max_attempts=2)
    report = sweep_database(at(120), folder_store, max_attempts=2)
    assert nothing_but(report, freed_pieces=1, refused_pieces=1)
    piece.refresh_from_db()
    assert piece.state == PieceState.REFUSED.value
    assert len(claim_dossiers("w", 1, at(121), LEASE)) == 1


def test_a_forgotten_dossier_is_decided_after_all(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store)
    read_all()
    Dossier.objects.update(settled_after=None)  # as a repair by hand might leave it
    assert claim_dossiers("w", 1, at(1000), LEASE) == ()
    assert nothing_but(sweep_database(at(1000), folder_store), scheduled_dossiers=1)
    assert nothing_but(sweep_database(at(1000), folder_store))
    assert len(claim_dossiers("w", 1, at(1000), LEASE)) == 1


def test_an_unread_or_empty_dossier_is_not_forgotten(database, folder_store):
    make_dossier()
    add_piece(make_dossier(member=make_member("M-2")), folder_store)
    Dossier.objects.update(settled_after=None)
    assert nothing_but(sweep_database(at(1000), folder_store))


def test_a_missing_original_is_reported(database, store):
    dossier = make_dossier()
    here, whole, cut = (add_piece(dossier, store).original_id for _ in range(3))
    Original.objects.filter(sha256=cut).update(size=1)
    Original.objects.create(sha256="0" * 64, size=3, kept_at=NOW)
    assert store.exists(original_key(here))
    assert set(sweep_database(at(5), store).missing_originals) == {cut, "0" * 64}
    assert whole not in find_missing_originals(store)
    assert list(find_missing_originals(store, since=at(1))) == []


def test_interrupted_writes_are_cleared(database, folder_store, tmp_path):
    folder_store.put("inbox/a", b"x")
    (tmp_path / "objects" / ".drafts" / "left").write_bytes(b"half")
    now = datetime.now(UTC)
    assert nothing_but(sweep_database(now, folder_store))
    assert nothing_but(sweep_database(now + timedelta(days=2), folder_store), removed_drafts=1)


@pytest.mark.parametrize("machines", [1, 2])
def test_sweeping_twice_is_harmless(database, folder_store, machines):
    add_piece(make_dossier(), folder_store)
    for attempt in range(3):
        claim_pieces("w", 1, at(attempt * 60), LEASE, max_attempts=3)
    refused = [sweep_database(at(500), folder_store, max_attempts=3).refused_pieces for _ in range(machines)]
    assert sum(refused) == 1
