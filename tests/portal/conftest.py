"""The people of the tests: two members, a gestionnaire, and somebody without a role."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from storage.models import SignIn, TrustedDevice
from tests.portal import build
from tests.portal.desk import browser, site  # noqa: F401  fixtures of the tests by keyboard


@pytest.fixture(autouse=True)
def _quick_passwords(settings, request):
    if request.node.get_closest_marker("service"):
        return  # another process signs people in, with the site's own settings
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db):
    """Two members with a decided dossier each, a gestionnaire, and clients signed in as each of them."""
    member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    other = build.make_member("05093311", "Gaëtan", "Vautrin", username="gaetan")
    build.make_handler("odile")
    User.objects.create_user("personne", password=build.PASSWORD)
    dossier, piece = build.make_decided_dossier(member, message="Bonjour, voici ma facture.")
    other_dossier, other_piece = build.make_decided_dossier(other)
    now = timezone.now()
    kept = {"user": member.user, "device": "0" * 64, "label": "Firefox sous Windows"}
    return SimpleNamespace(
        sign_in=SignIn.objects.create(at=now, **kept),
        trusted=TrustedDevice.objects.create(trusted_at=now, until=now + timedelta(days=30), **kept),
        member=member,
        other=other,
        dossier=dossier,
        piece=piece,
        other_dossier=other_dossier,
        other_piece=other_piece,
        anonymous=Client(),
        as_member=_signed_in("maelys"),
        as_other=_signed_in("gaetan"),
        as_handler=_signed_in("odile"),
        as_nobody=_signed_in("personne"),
    )


def _signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client
