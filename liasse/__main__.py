"""``liasse``: one command, thin subcommands. Heavy modules are imported by the subcommand that needs them."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from schemas.errors import LiasseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads, checks and routes the papers that members send to their mutuelle.",
)


def _register() -> None:
    from liasse.accounts import app as accounts
    from liasse.backup import backup, restore
    from liasse.decide import decide
    from liasse.integrators import app as integrators
    from liasse.messages import app as messages
    from liasse.migrate import migrate
    from liasse.prefect_server import prefect_server
    from liasse.purge import purge
    from liasse.read import read
    from liasse.rights import rights
    from liasse.rules import app as rules
    from liasse.run import run
    from liasse.simulate import simulate
    from liasse.site import site
    from liasse.status import status
    from liasse.train import train
    from liasse.watch import watch
    from liasse.webhooks import app as webhooks
    from liasse.worker import worker

    commands = (
        read,
        decide,
        run,
        migrate,
        worker,
        site,
        prefect_server,
        status,
        backup,
        restore,
        purge,
        train,
        simulate,
        watch,
    )
    for command in commands:
        app.command()(command)
    app.add_typer(rules, name="rules")
    app.add_typer(messages, name="messages")
    app.add_typer(rights, name="rights")
    app.add_typer(webhooks, name="webhooks")
    app.add_typer(integrators, name="integrators")
    app.add_typer(accounts, name="accounts")


def main() -> None:
    """Run the command line; an error that we know ends with its message and its code, without a trace."""
    try:
        _register()
        app()
    except LiasseError as error:
        _end(f"{error} [{error.code}]", 2)
    except OSError as error:  # no space, no permission, no such folder: the system's own words say it best
        _end(f"{error} [system]", 2)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(message: str, status: int) -> NoReturn:
    print(f"liasse: {message}", file=sys.stderr)  # noqa: T201
    sys.exit(status)


if __name__ == "__main__":
    main()
