import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from schemas.errors import KeyConflictError, StorageError
from schemas.statuses import Door, DossierStatus, EventKind, PieceState
from schemas.vocabulary import ClaimType
from storage.folder_store import FolderStore
from storage.intake import (
    clean_name,
    fold_text,
    keep_member,
    keep_person,
    make_reference,
    open_dossier,
    receive_piece,
)
from storage.models import Dossier, Event, Member, Original, Person, Piece
from tests.storage.build import NOW, SETTLE, add_piece, at, make_dossier, make_member, make_person


def test_a_member_is_written_once_and_brought_up_to_date(database):
    keep_member(make_member(rib_on_file=False), email="a@exemple.invalid")
    jean = make_person(first="Jean", role="conjoint", birth_date=None)
    row = keep_member(make_member(mutuelle="Exemple", people=(make_person(birth_name="Dupré"), jean, jean)))
    assert Member.objects.get() == row
    assert (row.mutuelle, row.rib_on_file, row.email) == ("Exemple", True, "a@exemple.invalid")
    assert sorted(row.people.values_list("first", "birth_name")) == [("Amélie", "Dupré"), ("Jean", "")]


def test_people_no_longer_sent_are_kept(database):
    member = keep_member(make_member())
    keep_member(make_member(people=(make_person(first="Jean"),)))
    assert member.people.count() == 2


def test_the_same_undated_person_cannot_be_there_twice(database):
    member = keep_member(make_member(people=()))
    Person.objects.create(member=member, first="A", last="B")
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        Person.objects.create(member=member, first="A", last="B")


def test_a_reference_opens_one_dossier(database):
    first = make_dossier("REF-1")
    again = make_dossier("REF-1", now=at(10))
    assert first == again
    assert again.opened_at == NOW
    assert [event.kind for event in Event.objects.all()] == [EventKind.DOSSIER_OPENED.value]


def test_a_reference_of_another_member_is_refused(database):
    make_dossier("REF-1")
    with pytest.raises(KeyConflictError):
        make_dossier("REF-1", member=make_member("M-2"))
    assert Member.objects.filter(member_number="M-2").count() == 0


def test_a_dossier_may_be_nobodys_yet(database):
    dossier = open_dossier("REF-1", ClaimType.SOINS, date(2026, 1, 2), member=None, patient=None, now=NOW)
    assert (dossier.member, dossier.patient, dossier.status) == (None, None, "received")


def test_a_paper_is_kept_with_its_row_and_its_event(database, folder_store):
    dossier = make_dossier()
    piece = add_piece(dossier, folder_store, b"paper", name="C:\\photos\\facture optique.HEIC", actor="amelie")
    assert folder_store.get_original(piece.original_id) == b"paper"
    assert Original.objects.get().size == 5
    assert (piece.name, piece.state, piece.attempts) == ("facture optique.HEIC", PieceState.RECEIVED.value, 0)
    event = Event.objects.get(kind=EventKind.PIECE_RECEIVED.value)
    assert (event.piece, event.actor, event.at) == (piece, "amelie", NOW)
    assert "optique" not in str(event.after)
    dossier.refresh_from_db()
    assert dossier.settled_after == NOW + SETTLE
    assert dossier.status == DossierStatus.RECEIVED.value


def test_an_empty_file_is_taken_too(database, folder_store):
    piece = add_piece(make_dossier(), folder_store, b"")
    assert folder_store.get_original(piece.original_id) == b""


def test_the_same_drop_is_one_piece(database, folder_store):
    dossier = make_dossier()
    first = add_piece(dossier, folder_store, b"paper", door_key="k")
    again = add_piece(dossier, folder_store, b"paper", door_key="k", now=at(5))
    assert first == again
    assert Event.objects.filter(kind=EventKind.PIECE_RECEIVED.value).count() == 1
    assert add_piece(dossier, folder_store, b"paper", door_key="k", door=Door.FOLDER) != first


def test_the_same_bytes_are_kept_once_for_two_pieces(database, folder_store):
    one, two = make_dossier(), make_dossier()
    assert add_piece(one, folder_store, b"paper").original == add_piece(two, folder_store, b"paper").original
    assert (Original.objects.count(), Piece.objects.count()) == (1, 2)


def test_a_drop_key_never_hides_another_paper(database, folder_store):
    dossier, other = make_dossier(), make_dossier()
    add_piece(dossier, folder_store, b"paper", door_key="k")
    with pytest.raises(KeyConflictError):
        add_piece(dossier, folder_store, b"another paper", door_key="k")
    with pytest.raises(KeyConflictError):
        add_piece(other, folder_store, b"paper", door_key="k")
    assert Piece.objects.count() == 1


def test_nothing_is_written_when_the_bytes_are_not_safe(database, tmp_path):
    (tmp_path / "objects").write_text("in the way")
    dossier = make_dossier()
    with pytest.raises(StorageError):
        add_piece(dossier, FolderStore(tmp_path / "objects"))
    assert Piece.objects.count() == 0
    assert Event.objects.filter(kind=EventKind.PIECE_RECEIVED.value).count() == 0


def test_a_repeated_last_drop_ends_the_wait_for_more(database, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store, b"paper", door_key="k", settle=timedelta(minutes=5))
    add_piece(dossier, folder_store, b"paper", door_key="k", now=at(1))
    dossier.refresh_from_db()
    assert dossier.settled_after == at(1) + SETTLE


def test_many_at_once_with_the_same_drop_make_one_piece(database, folder_store):
    dossier = make_dossier()
    barrier = threading.Barrier(5)

    def receive(_number):
        try:
            barrier.wait()
            return add_piece(dossier, folder_store, b"paper", door_key="k").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(receive, range(5)))) == 1
    assert Event.objects.filter(kind=EventKind.PIECE_RECEIVED.value).count() == 1


def test_many_at_once_open_the_same_dossier_once(database):
    barrier = threading.Barrier(5)

    def receive(_number):
        try:
            barrier.wait()
            return make_dossier("REF-1").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(receive, range(5)))) == 1
    assert (Dossier.objects.count(), Event.objects.count(), Person.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("facture.pdf", "facture.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\moi\\fac.pdf", "fac.pdf"),
        ("a\r\nb\tc .jpg", "a b c .jpg"),
        ("e\u0301te\u0301.png", "été.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "sans nom"),
        ("..", "sans nom"),
        ("\x00\x07", "sans nom"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_file_name_is_made_fit_to_be_shown(sent, shown):
    assert clean_name(sent) == shown


def test_references_are_readable_and_differ():
    references = {make_reference(date(2026, 3, 4)) for _ in range(500)}
    assert len(references) == 500
    assert all(reference.startswith("2026-") and not set(reference[5:]) & set("01ILOU") for reference in references)


def test_search_text_forgets_accents_and_capitals(database):
    assert fold_text("  Élodie  D’ŒUVRE-ÇA ") == "elodie d’œuvre-ca"
    dossier = make_dossier("REF-1", member=make_member(holder="Théo Nôtre"))
    assert dossier.search_text == "ref-1 m-1 theo notre amelie notre"
    keep_member(make_member(holder="Zoé Nôtre"))
    dossier.refresh_from_db()
    assert "zoe" in dossier.search_text
    assert "theo" not in dossier.search_text


def test_the_patient_of_a_claim_need_not_be_listed(database):
    dossier = make_dossier(patient=make_person(first="Zoé", role="enfant"))
    assert str(dossier.patient) == "Zoé Nôtre"
    assert dossier.member.people.count() == 2


def test_signatures_that_others_call_by_position(database, folder_store):
    dossier = make_dossier()
    piece = receive_piece(dossier, b"x", "x.pdf", Door.FOLDER, "k", NOW, store=folder_store)
    assert keep_person(dossier.member, make_person()) == dossier.patient
    assert piece.dossier == dossier
