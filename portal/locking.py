"""Accounts that are locked for a while after repeated failures to sign in, and open again by themselves.

django-axes counts and refuses; this says for how long, and tells the person. Whether a name has an account at all makes
no difference to what anybody sees.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.french import NBSP
from portal.views.errors import too_many_tries
from schemas.settings import load_settings

_DAY = timedelta(hours=24)


def find_lock(request: HttpRequest | None) -> timedelta:
    """For how long the account that a request names stays locked: a day after several locks in a day, else less."""
    settings = load_settings()
    name = getattr(request, "named_account", "") or (request.POST.get("username", "") if request is not None else "")
    counted = AccessFailureLog.objects.filter(
        username=name, locked_out=False, attempt_time__gte=timezone.now() - _DAY
    ).count()
    # the failure that locks is logged as locked out already
    locks = counted // max(1, settings.lock_failures - 1)
    if locks >= settings.lock_repeats:
        return timedelta(hours=settings.lock_hours)
    return timedelta(minutes=settings.lock_minutes)


def is_locked(request: HttpRequest, name: str) -> bool:
    """Whether an account is locked; sets on the request whose it is, for pages where the name is not typed."""
    setattr(request, "named_account", name)  # noqa: B010 - Django's requests have no such attribute
    return not AxesProxyHandler.is_allowed(request, {"username": name})


def count_failure(request: HttpRequest, name: str) -> None:
    """A wrong code counts like a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"username": name}, request=request)


def answer_locked(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """What whoever tries again is told."""
    return too_many_tries(request, say_lock(find_lock(request)))


def say_lock(lock: timedelta) -> str:
    """A length of time in words."""
    minutes = round(lock.total_seconds() / 60)
    return f"{minutes}{NBSP}minutes" if minutes < 120 else f"{round(minutes / 60)}{NBSP}heures"


@receiver(user_login_failed)
def forget_old_failures(**_: Any) -> None:
    """Names and addresses of failures are kept no longer than they count."""
    before: datetime = timezone.now() - _DAY
    for kept in (AccessFailureLog, AccessAttempt):
        kept.objects.filter(attempt_time__lt=before).delete()
