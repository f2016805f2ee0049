"""What is due or asked for goes, wholly; nothing else goes; the log stays whole."""

import json
import threading
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from schemas.errors import ConfigurationError
from schemas.retention import load_retention
from schemas.rules import load_rules
from storage.account_models import SignIn
from storage.backup import make_backup
from storage.deciding import claim_dossiers, load_dossier, save_decision
from storage.erasing import erase_member, erase_papers, erase_person, find_person
from storage.events import rebuild_status
from storage.exporting import export_member
from storage.holds import HeldError, find_member, lift_holds, place_hold
from storage.integrator_models import IdempotencyKey
from storage.integrators import Scope, add_integrator
from storage.models import (
    Dossier,
    Event,
    Member,
    Original,
    OutboxMessage,
    Person,
    Piece,
    Reading,
    SavedSearch,
    UpkeepRecord,
    WebhookDelivery,
)
from storage.objects import original_key, page_key, words_key
from storage.outbox import claim_messages, mark_sent
from storage.pieces import claim_pieces, save_reading
from storage.purging import purge
from storage.sweep import find_missing_originals
from tests.storage.build import (
    LEASE,
    NOW,
    SETTLE,
    add_piece,
    at,
    make_decision,
    make_dossier,
    make_member,
    make_person,
    make_reading,
)

pytestmark = pytest.mark.usefixtures("database")

SECRETS = (
    "Amélie",
    "Nôtre",
    "amelie@exemple.invalid",
    "photo-intime.jpg",
    "F-SECRET",
    "mes lunettes",
    "1 90 05 75 123 456",
)


def process(store, reference="D1", number="M-1", *, data=None, now=NOW, patient=None):
    """A dossier of one paper the whole way, with pictures, words, a decision and a sent message."""
    person = patient or make_person(nir="1 90 05 75 123 456".replace(" ", ""))
    member = make_member(number, people=(person,), holder="Amélie Nôtre", iban_on_file="FR7630006000011234567890189")
    more = {"member": member, "patient": person, "message": "Voici la facture de mes lunettes."}
    dossier = make_dossier(reference, now=now, **more)
    add_piece(dossier, store, data, now=now, name="photo-intime.jpg")
    later = now + timedelta(seconds=10)
    (piece,) = claim_pieces("w1", 1, later, LEASE)
    key = page_key(piece.sha256, 1)
    store.put(key, b"picture")
    store.put(words_key(piece.sha256), b"words")
    reading = make_reading(piece, number="F-SECRET")
    save_reading(piece, reading, worker="w1", seconds=1.0, now=later, page_keys=[key], settle=SETTLE)
    (claimed,) = claim_dossiers("w1", 1, later + timedelta(seconds=10), LEASE)
    save_decision(claimed, make_decision(reference), worker="w1", now=later)
    (message,) = claim_messages("w1", 1, later + timedelta(seconds=20), LEASE)
    mark_sent(message, worker="w1", now=later)
    return Dossier.objects.get(reference=reference)


def find_secrets():
    """Which secrets are still anywhere in the database."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {table}")
            text = "\n".join(str(row) for row in cursor.fetchall()).replace("\\u00e9", "é").replace("\\u00f4", "ô")
            found |= {secret for secret in SECRETS if secret.replace(" ", "") in text.replace(" ", "")}
    return found


def test_a_member_who_asks_is_erased_and_the_log_still_tells_what_happened(folder_store, tmp_path):
    dossier = process(folder_store)
    digest = Piece.objects.get().original_id
    assert find_secrets() == set(SECRETS)
    events = list(Event.objects.values())
    make_backup(folder_store, tmp_path / "backup", NOW)

    assert erase_member(find_member("M-1"), folder_store, reason="asked", actor="command:x", now=at(100)) == 1
    assert find_secrets() == set()
    for key in (original_key(digest), page_key(digest, 1), words_key(digest)):
        assert not folder_store.exists(key)
    assert list(Event.objects.values())[: len(events)] == events
    assert Event.objects.last().kind == "erased"
    dossier.refresh_from_db()
    assert rebuild_status(dossier).value == dossier.status == "complete"
    assert (Piece.objects.get().state, Reading.objects.count()) == ("erased", 0)
    record = UpkeepRecord.objects.get()
    assert (record.kind, record.actor, record.subject) == ("erasure", "command:x", f"member:{dossier.member_id}")
    assert list(find_missing_originals(folder_store)) == []  # nothing is missing: it was meant to go
    with pytest.raises(ConfigurationError):
        find_member("M-1")
    assert make_backup(folder_store, tmp_path / "backup", at(200)).removed == 3


def test_bytes_that_another_member_sent_too_stay(folder_store):
    process(folder_store, data=b"the same paper")
    other = process(folder_store, "D2", "M-2", data=b"the same paper")
    erase_member(find_member("M-1"), folder_store, reason="asked", actor="x", now=at(100))
    digest = other.pieces.get().original_id
    assert folder_store.get_original(digest) == b"the same paper"
    assert folder_store.exists(page_key(digest, 1))
    erase_member(find_member("M-2"), folder_store, reason="asked", actor="x", now=at(100))
    assert not folder_store.exists(original_key(digest))


def test_erased_bytes_that_come_again_are_kept_again(folder_store):
    dossier = process(folder_store, data=b"the same paper")
    erase_papers(dossier, folder_store, because="right", actor="x", now=at(100))
    piece = add_piece(make_dossier("D2"), folder_store, b"the same paper", now=at(200))
    assert folder_store.get_original(piece.original_id) == b"the same paper"
    assert Original.objects.get().erased_at is None
    assert list(find_missing_originals(folder_store)) == []


def test_bytes_that_come_while_they_are_erased_are_not_lost(folder_store):
    """Sending and erasing the same bytes at once, many times: what was acknowledged is there in the end."""
    dossiers = [make_dossier(f"D{number}") for number in range(12)]
    barrier = threading.Barrier(2)

    def send():
        try:
            for dossier in dossiers:
                barrier.wait()
                add_piece(dossier, folder_store, b"the same paper")
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    for before in [None, *dossiers[:-1]]:
        barrier.wait()
        if before is not None:
            erase_papers(before, folder_store, because="right", actor="x", now=at(1))
    sender.join()
    live = Piece.objects.get(state="received")
    assert folder_store.get_original(live.original_id) == b"the same paper"
    assert Original.objects.get().erased_at is None


def test_one_person_of_a_contract_is_erased_alone(folder_store):
    process(folder_store)
    process(folder_store, "D2", patient=make_person("Tristan"))
    member = find_member("M-1")
    erase_person(find_person(member, "tristan notre"), folder_store, reason="asked", actor="x", now=at(100))
    assert {person.first for person in member.people.all()} == {"Amélie", "effacé"}
    assert {dossier.reference: dossier.erased_at is None for dossier in Dossier.objects.all()} == {
        "D1": True,
        "D2": False,
    }
    with pytest.raises(ConfigurationError, match="0 people"):
        find_person(member, "Tristan Nôtre")


def test_a_hold_keeps_everything(folder_store):
    process(folder_store)
    member = find_member("M-1")
    place_hold(member, "litige 2026-14", actor="x", now=NOW)
    with pytest.raises(HeldError):
        erase_member(member, folder_store, reason="asked", actor="x", now=at(100))
    report = purge(folder_store, load_retention(), actor="w", now=NOW + timedelta(days=366 * 20))
    assert (report.papers, report.dossiers, report.messages, report.held) == (0, 0, 0, 1)
    assert find_secrets() == set(SECRETS)
    assert lift_holds(member, actor="x", now=at(200)) == 1
    erase_member(member, folder_store, reason="asked", actor="x", now=at(300))
    assert [record.kind for record in UpkeepRecord.objects.all()] == ["hold", "lift", "erasure"]


def test_the_schedule_takes_messages_then_papers_then_dossiers(folder_store):
    process(folder_store)
    process(folder_store, "NEW", "M-2", now=NOW + timedelta(days=365 * 9))
    retention = load_retention()

    def run(months, **more):
        found = purge(folder_store, retention, actor="w", now=NOW + timedelta(days=30.5 * months), **more)
        return found.papers, found.dossiers, found.messages

    assert run(11) == (0, 0, 0)
    assert run(13, dry_run=True) == (0, 0, 1)
    assert OutboxMessage.objects.exclude(recipient="").count() == 2
    assert run(13) == (0, 0, 1)
    assert run(61, dry_run=True) == (1, 0, 0)
    assert run(61) == (1, 0, 0)
    dossier = Dossier.objects.get(reference="D1")
    assert (dossier.message != "", dossier.pieces.get().state) == (True, "erased")
    assert run(100) == (0, 0, 0)
    assert run(121, dry_run=True) == (0, 1, 1)
    assert run(121) == (0, 1, 1)  # and the other dossier's message, a year old by then
    dossier.refresh_from_db()
    assert (dossier.message, dossier.patient, rebuild_status(dossier).value) == ("", None, "complete")
    assert run(122) == (0, 0, 0)
    assert Dossier.objects.get(reference="NEW").pieces.get().state == "read"
    went = [record.detail for record in UpkeepRecord.objects.filter(kind="purge")]
    assert [(row["papers"], row["dossiers"], row["messages"]) for row in went] == [(0, 0, 1), (1, 0, 0), (0, 1, 1)]
    assert {row["version"] for row in went} == {retention.version}


def test_a_contract_goes_once_nothing_is_left_of_it(folder_store):
    process(folder_store)
    process(folder_store, "NEW", "M-2", now=NOW + timedelta(days=365 * 9))
    held = Member.objects.create(member_number="M-3", covered_until=NOW.date())
    place_hold(held, "litige 2026-15", actor="x", now=NOW)
    Member.objects.create(member_number="M-4", covered_until=NOW.date() + timedelta(days=365 * 9))
    Member.objects.create(member_number="M-5")  # known, never heard of: the insurer's to take away
    long_after = NOW + timedelta(days=30.5 * 121)
    assert purge(folder_store, load_retention(), actor="w", now=long_after, dry_run=True).contracts == 0
    assert purge(folder_store, load_retention(), actor="w", now=long_after).contracts == 1  # with its last dossier
    assert purge(folder_store, load_retention(), actor="w", now=long_after).contracts == 0
    assert set(Member.objects.values_list("member_number", flat=True)) >= {"M-2", "M-3", "M-4", "M-5"}
    assert not Member.objects.filter(member_number="M-1").exists()
    assert not Person.objects.filter(member__member_number__startswith="efface-", first="Amélie").exists()


def test_webhooks_and_searches_are_forgotten(folder_store):
    dossier = make_dossier("W")
    user = User.objects.create_user("odile")
    for days in (1, 400, 800):
        then = NOW - timedelta(days=days)
        WebhookDelivery.objects.create(
            dossier=dossier, key=f"{days}", payload={}, created_at=then, due_at=then, sent_at=then
        )
        SavedSearch.objects.create(user=user, name=f"{days}", query="q=Kerjean", saved_at=then)
    assert purge(folder_store, load_retention(), actor="w", now=NOW).traces == 3
    assert list(WebhookDelivery.objects.values_list("key", flat=True)) == ["1"]
    assert sorted(SavedSearch.objects.values_list("name", flat=True)) == ["1", "400"]


def test_one_person_of_a_contract_is_exported_without_the_others(folder_store, tmp_path):
    process(folder_store)
    member = find_member("M-1")
    other = Person.objects.create(member=member, first="Tristan", last="Kerjean", birth_name="", role="enfant")
    second = make_dossier("D-T", member=make_member("M-1"))
    Dossier.objects.filter(pk=second.pk).update(patient=other)
    target = tmp_path / "tristan.zip"
    export_member(member, folder_store, target, actor="x", now=at(100), person=other)
    with zipfile.ZipFile(target) as archive:
        data = json.loads(archive.read("donnees.json"))
    assert [one["first"] for one in data["people"]] == ["Tristan"]
    assert [dossier["reference"] for dossier in data["dossiers"]] == ["D-T"]
    assert data["member"] == {"member_number": "M-1"}
    assert data["account"] == {}


def test_sign_ins_and_names_of_sendings_are_forgotten(folder_store):
    user = User.objects.create_user("maelys")
    integrator, _ = add_integrator("Espace client", "Mutuelle Exemple", list(Scope), now=NOW)
    for days in (1, 100, 400):
        then = NOW - timedelta(days=days)
        SignIn.objects.create(user=user, at=then, device="0" * 64, label=f"{days}")
        IdempotencyKey.objects.create(integrator=integrator, key=f"{days}", fingerprint="0" * 64, begun_at=then)
    assert purge(folder_store, load_retention(), actor="w", now=NOW, dry_run=True).traces == 3
    assert purge(folder_store, load_retention(), actor="w", now=NOW).traces == 3
    assert sorted(SignIn.objects.values_list("label", flat=True)) == ["1", "100"]
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["1"]
    assert UpkeepRecord.objects.get(kind="purge").detail["traces"] == 3


def test_an_erasure_that_was_cut_short_is_finished_by_the_next_purge(folder_store, monkeypatch):
    dossier = process(folder_store)
    digest = dossier.pieces.get().original_id
    with monkeypatch.context() as broken:
        broken.setattr(type(folder_store), "erase", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase_papers(dossier, folder_store, because="right", actor="x", now=NOW)
    assert folder_store.exists(original_key(digest))
    purge(folder_store, load_retention(), actor="w", now=at(3600))
    assert not folder_store.exists(original_key(digest))


def test_an_erased_dossier_can_take_a_new_paper(folder_store):
    dossier = process(folder_store)
    erase_papers(dossier, folder_store, because="schedule", actor="w", now=at(100))
    add_piece(dossier, folder_store, now=at(200))
    (piece,) = claim_pieces("w1", 1, at(210), LEASE)
    save_reading(piece, make_reading(piece), worker="w1", seconds=1.0, now=at(211), settle=SETTLE)
    (claimed,) = claim_dossiers("w1", 1, at(220), LEASE)
    loaded = load_dossier(claimed.id, load_rules())
    assert len(loaded.dossier.claim.files) == len(loaded.dossier.readings) == 1


def test_everything_known_of_a_member_is_exported(folder_store, tmp_path):
    process(folder_store, data=b"bytes as received")
    process(folder_store, "D2", "M-2")
    target = tmp_path / "export.zip"
    assert export_member(find_member("M-1"), folder_store, target, actor="command:x", now=at(100)) == 1
    assert target.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(target) as archive:
        assert archive.read("documents/D1/01.jpg") == b"bytes as received"
        text = archive.read("donnees.json").decode()
    data = json.loads(text)
    assert [dossier["reference"] for dossier in data["dossiers"]] == ["D1"]
    assert data["member"]["iban_on_file"].startswith("FR76")
    for secret in SECRETS:
        assert secret.replace(" ", "") in text.replace(" ", ""), secret
    assert "M-2" not in text
    assert UpkeepRecord.objects.get().kind == "export"


@pytest.mark.service
def test_s3_forgets_too(s3_store):
    dossier = process(s3_store)
    digest = dossier.pieces.get().original_id
    assert erase_papers(dossier, s3_store, because="right", actor="x", now=at(100)) == 1
    assert not s3_store.exists(original_key(digest))
    assert list(s3_store.list("derived/")) == []
    s3_store.erase(digest)  # again: no error


def test_only_members_are_erased_by_number():
    assert not Member.objects.exists()
    with pytest.raises(ConfigurationError, match="no member"):
        find_member("M-404")
