"""A second proof at sign-in: a code of an application (TOTP) or of an e-mail, a passkey, or a recovery code.

django-allauth keeps and checks all but the codes by e-mail; docs/decisions/0018 tells where its pages are not used.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import qrcode
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal import email_codes
from portal.accounts import HANDLERS
from schemas.settings import load_settings
from storage.models import AccountTry, TrustedDevice

#: A code is good for its half minute, the one before and the one after.
_GOOD_FOR = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody needs to set up an application.

    Attributes:
        secret: to be typed where no picture can be taken.
        size: modules on a side of the QR code, its margin included.
        path: the dark modules, as an SVG path.
    """

    secret: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The second proofs that an account may give.

    Attributes:
        passkeys: how many it has.
    """

    application: bool
    passkeys: int
    email: bool

    @property
    def some(self) -> bool:
        """Whether there is any."""
        return self.application or self.passkeys > 0 or self.email


def find_ways(user: User) -> Ways:
    """The second proofs that this account may give (two queries)."""
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Ways(
        application=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        email=email_codes.is_on(user),
    )


def has_second_factor(user: User) -> bool:
    """Whether this account is asked for a second proof."""
    return find_ways(user).some


def must_have_one(user: User) -> bool:
    """Whether this account may do nothing before it has a second factor: gestionnaires, where the insurer wants it."""
    return load_settings().second_factor_for_handlers and user.groups.filter(name=HANDLERS).exists()


def draw_secret() -> str:
    """A new secret for an application."""
    return str(generate_totp_secret())


def describe_enrolment(user: User, secret: str) -> Enrolment:
    """The secret as an application wants it."""
    code = qrcode.QRCode(border=4)
    code.add_data(get_adapter().build_totp_url(user, secret))
    matrix = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, module in enumerate(row) if module)
    return Enrolment(secret=secret, size=len(matrix), path="".join(dark))


@transaction.atomic
def add_second_factor(user: User, secret: str, code: str) -> tuple[str, ...]:
    """Ask for codes from now on, if this one shows that the application knows the secret.

    Returns:
        The recovery codes, to be written down; none when the code is wrong.
    """
    if find_ways(user).application or not validate_totp_code(secret, code):
        return ()
    TOTP.activate(user, secret)
    _use(user, code)
    return renew_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(user: User) -> tuple[str, ...]:
    """New recovery codes; those before are worth nothing any more."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return tuple(RecoveryCodes.activate(user).get_unused_codes())


def count_recovery_codes(user: User) -> int:
    """Recovery codes that were not used yet."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept is not None else 0


def tidy_up(user: User) -> None:
    """Where the last second proof has gone, recovery codes and trusted devices are nothing any more."""
    if not has_second_factor(user):
        remove_second_factor(user)


@transaction.atomic
def remove_second_factor(user: User) -> None:
    """Ask for no codes any more; the devices that were trusted have nothing left to be spared."""
    Authenticator.objects.filter(user=user).delete()
    email_codes.turn_off(user)
    TrustedDevice.objects.filter(user=user).delete()


@transaction.atomic
def check_code(user: User, code: str) -> bool:
    """Whether a code of the application or of a message, or a recovery code, is right; each is right once."""
    kept = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user)}
    application = kept.get(Authenticator.Type.TOTP)
    if application is not None and TOTP(application).validate_code(code):
        return _use(user, code)
    if email_codes.check_code(user, code):
        return True
    recovery = kept.get(Authenticator.Type.RECOVERY_CODES)
    return recovery is not None and bool(RecoveryCodes(recovery).validate_code(code))


def _use(user: User, code: str) -> bool:
    # allauth remembers used codes in the cache, which every process of the site has for itself
    digits = "".join(filter(str.isdigit, code))
    name = hashlib.sha256(f"code:{user.pk}:{digits}".encode()).hexdigest()
    now = timezone.now()
    if AccountTry.objects.filter(name=name, at__gte=now - _GOOD_FOR).exists():
        return False
    AccountTry.objects.create(name=name, at=now)
    return True


def trusts(user: User, device: str) -> bool:
    """Whether the account spares this browser the code."""
    return TrustedDevice.objects.filter(user=user, device=device, until__gt=timezone.now()).exists()


def trust(user: User, device: str, label: str) -> None:
    """Spare this browser the code for some days."""
    now = timezone.now()
    TrustedDevice.objects.update_or_create(
        user=user,
        device=device,
        defaults={"label": label, "trusted_at": now, "until": now + timedelta(days=load_settings().trust_days)},
    )
