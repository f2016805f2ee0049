"""Two integrators of two insurers, and one that may only read."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from schemas import claims
from storage.intake import keep_member
from storage.integrators import Scope, add_integrator
from storage.models import Integrator

PDF = b"%PDF-1.7 une facture"
INSURER = "Mutuelle Exemple"
OTHER_INSURER = "Mutuelle Voisine"


@dataclass
class Caller:
    """An integrator with a token."""

    integrator: Integrator
    secret: str
    client: Client
    token: str = ""

    def fetch_token(self, **form):
        return self.client.post(
            "/api/v1/token",
            {"grant_type": "client_credentials", **form},
            headers={"Authorization": basic(self.integrator.client_id, self.secret)},
        )

    def get(self, path, data=None, **headers):
        return self.client.get(f"/api/v1{path}", data, headers=self._headers(headers))

    def send(self, path, data, key="k-1", **headers):
        named = {"Idempotency-Key": key} if key is not None else {}
        return self.client.post(f"/api/v1{path}", data, headers=self._headers({**named, **headers}))

    def deposit(self, key="k-1", files=((b"facture.pdf", PDF),), **claim):
        return self.send("/dossiers", {"claim": json.dumps(make_claim(**claim)), "files": make_files(files)}, key)

    def complete(self, dossier, key="k-2", files=((b"ordonnance.pdf", b"%PDF-1.7 une ordonnance"),)):
        return self.send(f"/dossiers/{dossier}/papers", {"files": make_files(files)}, key)

    def write(self, dossier, text, key="k-3"):
        headers = self._headers({"Idempotency-Key": key})
        body = json.dumps({"text": text})
        return self.client.post(f"/api/v1/dossiers/{dossier}/messages", body, "application/json", headers=headers)

    def _headers(self, more):
        return {"Authorization": f"Bearer {self.token}", **more}


def basic(name, secret):
    import base64

    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def make_files(files):
    return [
        SimpleUploadedFile(name.decode() if isinstance(name, bytes) else name, content, "application/pdf")
        for name, content in files
    ]


def make_claim(**changes):
    return {
        "claim_type": "optique",
        "member_number": "04417725",
        "patient": {"first": "Maëlys", "last": "Kerjean", "birth_date": "1984-05-17"},
        "message": "Bonjour.",
        **changes,
    }


def make_caller(insurer=INSURER, scopes=tuple(Scope)) -> Caller:
    integrator, secret = add_integrator("Espace client", insurer, scopes, now=timezone.now())
    caller = Caller(integrator, secret, Client())
    caller.token = caller.fetch_token().json()["access_token"]
    return caller


@pytest.fixture
def caller(world):
    """An integrator of the insurer of both members of ``world``."""
    return make_caller()


@pytest.fixture
def neighbour(world):
    """An integrator of another insurer, with a member of its own."""
    person = claims.Person(first="Solène", last="Abgrall", birth_date="1990-02-03")
    keep_member(claims.Member(member_number="09000001", mutuelle=OTHER_INSURER, people=(person,)))
    return make_caller(OTHER_INSURER)


@pytest.fixture
def reader(world):
    """An integrator that may only read."""
    return make_caller(scopes=(Scope.READ,))
