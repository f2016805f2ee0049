"""Errors, their languages, and the description of the API."""

from __future__ import annotations

import pytest

from portal.api.problems import KINDS


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("", "fr"), ("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("en-GB", "en"), ("de, en;q=0.5, fr;q=0.2", "en"), ("de", "fr")],
)
def test_the_sentence_is_in_the_language_asked_for(world, wanted, language):
    answer = world.anonymous.get("/api/v1/dossiers", headers={"Accept-Language": wanted} if wanted else {})
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    kind = KINDS["unauthorized"]
    assert said == {
        "type": "/api/v1/docs#unauthorized",
        "title": kind.title,
        "status": 401,
        "code": "unauthorized",
        "detail": kind.en if language == "en" else kind.fr,
    }


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1/", "/api/v2/dossiers", "/api/v1/dossiers/12"])
def test_nothing_is_there(world, path):
    answer = world.anonymous.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    if path != "/api":
        assert answer.json()["code"] == "not_found"


def test_another_method_is_told_which_ones_there_are(world):
    answer = world.anonymous.delete("/api/v1/dossiers")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_crash_tells_nothing(caller, monkeypatch):
    from portal.api import following

    def crash(*given):
        raise ValueError("le secret de la page")

    monkeypatch.setattr(following, "describe_dossiers", crash)
    answer = caller.get("/dossiers")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "secret" not in answer.content.decode()


def test_broken_multipart_is_a_bad_request(caller):
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "k"}
    answer = caller.client.post("/api/v1/dossiers", b"x", content_type="multipart/form-data", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_the_description_names_every_error_as_it_comes(world):
    schema = world.anonymous.get("/api/v1/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/v1/token",
        "/api/v1/dossiers",
        "/api/v1/dossiers/{dossier_id}",
        "/api/v1/dossiers/{dossier_id}/missing",
        "/api/v1/dossiers/{dossier_id}/papers",
        "/api/v1/dossiers/{dossier_id}/messages",
        "/api/v1/dossiers/{dossier_id}/settlement",
    }
    answers = schema["paths"]["/api/v1/dossiers"]["post"]["responses"]
    assert list(answers["422"]["content"]) == ["application/problem+json"]
    body = schema["paths"]["/api/v1/dossiers"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert body["encoding"]["claim"]["contentType"] == "application/json"
    assert schema["components"]["securitySchemes"]["Token"]["type"] == "oauth2"
    scopes = {method: one["security"] for method, one in schema["paths"]["/api/v1/dossiers"].items()}
    assert scopes == {"get": [{"Token": ["dossiers:read"]}], "post": [{"Token": ["dossiers:write"]}]}


def test_the_page_names_every_operation_and_every_code(world):
    page = world.anonymous.get("/api/v1/docs").content.decode()
    for word in ("POST /api/v1/token", "POST /api/v1/dossiers", "Idempotency-Key", *KINDS):
        assert word in page


def test_the_address_in_a_problem_leads_to_its_line(world):
    page = world.anonymous.get("/api/v1/docs").content.decode()
    for code in KINDS:
        assert f'id="{code}"' in page
