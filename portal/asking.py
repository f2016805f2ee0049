"""Who asks for a link by e-mail, how often, and what is written to whom.

Nothing here tells the person who asks whether anything was written: the page says the same in every case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from portal.links import make_activation_token, make_recovery_token
from portal.mailing import address_of, send_later
from storage.models import AccountTry, Member

#: Demands in the same name that are heard within an hour.
TRIES = 5
_HOUR = dt.timedelta(hours=1)
#: The role of the person who holds a contract.
HOLDER_ROLE = "adherent"

_ACTIVATION_FR = """Bonjour,

Vous avez demandé à ouvrir votre compte. Choisissez votre mot de passe à cette adresse :

{link}

Ce lien sert une seule fois et reste valable un jour. Votre identifiant sera votre numéro d’adhérent.

Si vous n’avez rien demandé, ne faites rien : aucun compte ne sera ouvert.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""
_EXISTING_FR = """Bonjour,

Vous avez demandé à ouvrir votre compte, mais votre contrat en a déjà un. Son identifiant est : {username}

Si vous avez oublié votre mot de passe, choisissez-en un autre à cette adresse : {link}

Si vous n’avez rien demandé, ne faites rien.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""
_RECOVERY_FR = """Bonjour,

Vous avez demandé un nouveau mot de passe. Choisissez-le à cette adresse :

{link}

Ce lien sert une seule fois et reste valable un jour. Votre identifiant est : {username}

Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def may_ask(kind: str, name: str) -> bool:
    """Count a demand; False once there were too many in this name within an hour, whether or not it exists."""
    now = timezone.now()
    hashed = hashlib.sha256(f"{kind}:{name.casefold()}".encode()).hexdigest()
    AccountTry.objects.filter(at__lt=now - _HOUR).delete()
    if AccountTry.objects.filter(name=hashed, at__gte=now - _HOUR).count() >= TRIES:
        return False
    AccountTry.objects.create(name=hashed, at=now)
    return True


def tidy_number(number: str) -> str:
    """A member number as it is kept: people type it in groups."""
    return re.sub(r"\s", "", number)


def ask_for_activation(number: str, birth_date: dt.date, email: str) -> None:
    """Write to the address on file of the contract that matches; to nobody when none does."""
    member = (
        Member.objects.filter(
            member_number=tidy_number(number), people__birth_date=birth_date, people__role=HOLDER_ROLE
        )
        .select_related("user")
        .first()
    )
    if member is None or not _same_address(member.email, email):
        return
    if member.user is not None:
        body = _EXISTING_FR.format(username=member.user.get_username(), link=address_of(reverse("recover")))
        send_later(member.email, "Vous avez déjà un compte", body)
        return
    link = address_of(reverse("activate-link", args=[make_activation_token(member)]))
    send_later(member.email, "Activez votre compte", _ACTIVATION_FR.format(link=link))


def ask_for_recovery(name: str, email: str) -> None:
    """Write to the address on file of the account that matches; to nobody when none does.

    Args:
        name: user name, or the number of the contract.
        email: as it was typed; it is only compared.
    """
    user = find_account(name)
    if user is None:
        return
    on_file = email_of(user)
    if not _same_address(on_file, email):
        return
    link = address_of(reverse("recover-link", args=[make_recovery_token(user)]))
    send_later(on_file, "Votre nouveau mot de passe", _RECOVERY_FR.format(link=link, username=user.get_username()))


def find_account(name: str) -> User | None:
    """The active account of that name, else the one of the contract of that number."""
    user = User.objects.filter(username=name.strip(), is_active=True).first()
    if user is not None:
        return user
    member = Member.objects.filter(member_number=tidy_number(name), user__is_active=True).first()
    return member.user if member is not None else None


def email_of(user: User) -> str:
    """The address that we write to: the contract's for a member, the account's for others; empty for none."""
    member = Member.objects.filter(user=user).first()
    return member.email if member is not None else user.email


def _same_address(on_file: str, typed: str) -> bool:
    return bool(on_file) and on_file.casefold() == typed.strip().casefold()
