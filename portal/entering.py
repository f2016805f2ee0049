"""The last steps of every way in: the code, where one is asked for, then a session that the account can see and end."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.asking import email_of
from portal.devices import Device, find_device, remember_device
from portal.french import show_moment
from portal.mailing import address_of, send_later
from portal.second_factor import has_second_factor, must_have_one, trusts
from storage.models import SignIn

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_PENDING = "entering"
_MUST_ENROL = "must_enrol"
#: For so long a code may be looked for.
_PATIENCE_SECONDS = 600
#: Where somebody who still needs a second factor may go.
_OPEN_TO_ALL = frozenset({"second-factor", "passkeys", "add-passkey", "email-code", "sign-out", "robots", "health"})

_ALERT_FR = """Bonjour,

Quelqu’un vient de se connecter à votre compte depuis un appareil que nous ne connaissions pas :

{label}, le {moment}

Si c’était vous, ne faites rien.

Si ce n’était pas vous, changez de mot de passe tout de suite : {link}

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""


def enter(request: HttpRequest, user: User, way_on: str = "home") -> HttpResponse:
    """Sign somebody in and lead them on, by the page that asks for the code where there is one.

    Args:
        request: of somebody who has shown a password or a link of ours.
        user: their account.
        way_on: name or path on this site.
    """
    device = find_device(request)
    if has_second_factor(user) and not trusts(user, device.hash):
        request.session[_PENDING] = {
            "user": user.pk,
            "proof": user.get_session_auth_hash(),
            "at": time.time(),
            "way_on": resolve_url(way_on),
        }
        return redirect("sign-in-code")
    return begin_session(request, user, way_on, device)


def find_pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has shown a password and still owes a code, and where they were going."""
    pending = request.session.get(_PENDING)
    if pending is None or time.time() - pending["at"] > _PATIENCE_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["proof"], user.get_session_auth_hash()):
        return None
    return user, pending["way_on"]


def begin_session(
    request: HttpRequest, user: User, way_on: str, device: Device, *, proven: bool = False
) -> HttpResponse:
    """Sign somebody in who owes nothing more, and write it down; a sign-in from a new device is told by mail.

    Args:
        request: theirs.
        user: their account.
        way_on: name or path on this site.
        device: the browser.
        proven: somebody else has made sure who it is, by as many proofs as they think right: none is asked for here.
    """
    request.session.pop(_PENDING, None)
    login(request, user, backend=_BACKEND)
    if not proven and must_have_one(user) and not has_second_factor(user):
        request.session[_MUST_ENROL] = True
    request.session.save()  # the key of a session that was just begun is drawn when it is kept
    _write_down(user, device, request.session.session_key or "")
    response = redirect(way_on)
    remember_device(response, device)
    return response


def end_obligation(request: HttpRequest) -> None:
    """A second factor is there now: the whole site is open."""
    request.session.pop(_MUST_ENROL, None)


class EnrolmentMiddleware:
    """Leads gestionnaires who must have a second factor, and have none, to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or lead there."""
        # the cookie is looked at first: a session that is never asked for costs no query
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(_MUST_ENROL):
            try:
                name = resolve(request.path_info).url_name
            except Resolver404:
                name = None
            if name not in _OPEN_TO_ALL:
                return redirect("second-factor")
        return self.get_response(request)


def _write_down(user: User, device: Device, session_key: str) -> None:
    now = timezone.now()
    history = SignIn.objects.filter(user=user)
    is_new = history.exists() and not history.filter(device=device.hash).exists()
    SignIn.objects.create(user=user, at=now, device=device.hash, label=device.label, session_key=session_key)
    recipient = email_of(user)
    if is_new and recipient:
        body = _ALERT_FR.format(label=device.label, moment=show_moment(now), link=address_of(reverse("recover")))
        send_later(recipient, "Nouvelle connexion à votre compte", body)
