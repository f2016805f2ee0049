"""Tokens: given for a secret, signed by us, good for a quarter of an hour (docs/decisions/0016)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from portal.api.problems import ApiError, OAuthFault
from schemas.settings import load_settings
from storage.integrators import Scope, count_request, recognise
from storage.models import Integrator

_SALT = "liasse.api.token"


def issue_token(integrator: Integrator, scopes: list[str]) -> str:
    """A token for these scopes."""
    return signing.dumps({"client": integrator.client_id, "scopes": scopes}, salt=_SALT)


def read_token(token: str) -> tuple[str, frozenset[str]] | None:
    """The client and the scopes of a token; None for one that is not ours, was changed, or is too old."""
    try:
        said: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=load_settings().api_token_seconds)
    except (signing.BadSignature, ValueError):
        return None
    return said["client"], frozenset(said["scopes"])


def give_token(request: HttpRequest) -> JsonResponse:
    """Answer a request for a token (RFC 6749, section 4.4): client credentials in HTTP Basic, or in the form."""
    form = request.POST
    if any(len(form.getlist(name)) > 1 for name in form):
        return _refuse("invalid_request", "a parameter is given twice")
    shown = _read_basic(request.headers.get("Authorization", ""))
    client_id, secret = shown or (form.get("client_id", ""), form.get("client_secret", ""))
    integrator = recognise(client_id, secret)
    if integrator is None:
        return _refuse("invalid_client", "the client is not known, or its secret is wrong", status=401)
    check_rate(integrator)
    grant = form.get("grant_type", "")
    if not grant:
        return _refuse("invalid_request", "grant_type is missing")
    if grant != "client_credentials":
        return _refuse("unsupported_grant_type", "only client_credentials is supported")
    granted = [scope.value for scope in Scope if scope.value in integrator.scopes]
    asked = form.get("scope", "").split() or granted
    if not set(asked) <= set(granted):
        return _refuse("invalid_scope", "a scope is unknown, or not granted to this client")
    answer = {
        "access_token": issue_token(integrator, asked),
        "token_type": "Bearer",
        "expires_in": load_settings().api_token_seconds,
        "scope": " ".join(asked),
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def check_rate(integrator: Integrator) -> None:
    """Count a request.

    Raises:
        ApiError: there were too many in this minute.
    """
    wait = count_request(integrator, load_settings().api_per_minute, timezone.now())
    if wait:
        raise ApiError("rate_limited", headers={"Retry-After": str(wait)})


def _read_basic(header: str) -> tuple[str, str] | None:
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def _refuse(error: str, description: str, *, status: int = 400) -> OAuthFault:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="liasse"'
    return OAuthFault({"error": error, "error_description": description}, status=status, headers=headers)
