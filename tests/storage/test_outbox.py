import socketserver
import threading
from datetime import timedelta

import pytest
from django.core import mail

from schemas.errors import LeaseLostError
from schemas.statuses import EventKind
from storage.models import Event, OutboxMessage
from storage.outbox import (
    claim_messages,
    deliver_message,
    has_due_messages,
    make_message_id,
    mark_failed,
    mark_sent,
    release_messages,
)
from tests.storage.build import LEASE, NOW, at, make_dossier


def add_message(dossier=None, *, key="decision:1", due=NOW, **more):
    return OutboxMessage.objects.create(
        **{
            "key": key,
            "dossier": dossier or make_dossier(),
            "recipient": "amelie@exemple.invalid",
            "subject": "Votre dossier A est complet",
            "body": "Bonjour,\n",
            "created_at": NOW,
            "due_at": due,
            **more,
        }
    )


def test_messages_are_claimed_when_due_and_by_one(database):
    add_message(key="late", due=at(10))
    add_message(key="soon", due=at(5))
    assert not has_due_messages(at(4))
    assert claim_messages("w", 10, at(4), LEASE) == ()
    assert has_due_messages(at(10))
    assert [message.key for message in claim_messages("w", 10, at(10), LEASE)] == ["soon", "late"]
    assert claim_messages("w2", 10, at(11), LEASE) == ()
    assert len(claim_messages("w2", 10, at(70), LEASE)) == 2


def test_a_sent_message_is_sent_once_and_remembered(database):
    add_message()
    (message,) = claim_messages("w", 1, NOW, LEASE)
    mark_sent(message, worker="w", now=at(1))
    assert claim_messages("w", 1, at(10**6), LEASE) == ()
    assert OutboxMessage.objects.get().sent_at == at(1)
    event = Event.objects.last()
    assert (event.kind, event.after["key"], event.actor) == (EventKind.MEMBER_NOTIFIED.value, "decision:1", "w")
    with pytest.raises(LeaseLostError):
        mark_sent(message, worker="w", now=at(2))
    assert Event.objects.filter(kind=EventKind.MEMBER_NOTIFIED.value).count() == 1


def test_a_copy_has_the_same_message_id(database):
    add_message()
    (first,) = claim_messages("w", 1, NOW, LEASE)
    (second,) = claim_messages("w", 1, at(60), LEASE)  # the first sender died after sending
    assert first.message_id == second.message_id == make_message_id("decision:1")
    assert first.message_id != make_message_id("decision:2")
    assert (second.attempt, second.token != first.token) == (2, True)
    with pytest.raises(LeaseLostError):
        mark_failed(first, "TimeoutError", now=at(61))
    mark_sent(second, worker="w", now=at(62))


def test_failures_are_tried_again_later_and_later_then_given_up(database):
    add_message()
    now, waits = NOW, []
    for attempt in range(1, 13):
        (message,) = claim_messages("w", 1, now, LEASE)
        assert message.attempt == attempt
        again = mark_failed(message, "ConnectionRefusedError", now=now, max_attempts=12)
        assert again == (attempt < 12)
        row = OutboxMessage.objects.get()
        if again:
            waits.append(row.due_at - now)
            assert claim_messages("w", 1, row.due_at - timedelta(seconds=1), LEASE) == ()
            now = row.due_at
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    assert (row.given_up_at, row.last_error, row.sent_at) == (now, "ConnectionRefusedError", None)
    assert claim_messages("w", 1, at(10**7), LEASE) == ()


def test_a_message_given_back_does_not_count_as_an_attempt(database):
    add_message()
    claimed = claim_messages("w", 1, NOW, LEASE)
    assert (release_messages(claimed), release_messages(claimed)) == (1, 0)
    (message,) = claim_messages("w", 1, NOW, LEASE)
    assert message.attempt == 1


def test_a_message_is_delivered_with_its_headers(database):
    add_message()
    (message,) = claim_messages("w", 1, NOW, LEASE)
    assert deliver_message(message, now=at(1))
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Votre dossier A est complet", ["amelie@exemple.invalid"])
    assert sent.message()["Message-ID"] == message.message_id
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    assert OutboxMessage.objects.get().sent_at == at(1)


def test_a_mail_server_that_refuses_is_tried_again(database, settings):
    class Refusing(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"421 busy\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        add_message()
        (message,) = claim_messages("w", 1, NOW, LEASE)
        assert not deliver_message(message, now=NOW)
        server.shutdown()
    row = OutboxMessage.objects.get()
    assert (row.last_error, row.due_at, row.sent_at) == ("SMTPConnectError 421", at(60), None)


def test_a_header_cannot_be_smuggled_in(database):
    add_message(subject="Votre dossier A\nBcc: autre@exemple.invalid")
    (message,) = claim_messages("w", 1, NOW, LEASE)
    assert not deliver_message(message, now=NOW)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().last_error == "BadHeaderError"
