"""``liasse messages``: an insurer's texts as the member of a dossier would read them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liasse.claim_files import follow_claims, load_claims, load_readings
from schemas.errors import ConfigurationError
from schemas.rules import InsurerRules, load_rules
from schemas.settings import load_settings

if TYPE_CHECKING:
    from dossiers import PastDossier
    from schemas.claims import Dossier

app = typer.Typer(no_args_is_help=True, help="Look at an insurer's texts as a member would read them.")


@app.callback()
def messages() -> None:
    """Keeps ``preview`` a subcommand, though it is the only one."""


@app.command()
def preview(
    text: Annotated[
        str, typer.Argument(help="Name of the text ('incomplete', 'emails.complete', 'pieces.rib'), or 'all'.")
    ],
    on: Annotated[str, typer.Option(help="Reference of a dossier of the database, or of a claim of --claims.")],
    insurer: Annotated[Path | None, typer.Option(help="Rule file (default: the one of this installation).")] = None,
    claims: Annotated[
        Path | None, typer.Option(help="Claims (JSON lines), instead of the database.", exists=True)
    ] = None,
    readings: Annotated[Path | None, typer.Option(help="Readings of their papers.", exists=True)] = None,
) -> None:
    """Show a text, filled in with the values of a dossier. Nothing is sent."""
    from dossiers.previewing import list_texts, preview_text

    rules = load_rules(insurer or load_settings().rules_file)
    known = list_texts(rules)
    if text != "all" and text not in known:
        raise ConfigurationError(f"no text is named {text!r}; there are: all, {', '.join(known)}")
    dossier, history, today, link = _find_claim(on, claims, readings, rules) if claims else _find_dossier(on, rules)
    for name in known if text == "all" else (text,):
        if text == "all":
            typer.echo(f"--- {name}")
        typer.echo(preview_text(name, dossier, rules, history, today=today, link=link))


def _find_claim(
    reference: str, claims: Path, readings: Path | None, rules: InsurerRules
) -> tuple[Dossier, tuple[PastDossier, ...], date, str]:
    if readings is None:
        raise ConfigurationError("--claims needs --readings, the readings of their papers")
    asked = load_claims(claims)
    read = load_readings(readings, list(dict.fromkeys(file for claim in asked for file in claim.files)))
    for dossier, history in follow_claims(asked, read, rules):
        if dossier.claim.id == reference:
            link = f"{load_settings().site_url.rstrip('/')}/dossiers/{reference}"
            return dossier, history, dossier.claim.upload_date, link
    raise ConfigurationError(f"{claims}: no claim is named {reference!r}")


def _find_dossier(reference: str, rules: InsurerRules) -> tuple[Dossier, tuple[PastDossier, ...], date, str]:
    from liasse.database import open_database

    open_database("storage")
    from storage.deciding import load_dossier
    from storage.models import Dossier as DossierRow
    from storage.notices import link_to
    from storage.replay import find_decided

    found = next(find_decided(1, reference), None)
    if found is None:
        raise ConfigurationError(f"no decided dossier is named {reference!r}")
    loaded = load_dossier(found.id, rules)
    return loaded.dossier, loaded.history, found.decided_on, link_to(DossierRow.objects.get(pk=found.id))
