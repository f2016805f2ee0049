"""Accounts and their roles."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction

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


def describe_account(member: Member) -> User:
    """The account that a member would get, not kept: named by the number of the contract."""
    holder = member.people.filter(role="adherent").first()
    names = {"first_name": holder.first, "last_name": holder.last} if holder is not None else {}
    return User(username=member.member_number, email=member.email, **names)


def open_account(member: Member, password: str) -> User:
    """The account of a member who has none.

    Args:
        member: the contract.
        password: one that was checked.

    Raises:
        ConfigurationError: the contract has an account by now, or its number is the name of another one.
    """
    account = describe_account(member)
    account.email = ""  # the address on file is the contract's; a copy would grow old
    account.set_password(password)
    try:
        with transaction.atomic():
            holder = Member.objects.select_for_update().get(pk=member.pk)
            if holder.user_id is not None:
                raise ConfigurationError(f"contract {holder.pk} already has an account")
            account.save()
            holder.user = account
            holder.save(update_fields=["user"])
    except IntegrityError as error:
        raise ConfigurationError(f"the number of contract {member.pk} is already the name of an account") from error
    return account
