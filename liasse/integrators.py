"""``liasse integrators``: the systems that may use the API."""

from __future__ import annotations

from typing import Annotated

import typer

from liasse.database import open_database

app = typer.Typer(no_args_is_help=True, help="The systems of insurers that may use the API (docs/api.md).")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What people call the system.")],
    insurer: Annotated[str, typer.Option(help="Its insurer, as members carry it (mutuelle).")],
    read_only: Annotated[bool, typer.Option("--read-only", help="It may follow dossiers and send nothing.")] = False,
    settles: Annotated[bool, typer.Option("--settles", help="It pays, and says how the settlement stands.")] = False,
) -> None:
    """Let a system in. Its secret is shown now and never again."""
    open_database("storage")
    from django.utils import timezone

    from storage.integrators import Scope, add_integrator

    scopes = {Scope.READ} if read_only else {Scope.READ, Scope.WRITE}
    scopes |= {Scope.SETTLE} if settles else set()
    integrator, secret = add_integrator(name, insurer, scopes, now=timezone.now())
    typer.echo(f"client_id={integrator.client_id}")
    typer.echo(f"client_secret={secret}")


@app.command("list")
def list_all() -> None:
    """Who is let in, who was, and what for."""
    open_database("storage")
    from storage.models import Integrator

    for one in Integrator.objects.all():
        state = f"revoked {one.disabled_at:%Y-%m-%d}" if one.disabled_at else "active"
        typer.echo(f"{one.client_id}  {state}  {one.insurer}  {one.name}  {' '.join(one.scopes)}")


@app.command()
def revoke(client_id: Annotated[str, typer.Argument(help="As 'liasse integrators list' shows it.")]) -> None:
    """Shut a system out, at once: its tokens are refused too. What it sent stays."""
    open_database("storage")
    from django.utils import timezone

    from storage.integrators import revoke_integrator

    integrator = revoke_integrator(client_id, now=timezone.now())
    typer.echo(f"{integrator.client_id} revoked")
