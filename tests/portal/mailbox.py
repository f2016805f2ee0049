"""A mail server for the tests: it takes every message and shows it."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class Mailbox:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = 0

    def wait(self, number: int = 1, seconds: float = 20) -> EmailMessage:
        """The message of that number, once it has come."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < number:
            assert time.monotonic() < deadline, "no message came"
            time.sleep(0.05)
        return self.messages[number - 1]


def find_link(text: str) -> str:
    """The first address in a message."""
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found.group()


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """SMTP on a free port of this machine."""
    box = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 mailbox")
            while line := self.rfile.readline():
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    self.say("354 go on")
                    lines = []
                    while (one := self.rfile.readline()) not in (b".\r\n", b""):
                        lines.append(one[1:] if one.startswith(b"..") else one)
                    box.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                    self.say("250 taken")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 mailbox")

        def say(self, text):
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
