"""Senders of papers that do not give up: each sends until it holds a receipt."""

from __future__ import annotations

import hashlib
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from django.db import connection

from flows.drops import CLAIM_FILE
from samples.client.client import ApiProblemError, LiasseClient
from schemas.claims import Claim
from schemas.errors import StorageError
from storage.objects import ObjectStore
from tests.services.uploads import drop_claim

_PAUSE = 0.3


@dataclass(frozen=True)
class Receipt:
    """A paper that was acknowledged.

    Attributes:
        dossier: reference of its dossier, or its identifier as text where the door gives that.
        sha256: of its bytes.
    """

    dossier: str
    sha256: str

    @classmethod
    def of(cls, dossier: str, data: bytes) -> Receipt:
        """The receipt of some bytes."""
        return cls(dossier, hashlib.sha256(data).hexdigest())


def insist(send: Callable[[], bool], stop: Event) -> None:
    """Try until it works, whatever it fails of, or until told to stop; a request that is wrong in itself is no use."""
    while not stop.is_set():
        try:
            if send():
                return
        except ApiProblemError as problem:
            if problem.status in (400, 404, 409, 415, 422):
                raise
        except Exception:  # a server that is being killed fails in every way there is
            connection.close()
        time.sleep(_PAUSE)


class SiteSender:
    """A member who deposits on the site."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self._site, self._username, self._password = site, username, password
        self._cookies = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self._patient = ""

    def send(self, data: bytes, stop: Event) -> Receipt:
        """Deposit a paper for a new dossier."""
        token, found = str(uuid.uuid4()), []

        def deposit() -> bool:
            if not self._patient:
                self._sign_in()
            fields = {"token": token, "claim_type": "soins", "patient": self._patient, "message": ""}
            answer = self._post("/dossiers/deposer", fields, ("facture.pdf", data))
            found.append(json.loads(answer)["location"].rpartition("/")[2])
            return True

        insist(deposit, stop)
        return Receipt.of(found[-1] if found else "", data)

    def _sign_in(self) -> None:
        self._browser.open(f"{self._site}/connexion", timeout=20).read()
        self._post("/connexion", {"username": self._username, "password": self._password})
        page = self._browser.open(f"{self._site}/dossiers/deposer", timeout=20).read().decode()
        self._patient = re.search(r'name="patient" value="(\d+)"', page).group(1)

    def _post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> bytes:
        csrf = next(cookie.value for cookie in self._cookies if cookie.name == "liasse_csrf")
        edge = uuid.uuid4().hex
        body = b""
        for name, value in {**fields, "csrfmiddlewaretoken": csrf}.items():
            body += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        if file:
            body += f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{file[0]}"\r\n\r\n'.encode()
            body += file[1] + b"\r\n"
        body += f"--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Accept": "application/json" if file else "text/html",
        }
        request = urllib.request.Request(self._site + path, data=body, headers=headers)
        with self._browser.open(request, timeout=30) as answer:
            return answer.read()


class ApiSender:
    """Another system's server, with the client that ``samples/`` gives: it sends again with the key of the first time.

    Args:
        site: address of the site.
        credentials: ``client_id`` and ``client_secret``.
        folder: for the papers on their way.
    """

    def __init__(self, site: str, credentials: tuple[str, str], folder: Path) -> None:
        self._client = LiasseClient(site, *credentials)
        self._folder = folder

    def send(self, claim: Claim, data: bytes, stop: Event, *, dossier: str = "") -> Receipt:
        """Deposit a paper for a new dossier, or add it to one that is there."""
        key, found = str(uuid.uuid4()), []
        paper = self._folder / f"{key}.pdf"
        paper.write_bytes(data)
        described = {
            "claim_type": claim.claim_type.value,
            "member_number": claim.member.member_number,
            "patient": claim.patient.model_dump(mode="json", include={"first", "last", "birth_date"}),
        }

        def deposit() -> bool:
            if dossier:
                answer = self._client.add_papers(dossier, [paper], key=key)
            else:
                answer = self._client.deposit(described, [paper], key=key)
            found.append(answer["id"])
            return True

        insist(deposit, stop)
        return Receipt.of(found[-1] if found else "", data)


class FolderSender:
    """Another system that drops folders."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox

    def send(self, claim: Claim, data: bytes, stop: Event) -> Receipt:
        """Drop a paper; that the drop is gone is its receipt."""
        folder = drop_claim(self._inbox, claim, data)
        insist(lambda: not folder.exists(), stop)
        return Receipt.of(claim.id, data)


class BucketSender:
    """Another system that drops objects."""

    def __init__(self, store: ObjectStore, prefix: str) -> None:
        self._store, self._prefix = store, prefix

    def send(self, claim: Claim, data: bytes, stop: Event) -> Receipt:
        """Drop a paper; that the claim is gone is its receipt."""
        place = f"{self._prefix}{claim.id}"

        def put(name: str, content: bytes) -> bool:
            try:
                self._store.put(f"{place}/{name}", content)
            except StorageError:
                return False
            return True

        insist(lambda: put(claim.files[0], data), stop)
        insist(lambda: put(CLAIM_FILE, claim.model_dump_json().encode()), stop)
        insist(lambda: not self._store.exists(f"{place}/{CLAIM_FILE}"), stop)
        return Receipt.of(claim.id, data)
