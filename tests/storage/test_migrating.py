"""A database of the release before this one is brought up to date with everything in it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from storage.events import rebuild_status
from storage.handling_models import BlindCheck
from storage.models import Dossier, Event, Member, Piece, Reading, UpkeepRecord
from storage.upkeep import record_upkeep
from tests.storage.build import NOW

#: The last migration of the previous release.
PREVIOUS = ("storage", "0010_accounts")


def fill_as_the_previous_release_did():
    """Rows of every table, through the models as they were then."""
    then = MigrationExecutor(connection).loader.project_state([PREVIOUS]).apps
    member = then.get_model("storage", "Member").objects.create(member_number="M-1", email="m@exemple.invalid")
    dossier = then.get_model("storage", "Dossier").objects.create(
        reference="D1",
        member=member,
        claim_type="optique",
        upload_date=NOW.date(),
        opened_at=NOW,
        changed_at=NOW,
        status="complete",
    )
    original = then.get_model("storage", "Original").objects.create(sha256="0" * 64, size=3, kept_at=NOW)
    piece = then.get_model("storage", "Piece").objects.create(
        dossier=dossier, original=original, name="a.pdf", door="site", door_key="k", received_at=NOW, state="read"
    )
    page = {"page": 1, "width": 595.0, "height": 842.0, "unit": "pt", "source": "tesseract"}
    who = {"practitioner_name": {"value": "Cabinet Moreau", "confidence": 0.9, "source": "tesseract"}}
    paper = {"type": "facture_optique", "pages": [1], "fields": who}
    line = {"pages": [page], "documents": [paper]}
    then.get_model("storage", "Reading").objects.create(
        piece=piece, line=line, reader_version="1", worker="w", seconds=1, read_at=NOW
    )
    then.get_model("storage", "BlindCheck").objects.create(dossier=dossier, drawn_at=NOW, checked_at=NOW)
    event = then.get_model("storage", "Event").objects
    for kind, after in (
        ("dossier_opened", {"status": "received"}),
        ("piece_received", {"status": "received"}),
        ("decided", {"status": "complete", "decision": "complete"}),
    ):
        event.create(dossier=dossier, piece=piece, kind=kind, at=NOW, actor="w", before={}, after=after)


def is_refused(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


def test_from_the_previous_release(database):
    call_command("migrate", *PREVIOUS, verbosity=0)
    fill_as_the_previous_release_did()
    call_command("migrate", verbosity=0)
    assert Member.objects.get().email == "m@exemple.invalid"
    dossier = Dossier.objects.get()
    assert rebuild_status(dossier).value == dossier.status == "complete"
    assert Piece.objects.get().original.size == 3
    reading = Reading.objects.get()
    assert (reading.file_kind, reading.practitioner) == ("scanned_pdf", "Cabinet Moreau")
    assert BlindCheck.objects.get().judged == {}
    assert Event.objects.count() == 3
    record_upkeep("purge", actor="test", now=NOW)
    assert is_refused("UPDATE storage_event SET actor = 'x'")
    assert is_refused("DELETE FROM storage_event")
    assert is_refused("DELETE FROM storage_upkeeprecord")
    assert UpkeepRecord.objects.count() == 1


def test_nothing_is_left_to_make(sqlite_database):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
