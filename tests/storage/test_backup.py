"""A back-up brought back is the installation as it was."""

import shutil
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from schemas.errors import ConfigurationError, ObjectCorruptError, StorageError
from storage.backup import make_backup, restore_backup
from storage.deciding import claim_dossiers, save_decision
from storage.events import rebuild_status
from storage.folder_store import FolderStore
from storage.models import DecisionRecord, Dossier, Event, Member, OutboxMessage, Piece, Reading
from storage.objects import open_store, page_key
from storage.pieces import claim_pieces, save_reading
from storage.sweep import find_missing_originals
from tests.services.databases import use_database
from tests.services.postgres import run_sql, swap_database
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

TABLES = (Member, Dossier, Piece, Reading, DecisionRecord, Event, OutboxMessage)


def fill(store):
    for number in range(3):
        dossier = make_dossier(f"D{number}", member=make_member(f"M-{number}"))
        add_piece(dossier, store, b"the same bytes" if number else None)
        (piece,) = claim_pieces("w1", 1, at(1), LEASE)
        key = page_key(piece.sha256, 1)
        store.put(key, b"picture")
        save_reading(piece, make_reading(piece), worker="w1", seconds=1.0, now=at(2), page_keys=[key], settle=SETTLE)
        (claimed,) = claim_dossiers("w1", 1, at(9), LEASE)
        save_decision(claimed, make_decision(claimed.reference), worker="w1", now=at(9))


def dump():
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def check_restored(folder, store, before):
    report = restore_backup(store, folder)
    assert dump() == before
    assert list(find_missing_originals(store)) == []
    assert all(rebuild_status(dossier).value == dossier.status for dossier in Dossier.objects.all())
    assert store.get(page_key(Piece.objects.first().original_id, 1)) == b"picture"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE storage_event SET actor = 'somebody else'")  # the guard came back too
    add_piece(make_dossier("D9"), store)  # and numbers go on where they stood
    return report


def test_sqlite_and_folder(sqlite_database, folder_store, tmp_path):
    fill(folder_store)
    before = dump()
    made = make_backup(folder_store, tmp_path / "backup", NOW)
    assert (made.engine, made.originals, made.objects) == ("sqlite", 2, 4)
    with use_database(f"sqlite:///{tmp_path}/new.sqlite3"):
        assert check_restored(tmp_path / "backup", FolderStore(tmp_path / "new"), before) == made


@pytest.mark.service
def test_postgresql_and_s3(postgres_database, postgres_server, s3_settings, s3_store, tmp_path):
    fill(s3_store)
    before = dump()
    assert make_backup(s3_store, tmp_path / "backup", NOW).engine == "postgresql"
    name = f"t_{uuid.uuid4().hex}"
    run_sql(postgres_server, f"CREATE DATABASE {name}")
    new_store = open_store(s3_settings.model_copy(update={"s3_bucket": f"t-{uuid.uuid4().hex}"}))
    try:
        with use_database(swap_database(postgres_server, name)):
            check_restored(tmp_path / "backup", new_store, before)
    finally:
        run_sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_second_back_up_copies_what_is_new_and_drops_what_was_erased(sqlite_database, folder_store, tmp_path):
    fill(folder_store)
    make_backup(folder_store, tmp_path / "backup", NOW)
    again = make_backup(folder_store, tmp_path / "backup", at(60))
    assert (again.copied, again.removed) == (0, 0)
    piece = add_piece(make_dossier("D9"), folder_store)
    shutil.rmtree(tmp_path / "objects" / "derived")
    later = make_backup(folder_store, tmp_path / "backup", at(120))
    assert (later.copied, later.removed, later.originals) == (1, 2, 3)
    assert list((tmp_path / "backup" / "objects" / "originals").rglob(piece.original_id))


def test_damage_is_found(sqlite_database, folder_store, tmp_path):
    fill(folder_store)
    make_backup(folder_store, tmp_path / "backup", NOW)
    paper = next(path for path in (tmp_path / "backup" / "objects" / "originals").rglob("*") if path.is_file())
    paper.write_bytes(b"other bytes")
    with use_database(f"sqlite:///{tmp_path}/new.sqlite3"), pytest.raises(ObjectCorruptError):
        restore_backup(FolderStore(tmp_path / "new"), tmp_path / "backup")
    (tmp_path / "backup" / "database.sqlite3").write_bytes(b"nothing")
    with use_database(f"sqlite:///{tmp_path}/new2.sqlite3"), pytest.raises(StorageError, match="damaged"):
        restore_backup(FolderStore(tmp_path / "new2"), tmp_path / "backup")


def test_nothing_is_restored_over_what_is_there(sqlite_database, folder_store, tmp_path):
    fill(folder_store)
    make_backup(folder_store, tmp_path / "backup", NOW)
    with pytest.raises(ConfigurationError, match="not empty"):
        restore_backup(folder_store, tmp_path / "backup")
    with pytest.raises(ConfigurationError, match="no back-up"):
        restore_backup(folder_store, tmp_path)
