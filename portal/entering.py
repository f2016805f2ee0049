"""The last step of every way in: whoever proved who they are gets a session."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, user: User, way_on: str = "home") -> HttpResponse:
    """Sign somebody in and lead them on.

    Args:
        request: of somebody who has shown a password or a link of ours.
        user: their account.
        way_on: name or path on this site.
    """
    login(request, user, backend=_BACKEND)
    return redirect(way_on)
