"""Legal holds: data of a member that must stay, whatever the schedule or the member says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from schemas.errors import ConfigurationError, LiasseError
from storage.models import LegalHold, Member
from storage.upkeep import record_upkeep


class HeldError(LiasseError):
    """The data is under a legal hold: nothing of it goes until the hold is lifted."""

    code = "held"


def find_member(number: str) -> Member:
    """The member of a number.

    Raises:
        ConfigurationError: there is none.
    """
    member = Member.objects.filter(member_number=number).first()
    if member is None:
        raise ConfigurationError("no member has this number")
    return member


def name_member(member: Member) -> str:
    """How a member is named in records that outlive their data."""
    return f"member:{member.pk}"


def place_hold(member: Member, reason: str, *, actor: str, now: datetime) -> LegalHold:
    """Keep everything of a member until further notice."""
    with transaction.atomic():
        hold = LegalHold.objects.create(member=member, reason=reason[:200], placed_by=actor[:80], placed_at=now)
        record_upkeep("hold", actor=actor, now=now, subject=name_member(member), detail={"hold": hold.pk})
    return hold


def lift_holds(member: Member, *, actor: str, now: datetime) -> int:
    """Lift the holds on a member and say how many there were."""
    with transaction.atomic():
        open_holds = list(LegalHold.objects.select_for_update().filter(member=member, lifted_at__isnull=True))
        for hold in open_holds:
            hold.lifted_by, hold.lifted_at = actor[:80], now
            hold.save(update_fields=["lifted_by", "lifted_at"])
            record_upkeep("lift", actor=actor, now=now, subject=name_member(member), detail={"hold": hold.pk})
    return len(open_holds)


def require_no_hold(member: Member) -> None:
    """Refuse to go on for a member under a hold.

    Raises:
        HeldError: there is one.
    """
    if LegalHold.objects.filter(member=member, lifted_at__isnull=True).exists():
        raise HeldError("this member's data is under a legal hold; lift it first")
