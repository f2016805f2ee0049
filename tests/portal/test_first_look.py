"""A look at each file before it is sent: it advises, it never stands in the way, and what was told is remembered."""

from __future__ import annotations

import base64
import io
import os
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from types import SimpleNamespace

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

import samples
from portal import first_look, site_reader
from portal.presenting.history import _tell_warning
from storage.models import Event, Piece
from tests.portal.browsing import find_violations, open_browser, sign_in
from tests.portal.test_journey import choose, make_people, site  # noqa: F401 - the fixture

FILES = Path(samples.__file__).parent / "set" / "files"
DARK, CLEAR = FILES / "s0092.jpg", FILES / "s0001.pdf"

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _reader():
    site_reader.open_reader().warm_up()
    yield
    site_reader.close()


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A busy machine must not decide a test."""
    monkeypatch.setattr(first_look, "PATIENCE", 60.0)


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
        "pages": [],
    }


def test_what_cannot_be_opened_is_told_before_it_is_sent(world):
    said = look(world.as_member, SimpleUploadedFile("facture.pdf", b"%PDF-1.7 rien")).json()
    assert said["looked"] is True
    assert said["sentences"]
    assert said["token"]


def test_no_time_holds_nothing_against_the_file(world, monkeypatch):
    monkeypatch.setattr(first_look, "PATIENCE", 0.0)
    assert look(world.as_member, upload(DARK)).json() == {
        "looked": False,
        "legible": True,
        "sentences": [],
        "token": "",
        "pages": [],
    }


def test_limits_are_those_of_the_deposit(world):
    answer = look(world.as_member, SimpleUploadedFile("vide.pdf", b""))
    assert answer.status_code == 422
    assert "vide" in answer.json()["errors"][0]
    assert look(world.as_member, upload(CLEAR), upload(DARK)).status_code == 422


def test_with_too_many_at_once_nobody_waits_in_vain(world, monkeypatch):
    monkeypatch.setattr(first_look, "_places", BoundedSemaphore(1))
    with first_look._places:
        assert look(world.as_member, upload(DARK)).json()["looked"] is False
    assert look(world.as_member, upload(DARK)).json()["looked"] is True


def test_a_file_that_hangs_the_reader_is_given_up_and_the_next_is_looked_at(world, monkeypatch):
    # A named pipe that nobody writes to hangs whoever opens it: so does a file on which a library loops for ever.
    real = tempfile.NamedTemporaryFile

    @contextmanager
    def make_pipe(**named):
        with real(**named) as copy:
            pipe = Path(f"{copy.name}.pipe")
            os.mkfifo(pipe)
            yield SimpleNamespace(name=str(pipe), writelines=copy.writelines, flush=copy.flush)
            pipe.unlink()

    with monkeypatch.context() as patched:
        patched.setattr(first_look, "PATIENCE", 1.0)
        patched.setattr(first_look.tempfile, "NamedTemporaryFile", make_pipe)
        assert look(world.as_member, upload(DARK)).json()["looked"] is False
    assert look(world.as_member, upload(DARK)).json()["looked"] is True


def test_pages_that_a_browser_cannot_draw_come_as_pictures(world):
    said = world.as_member.post("/dossiers/regarder", {"files": [upload(CLEAR)], "montrer": "1"}).json()
    (page,) = said["pages"]
    with Image.open(io.BytesIO(base64.b64decode(page))) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == 1600


def send(world, *tokens, confirmed=()):
    form = {
        "token": str(uuid.uuid4()),
        "claim_type": "optique",
        "patient": world.member.people.get(first="Tristan").pk,
        "message": "",
        "files": [upload(DARK)],
        "prevenu": list(tokens),
        "confirme": list(confirmed),
    }
    answer = world.as_member.post("/dossiers/deposer", form)
    assert answer.status_code == 302
    return answer.url.removeprefix("/dossiers/")


def test_sending_it_anyway_is_remembered_and_shown_to_the_gestionnaire(world):
    token = look(world.as_member, upload(DARK)).json()["token"]
    dossier = send(world, token)
    received = Event.objects.get(dossier=dossier, kind="piece_received")
    assert "sombre" in received.after["warned"]
    assert received.after["confirmed"] is False
    told = world.as_handler.get(f"/gestion/dossiers/{dossier}").content.decode()
    assert "l’adhérent avait été prévenu (photo trop sombre" in told
    assert "l’a envoyé sans répondre" in told
    assert "prévenu" not in world.as_member.get(f"/dossiers/{dossier}").content.decode()


def test_the_answer_that_it_is_readable_is_remembered(world):
    token = look(world.as_member, upload(DARK)).json()["token"]
    dossier = send(world, confirmed=[token])
    assert Event.objects.get(dossier=dossier, kind="piece_received").after["confirmed"] is True
    told = world.as_handler.get(f"/gestion/dossiers/{dossier}").content.decode()
    assert "a répondu que le document est lisible" in told


def test_papers_added_later_bring_what_was_told_too(world):
    token = look(world.as_member, upload(DARK)).json()["token"]
    dossier = send(world)
    form = {"token": str(uuid.uuid4()), "files": [upload(DARK)], "confirme": [token]}
    assert world.as_member.post(f"/dossiers/{dossier}/ajouter", form).status_code == 302
    said = [event.after.get("confirmed") for event in Event.objects.filter(dossier=dossier, kind="piece_received")]
    assert said == [None, True]


def test_a_file_that_cannot_be_opened_is_called_what_it_is(world):
    torn = SimpleUploadedFile("facture.pdf", b"%PDF-1.7 rien")
    token = look(world.as_member, torn).json()["token"]
    warning = next(iter(first_look.read_warnings([token], []).values()))
    assert warning.codes == ("damaged",)
    event = Event(kind="piece_received", after={"warned": list(warning.codes), "confirmed": False})
    assert "fichier abîmé" in _tell_warning(event)


def test_what_was_told_days_ago_is_forgotten(world, monkeypatch):
    token = look(world.as_member, upload(DARK)).json()["token"]
    assert first_look.read_warnings([token], [])
    monkeypatch.setattr(first_look, "_DAY", -1)
    assert first_look.read_warnings([token], []) == {}


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
        assert not find_violations(page)
        page.get_by_role("button", name="Fermer").click()
        page.get_by_role("button", name="Elle est lisible, envoyer quand même").click()
        page.get_by_text("sera envoyé tel quel").wait_for()
        assert not find_violations(page)
        page.get_by_role("button", name="Envoyer", exact=True).click()
        page.get_by_text("est bien arrivé").wait_for()
        assert faults == []

        def recall():
            return Event.objects.get(kind="piece_received").after

        assert "sombre" in in_thread(recall)["warned"]
        assert in_thread(recall)["confirmed"] is True
