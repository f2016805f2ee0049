"""Where an account is signed in, and ending that from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from portal.asking import email_of
from portal.mailing import send_later
from storage.models import SignIn

#: Sign-ins that a page shows.
SHOWN = 20
_CHANGED_FR = """Bonjour,

Le mot de passe de votre compte vient de changer, et les autres appareils ont été déconnectés.

Si ce n’était pas vous, prévenez votre mutuelle.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


@dataclass(frozen=True, slots=True)
class SeenSignIn:
    """One line of the history of an account.

    Attributes:
        open: the session lasts.
        here: it is the one that asks.
    """

    number: int
    at: datetime
    label: str
    open: bool
    here: bool


def list_sign_ins(user: User, session_key: str | None) -> tuple[SeenSignIn, ...]:
    """The last sign-ins of an account, newest first (two queries)."""
    rows = list(SignIn.objects.filter(user=user)[:SHOWN])
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows if row.session_key], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return tuple(
        SeenSignIn(
            number=row.pk,
            at=row.at,
            label=row.label,
            open=row.session_key in alive,
            here=bool(session_key) and row.session_key == session_key,
        )
        for row in rows
    )


@transaction.atomic
def end_session(row: SignIn) -> None:
    """End a session wherever it is."""
    Session.objects.filter(session_key=row.session_key).delete()
    row.session_key = ""
    row.save(update_fields=["session_key"])


@transaction.atomic
def end_others(user: User, session_key: str | None) -> None:
    """End every session of an account but the one that asks."""
    others = SignIn.objects.filter(user=user).exclude(session_key="")
    if session_key:
        others = others.exclude(session_key=session_key)
    Session.objects.filter(session_key__in=list(others.values_list("session_key", flat=True))).delete()
    others.update(session_key="")


def after_password_change(request: HttpRequest, user: User) -> None:
    """Keep the session that changed a password, end the others, and tell the person by mail."""
    before = request.session.session_key
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        request.session.save()
        SignIn.objects.filter(user=user, session_key=before or "-").update(
            session_key=request.session.session_key or ""
        )
    end_others(user, request.session.session_key)
    tell_password_changed(user)


def tell_password_changed(user: User) -> None:
    """Say so to the address on file, if there is one."""
    recipient = email_of(user)
    if recipient:
        send_later(recipient, "Votre mot de passe a changé", _CHANGED_FR)
