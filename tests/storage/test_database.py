import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from schemas.settings import Settings
from storage.database import describe_database
from storage.models import Event
from tests.services.databases import database_environment
from tests.storage.build import make_dossier


def test_migrations_say_all_that_the_models_say(database):
    call_command("makemigrations", "storage", check=True, dry_run=True, stdout=StringIO())


def test_migrations_can_be_undone(database):
    call_command("migrate", "storage", "zero", verbosity=0)
    assert not [name for name in connection.introspection.table_names() if name.startswith("storage_")]
    call_command("migrate", "storage", verbosity=0)


def test_sqlite_waits_for_writers_and_survives_a_power_cut(sqlite_database):
    with connection.cursor() as cursor:
        values = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            values[pragma] = cursor.fetchone()[0]
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    assert describe_database(sqlite_database)["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db(transaction=True)
def test_the_guard_of_the_event_log_steps_aside_for_django_s_own_tests_and_comes_back():
    make_dossier()
    call_command("flush", verbosity=0, interactive=False)
    assert Event.objects.count() == 0
    make_dossier()
    with pytest.raises(DatabaseError, match="only ever added"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM storage_event")


def test_a_worker_needs_no_more_than_these_settings(sqlite_database):
    code = "import django; django.setup(); import storage.work, storage.outbox, storage.sweep, storage.queries"
    subprocess.run([sys.executable, "-c", code], check=True, env=database_environment(sqlite_database))


def test_importing_the_database_room_needs_no_object_server():
    """An installation in a folder must not pay for, or fail on, the S3 client."""
    code = (
        "import sys; from schemas.settings import Settings; from storage.objects import open_store;"
        "open_store(Settings()); sys.exit('minio' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert Settings().object_store == "folder"
