"""Codes that come by e-mail: for those who have neither an application nor a passkey."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal.asking import email_of, may_ask
from portal.mailing import send_later
from storage.models import EmailCode

_FIGURES = 6
_GOOD_FOR = timedelta(minutes=10)
#: So many wrong codes, and another one must be asked for.
_MOST_TRIES = 5
_BODY_FR = """Bonjour,

Votre code est : {code}

Il sert une seule fois et reste valable 10 minutes. Ne le donnez à personne, pas même à votre mutuelle.

Si vous n’avez rien demandé, changez de mot de passe : quelqu’un le connaît.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def is_on(user: User) -> bool:
    """Whether this account may be asked for such a code."""
    return EmailCode.objects.filter(user=user, enabled_at__isnull=False).exists()


def send_code(user: User) -> bool:
    """Send another code, which the one before gives way to; False where no address is known, or too often."""
    recipient = email_of(user)
    if not recipient or not may_ask("email-code", user.get_username()):
        return False
    code = "".join(secrets.choice("0123456789") for _ in range(_FIGURES))
    EmailCode.objects.update_or_create(
        user=user, defaults={"code": make_password(code), "sent_at": timezone.now(), "tries": 0}
    )
    send_later(recipient, "Votre code de connexion", _BODY_FR.format(code=code))
    return True


def check_code(user: User, code: str) -> bool:
    """Whether a code is the one that was sent last; it is right once, and not after too many wrong ones."""
    digits = "".join(filter(str.isdigit, code))
    with transaction.atomic():
        row = EmailCode.objects.select_for_update().filter(user=user).exclude(code="").first()
        if row is None or row.sent_at is None or row.sent_at < timezone.now() - _GOOD_FOR or row.tries >= _MOST_TRIES:
            return False
        right = check_password(digits, row.code)
        row.code, row.tries = ("", 0) if right else (row.code, row.tries + 1)
        row.save(update_fields=["code", "tries"])
    return right


def turn_on(user: User, code: str) -> bool:
    """Ask for such codes from now on, if this one shows that the messages arrive."""
    if not check_code(user, code):
        return False
    EmailCode.objects.filter(user=user).update(enabled_at=timezone.now())
    return True


def turn_off(user: User) -> None:
    """Send no codes any more."""
    EmailCode.objects.filter(user=user).delete()
