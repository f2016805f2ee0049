"""What every answer carries, and that pages hold nothing that the policy forbids."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.portal.pages import all_pages


class Forbidden(HTMLParser):
    """Collects what a strict content security policy would block, and what comes from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or "style" in given:
            self.found.append(f"style in <{tag}>")
        if tag == "script" and not given.get("src"):
            self.found.append("inline script")
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"{name} in <{tag}>")
            if name in {"src", "href", "action"} and (value or "").split(":")[0] in {
                "http",
                "https",
                "javascript",
                "data",
            }:
                self.found.append(f"{value} in <{tag}>")


def test_pages_obey_their_own_policy(world):
    for name, html in all_pages(world).items():
        parser = Forbidden()
        parser.feed(html)
        assert parser.found == [], name


@pytest.mark.parametrize("path", ["/connexion", "/dossiers", "/nulle-part", "/sante"])
def test_headers(path, world):
    headers = world.as_member.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_pages_are_not_kept_by_the_browser(world):
    for path in ("/dossiers", f"/dossiers/{world.dossier.pk}"):
        assert "no-store" in world.as_member.get(path).headers["Cache-Control"]


def test_static_files_are_kept_and_named_by_their_content(world):
    html = world.anonymous.get("/connexion").content.decode()
    start = html.index("/static/portal/site.css?v=")
    path = html[start : html.index('"', start)]
    assert len(path.partition("?v=")[2]) == 12
    answer = world.anonymous.get(path)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert b"--paper" in b"".join(answer.streaming_content)


def test_error_pages_are_in_french(world, settings):
    world.as_member.raise_request_exception = False
    expected = {
        "/nulle-part": (404, "Page introuvable"),
        "/gestion": (403, "Page réservée"),
    }
    for path, (status, title) in expected.items():
        answer = world.as_member.get(path)
        assert (answer.status_code, title in answer.content.decode()) == (status, True)
    big = world.as_member.post("/dossiers/deposer", b"x", content_type="text/plain", CONTENT_LENGTH="999999999")
    assert big.status_code == 413
    assert "Envoi trop lourd" in big.content.decode()
    settings.ALLOWED_HOSTS = ["liasse.example"]
    bad = world.as_member.get("/dossiers")
    assert (bad.status_code, "Demande non comprise" in bad.content.decode()) == (400, True)


def test_a_crash_is_an_apology_without_details(world, settings):
    world.as_member.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.portal.crashing_urls"
    answer = world.as_member.get("/dossiers")
    assert answer.status_code == 500
    html = answer.content.decode()
    assert "Le site a rencontré un problème" in html
    assert "secret de la page" not in html
