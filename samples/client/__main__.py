"""``python -m samples.client``: deposit papers and say what becomes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from samples.client.client import ApiProblemError, LiasseClient


def main(
    claim: Annotated[Path, typer.Argument(help="A JSON file: what is asked (docs/api.md).")],
    papers: Annotated[list[Path], typer.Argument(help="The papers.")],
    address: Annotated[str, typer.Option(help="Of the site.")] = "http://127.0.0.1:8000",
    seconds: Annotated[float, typer.Option(help="How long to wait for a decision.")] = 60.0,
) -> None:
    """Deposit, wait, and print the state; LIASSE_CLIENT_ID and LIASSE_CLIENT_SECRET say who asks."""
    who = os.environ["LIASSE_CLIENT_ID"], os.environ["LIASSE_CLIENT_SECRET"]
    try:
        with LiasseClient(address, *who) as client:
            sent = client.deposit(json.loads(claim.read_text()), papers)
            typer.echo(f"{sent['reference']} : {sent['received']} document(s)")
            shown = client.wait_decided(sent["id"], seconds=seconds)
            typer.echo(f"{shown['status_fr']} – {shown['next_actor']['sentence_fr']}")
            for one in client.missing(sent["id"])["items"]:
                typer.echo(f"- {one['label_fr']} : {one['sentence_fr']}")
    except ApiProblemError as problem:
        typer.echo(str(problem), err=True)
        for fault in problem.faults:
            typer.echo(f"- {fault['field']} : {fault['detail']}", err=True)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
