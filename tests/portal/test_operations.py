"""What operators see, and what monitoring asks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from portal.accounts import OPERATORS, create_account
from portal.presenting.operations import show_duration
from schemas.settings import load_settings
from storage.workers import sign_in
from tests.portal import build


@pytest.fixture
def operator(world):
    client = Client()
    client.force_login(create_account("exploitante", build.PASSWORD, group=OPERATORS, name="Inès Morvan"))
    return client


def test_the_page_says_how_it_goes_and_nothing_of_anybody(world, operator):
    page = operator.get("/exploitation").content.decode()
    assert "Aucun lecteur ne donne signe de vie" in page
    sign_in("lecteur-1", 2, timezone.now())
    page = operator.get("/exploitation").content.decode()
    assert "Rien à signaler" in page
    assert "lecteur-1" in page
    assert "en marche" in page
    for secret in (world.member.member_number, "Kerjean", "Maëlys", world.dossier.reference):
        assert secret not in page


def test_an_operator_sees_no_dossier(world, operator):
    assert operator.get("/").url == "/exploitation"
    assert operator.get("/gestion").status_code == 403
    assert operator.get(f"/gestion/dossiers/{world.dossier.pk}").status_code == 404
    assert operator.get(f"/papiers/{world.piece.pk}").status_code == 404


def test_work_is_checked_from_outside(db):
    answer = Client().get("/sante/travail")
    assert (answer.status_code, answer.json()) == (503, {"status": "alarm", "alarms": ["no_worker"]})
    sign_in("lecteur-1", 2, timezone.now())
    answer = Client().get("/sante/travail")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_prometheus_reads_the_measures_with_the_token(world, monkeypatch):
    from pydantic import SecretStr

    monkeypatch.setattr(load_settings(), "metrics_token", SecretStr("un-jeton"))
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer autre"}).status_code == 404
    answer = Client().get("/metrics", headers={"Authorization": "Bearer un-jeton"})
    assert answer.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    assert families["liasse_papers_waiting"].samples[0].value == 0
    alarms = {sample.labels["code"]: sample.value for sample in families["liasse_alarm"].samples}
    assert (alarms["no_worker"], alarms["papers_wait"]) == (1.0, 0.0)
    assert {sample.labels["stage"] for sample in families["liasse_stage_seconds"].samples} >= {"reading", "deciding"}
    assert world.member.member_number not in answer.content.decode()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.42, "0,4 s"), (12, "12 s"), (180, "3 min"), (4 * 3600, "4 h"), (86400 * 3, "3 jours")],
)
def test_lengths_of_time(seconds, shown):
    assert show_duration(seconds).replace("\u00a0", " ") == shown
