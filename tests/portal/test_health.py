"""What machines ask."""

from __future__ import annotations

from django.test import Client

from tests.services.databases import use_database


def test_alive(db):
    answer = Client().get("/sante")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_without_a_database(tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), use_database(f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3"):
        answer = Client().get("/sante")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_robots(db):
    assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
