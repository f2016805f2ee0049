"""A gestionnaire reads a settled dossier without seeing what the machine read."""

from __future__ import annotations

import pytest
from django.utils import timezone

from schemas.statuses import EventKind
from storage.handling_models import BlindCheck
from tests.portal import build

N = "\u00a0"


def text(answer):
    return answer.content.decode().replace("&nbsp;", N)


@pytest.fixture
def check(world):
    return BlindCheck.objects.create(dossier=world.dossier, drawn_at=timezone.now())


def inputs(world, **values):
    stem = f"{world.piece.pk.hex[:12]}-0-"
    return {f"{stem}{name}": value for name, value in {"type": "facture_optique", **values}.items()}


def understood(world):
    """What the machine read, as somebody would type it."""
    reading = world.piece.reading.line["documents"][0]["fields"]
    return {name: reading[name]["value"] for name in ("patient_name", "total_amount") if name in reading}


def test_nothing_that_the_machine_read_is_on_the_page(world, check):
    assert world.dossier.reference in text(world.as_handler.get("/gestion/relecture"))
    html = text(world.as_handler.get(f"/gestion/relecture/{check.pk}"))
    assert 'class="page"' in html
    body = html[html.index('<form method="post" class="stack"') :]
    assert 'value=""' in body
    for value in understood(world).values():
        assert str(value) not in body
        assert str(value).replace(".", ",") not in body


def test_what_differs_leads_to_the_dossier(world, check):
    answer = world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world, total_amount="1,00"))
    assert answer.url == f"/gestion/dossiers/{world.dossier.pk}"
    check.refresh_from_db()
    assert "total_amount" in check.differing[f"{world.piece.pk}/0"]
    review = text(world.as_handler.get(answer.url))
    assert "Relu à l’aveugle" in review
    assert "La relecture à l’aveugle lit" in review
    assert "aveugle" not in text(world.as_member.get(f"/dossiers/{world.dossier.pk}"))
    assert "diffère de la lecture" in text(world.as_handler.get("/gestion/relecture"))


def test_a_check_is_made_once(world, check):
    world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world))
    again = world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world))
    assert again.url == "/gestion/relecture"
    assert world.dossier.events.filter(kind=EventKind.BLIND_CHECKED.value).count() == 1


def test_a_type_is_needed_and_what_was_typed_stays(world, check):
    answer = world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world, type="", total_amount="beaucoup"))
    html = text(answer)
    assert answer.status_code == 422
    assert "Choisissez le type du document." in html
    answer = world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world, total_amount="beaucoup"))
    html = text(answer)
    assert 'value="beaucoup"' in html
    assert "Écrivez le montant comme 1389,00." in html
    check.refresh_from_db()
    assert check.checked_at is None


def test_the_operator_sees_the_share_of_errors(world, check):
    build.create_account("exploitant", build.PASSWORD, group="exploitants", name="Ex Ploitant")
    world.as_handler.post(f"/gestion/relecture/{check.pk}", inputs(world, total_amount="1,00"))
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="exploitant"))
    assert f"1, dont 1{N}avec une erreur" in text(client.get("/exploitation"))
