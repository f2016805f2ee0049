"""The people who work with dossiers: their accounts, roles and queues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import Group, User
from django.db import transaction

from portal.accounts import HANDLERS, OPERATORS, SUPERVISORS
from schemas.errors import ConfigurationError
from storage.models import TeamMember


class Role(StrEnum):
    """What somebody does here."""

    HANDLER = "gestionnaire"
    SUPERVISOR = "superviseur"
    OPERATOR = "exploitant"


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


def add_colleague(username: str, *, name: str, email: str, role: Role, queues: Collection[str] = ()) -> User:
    """An account without a password: whoever gets the link of ``portal.links.make_recovery_token`` chooses it.

    Raises:
        ConfigurationError: the name is taken.
    """
    first, _, last = name.partition(" ")
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise ConfigurationError(f"the name {username} is taken")
        user = User.objects.create_user(username=username, email=email, first_name=first, last_name=last)
        user.groups.set(Group.objects.get_or_create(name=group)[0] for group in _GROUPS[role])
        set_queues(user, queues)
    return user


def set_queues(user: User, queues: Collection[str]) -> None:
    """Say on which queues somebody works; on all of them where none is named."""
    with transaction.atomic():
        TeamMember.objects.filter(user=user).delete()
        TeamMember.objects.bulk_create(TeamMember(user=user, queue=queue) for queue in sorted(set(queues)))


def find_colleague(username: str) -> User:
    """The account of somebody who works here.

    Raises:
        ConfigurationError: there is none; a member's account is none.
    """
    user = User.objects.filter(username=username, groups__name__in=(HANDLERS, OPERATORS)).distinct().first()
    if user is None:
        raise ConfigurationError(f"nobody works here under the name {username}")
    return user


def list_colleagues() -> tuple[Colleague, ...]:
    """Everybody who works here, by name, in three queries."""
    users = User.objects.filter(groups__name__in=(HANDLERS, OPERATORS)).distinct().order_by("username")
    return tuple(_describe(user) for user in users.prefetch_related("groups", "teams"))


def _describe(user: User) -> Colleague:
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
