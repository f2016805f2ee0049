"""``liasse status``."""

import json

import pytest
import typer
from django.core.management import call_command
from django.utils import timezone
from typer.testing import CliRunner

from liasse.status import status
from storage.workers import sign_in
from tests.storage.build import add_piece, make_dossier

app = typer.Typer()
app.command()(status)


@pytest.fixture(autouse=True)
def _migrated(sqlite_database):
    call_command("migrate", verbosity=0)  # the site's own tables


def test_status_says_what_is_wrong_by_its_exit_code(folder_store):
    answer = CliRunner().invoke(app, [])
    assert answer.exit_code == 1
    assert "no worker is alive" in answer.output
    sign_in("reader-1", 2, timezone.now())
    add_piece(make_dossier(), folder_store, now=timezone.now())
    answer = CliRunner().invoke(app, [])
    assert answer.exit_code == 0, answer.output
    assert "reader-1" in answer.output
    assert "alarm" not in answer.output


def test_status_as_json(folder_store):
    add_piece(make_dossier(), folder_store, now=timezone.now())
    answer = CliRunner().invoke(app, ["--json"])
    found = json.loads(answer.output)
    assert answer.exit_code == 1
    assert [alarm["code"] for alarm in found["alarms"]] == ["no_worker"]
    assert found["backlog"]["unread_pieces"] == 1
    assert found["statuses"]["received"] == 1
