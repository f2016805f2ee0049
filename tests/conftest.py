"""What every room's tests may ask for."""

from __future__ import annotations

import importlib
import os
import shutil
import uuid

import hypothesis
import pytest

from schemas.settings import Settings
from storage.folder_store import FolderStore
from storage.objects import open_store
from tests.services.databases import new_postgres, new_sqlite, use_database
from tests.services.once import find_run_folder, obtain_service, remove_abandoned_folders, stop_services

# Neither time nor chance decides a test: machines are shared, the first example of a test may load a model, and what
# failed is to fail again. HYPOTHESIS_PROFILE=explore looks for examples that nobody has seen.
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("liasse", deadline=None, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "liasse"))


def pytest_addoption(parser):
    group = parser.getgroup("liasse")
    group.addoption("--kill-papers", type=int, default=21, help="papers uploaded while processes are killed")
    group.addoption("--kill-seconds", type=float, default=25.0, help="how long the uploading lasts, in seconds")
    group.addoption("--kill-seed", type=int, default=None, help="seed of the kills; drawn and printed without it")


def pytest_unconfigure(config):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        stop_services(find_run_folder())
        shutil.rmtree(find_run_folder(), ignore_errors=True)
        remove_abandoned_folders()


@pytest.fixture(scope="session")
def run_folder():
    """A folder that all processes of this test run share."""
    return find_run_folder()


@pytest.fixture(scope="session")
def postgres_server(run_folder):
    """Address of a real PostgreSQL server, one for the whole run. Mark the test ``service``."""
    return obtain_service("postgres", run_folder)["url"]


@pytest.fixture(scope="session")
def s3_server(run_folder):
    """``endpoint``, ``access_key``, ``secret_key``, ``region`` of a real S3 server. Mark the test ``service``."""
    return obtain_service("s3", run_folder)


@pytest.fixture
def sqlite_database(run_folder, tmp_path, django_db_blocker):
    """A fresh migrated SQLite file, used by Django in every thread of this test; gives its address."""
    with new_sqlite(run_folder, tmp_path) as url, django_db_blocker.unblock(), use_database(url):
        yield url


@pytest.fixture
def postgres_database(run_folder, postgres_server, django_db_blocker):
    """A fresh migrated PostgreSQL database, used by Django in every thread of this test; gives its address."""
    with new_postgres(run_folder, postgres_server) as url, django_db_blocker.unblock(), use_database(url):
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def database(request):
    """The test runs on SQLite and on PostgreSQL; gives the address."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def folder_store(tmp_path):
    """An object store in a folder."""
    return FolderStore(tmp_path / "objects")


@pytest.fixture
def s3_settings(s3_server, tmp_path):
    """Settings of an installation whose objects are on the S3 server, in a bucket of its own."""
    return Settings(
        data_dir=tmp_path,
        object_store="s3",
        s3_endpoint=s3_server["endpoint"],
        s3_access_key=s3_server["access_key"],
        s3_secret_key=s3_server["secret_key"],
        s3_region=s3_server["region"],
        s3_bucket=f"t-{uuid.uuid4().hex}",
        s3_secure=False,
    )


@pytest.fixture
def s3_store(s3_settings):
    """An object store on the S3 server."""
    return open_store(s3_settings)


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.service)])
def store(request):
    """The test runs on both object stores."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture(scope="session", autouse=True)
def _let_django_empty_the_event_table():
    """Django empties tables after a transactional test; the guards of what is only added to step aside meanwhile."""
    from django.db.backends.sqlite3.operations import DatabaseOperations

    guards = {
        "storage_event": importlib.import_module("storage.migrations.0002_append_only_events"),
        "storage_upkeeprecord": importlib.import_module("storage.migrations.0004_upkeep"),
    }
    flush = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        statements = flush(self, style, tables, **options)
        for table, guard in guards.items():
            if table in tables:
                statements = [*guard.SQLITE_DROP, *statements, *guard.SQLITE_CREATE]
        return statements

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = flush
