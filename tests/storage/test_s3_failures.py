"""An S3 store when the network or the server misbehaves. Between it and the real server stands a real, rude relay."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from schemas.errors import ConfigurationError, ObjectNotFoundError, StorageError
from storage.objects import open_store

pytestmark = pytest.mark.service


class Relay:
    """Passes connections on to a server, except the first ones, which it resets."""

    def __init__(self, target, reset_first):
        host, port = target.split(":")
        self._target = (host, int(port))
        self._left = reset_first
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._socket.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            if self._left:
                self._left -= 1
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
                client.close()
                continue
            server = socket.create_connection(self._target)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    @staticmethod
    def _pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()


@contextmanager
def relayed_store(settings, reset_first):
    relay = Relay(settings.s3_endpoint, reset_first)
    try:
        yield open_store(settings.model_copy(update={"s3_endpoint": relay.endpoint})), relay
    finally:
        relay.close()


def test_a_reset_connection_is_tried_again(s3_settings):
    with relayed_store(s3_settings, 3) as (store, relay):
        kept = store.put_original(b"paper")
        assert relay.connections > 3
        assert store.get_original(kept.sha256) == b"paper"


def test_a_server_that_stays_away_is_a_retryable_error_soon(s3_settings):
    with relayed_store(s3_settings, 1000) as (store, relay):
        started = time.monotonic()
        with pytest.raises(StorageError) as caught:
            store.put("inbox/a", b"x")
    assert caught.value.retryable
    assert not isinstance(caught.value, ObjectNotFoundError)
    assert relay.connections == 5
    assert time.monotonic() - started < 30


def test_an_answer_is_not_asked_for_twice(s3_settings):
    with relayed_store(s3_settings, 0) as (store, relay):
        store.put("inbox/a", b"x")
        before = relay.connections
        with pytest.raises(ObjectNotFoundError):
            store.get("inbox/b")
    assert relay.connections - before <= 1


def test_wrong_keys_are_a_configuration_error(s3_settings):
    wrong = s3_settings.model_copy(update={"s3_secret_key": type(s3_settings.s3_secret_key)("wrong")})
    with pytest.raises(ConfigurationError):
        open_store(wrong).put("inbox/a", b"x")


def test_a_wrong_endpoint_is_a_configuration_error(s3_settings):
    with pytest.raises(ConfigurationError):
        open_store(s3_settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:1/path"}))


def test_a_bucket_is_made_on_first_use(s3_settings):
    store = open_store(s3_settings)
    assert list(store.list("inbox/")) == []
    assert not store.exists("inbox/a")
    store.put("inbox/a", b"x")
    assert open_store(s3_settings).get("inbox/a") == b"x"
