"""The people who work with dossiers: their accounts, roles and queues. Every change is written down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from portal.accounts import HANDLERS, OPERATORS, SUPERVISORS
from portal.sessions import end_others
from schemas.errors import ConfigurationError, RefusedActError
from storage.models import StaffChange, TeamMember

#: Who acts when a command of the operators does.
CONSOLE = "console"


class Role(StrEnum):
    """What somebody does here."""

    HANDLER = "gestionnaire"
    SUPERVISOR = "superviseur"
    OPERATOR = "exploitant"


ROLE_LABELS_FR: dict[Role, str] = {
    Role.HANDLER: "gestionnaire",
    Role.SUPERVISOR: "responsable",
    Role.OPERATOR: "administrateur",
}

#: A supervisor is a gestionnaire to whom dossiers are handed up.
_GROUPS: dict[Role, tuple[str, ...]] = {
    Role.HANDLER: (HANDLERS,),
    Role.SUPERVISOR: (HANDLERS, SUPERVISORS),
    Role.OPERATOR: (OPERATORS,),
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """One account.

    Attributes:
        queues: that they work on; empty for all of them.
    """

    username: str
    name: str
    email: str
    role: Role
    queues: tuple[str, ...]
    active: bool


def add_colleague(
    username: str, *, name: str, email: str, role: Role, queues: Collection[str] = (), actor: str = CONSOLE
) -> User:
    """An account without a password: whoever gets the link of ``portal.links.make_recovery_token`` chooses it.

    Args:
        username: to sign in with.
        name: first name, then last name.
        email: where the person is written to.
        role: what they do here.
        queues: that they work on; all of them where none is named.
        actor: user name of whoever adds them.

    Raises:
        ConfigurationError: the name is taken.
    """
    first, _, last = name.partition(" ")
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise ConfigurationError(f"the name {username} is taken", message_fr="Cet identifiant est déjà pris.")
        user = User.objects.create_user(username=username, email=email, first_name=first, last_name=last)
        _set_role(user, role)
        _set_queues(user, queues)
        _write(actor, username, "created", {}, _tell(describe_colleague(user)))
    return user


def change_colleague(user: User, wanted: Colleague, *, actor: str) -> bool:
    """Give an account another name, address, role, queues, or close or open it.

    Somebody whose account is closed, or who gets another role, is signed out everywhere.

    Args:
        user: from ``find_colleague``.
        wanted: what is to be; the user name stays.
        actor: user name of whoever does it.

    Returns:
        Whether anything changed.

    Raises:
        RefusedActError: nobody could run the installation any more, or somebody would shut themselves out.
    """
    with transaction.atomic():
        # the operators too, always in one order: two of them who close each other must not both succeed
        operators = User.objects.filter(groups__name=OPERATORS).values("pk")
        locked = User.objects.select_for_update().filter(Q(pk=user.pk) | Q(pk__in=operators)).order_by("pk")
        user = next(row for row in locked if row.pk == user.pk)
        was = describe_colleague(user)
        wanted = replace(wanted, username=was.username, queues=tuple(sorted(set(wanted.queues))))
        if wanted == was:
            return False
        _check_change(was, wanted, actor)
        user.first_name, _, user.last_name = wanted.name.partition(" ")
        user.email, user.is_active = wanted.email, wanted.active
        user.save(update_fields=["first_name", "last_name", "email", "is_active"])
        if wanted.role is not was.role:
            _set_role(user, wanted.role)
        _set_queues(user, wanted.queues)
        if wanted.role is not was.role or not wanted.active:
            end_others(user, None)
        before, after = _tell(was), _tell(wanted)
        changed = [key for key in after if after[key] != before[key]]
        what = "changed" if wanted.active == was.active else "opened" if wanted.active else "closed"
        _write(actor, was.username, what, {key: before[key] for key in changed}, {key: after[key] for key in changed})
    return True


def note_invitation(user: User, *, actor: str) -> None:
    """Write down that somebody was sent a link to choose a password."""
    _write(actor, user.get_username(), "invited", {}, {"email": user.email})


def list_changes(username: str, most: int = 50) -> QuerySet[StaffChange]:
    """What was changed about an account, newest first."""
    return StaffChange.objects.filter(username=username)[:most]


def find_colleague(username: str) -> User:
    """The account of somebody who works here.

    Raises:
        ConfigurationError: there is none; a member's account is none.
    """
    user = staff_accounts().filter(username=username).first()
    if user is None:
        raise ConfigurationError(f"nobody works here under the name {username}")
    return user


def staff_accounts(text: str = "", role: Role | None = None) -> QuerySet[User]:
    """The accounts of the people who work here, by user name.

    Args:
        text: a part of the user name, the name or the address; empty for all.
        role: only those who do this.
    """
    users = User.objects.filter(groups__name__in=(HANDLERS, OPERATORS)).distinct().order_by("username")
    if role is Role.OPERATOR:
        users = users.filter(groups__name=OPERATORS).exclude(groups__name=HANDLERS)
    elif role is not None:
        chiefs = User.objects.filter(groups__name=SUPERVISORS)
        users = users.filter(groups__name=HANDLERS)
        users = users.filter(pk__in=chiefs) if role is Role.SUPERVISOR else users.exclude(pk__in=chiefs)
    if text:
        users = users.annotate(called=Concat("first_name", Value(" "), "last_name")).filter(
            Q(username__icontains=text) | Q(called__icontains=text) | Q(email__icontains=text)
        )
    return users.prefetch_related("groups", "teams")


def list_colleagues() -> tuple[Colleague, ...]:
    """Everybody who works here, by name, in three queries."""
    return tuple(describe_colleague(user) for user in staff_accounts())


def describe_colleague(user: User) -> Colleague:
    """One account, as it is now."""
    groups = {group.name for group in user.groups.all()}
    role = Role.OPERATOR if HANDLERS not in groups else Role.SUPERVISOR if SUPERVISORS in groups else Role.HANDLER
    return Colleague(
        username=user.get_username(),
        name=user.get_full_name(),
        email=user.email,
        role=role,
        queues=tuple(sorted(team.queue for team in user.teams.all())),
        active=user.is_active,
    )


def _check_change(was: Colleague, wanted: Colleague, actor: str) -> None:
    if was.role is not Role.OPERATOR or (wanted.role is Role.OPERATOR and wanted.active):
        return
    if actor == was.username:
        raise RefusedActError(
            "an operator would shut themselves out",
            message_fr="Vous ne pouvez ni fermer votre propre compte ni changer votre rôle : demandez à un collègue.",
        )
    others = staff_accounts(role=Role.OPERATOR).filter(is_active=True).exclude(username=was.username)
    if not others.exists():
        raise RefusedActError(
            "the last operator", message_fr="Il doit rester au moins un administrateur dont le compte est ouvert."
        )


def _set_role(user: User, role: Role) -> None:
    user.groups.set(Group.objects.get_or_create(name=group)[0] for group in _GROUPS[role])


def _set_queues(user: User, queues: Collection[str]) -> None:
    TeamMember.objects.filter(user=user).delete()
    TeamMember.objects.bulk_create(TeamMember(user=user, queue=queue) for queue in sorted(set(queues)))


def _tell(one: Colleague) -> dict[str, Any]:
    told = asdict(one)
    told.pop("username")
    return told | {"role": one.role.value, "queues": list(one.queues)}


def _write(actor: str, username: str, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    StaffChange.objects.create(at=timezone.now(), actor=actor, username=username, what=what, before=before, after=after)
