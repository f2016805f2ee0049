"""Depositing papers: nothing lost, nothing doubled, every refusal said in French."""

from __future__ import annotations

import threading
import uuid

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

import portal.limits
from portal.limits import load_limits
from schemas.settings import load_settings
from storage.folder_store import FolderStore
from storage.models import Dossier, Event, Piece
from storage.objects import default_store
from tests.portal import build


def pdf(name="facture.pdf", content=b"%PDF-1.7 une facture"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def form(world, *files, token=None, claim_type="optique", **more):
    return {
        "token": str(token or uuid.uuid4()),
        "claim_type": claim_type,
        "patient": world.member.people.get(first="Tristan").pk,
        "message": "",
        "files": list(files),
        **more,
    }


def deposit(world, *files, client=None, **more):
    return (client or world.as_member).post("/dossiers/deposer", form(world, *files, **more))


def test_a_deposit_opens_a_dossier_with_its_papers(world):
    answer = deposit(world, pdf(), pdf("ordonnance.heic", b"ordonnance"), message="Bonjour")
    dossier = Dossier.objects.exclude(pk__in=[world.dossier.pk, world.other_dossier.pk]).get()
    assert answer.status_code == 302
    assert answer.url == f"/dossiers/{dossier.pk}"
    assert dossier.member == world.member
    assert (dossier.patient.first, dossier.claim_type, dossier.message) == ("Tristan", "optique", "Bonjour")
    kept = {piece.name: default_store().get_original(piece.original_id) for piece in dossier.pieces.all()}
    assert kept == {"facture.pdf": b"%PDF-1.7 une facture", "ordonnance.heic": b"ordonnance"}
    page = world.as_member.get(answer.url).content.decode()
    assert "2\u00a0documents sont bien arrivés." in page
    assert "Lecture en cours…" in page


def test_a_member_who_does_not_know_what_the_papers_are_for_sends_them_all_the_same(world):
    token = uuid.uuid4()
    answers = [
        deposit(world, pdf(), token=token, claim_type="inconnu", patient="", message="Reçu ce matin") for _ in range(2)
    ]
    dossier = Dossier.objects.exclude(pk__in=[world.dossier.pk, world.other_dossier.pk]).get()
    assert {answer.url for answer in answers} == {f"/dossiers/{dossier.pk}"}
    assert (dossier.claim_type, dossier.member, dossier.patient) == ("", world.member, None)
    assert dossier.message == "Reçu ce matin"
    assert dossier.pieces.count() == 1
    assert "Documents sans demande" in world.as_member.get(answers[0].url).content.decode()


def test_a_request_about_the_contract_is_one_of_the_choices(world):
    page = world.as_member.get("/dossiers/deposer").content.decode()
    assert page.index("Lentilles") < page.index("Je ne sais pas") < page.index("Votre contrat")
    assert page.index("Votre contrat") < page.index("Prime de naissance")
    answer = deposit(world, pdf("acte.pdf"), claim_type="naissance")
    dossier = Dossier.objects.get(claim_type="naissance")
    assert answer.url == f"/dossiers/{dossier.pk}"


def test_the_page_names_what_is_accepted(world):
    html = world.as_member.get("/dossiers/deposer").content.decode()
    limits = load_limits()
    for word in ("PDF", "JPEG", "HEIC", f"{limits.files} fichiers au plus", "20\u00a0Mo par fichier"):
        assert word in html
    assert ".heic" in html
    assert 'capture="environment"' in html


def test_sending_the_same_form_twice_changes_nothing(world):
    token = uuid.uuid4()
    first = deposit(world, pdf(), token=token)
    events = Event.objects.count()
    second = deposit(world, pdf(), token=token)
    assert first.url == second.url
    assert Dossier.objects.filter(member=world.member).count() == 2
    assert Event.objects.count() == events


def test_a_changed_list_of_files_loses_none(world):
    """The first sending failed on the way back; the member takes a file out, adds another, and sends again."""
    token = uuid.uuid4()
    first = deposit(world, pdf(), pdf("flou.jpg", b"flou"), token=token)
    deposit(world, pdf("net.jpg", b"net"), pdf(), token=token)
    dossier = Dossier.objects.get(pk=first.url.rpartition("/")[2])
    assert sorted(piece.name for piece in dossier.pieces.all()) == ["facture.pdf", "flou.jpg", "net.jpg"]


def test_asking_for_something_else_is_another_dossier(world):
    token = uuid.uuid4()
    assert deposit(world, pdf(), token=token).url != deposit(world, pdf(), token=token, claim_type="dentaire").url


def test_the_same_token_of_another_member_is_another_dossier(world):
    token = uuid.uuid4()
    deposit(world, pdf(), token=token)
    patient = world.other.people.first().pk
    answer = deposit(world, pdf(), token=token, client=world.as_other, patient=patient)
    assert Dossier.objects.get(pk=answer.url.rpartition("/")[2]).member == world.other


def test_a_dossier_is_not_decided_between_two_files_of_one_sending(world):
    answer = deposit(world, pdf(), pdf("b.pdf", b"b"))
    dossier = Dossier.objects.get(pk=answer.url.rpartition("/")[2])
    wait = (dossier.settled_after - dossier.pieces.last().received_at).total_seconds()
    assert wait == pytest.approx(load_settings().settle_seconds)


def test_somebody_elses_patient_is_refused(world):
    stranger = world.other.people.first().pk
    answer = deposit(world, pdf(), patient=stranger)
    assert answer.status_code == 422
    assert Dossier.objects.filter(member=world.member).count() == 1


def faults(answer):
    assert answer.status_code == 422
    return answer.json()["errors"]


def send_json(world, *files, **more):
    headers = {"Accept": "application/json"}
    return world.as_member.post("/dossiers/deposer", form(world, *files, **more), headers=headers)


def test_what_is_wrong_is_said_for_each_file(world, monkeypatch):
    settings = load_settings().model_copy(update={"max_file_bytes": 1_000})
    monkeypatch.setattr(portal.limits, "load_settings", lambda: settings)
    load_limits.cache_clear()
    try:
        answer = send_json(world, pdf("vide.pdf", b""), pdf("lourd.jpg", b"x" * 2_500), pdf())
    finally:
        load_limits.cache_clear()
    first, second = faults(answer)
    assert "vide.pdf" in first
    assert "Ce fichier est vide." in first
    assert "lourd.jpg" in second
    assert "2\u00a0ko, 1\u00a0ko au plus" in second
    assert Dossier.objects.filter(member=world.member).count() == 1


def test_too_many_files(world):
    limits = load_limits()
    answer = send_json(world, *(pdf(f"{n}.pdf", b"%d" % n) for n in range(limits.files + 1)))
    assert faults(answer) == [limits.too_many_fr]


def test_too_heavy_together(world, monkeypatch):
    rules = portal.limits.installed_rules()
    small = rules.model_copy(update={"uploads": rules.uploads.model_copy(update={"max_total_bytes": 30})})
    monkeypatch.setattr(portal.limits, "installed_rules", lambda: small)
    load_limits.cache_clear()
    try:
        answer = send_json(world, pdf(content=b"x" * 20), pdf("b.pdf", b"y" * 20))
        assert faults(answer) == [load_limits().too_heavy_fr]
    finally:
        load_limits.cache_clear()


def test_nothing_sent_at_all(world):
    page = world.as_member.post("/dossiers/deposer").content.decode()
    for sentence in (
        "Choisissez ce que vous demandez.",
        "Choisissez la personne concernée.",
        "Ajoutez au moins un document.",
    ):
        assert sentence in page


def test_a_script_gets_the_address_of_the_dossier(world):
    answer = send_json(world, pdf())
    assert answer.status_code == 201
    assert world.as_member.get(answer.json()["location"]).status_code == 200


def test_adding_what_was_missing(world):
    before = world.dossier.pieces.count()
    data = {"token": str(uuid.uuid4()), "files": [pdf("ordonnance.pdf", b"ordonnance")]}
    for _ in range(2):
        data["files"][0].seek(0)
        answer = world.as_member.post(f"/dossiers/{world.dossier.pk}/ajouter", data)
        assert answer.url == f"/dossiers/{world.dossier.pk}"
    assert world.dossier.pieces.count() == before + 1
    world.dossier.refresh_from_db()
    assert world.dossier.status == "received"


def test_names_are_shown_as_text(world):
    answer = deposit(world, pdf("<b>joli</b> <script>alert(1)<script>.pdf"))
    html = world.as_member.get(answer.url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_store_that_fails_is_said_and_the_same_form_repairs_it(world, monkeypatch, tmp_path):
    root = tmp_path / "objects"
    root.write_text("a file where the folder should be")
    monkeypatch.setattr("storage.intake.default_store", lambda: FolderStore(root))
    token = uuid.uuid4()
    broken = deposit(world, pdf(), token=token)
    assert broken.status_code == 422
    html = broken.content.decode()
    assert "n’ont pas tous pu être enregistrés" in html
    assert str(token) in html
    root.unlink()
    repaired = deposit(world, pdf(), token=token)
    assert repaired.status_code == 302
    mine = Dossier.objects.filter(member=world.member).exclude(pk=world.dossier.pk)
    assert [dossier.pieces.count() for dossier in mine] == [1]


def test_two_clicks_at_the_same_moment(sqlite_database):
    with connection.schema_editor() as editor:
        for model in (Session, AccessAttempt, AccessFailureLog):  # the database room knows nothing of these
            editor.create_model(model)
    member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    token, patient = str(uuid.uuid4()), member.people.first().pk
    together = threading.Barrier(2)
    answers = []

    def click():
        client = Client()
        client.force_login(member.user)
        together.wait()
        data = {"token": token, "claim_type": "optique", "patient": patient, "files": [pdf()]}
        answers.append(client.post("/dossiers/deposer", data))
        connection.close()

    member.refresh_from_db()
    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert (Dossier.objects.count(), Piece.objects.count()) == (1, 1)


def test_a_reference_that_somebody_else_has_is_left_to_them(world):
    from django.utils import timezone

    from portal.deposits import _derive_reference
    from schemas.vocabulary import ClaimType

    token = uuid.uuid4()
    patient = world.member.people.get(first="Tristan")
    taken = _derive_reference(timezone.localdate(), world.member, ClaimType.OPTIQUE, patient, token, 0)
    theirs = build.make_dossier(world.other, reference=taken)
    answer = deposit(world, pdf(), token=token)
    assert answer.url != f"/dossiers/{theirs.pk}"
    assert Dossier.objects.get(pk=answer.url.rpartition("/")[2]).member == world.member
    assert theirs.pieces.count() == 0
    assert deposit(world, pdf(), token=token).url == answer.url


def test_papers_that_could_not_be_added_are_said(world, monkeypatch, tmp_path):
    root = tmp_path / "objects"
    root.write_text("a file where the folder should be")
    monkeypatch.setattr("storage.intake.default_store", lambda: FolderStore(root))
    path = f"/dossiers/{world.dossier.pk}/ajouter"
    answer = world.as_member.post(path, {"token": str(uuid.uuid4()), "files": [pdf()]})
    assert answer.status_code == 422
    assert "n’ont pas tous pu être enregistrés" in answer.content.decode()
    data = {"token": str(uuid.uuid4()), "files": [pdf()]}
    in_script = world.as_member.post(path, data, headers={"Accept": "application/json"})
    assert "n’ont pas tous pu être enregistrés" in faults(in_script)[0]
