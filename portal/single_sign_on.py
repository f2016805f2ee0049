"""People who work here sign in with the account that they have elsewhere (OpenID Connect).

django-allauth talks to the other side and checks what it says; who that is here, and what begins then, is decided here.
Nobody gets an account in this way: an account of somebody who works here has to be there, with the same e-mail address.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts import HANDLERS, OPERATORS
from portal.devices import find_device
from portal.entering import begin_session
from schemas.settings import load_settings

log = logging.getLogger(__name__)

#: The name of the other side in addresses and in the table of who is who.
PROVIDER = "entreprise"
_UNKNOWN_FR = (
    "Ce compte ne correspond à aucun compte de gestionnaire ouvert ici.",
    "Demandez à la personne qui administre Liasse d’en ouvrir un avec la même adresse e-mail.",
)
_FAILED_FR = (
    "La connexion n’a pas abouti : elle a été annulée, a duré trop longtemps, ou l’autre service n’a pas répondu comme "
    "attendu.",
    "Vous pouvez recommencer.",
)


def is_offered() -> bool:
    """Whether this installation knows another side."""
    settings = load_settings()
    return bool(settings.oidc_server_url and settings.oidc_client_id)


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Takes over from django-allauth as soon as it knows who came back."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Begin a session for whoever came back, or say that nobody here is known by that account."""
        user = _find_user(sociallogin)
        if user is None:
            raise ImmediateHttpResponse(_answer(request, "Compte inconnu", _UNKNOWN_FR, status=403))
        way_on = sociallogin.get_redirect_url(request) or "home"
        raise ImmediateHttpResponse(begin_session(request, user, way_on, find_device(request), proven=True))

    def on_authentication_error(self, request: HttpRequest, *_: Any, **said: Any) -> None:
        """Say that it did not work."""
        raise ImmediateHttpResponse(answer_failure(request, said.get("exception") or said.get("error")))


def answer_failure(request: HttpRequest, cause: object) -> HttpResponse:
    """What somebody is told who comes back with nothing; why is for the log, without what the other side sent."""
    log.warning("single sign-on failed: %s", type(cause).__name__ if isinstance(cause, Exception) else cause)
    return _answer(request, "Connexion interrompue", _FAILED_FR, status=400)


def _find_user(login: SocialLogin) -> User | None:
    """Who works here under that account: as once found, else by the address that the other side vouches for."""
    if login.is_existing:
        known: User = login.user
        return known if _works_here(known) else None
    address = next((one.email for one in login.email_addresses if one.verified), "")
    if not address:
        return None
    found = [user for user in User.objects.filter(email__iexact=address) if _works_here(user)]
    if len(found) != 1:
        return None
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=found[0], provider=login.account.provider, uid=login.account.uid)
    except IntegrityError:  # the same, in another window
        pass
    return found[0]


def _works_here(user: User) -> bool:
    return user.is_active and user.groups.filter(name__in=(HANDLERS, OPERATORS)).exists()


def _answer(request: HttpRequest, title: str, sentences: tuple[str, ...], *, status: int) -> HttpResponse:
    return render(request, "portal/told.html", {"title": title, "sentences": sentences}, status=status)
