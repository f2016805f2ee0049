"""Commands on data: back-up, restoring, purge, and the rights of a member."""

import getpass
import json
import zipfile

import pytest
import typer
from django.core.management import call_command
from typer.testing import CliRunner

from liasse.backup import backup, restore
from liasse.purge import purge
from liasse.rights import rights
from schemas.settings import load_settings
from storage.models import Dossier, Event, Member, Piece, UpkeepRecord
from storage.objects import default_store
from tests.services.databases import use_database
from tests.storage.build import add_piece, make_dossier, make_member

app = typer.Typer()
for command in (backup, restore, purge):
    app.command()(command)
app.add_typer(rights, name="rights")


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch, sqlite_database):
    monkeypatch.setattr(load_settings(), "data_dir", tmp_path / "data")
    call_command("migrate", verbosity=0)  # the site's own tables
    default_store.cache_clear()
    yield
    default_store.cache_clear()


def say(*words, fails=False):
    answer = CliRunner().invoke(app, [str(word) for word in words])
    assert (answer.exit_code != 0) == fails, answer.output
    return answer


def receive(reference="D1", number="04417725"):
    dossier = make_dossier(reference, member=make_member(number))
    return add_piece(dossier, default_store(), b"bytes as received")


def test_back_up_and_restore(tmp_path, monkeypatch):
    piece = receive()
    assert "1 originals, 1 objects (1 new, 0 erased)" in say("backup", tmp_path / "backup").output
    monkeypatch.setattr(load_settings(), "data_dir", tmp_path / "elsewhere")
    default_store.cache_clear()
    with use_database(f"sqlite:///{tmp_path}/new.sqlite3"):
        assert "restored: 1 originals" in say("restore", tmp_path / "backup").output
        assert Piece.objects.get().pk == piece.pk
        assert default_store().get_original(piece.original_id) == b"bytes as received"


def test_a_member_s_rights(tmp_path):
    receive()
    assert "1 papers" in say("rights", "export", "04417725", tmp_path / "export.zip").output
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert json.loads(archive.read("donnees.json"))["member"]["member_number"] == "04417725"
    say("rights", "hold", "04417725", "--reason", "litige 14")
    say("rights", "erase", "04417725", "--reason", "demande 3", fails=True)
    assert Piece.objects.get().state == "received"
    assert "1 holds lifted" in say("rights", "lift", "04417725").output
    assert "with 1 dossiers" in say("rights", "erase", "04417725", "--reason", "demande 3").output
    assert Piece.objects.get().state == "erased"
    assert not Member.objects.filter(member_number="04417725").exists()
    assert [record.kind for record in UpkeepRecord.objects.all()] == ["export", "hold", "lift", "erasure"]
    assert {record.actor for record in UpkeepRecord.objects.all()} == {f"command:{getpass.getuser()}"}
    say("rights", "export", "04417725", tmp_path / "export.zip", fails=True)


def test_one_person_of_a_contract():
    receive()
    assert "with 1 dossiers" in say("rights", "erase", "04417725", "--person", "amelie notre", "--reason", "x").output
    assert str(Member.objects.get(member_number="04417725").people.get()).startswith("effacé")


def test_purge_says_first_what_would_go():
    receive()
    Dossier.objects.update(changed_at="2001-01-01T00:00:00Z", opened_at="2001-01-01T00:00:00Z")
    assert "due: 1 papers, 1 dossiers emptied" in say("purge", "--dry-run").output
    assert Piece.objects.get().state == "received"
    assert "erased: 1 papers, 1 dossiers emptied" in say("purge").output
    assert Piece.objects.get().state == "erased"
    assert Event.objects.filter(kind="erased").count() == 1
    assert "erased: 0 papers, 0 dossiers emptied" in say("purge").output
