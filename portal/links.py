"""Links that come by e-mail: signed, good for a day and for one use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from storage.models import Helper, Member


class _ActivationTokens(PasswordResetTokenGenerator):
    """Good while the contract has no account and its address stays the same."""

    key_salt = "portal.links.activation"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}/{user.user_id}/{user.email}/{timestamp}"


class _RecoveryTokens(PasswordResetTokenGenerator):
    """Good until the password changes or somebody signs in."""

    key_salt = "portal.links.recovery"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        signed_in: datetime | None = user.last_login
        return f"{user.pk}/{user.password}/{signed_in}/{user.is_active}/{timestamp}"


class _HelperTokens(PasswordResetTokenGenerator):
    """Good until the invitation is accepted or taken back."""

    key_salt = "portal.links.helping"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}/{user.email}/{user.accepted_at}/{user.ended_at}/{timestamp}"


_activation = _ActivationTokens()
_recovery = _RecoveryTokens()
_helping = _HelperTokens()


def make_activation_token(member: Member) -> str:
    """What stands in the link that lets a member make an account."""
    return f"{int_to_base36(member.pk)}_{_activation.make_token(member)}"  # type: ignore[arg-type]


def find_activated(token: str) -> Member | None:
    """The contract of a link, None when it is not ours, too old or used."""
    number, _, signed = token.partition("_")
    member = Member.objects.filter(pk=_read(number)).first()
    return member if member is not None and _activation.check_token(member, signed) else None  # type: ignore[arg-type]


def make_recovery_token(user: User) -> str:
    """What stands in the link that lets somebody choose a new password."""
    return f"{int_to_base36(user.pk)}_{_recovery.make_token(user)}"


def find_recovered(token: str) -> User | None:
    """The account of a link, None when it is not ours, too old or used."""
    number, _, signed = token.partition("_")
    user = User.objects.filter(pk=_read(number), is_active=True).first()
    return user if user is not None and _recovery.check_token(user, signed) else None


def make_helper_token(helper: Helper) -> str:
    """What stands in the link that lets somebody accept to help."""
    return f"{int_to_base36(helper.pk)}_{_helping.make_token(helper)}"  # type: ignore[arg-type]


def find_invited(token: str) -> Helper | None:
    """The invitation of a link, None when it is not ours, too old, taken back or used."""
    number, _, signed = token.partition("_")
    rows = Helper.objects.filter(ended_at=None, accepted_at=None, until__gte=timezone.localdate())
    helper = rows.select_related("member__user").filter(pk=_read(number)).first()
    return helper if helper is not None and _helping.check_token(helper, signed) else None  # type: ignore[arg-type]


def _read(number: str) -> int:
    try:
        return min(base36_to_int(number), 2**63 - 1)
    except ValueError:
        return 0
