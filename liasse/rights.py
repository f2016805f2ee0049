"""``liasse rights``: export and erasure of a member's data, legal holds; every call is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liasse.backup import who
from liasse.database import open_database

rights = typer.Typer(no_args_is_help=True, help="Export or erase what is kept of a member; legal holds.")

_Number = Annotated[str, typer.Argument(help="Member number.")]
_Reason = Annotated[str, typer.Option(help="Why, for the record: no name, no health data.")]


@rights.command()
def export(
    number: _Number,
    file: Annotated[Path, typer.Argument(help="A .zip file to write.")],
    person: Annotated[str, typer.Option(help="Only this person of the contract, as 'First Last'.")] = "",
) -> None:
    """Write everything that is kept of a member into a ZIP file: a JSON file, and the papers as received."""
    open_database()
    from django.utils import timezone

    from storage.erasing import find_person
    from storage.exporting import export_member
    from storage.holds import find_member
    from storage.objects import default_store

    member = find_member(number)
    one = find_person(member, person) if person else None
    papers = export_member(member, default_store(), file, actor=who(), now=timezone.now(), person=one)
    typer.echo(f"{papers} papers and everything that is known of the member: {file}")


@rights.command()
def erase(
    number: _Number,
    reason: _Reason,
    person: Annotated[
        str, typer.Option(help="Only this person of the contract, as 'First Last', instead of all of it.")
    ] = "",
) -> None:
    """Erase a member, or one person of the contract: papers, readings, names, messages. There is no way back."""
    open_database()
    from django.utils import timezone

    from storage import erasing
    from storage.holds import find_member
    from storage.objects import default_store

    member = find_member(number)
    if person:
        one = erasing.find_person(member, person)
        dossiers = erasing.erase_person(one, default_store(), reason=reason, actor=who(), now=timezone.now())
    else:
        dossiers = erasing.erase_member(member, default_store(), reason=reason, actor=who(), now=timezone.now())
    typer.echo(f"erased, with {dossiers} dossiers; back-ups lose it at their next run into the same folder")


@rights.command()
def hold(number: _Number, reason: _Reason) -> None:
    """Keep everything of a member, whatever the schedule says, until the hold is lifted."""
    open_database()
    from django.utils import timezone

    from storage.holds import find_member, place_hold

    place_hold(find_member(number), reason, actor=who(), now=timezone.now())
    typer.echo("held")


@rights.command()
def lift(number: _Number) -> None:
    """Lift the holds on a member."""
    open_database()
    from django.utils import timezone

    from storage.holds import find_member, lift_holds

    typer.echo(f"{lift_holds(find_member(number), actor=who(), now=timezone.now())} holds lifted")
