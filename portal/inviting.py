"""The link that lets somebody who works here choose a password, sent to their address."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.urls import reverse

from portal.links import make_recovery_token
from portal.mailing import address_of, send_later
from portal.staff import note_invitation

_SUBJECT_FR = "Votre compte Liasse"
_BODY_FR = """Bonjour,

Un compte vous est ouvert sur Liasse, sous l’identifiant {username}.

Pour choisir votre mot de passe, ouvrez ce lien : {link}

Il sert une seule fois et reste valable un jour.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def invite_colleague(user: User, *, actor: str) -> bool:
    """Send the link; False where no address is known, and nothing was sent.

    Args:
        user: somebody who works here.
        actor: user name of whoever invites them.
    """
    if not user.email or not user.is_active:
        return False
    link = address_of(reverse("recover-link", args=[make_recovery_token(user)]))
    send_later(user.email, _SUBJECT_FR, _BODY_FR.format(username=user.get_username(), link=link))
    note_invitation(user, actor=actor)
    return True
