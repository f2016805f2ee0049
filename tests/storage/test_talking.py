"""Messages between member and gestionnaire: read once, told once, erased with the rest."""

from __future__ import annotations

import json
import uuid
import zipfile
from datetime import timedelta

import pytest

from schemas.alerts import AlertKind
from schemas.errors import RefusedActError
from schemas.rules import load_rules
from schemas.statuses import DossierStatus
from schemas.vocabulary import DecisionKind
from storage import alerts, talking
from storage.assembling import open_unattached
from storage.erasing import erase_dossier
from storage.events import rebuild_status
from storage.exporting import export_member
from storage.models import Event, EventContent, Handling, Message, OutboxMessage
from tests.storage.build import NOW, at, make_dossier
from tests.storage.test_queries import finish

RULES = load_rules()


def write(dossier, text="Bonjour, où en est ma demande ?", now=NOW, token=None, **more):
    return talking.write_as_member(dossier.pk, text, token or uuid.uuid4(), RULES, actor="member:1", now=now, **more)


def answer(dossier, text="Nous attendons votre ordonnance.", now=NOW, token=None):
    return talking.write_as_handler(dossier.pk, text, token or uuid.uuid4(), actor="odile", now=now)


def unread(dossier):
    handling = Handling.objects.get(dossier=dossier)
    return handling.unread_messages, handling.unread_answers


@pytest.fixture
def settled(database, folder_store):
    dossier = make_dossier(email="lea@exemple.invalid")
    finish([dossier], folder_store, DecisionKind.COMPLETE)
    dossier.refresh_from_db()
    return dossier


def test_a_message_changes_nothing_but_waits_to_be_read(settled):
    write(settled)
    settled.refresh_from_db()
    assert settled.status == DossierStatus.COMPLETE.value == rebuild_status(settled).value
    assert unread(settled) == (1, 0)
    assert talking.mark_seen_by_handler(settled.pk, actor="odile", now=at(5))
    assert not talking.mark_seen_by_handler(settled.pk, actor="odile", now=at(6))
    assert unread(settled) == (0, 0)


def test_sent_twice_it_counts_once(settled):
    token = uuid.uuid4()
    assert write(settled, token=token) == write(settled, token=token)
    assert answer(settled, token=token_of(1)) == answer(settled, token=token_of(1))
    assert [one.from_member for one in talking.list_messages(settled.pk)] == [True, False]


def token_of(number):
    return uuid.UUID(int=number)


def test_an_answer_reads_what_was_written_and_is_told_by_mail_without_its_words(settled):
    write(settled)
    OutboxMessage.objects.all().delete()
    answer(settled, "Votre ordonnance d'optique manque.")
    assert unread(settled) == (0, 1)
    (mail,) = OutboxMessage.objects.all()
    assert mail.recipient == "lea@exemple.invalid"
    assert settled.reference in mail.subject
    assert "ordonnance" not in mail.body
    talking.mark_seen_by_member(settled.pk)
    assert unread(settled) == (0, 0)


def test_what_cannot_be_kept_is_said(settled, database):
    with pytest.raises(RefusedActError) as empty:
        write(settled, "  \n ")
    assert empty.value.message_fr == "Écrivez votre message."
    with pytest.raises(RefusedActError, match="too long"):
        write(settled, "x" * (talking.LONGEST + 1))
    for _ in range(talking.MOST_A_DAY):
        write(settled)
    with pytest.raises(RefusedActError, match="too many"):
        write(settled)
    write(settled, now=NOW + timedelta(days=2))
    papers = open_unattached("COURRIER-1", None, NOW.date(), now=NOW)
    with pytest.raises(RefusedActError, match="no member"):
        answer(papers)


def test_a_complaint_starts_its_days_and_brings_an_open_dossier_forward(database, folder_store):
    dossier = make_dossier()
    finish([dossier], folder_store, DecisionKind.TO_REVIEW)
    write(dossier, "C'est inadmissible, je vais saisir le médiateur. C'est urgent.")
    (one,) = talking.list_messages(dossier.pk)
    assert (one.complaint, one.urgent) == (True, True)
    assert one.acknowledge_by > NOW.date().isoformat()
    dossier.refresh_from_db()
    assert dossier.priority == 1
    assert dossier.due.isoformat() <= one.acknowledge_by
    write(dossier, "Merci, rien d'urgent.")
    assert not talking.list_messages(dossier.pk)[1].urgent


def test_a_settled_dossier_keeps_its_place_whatever_is_written(settled):
    before = settled.priority, settled.due
    write(settled, "C'est inadmissible.")
    settled.refresh_from_db()
    assert (settled.priority, settled.due) == before


def test_words_go_with_the_dossier_and_come_with_the_export(settled, folder_store, tmp_path):
    write(settled, "Mon mari est malade.")
    file = tmp_path / "export.zip"
    export_member(settled.member, folder_store, file, actor="test", now=NOW)
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("donnees.json"))["dossiers"][0]["events"]
    assert "Mon mari est malade." in [event["said"].get("text") for event in said]
    assert not any("malade" in json.dumps(event.after) for event in Event.objects.all())
    erase_dossier(settled, folder_store, because="right", actor="test", now=NOW)
    assert not EventContent.objects.filter(event__dossier=settled).exists()
    (one,) = talking.list_messages(settled.pk)
    assert one.text == ""
    assert Message.objects.count() == 1


def test_messages_are_listed_in_a_fixed_number_of_queries(settled, django_assert_num_queries):
    piece = settled.pieces.get()
    for _ in range(5):
        write(settled, papers=[piece])
    with django_assert_num_queries(2):
        shown = talking.list_messages(settled.pk)
    assert {one.papers for one in shown} == {(piece.name,)}


def test_a_member_may_do_without_some_mails_and_not_without_others(database, folder_store):
    first, second = make_dossier("A"), make_dossier("B", now=at(1))
    member = first.member
    alerts.choose_alerts(member, [])
    assert alerts.list_wanted(member) == {AlertKind.REQUEST, AlertKind.REFUSAL}
    finish([first], folder_store, DecisionKind.COMPLETE)
    assert OutboxMessage.objects.count() == 0
    finish([second], folder_store, DecisionKind.INCOMPLETE)
    answer(second)
    assert [mail.dossier_id for mail in OutboxMessage.objects.all()] == [second.pk]
    alerts.choose_alerts(member, [AlertKind.MESSAGE])
    answer(second)
    assert OutboxMessage.objects.filter(key__startswith="message:").count() == 1
