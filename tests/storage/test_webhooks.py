"""What other systems are told: once for each change, signed, to nobody inside, tried again and given up."""

import json
import ssl
import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from schemas.settings import Settings, load_settings
from schemas.statuses import EventKind
from schemas.vocabulary import DecisionKind
from storage.events import append_event
from storage.models import WebhookDelivery
from storage.sending import MAX_ATTEMPTS
from storage.webhooks import claim_deliveries, deliver, has_due_deliveries, post_signed, retry_given_up
from tests.storage.build import LEASE, NOW, make_dossier

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="


@contextmanager
def receiver(status=200, headers=(), trust=None):
    """A real server that remembers what it was sent."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_settings(url, **more):
    return Settings(webhook_url=url, webhook_secret=SECRET, **{"webhook_private": True, **more})


@pytest.fixture
def told(monkeypatch):
    """Have changes told to a server of ours; gives what tells the address."""

    def tell(url):
        for name in ("webhook_url", "webhook_secret", "webhook_private"):
            monkeypatch.setattr(load_settings(), name, getattr(make_settings(url), name))

    return tell


def post_all(now=NOW):
    return [deliver(claimed, now=now) for claimed in claim_deliveries("w", 10, now, LEASE)]


def test_nothing_is_written_where_nobody_is_told(database):
    make_dossier()
    assert not WebhookDelivery.objects.exists()


def test_each_change_is_told_once_signed_and_without_a_word_of_health(database, told):
    with receiver() as (port, received):
        told(f"http://127.0.0.1:{port}/hooks/liasse?x=1")
        dossier = make_dossier("D-1")
        append_event(dossier, EventKind.DECIDED, at=NOW, actor="w", decision=DecisionKind.INCOMPLETE)
        append_event(dossier, EventKind.MEMBER_REMINDED, at=NOW, actor="w", detail={"number": 1})  # no change
        assert has_due_deliveries(NOW)
        assert post_all() == [True, True]
        assert post_all() == []
        assert not has_due_deliveries(NOW)
    bodies = [json.loads(body) for _, _, body in received]
    assert [(body["data"]["previous_status"], body["data"]["status"]) for body in bodies] == [
        (None, "received"),
        ("received", "incomplete"),
    ]
    assert [set(body) for body in bodies] == [{"type", "timestamp", "data"}] * 2
    assert set(bodies[1]["data"]) == {"dossier", "reference", "status", "previous_status"}
    path, headers, _ = received[1]
    assert path == "/hooks/liasse?x=1"
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["host"] == f"127.0.0.1:{port}"


def test_the_receiver_can_check_the_signature():
    now = datetime.now(UTC)
    with receiver() as (port, received):
        assert post_signed(make_settings(f"http://127.0.0.1:{port}"), "status:1", {"type": "x"}, now) == ""
    _, headers, body = received[0]
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["webhook-id"] == "status:1"
    assert Webhook(SECRET).verify(body, headers) == {"type": "x"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 44).verify(body, headers)


def test_what_is_not_taken_is_tried_later_and_given_up_in_the_end(database, told):
    with receiver(status=500) as (port, received):
        told(f"http://127.0.0.1:{port}")
        make_dossier()
        now = NOW
        assert post_all(now) == [False]
        row = WebhookDelivery.objects.get()
        assert row.last_error == "answer 500"
        assert row.due_at == NOW + timedelta(minutes=1)
        while WebhookDelivery.objects.filter(given_up_at__isnull=True).exists():
            now += timedelta(hours=7)
            assert post_all(now) == [False]
        assert len(received) == MAX_ATTEMPTS
        assert len({headers["webhook-id"] for _, headers, _ in received}) == 1
    with receiver() as (port, received):
        told(f"http://127.0.0.1:{port}")
        assert post_all(now + timedelta(days=1)) == []
        assert retry_given_up(now) == 1
        assert post_all(now) == [True]
        assert retry_given_up(now) == 0


def test_a_redirect_is_not_followed():
    with receiver() as (other, elsewhere), receiver(302, [("location", f"http://127.0.0.1:{other}/")]) as (port, _):
        assert post_signed(make_settings(f"http://127.0.0.1:{port}"), "k", {}, NOW) == "answer 302"
        assert elsewhere == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.9", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:1::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_posted_to(address):
    settings = make_settings("https://hooks.example/", webhook_private=False)
    assert post_signed(settings, "k", {}, NOW, resolve=lambda *_: ["93.184.215.14", address]) == "private address"


def test_the_address_that_was_checked_is_the_one_that_is_posted_to():
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return ["127.0.0.1"]

    with receiver() as (port, received):
        settings = make_settings(f"http://hooks.example:{port}/in")
        assert post_signed(settings, "k", {}, NOW, resolve=resolve) == ""
    assert asked == [("hooks.example", port)]  # once: no second look that could lead elsewhere
    assert received[0][1]["host"] == f"hooks.example:{port}"


def test_certificates_are_those_of_the_name(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hooks.example",
         "-addext", "subjectAltName=DNS:hooks.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=str(certificate))

    def resolve(*_):
        return ["127.0.0.1"]

    with receiver(trust=server) as (port, received):
        named, other = (make_settings(f"https://{name}:{port}/") for name in ("hooks.example", "other.example"))
        assert post_signed(named, "k", {}, NOW, resolve=resolve, trust=trust) == ""
        assert post_signed(other, "k", {}, NOW, resolve=resolve, trust=trust) == "ConnectError"
        assert post_signed(named, "k", {}, NOW, resolve=resolve) == "ConnectError"  # nobody vouches for it
    assert len(received) == 1


def test_a_name_that_leads_nowhere_and_a_closed_door_are_failures():
    def lost(*_):
        raise OSError

    assert post_signed(make_settings("http://hooks.example/"), "k", {}, NOW, resolve=lost) == "host not found"
    with receiver() as (port, _):
        pass
    assert post_signed(make_settings(f"http://127.0.0.1:{port}"), "k", {}, NOW) == "ConnectError"


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook_url": "ftp://hooks.example"},
        {"webhook_url": "http://hooks.example", "webhook_private": False},
        {"webhook_url": "https://user:word@hooks.example"},
        {"webhook_secret": ""},
        {"webhook_secret": "whsec_c2hvcnQ="},
        {"webhook_secret": "not base64 at all, really not"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError, match="LIASSE_WEBHOOK"):
        Settings(**{"webhook_url": "https://hooks.example", "webhook_secret": SECRET, **wrong})
