"""What each member wants to be told by e-mail; the site shows everything in any case."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from schemas.alerts import COMPULSORY, AlertKind
from storage.models import Member, UnwantedAlert


def wants_email(member: Member, kind: AlertKind) -> bool:
    """Whether a member is told of something by e-mail."""
    return kind in COMPULSORY or not UnwantedAlert.objects.filter(member=member, kind=kind.value).exists()


def list_wanted(member: Member) -> frozenset[AlertKind]:
    """All that a member is told of by e-mail."""
    unwanted = set(UnwantedAlert.objects.filter(member=member).values_list("kind", flat=True))
    return frozenset(kind for kind in AlertKind if kind in COMPULSORY or kind.value not in unwanted)


def choose_alerts(member: Member, wanted: Collection[AlertKind]) -> None:
    """Keep what a member wants to be told by e-mail, from the next message on."""
    unwanted = [kind for kind in AlertKind if kind not in COMPULSORY and kind not in wanted]
    with transaction.atomic():
        UnwantedAlert.objects.filter(member=member).delete()
        UnwantedAlert.objects.bulk_create(UnwantedAlert(member=member, kind=kind.value) for kind in unwanted)
