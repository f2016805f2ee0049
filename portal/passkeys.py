"""Passkeys as a second proof: a telephone, a computer or a key on a key-ring signs what we drew (WebAuthn).

django-allauth keeps them and checks what is signed (docs/decisions/0018); what is drawn stays in the session.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from schemas.errors import RefusedActError

#: Passkeys that an account may have.
MOST = 10
#: A signed answer is far smaller.
_LONGEST = 20_000
_WRONG_FR = "Cette clé n’a pas répondu comme attendu. Recommencez."


def list_passkeys(user: User) -> list[tuple[int, str, datetime]]:
    """Number, name and day of each passkey of an account, oldest first."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")
    return [(row.pk, str(row.data["name"]), row.created_at) for row in rows]


def begin_adding(user: User) -> dict[str, Any]:
    """What a browser needs to make a passkey."""
    return _as_json(auth.begin_registration(user, passwordless=False))


@transaction.atomic
def add_passkey(user: User, name: str, credential: str) -> None:
    """Keep a passkey that was just made.

    Args:
        user: whose.
        name: by which they will know it.
        credential: JSON of what the browser answered.

    Raises:
        RefusedActError: it is no answer to what was drawn in this session, or there are enough.
    """
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() >= MOST:
        raise RefusedActError("too many passkeys", message_fr=f"Vous avez déjà {MOST} clés : retirez-en une.")
    answer = _read(credential)
    try:
        auth.parse_registration_response(answer)
        auth.complete_registration(answer)
    except Exception as error:  # whatever a browser may send
        raise RefusedActError("not the passkey that was asked for", message_fr=_WRONG_FR) from error
    auth.WebAuthn.add(user, name, answer)


def begin_proof(user: User) -> dict[str, Any]:
    """What a browser needs to have one of the account's passkeys sign."""
    return _as_json(auth.begin_authentication(user))


def check_proof(user: User, credential: str) -> bool:
    """Whether one of the account's passkeys signed what was drawn in this session; each drawing is good once."""
    try:
        answer = _read(credential)
        auth.parse_authentication_response(answer)
        used = auth.complete_authentication(user, answer)
    except (RefusedActError, ValidationError):
        return False
    except Exception:  # a signature that is none is told by many kinds of error
        return False
    finally:
        auth.clear_state()
    used.record_usage()
    return True


def remove_passkey(user: User, number: int) -> bool:
    """Forget one; False where the account has none of that number."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN, pk=number)
    return bool(rows.delete()[0])


def _as_json(options: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found


def _read(credential: str) -> dict[str, Any]:
    try:
        answer = json.loads(credential) if len(credential) <= _LONGEST else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise RefusedActError("no answer of a browser", message_fr=_WRONG_FR)
    return answer
