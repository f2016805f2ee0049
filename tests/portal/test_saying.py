"""A member corrects what was understood of a paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from schemas.lines import content_from_json
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import DocumentType, FieldName
from storage.amending import standing_sayings
from storage.deciding import load_dossier
from tests.portal import build

N = "\u00a0"


def text(answer):
    return answer.content.decode().replace("&nbsp;", N)


def page(world):
    return text(world.as_member.get(f"/papiers/{world.piece.pk}"))


def send(world, client=None, **inputs):
    shown = {"0-type": "facture_optique"} | {f"0-{name}": value for name, value in inputs.items()}
    return (client or world.as_member).post(f"/papiers/{world.piece.pk}/dire", shown)


def events(world):
    return world.dossier.events.filter(kind=EventKind.MEMBER_CORRECTED.value)


def test_the_page_of_a_paper_shows_what_was_understood_to_be_corrected(world):
    html = page(world)
    assert "Ce que nous avons compris" in html
    for name in ("0-type", "0-practitioner_name", "0-issue_date", "0-total_amount"):
        assert f'name="{name}"' in html
    assert "Ce que nous avons compris" not in text(world.as_handler.get(f"/papiers/{world.piece.pk}"))


def test_a_correction_is_kept_as_a_word_of_the_members_and_looked_at(world):
    before = load_dossier(world.dossier.pk, build._rules).dossier.readings[0]
    answer = send(world, total_amount="412,00")
    assert (answer.status_code, answer.url) == (302, f"/dossiers/{world.dossier.pk}")
    [event] = events(world)
    assert event.actor == f"member:{world.dossier.member_id}"
    assert "value" not in event.after  # what is of a person stands beside the event
    assert content_from_json(FieldName.TOTAL_AMOUNT, event.content.after["value"]) == Decimal("412.00")
    world.dossier.refresh_from_db()
    assert world.dossier.status == DossierStatus.RECEIVED.value
    assert world.dossier.settled_after is not None
    loaded = load_dossier(world.dossier.pk, build._rules).dossier
    assert loaded.readings[0] == before  # the reading stays as it was
    [saying] = loaded.sayings
    assert (saying.field, saying.value) == (FieldName.TOTAL_AMOUNT, Decimal("412.00"))
    html = page(world)
    assert f"Vous avez indiqué{N}: 412,00{N}€" in html
    assert "Vous avez indiqué" in text(world.as_member.get(f"/dossiers/{world.dossier.pk}"))
    assert "L’adhérent indique" in text(world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}"))


def test_the_last_word_counts_and_the_same_is_not_said_twice(world):
    for amount in ("412,00", "412,00", "413,00"):
        send(world, total_amount=amount)
    assert events(world).count() == 2
    [saying] = standing_sayings(world.dossier)
    assert saying.value == Decimal("413.00")


def test_the_type_and_the_date_can_be_corrected(world):
    world.as_member.post(f"/papiers/{world.piece.pk}/dire", {"0-type": "devis_optique", "0-issue_date": "05/10/2026"})
    kinds = {saying.field: saying.type or saying.value for saying in standing_sayings(world.dossier)}
    assert kinds == {None: DocumentType.DEVIS_OPTIQUE, FieldName.ISSUE_DATE: dt.date(2026, 10, 5)}


def test_what_was_typed_badly_stays_in_the_form_with_the_reason(world):
    answer = send(world, total_amount="beaucoup", issue_date="hier")
    html = text(answer)
    assert answer.status_code == 422
    assert 'value="beaucoup"' in html
    assert "Écrivez le montant comme 1389,00." in html
    assert "Écrivez la date comme 03/10/2026." in html
    assert not events(world).exists()


def test_nothing_changed_is_nothing_said(world):
    inputs = page(world).split('<input id="dire-')[1:]
    understood = {one.split('name="0-')[1].split('"')[0]: one.split('value="')[1].split('"')[0] for one in inputs}
    assert understood["total_amount"]
    answer = send(world, **understood)
    assert answer.url == f"/papiers/{world.piece.pk}#corriger"
    assert not events(world).exists()


def test_nobody_else_can_speak_for_a_member(world):
    assert send(world, client=world.as_other, total_amount="1,00").status_code == 404
    assert send(world, client=world.as_handler, total_amount="1,00").status_code == 403
    assert not events(world).exists()
