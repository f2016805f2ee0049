"""A look at each file before it is sent: it advises, it never stands in the way, and what was told is remembered."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

import samples
from portal import first_look
from storage.models import Event, Piece
from tests.portal import build
from tests.portal.browsing import open_browser, sign_in
from tests.portal.test_journey import choose, make_people, site  # noqa: F401 - the fixture

FILES = Path(samples.__file__).parent / "set" / "files"
DARK, CLEAR = FILES / "s0092.jpg", FILES / "s0001.pdf"

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _reader():
    first_look._open_pool().warm_up()
    yield
    first_look.close()


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A busy machine must not decide a test."""
    monkeypatch.setattr(first_look, "_PATIENCE", 60.0)
    monkeypatch.setattr(first_look, "_LONGEST", 60.0)


def upload(path):
    return SimpleUploadedFile(path.name, path.read_bytes())


def look(client, *files):
    return client.post("/dossiers/regarder", {"files": list(files)})


def test_a_dark_photo_is_told_with_what_to_do_and_nothing_is_kept(world):
    before = Piece.objects.count()
    said = look(world.as_member, upload(DARK)).json()
    assert (said["looked"], said["legible"]) == (True, False)
    assert any("sombre" in sentence and "fenêtre" in sentence for sentence in said["sentences"])
    assert Piece.objects.count() == before


def test_a_clear_paper_is_told_so(world):
    assert look(world.as_member, upload(CLEAR)).json() == {
        "looked": True,
        "legible": True,
        "sentences": [],
        "token": "",
    }


def test_what_cannot_be_opened_is_told_before_it_is_sent(world):
    said = look(world.as_member, SimpleUploadedFile("facture.pdf", b"%PDF-1.7 rien")).json()
    assert said["looked"] is True
    assert said["sentences"]
    assert said["token"]


def test_no_time_holds_nothing_against_the_file(world, monkeypatch):
    monkeypatch.setattr(first_look, "_PATIENCE", 0.0)
    assert look(world.as_member, upload(DARK)).json() == {
        "looked": False,
        "legible": True,
        "sentences": [],
        "token": "",
    }


def test_limits_are_those_of_the_deposit(world):
    answer = look(world.as_member, SimpleUploadedFile("vide.pdf", b""))
    assert answer.status_code == 422
    assert "vide" in answer.json()["errors"][0]
    assert look(world.as_member, upload(CLEAR), upload(DARK)).status_code == 422


def send(world, *tokens):
    form = {
        "token": str(uuid.uuid4()),
        "claim_type": "optique",
        "patient": world.member.people.get(first="Tristan").pk,
        "message": "",
        "files": [upload(DARK)],
        "prevenu": list(tokens),
    }
    answer = world.as_member.post("/dossiers/deposer", form)
    assert answer.status_code == 302
    return answer.url.removeprefix("/dossiers/")


def test_sending_it_anyway_is_remembered_and_shown_to_the_gestionnaire(world):
    token = look(world.as_member, upload(DARK)).json()["token"]
    dossier = send(world, token)
    received = Event.objects.get(dossier=dossier, kind="piece_received")
    assert "sombre" in received.after["warned"]
    told = world.as_handler.get(f"/gestion/dossiers/{dossier}").content.decode()
    assert "l’adhérent avait été prévenu (photo trop sombre" in told
    assert "prévenu" not in world.as_member.get(f"/dossiers/{dossier}").content.decode()


def test_what_we_did_not_sign_or_what_is_of_another_file_says_nothing(world):
    other = signing.dumps(["0" * 64, ["flou"]], salt=first_look._SALT)
    forged = signing.dumps(["0" * 64, ["flou"]], salt="something else")
    dossier = send(world, other, forged, "n’importe quoi")
    assert "warned" not in Event.objects.get(dossier=dossier, kind="piece_received").after


@pytest.mark.service
def test_a_member_is_advised_on_a_phone_and_sends_it_anyway(site):  # noqa: F811
    site, _, in_thread = site
    in_thread(make_people)
    with open_browser() as browser:
        phone = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR"
        )
        page, faults = sign_in(phone, site, "maelys")
        page.get_by_role("link", name="Déposer des documents").click()
        choose(page, "Optique")
        choose(page, "Maëlys Kerjean")
        # The first look may come while the reader still starts: asked again, it answers.
        for _ in range(5):
            page.get_by_label("Choisir des fichiers").set_input_files([DARK])
            page.get_by_text("vérification…").wait_for(state="detached")
            if page.locator(".file-advice").count():
                break
            page.get_by_role("button", name=f"Retirer {DARK.name}").click()
        page.get_by_text("La photo est trop sombre").wait_for()
        page.get_by_role("button", name=f"Voir {DARK.name} en grand").click()
        page.get_by_role("dialog").get_by_role("img", name=DARK.name).wait_for()
        page.get_by_role("button", name="Fermer").click()
        page.get_by_role("button", name="Elle est lisible, envoyer quand même").click()
        page.get_by_text("sera envoyé tel quel").wait_for()
        page.get_by_role("button", name="Envoyer", exact=True).click()
        page.get_by_text("est bien arrivé").wait_for()
        assert faults == []

        def recall():
            return Event.objects.get(kind="piece_received").after["warned"]

        assert "sombre" in in_thread(recall)
        assert build.PASSWORD not in page.content()
