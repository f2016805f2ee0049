"""Members let somebody help them: with which dossiers, how far, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from schemas.errors import RefusedActError
from storage.models import Helper, Member, Person

#: Helpers that a member may have at a time, those not counted whose time is over.
MOST = 5


def name_helper(helper_id: int) -> str:
    """How somebody who helps is named in records that outlive their data."""
    return f"helper:{helper_id}"


def is_helper(actor: str) -> bool:
    """Whether a record names somebody who helps."""
    return actor.startswith("helper:")


def list_helpers(member: Member, today: date) -> QuerySet[Helper]:
    """Whom a member lets help, accepted or not, with the people whose dossiers they see."""
    return member.helpers.filter(ended_at=None, until__gte=today).prefetch_related("patients")


def list_helped(user: User, today: date) -> QuerySet[Helper]:
    """Whom somebody helps."""
    rows = Helper.objects.filter(user=user, accepted_at__isnull=False, ended_at=None, until__gte=today)
    return rows.select_related("member")


def invite_helper(
    member: Member,
    name: str,
    email: str,
    patients: Sequence[Person],
    *,
    may_send: bool,
    may_write: bool,
    until: date,
    now: datetime,
) -> Helper:
    """Let somebody help, once they accept.

    Args:
        member: whose dossiers.
        name: as the member calls them.
        email: where the invitation goes.
        patients: of the contract, whose dossiers they will see.
        may_send: let them deposit papers.
        may_write: let them write and contest.
        until: last day.
        now: with time zone.

    Raises:
        RefusedActError: there are as many helpers as there may be, or this one is among them.
    """
    with transaction.atomic():
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        helpers = list(list_helpers(row, now.date()))
        if len(helpers) >= MOST:
            raise RefusedActError("too many helpers", message_fr=f"Vous avez déjà {MOST} aidants : retirez-en un.")
        if any(helper.email.casefold() == email.casefold() for helper in helpers):
            raise RefusedActError("invited before", message_fr="Vous avez déjà invité cette personne.")
        helper = Helper.objects.create(
            member=row, name=name, email=email, may_send=may_send, may_write=may_write, invited_at=now, until=until
        )
        helper.patients.set([person for person in patients if person.member_id == row.pk])
    return helper


def accept_help(helper: Helper, user: User, *, now: datetime) -> None:
    """Begin to help.

    Raises:
        RefusedActError: the invitation was taken back, has been used, or comes from oneself.
    """
    with transaction.atomic():
        row = Helper.objects.select_for_update(of=("self",)).select_related("member").get(pk=helper.pk)
        if row.ended_at is not None or row.accepted_at is not None:
            raise RefusedActError("no invitation any more", message_fr="Cette invitation ne vaut plus.")
        if row.member.user_id == user.pk:
            raise RefusedActError("own contract", message_fr="Cette invitation vient de vous-même.")
        row.user, row.accepted_at = user, now
        row.save(update_fields=["user", "accepted_at"])


def end_help(helpers: QuerySet[Helper], helper_id: int, *, now: datetime) -> bool:
    """End one of some rows at once; False where it is none of them, or has ended."""
    return bool(helpers.filter(pk=helper_id, ended_at=None).update(ended_at=now))
