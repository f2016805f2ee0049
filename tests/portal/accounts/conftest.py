"""A contract without an account, and what was written to it."""

from __future__ import annotations

import pytest
from django.core import mail

from portal.mailing import wait_for_mail
from tests.portal import build


@pytest.fixture
def member(db):
    member = build.make_member("07719950", "Éloïse", "Quéméneur")
    member.email = "eloise@exemple.invalid"
    member.save()
    return member


@pytest.fixture
def sent():
    """Everything that was sent so far."""

    def read():
        wait_for_mail()
        return list(mail.outbox)

    return read
