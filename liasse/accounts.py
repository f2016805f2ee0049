"""``liasse accounts``: the people who work here, and what is done for an account whose holder cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from liasse.database import open_database
from schemas.errors import ConfigurationError
from schemas.rules import installed_rules
from schemas.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Accounts of members and gestionnaires.")


@app.command("forget-second-factor")
def forget_second_factor(name: Annotated[str, typer.Argument(help="User name, or number of the contract.")]) -> None:
    """Ask an account for no code any more: the telephone and the recovery codes are lost. Make sure who asks."""
    open_database()
    from portal.asking import find_account
    from portal.second_factor import remove_second_factor
    from portal.sessions import end_others

    user = find_account(name)
    if user is None:
        raise ConfigurationError("no such account, or it is not active")
    remove_second_factor(user)
    end_others(user, None)
    typer.echo("the password alone signs in now; every session was ended")


_Name = Annotated[str, typer.Argument(help="User name.")]
_Queues = Annotated[list[str], typer.Option("--queue", help="A queue to work on; may be given again, none for all.")]


@app.command()
def add(
    name: _Name,
    role: Annotated[str, typer.Option(help="gestionnaire, superviseur or exploitant.")],
    called: Annotated[str, typer.Option(help="First name, then last name.")],
    email: Annotated[str, typer.Option(help="Where the person is written to.")] = "",
    queues: _Queues = [],  # noqa: B006  # typer's way of saying "none"
) -> None:
    """Make the account of somebody who works here, and print the link that lets them choose a password."""
    open_database()
    from portal import staff

    _check_queues(queues)
    try:
        wanted = staff.Role(role)
    except ValueError:
        raise ConfigurationError(f"no such role; one of: {', '.join(staff.Role)}") from None
    staff.add_colleague(name, name=called, email=email, role=wanted, queues=queues)
    typer.echo(_link(name))


@app.command()
def invite(name: _Name) -> None:
    """Print a new link that lets somebody who works here choose a password; good for a day and one use."""
    open_database()
    from portal import staff

    link = _link(name)
    staff.note_invitation(staff.find_colleague(name), actor=staff.CONSOLE)
    typer.echo(link)


@app.command("queues")
def set_queues(name: _Name, queues: _Queues = []) -> None:  # noqa: B006  # as above
    """Say on which queues somebody works; on all of them where none is given."""
    open_database()
    from portal import staff

    _check_queues(queues)
    user = staff.find_colleague(name)
    now = staff.describe_colleague(user)
    staff.change_colleague(user, replace(now, queues=tuple(queues)), actor=staff.CONSOLE)
    typer.echo(f"{name}: {', '.join(queues) or 'every queue'}")


@app.command("list")
def list_accounts() -> None:
    """Everybody who works here: name, role, queues."""
    open_database()
    from portal import staff

    for one in staff.list_colleagues():
        closed = "" if one.active else "  closed"
        typer.echo(f"{one.username}  {one.name}  {one.role.value}  {', '.join(one.queues) or 'every queue'}{closed}")


@app.command()
def close(name: _Name) -> None:
    """Let somebody who works here sign in no more; what they did stays under their name."""
    open_database()
    from portal import staff

    user = staff.find_colleague(name)
    staff.change_colleague(user, replace(staff.describe_colleague(user), active=False), actor=staff.CONSOLE)
    typer.echo("closed; every session was ended")


def _check_queues(queues: list[str]) -> None:
    known = installed_rules().queues
    unknown = [queue for queue in queues if queue not in known]
    if unknown:
        raise ConfigurationError(f"no such queue: {', '.join(unknown)}; one of: {', '.join(sorted(known))}")


def _link(name: str) -> str:
    from django.urls import reverse

    from portal import staff
    from portal.links import make_recovery_token

    path = reverse("recover-link", args=[make_recovery_token(staff.find_colleague(name))])
    return f"{load_settings().site_url.rstrip('/')}{path}"
