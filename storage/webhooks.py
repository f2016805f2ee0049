"""Signed webhooks: what ``storage.announcing`` wrote is posted, at least once, with the same identifier every time.

The form is that of Standard Webhooks: headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``, the last
an HMAC of the other two and the body. Whoever receives checks the signature, refuses old timestamps, and knows a copy
by its identifier.
"""

from __future__ import annotations

import json
import socket
import ssl
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.db import transaction
from standardwebhooks import Webhook

from schemas.errors import LeaseLostError
from schemas.settings import Settings, load_settings
from storage.models import WebhookDelivery
from storage.sending import claim_due, find_due, mark_delivered, mark_undelivered

_TIMEOUT_SECONDS = 10.0
#: Addresses of the older internet in disguise (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/32")
#: What ``socket.getaddrinfo`` does; tests put names of their own in its place.
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is ours until the lease ends."""

    id: int
    key: str
    payload: Mapping[str, Any]
    token: uuid.UUID


def claim_deliveries(owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedDelivery, ...]:
    """Take deliveries that are due (see ``storage.sending.claim_due``)."""
    rows, token = claim_due(WebhookDelivery, owner, limit, now, lease)
    return tuple(ClaimedDelivery(id=row.pk, key=row.key, payload=row.payload, token=token) for row in rows)


def has_due_deliveries(now: datetime) -> bool:
    """Whether ``claim_deliveries`` would find something."""
    return find_due(WebhookDelivery, now).exists()


def deliver(claimed: ClaimedDelivery, *, now: datetime) -> bool:
    """Post a delivery and write down what came of it.

    Returns:
        Whether the other side took it.
    """
    fault = post_signed(load_settings(), claimed.key, claimed.payload, now)
    try:
        if fault:
            mark_undelivered(WebhookDelivery, claimed.id, claimed.token, fault, now=now)
            return False
        with transaction.atomic():
            mark_delivered(WebhookDelivery, claimed.id, claimed.token, now=now)
    except LeaseLostError:  # posting took longer than the lease: whoever has it now posts a copy of the same identifier
        return False
    return True


def retry_given_up(now: datetime) -> int:
    """Have every delivery that was given up tried again; says how many there were."""
    return WebhookDelivery.objects.filter(given_up_at__isnull=False, sent_at__isnull=True).update(
        given_up_at=None, attempts=0, due_at=now
    )


def post_signed(
    settings: Settings,
    key: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    resolve: Resolver | None = None,
    trust: ssl.SSLContext | None = None,
) -> str:
    """Sign and post.

    The host's name is looked up once, and the address that was checked is the one that is connected to: a name that
    leads elsewhere a moment later leads nowhere. Redirects are not followed.

    Args:
        settings: address, secret, and whether private networks are allowed.
        key: identifier of what is told.
        payload: to be sent as JSON.
        now: that the signature is dated with.
        resolve: addresses of a host and port; the system's when left out.
        trust: certificates that are trusted; the usual ones when left out.

    Returns:
        Empty when it was taken (any 2xx), else the kind of failure, for operators.
    """
    parts = urlsplit(settings.webhook_url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = (resolve or _resolve)(host, port)
    except OSError:
        return "host not found"
    if not addresses:
        return "host not found"
    if not settings.webhook_private and not all(_is_public(address) for address in addresses):
        return "private address"
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings.webhook_secret.get_secret_value()).sign(key, now, body),
        "content-type": "application/json",
        "user-agent": "liasse-webhooks",
        "host": parts.netloc.rpartition("@")[2],
    }
    bare = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    url = urlunsplit((parts.scheme, f"{bare}:{port}", parts.path or "/", parts.query, ""))
    try:
        with (
            httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False, verify=trust or True) as client,
            # the certificate is that of the name, though the address is what is connected to
            client.stream(
                "POST", url, content=body.encode(), headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            return "" if answer.is_success else f"answer {answer.status_code}"
    except (httpx.HTTPError, OSError) as error:
        return type(error).__name__


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(address: str) -> bool:
    """An address of the internet: not of this machine, a private network or a link, nor one of these in other words."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return _is_public(str(inner))
        if found in _TRANSLATED or found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast
