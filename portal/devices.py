"""The browsers that people come with: known again by a cookie, named by their kind."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_COOKIE = "liasse_appareil"
_YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[\w-]{32}")

#: The first that is found counts: most browsers also bear the names of others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One browser of one person.

    Attributes:
        token: what its cookie holds; only its hash is kept here.
        label: its kind, in words.
    """

    token: str
    label: str

    @property
    def hash(self) -> str:
        """What the database knows it by."""
        return hashlib.sha256(self.token.encode()).hexdigest()


def find_device(request: HttpRequest) -> Device:
    """The browser of a request; one that was never here gets a new token."""
    token = request.COOKIES.get(_COOKIE, "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(24)
    return Device(token=token, label=describe_browser(request.headers.get("User-Agent", "")))


def remember_device(response: HttpResponse, device: Device) -> None:
    """Have the browser keep its token for a year."""
    response.set_cookie(
        _COOKIE,
        device.token,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def describe_browser(agent: str) -> str:
    """The kind of a browser in words: ``Firefox sous Windows``; what it says of itself is taken on trust."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "Navigateur inconnu")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not system:
        return browser
    return f"{browser} sur {system}" if system in ("iPhone", "iPad") else f"{browser} sous {system}"
