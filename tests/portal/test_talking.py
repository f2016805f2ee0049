"""Messages and contests as both sides see them."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from schemas.statuses import DossierStatus, EventKind
from storage.events import append_event, lock_dossier
from storage.models import Contest, Dossier, Handling, Member, Message, OutboxMessage, Piece
from tests.portal import build
from tests.portal.browsing import find_violations, open_browser, sign_in
from tests.portal.test_journey import make_people, site  # noqa: F401 - the fixture


def settle(dossier):
    """The dossier as a gestionnaire leaves it who accepted it."""
    with transaction.atomic():
        locked = lock_dossier(dossier.pk)
        append_event(locked, EventKind.HANDLER_ACCEPTED, at=timezone.now(), actor="odile")
    dossier.refresh_from_db()
    return dossier


@pytest.fixture
def decided(world):
    """The member's dossier, decided."""
    world.dossier = settle(build.make_decided_dossier(world.member)[0])
    return world


def write(world, text="Bonjour, où en est ma demande ?", *files, client=None, **more):
    form = {"token": str(uuid.uuid4()), "text": text, "files": list(files), **more}
    return (client or world.as_member).post(f"/dossiers/{world.dossier.pk}/ecrire", form)


def answer(world, text="Tout est en ordre.", **more):
    form = {"token": str(uuid.uuid4()), "texte": text, **more}
    return world.as_handler.post(f"/gestion/dossiers/{world.dossier.pk}/repondre", form)


def show(world):
    return world.as_member.get(f"/dossiers/{world.dossier.pk}").content.decode()


def review(world):
    return world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}").content.decode()


def test_what_a_member_writes_is_read_and_answered(decided):
    assert write(decided).url.endswith("#messages")
    assert "où en est ma demande" in show(decided)
    assert "1 à lire" in review(decided)
    queue = decided.as_handler.get("/gestion?etat=message").content.decode()
    assert decided.dossier.reference in queue
    assert "Message à lire" in queue
    answer(decided)
    assert "1 à lire" not in review(decided)
    assert decided.dossier.reference not in decided.as_handler.get("/gestion?etat=message").content.decode()
    assert "1 message non lu" in decided.as_member.get("/dossiers").content.decode()
    assert "1 nouveau" in show(decided)
    assert "1 nouveau" not in show(decided)
    assert "Votre gestionnaire" in show(decided)
    assert "odile" not in show(decided)


def test_read_without_an_answer(decided):
    write(decided)
    decided.as_handler.post(f"/gestion/dossiers/{decided.dossier.pk}/repondre", {"lu": "1"})
    assert Handling.objects.get(dossier=decided.dossier).unread_messages == 0
    assert "Messages de l’adhérent lus" in review(decided)
    assert "Messages de l’adhérent lus" not in show(decided)


def test_papers_come_with_it_and_are_papers_of_the_dossier(decided):
    paper = SimpleUploadedFile("ordonnance.pdf", b"%PDF-1.7 une ordonnance")
    write(decided, "Voici l’ordonnance.", paper)
    assert Piece.objects.filter(dossier=decided.dossier, name="ordonnance.pdf").count() == 1
    decided.dossier.refresh_from_db()
    assert decided.dossier.status == DossierStatus.RECEIVED.value
    assert "ordonnance.pdf" in review(decided)


def test_double_clicks_count_once(decided):
    token = str(uuid.uuid4())
    for _ in range(2):
        write(decided, token=token)
        answer(decided, token=token.replace(token[:4], "abcd"))
    assert Message.objects.count() == 2


def test_what_is_wrong_is_said_in_french_and_to_scripts_too(decided):
    assert "Écrivez votre message." in write(decided, "").content.decode()
    form = {"token": str(uuid.uuid4()), "text": "x" * 6000}
    path = f"/dossiers/{decided.dossier.pk}/ecrire"
    refused = decided.as_member.post(path, form, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert "trop long" in refused.json()["errors"][0]
    assert answer(decided, "").status_code == 302
    assert "Écrivez votre message." in review(decided)
    assert answer(decided, token="x").status_code == 302
    assert Message.objects.count() == 0


def contest(world, why="Le contrat couvre ces soins.", *files):
    form = {"token": str(uuid.uuid4()), "text": why, "files": list(files)}
    return world.as_member.post(f"/dossiers/{world.dossier.pk}/contester", form)


def test_a_decision_is_contested_with_papers(decided):
    page = show(decided)
    assert "Contester la décision" in page
    form = decided.as_member.get(f"/dossiers/{decided.dossier.pk}/contester").content.decode()
    assert "médiateur" in form
    assert "décompte de l’Assurance Maladie" in form
    assert contest(decided, "Non.", SimpleUploadedFile("contrat.pdf", b"%PDF-1.7 le contrat")).status_code == 302
    assert Contest.objects.filter(dossier=decided.dossier, settled_at=None).exists()
    assert "est à l’étude" in show(decided)
    assert "Vous contestez la décision" in show(decided)
    desk = review(decided)
    assert "L’adhérent conteste la dernière décision" in desk
    assert "Non." in desk
    again = decided.as_member.get(f"/dossiers/{decided.dossier.pk}/contester")
    assert again.url == f"/dossiers/{decided.dossier.pk}"


def test_a_contest_without_a_reason_or_a_decision_is_refused(decided):
    assert "Écrivez votre message." in contest(decided, "").content.decode()
    decided.dossier = build.make_dossier(decided.member)  # nothing is decided on it yet
    answered = contest(decided)
    assert answered.status_code == 422
    assert "ne peut plus, être contestée" in answered.content.decode()
    assert Contest.objects.count() == 0


def test_alerts_are_chosen_on_the_account(decided):
    page = decided.as_member.get("/compte").content.decode()
    assert page.count('name="alerte"') == 5
    assert page.count("disabled") == 2
    decided.as_member.post("/compte/alertes", {"alerte": ["decision", "n’importe quoi"]})
    decided.member.email = "lea@exemple.invalid"
    decided.member.save()
    answer(decided)
    assert OutboxMessage.objects.filter(key__startswith="message:").count() == 0
    decided.as_member.post("/compte/alertes", {"alerte": ["message"]})
    answer(decided)
    assert OutboxMessage.objects.filter(key__startswith="message:").count() == 1


def make_accepted():
    make_people()
    return settle(build.make_decided_dossier(Member.objects.get(user__username="maelys"))[0]).pk


@pytest.mark.service
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_member_writes_on_a_phone_is_answered_by_keyboard_and_contests(site, scheme, tmp_path):  # noqa: F811
    site, _, in_thread = site
    dossier = in_thread(make_accepted)
    paper = tmp_path / "ordonnance.pdf"
    paper.write_bytes(b"%PDF-1.7 une ordonnance")
    found = {}
    with open_browser() as browser:
        phone = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR", color_scheme=scheme
        )
        page, faults = sign_in(phone, site, "maelys")
        page.goto(f"{site.address}/dossiers/{dossier}")
        page.get_by_role("link", name="Écrire au gestionnaire").click()
        page.get_by_label("Votre message").fill("Bonjour, voici mon ordonnance.")
        found["write"] = find_violations(page)
        page.get_by_label("Choisir des fichiers").set_input_files([paper])
        page.get_by_role("button", name="Envoyer le message").click()
        page.get_by_text("Votre message est envoyé").wait_for()
        page.get_by_text("Bonjour, voici mon ordonnance.").wait_for()
        found["dossier"] = find_violations(page)

        desk, desk_faults = sign_in(browser.new_context(locale="fr-FR", color_scheme=scheme), site, "odile")
        desk.goto(f"{site.address}/gestion/dossiers/{dossier}")
        desk.get_by_text("1 à lire").wait_for()
        found["review"] = find_violations(desk)
        desk.get_by_label("Message", exact=True).focus()
        desk.keyboard.type("Merci, votre ordonnance est bien arrivée.")
        desk.keyboard.press("Tab")
        desk.keyboard.press("Enter")
        desk.get_by_text("Votre message est envoyé à l’adhérent.").wait_for()

        page.get_by_text("Merci, votre ordonnance est bien arrivée.").wait_for()  # by itself, without a reload
        in_thread(lambda: settle(Dossier.objects.get(pk=dossier)))  # the paper was read and looked at
        page.goto(f"{site.address}/dossiers/{dossier}/contester")
        found["contest"] = find_violations(page)
        page.get_by_label("Pourquoi vous n’êtes pas d’accord").fill("Mon contrat couvre ces soins.")
        page.get_by_role("button", name="Envoyer la contestation").click()
        page.get_by_text("est à l’étude").wait_for()
        assert [one for one in found.items() if one[1]] == []
        # The picture of the paper was never drawn here; nothing else may fail.
        assert [fault for fault in (*faults, *desk_faults) if "404" not in fault] == []
    assert in_thread(lambda: Contest.objects.filter(dossier=dossier).count()) == 1
