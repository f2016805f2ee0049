"""``liasse accounts``: what somebody of the mutuelle does for an account whose holder cannot."""

from __future__ import annotations

from typing import Annotated

import typer

from liasse.database import open_database
from schemas.errors import ConfigurationError

app = typer.Typer(no_args_is_help=True, help="Accounts of members and gestionnaires.")


@app.callback()
def accounts() -> None:
    """Keep the commands of accounts under their name."""


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
