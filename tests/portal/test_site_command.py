"""``liasse site``: the real server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.portal.server import SITE, new_installation, serve

pytestmark = pytest.mark.service


def test_it_serves_pages_and_static_files(tmp_path):
    with serve(new_installation(tmp_path)) as site:
        assert site.get("/sante").json() == {"status": "ok"}
        page = site.get("/connexion")
        assert page.status_code == 200
        start = page.text.index("/static/portal/site.css?v=")
        style = site.get(page.text[start : page.text.index('"', start)])
        assert style.headers["Content-Type"].startswith("text/css")
        assert site.get("/dossiers").status_code == 302
        assert site.memory_mb() < 300


def test_it_refuses_a_database_that_was_not_prepared(tmp_path):
    environment = new_installation(tmp_path, migrated=False)
    ended = subprocess.run(SITE, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "database is not up to date" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_too_large_an_upload_is_refused_with_a_page(tmp_path):
    with serve(new_installation(tmp_path)) as site:
        answer = site.post("/dossiers/deposer", b"x" * 100, headers={"Content-Length": "900000000"})
        assert answer.status_code == 413
        assert "trop lourd" in answer.text


def test_python_is_the_one_of_the_tests():
    assert SITE[0] == sys.executable
