"""Accounts and their roles."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.db import transaction

from schemas.errors import ConfigurationError
from storage.models import Member

#: Name of the Django group whose members are gestionnaires.
HANDLERS = "gestionnaires"
#: Name of the group of those among them to whom dossiers are handed up.
SUPERVISORS = "superviseurs"
#: Name of the group that sees how the installation does, and no dossier.
OPERATORS = "exploitants"


@transaction.atomic
def create_account(
    username: str, password: str, *, member: Member | None = None, group: str | None = None, name: str = ""
) -> User:
    """An account with its role; calling it again changes nothing.

    An account that exists keeps its password: whoever changed it does not lose the change at the next start.

    Args:
        username: what the person types to sign in.
        password: for a new account.
        member: the contract that the account looks after, for a member.
        group: name of a group, ``HANDLERS`` for a gestionnaire, ``OPERATORS`` for an operator.
        name: how the person is greeted, first name then last name.

    Raises:
        ConfigurationError: the contract already belongs to another account.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        first, _, last = name.partition(" ")
        user = User.objects.create_user(username=username, password=password, first_name=first, last_name=last)
    if member is not None:
        holder = Member.objects.select_for_update().get(pk=member.pk)
        if holder.user_id not in (None, user.pk):
            raise ConfigurationError(f"contract {holder.pk} already has an account")
        if holder.user_id is None:
            holder.user = user
            holder.save(update_fields=["user"])
            member.user = user
    if group is not None:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user
