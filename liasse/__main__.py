"""``liasse``: one command, thin subcommands. Heavy modules are imported by the subcommand that needs them."""

from __future__ import annotations

import sys

import typer

from schemas.errors import LiasseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads, checks and routes the papers that members send to their mutuelle.",
)


def _register() -> None:
    from liasse.decide import decide
    from liasse.migrate import migrate
    from liasse.read import read
    from liasse.run import run
    from liasse.site import site
    from liasse.worker import worker

    for command in (read, decide, run, migrate, worker, site):
        app.command()(command)


def main() -> None:
    """Run the command line; an error that we know ends with its message and its code, without a trace."""
    _register()
    try:
        app()
    except LiasseError as error:
        print(f"liasse: {error} [{error.code}]", file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()
