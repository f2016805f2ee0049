"""``liasse rules``: check a rule file, and see what a new one would have decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from liasse.claim_files import follow_claims, load_claims, load_readings
from schemas.claims import Dossier
from schemas.decisions import Decision
from schemas.errors import ConfigurationError
from schemas.rules import InsurerRules, load_rules

if TYPE_CHECKING:
    from dossiers.comparing import Change

app = typer.Typer(no_args_is_help=True, help="Check a rule file, or see which past dossiers a new one would change.")

#: Where past dossiers are taken from when they are not in a file.
DATABASE = "database"
_SHOWN = 60

RuleFile = Annotated[Path, typer.Argument(help="Rule file (YAML).")]


@app.command()
def check(file: RuleFile) -> None:
    """Say what a rule file lays down, or every fault in it as file:line: what is wrong, what is allowed."""
    try:
        rules = load_rules(file)
    except ConfigurationError as error:
        faults = str(error).splitlines()
        for fault in faults:
            typer.echo(fault, err=True)
        typer.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{rules.full_version}, valid from {rules.valid_from}, content {rules.content_hash[:12]}")
    console = Console()
    _print_claims(console, rules)
    _print_checks(console, rules)


@app.command()
def diff(
    old: RuleFile,
    new: RuleFile,
    on: Annotated[
        str, typer.Option(help="Past dossiers: a file of claims (JSON lines, with --readings), or 'database'.")
    ],
    readings: Annotated[
        Path | None, typer.Option(help="Readings of the claims' papers.", exists=True, dir_okay=False)
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="With 'database': how many dossiers, latest first.")] = 1000,
    output: Annotated[Path | None, typer.Option(help="JSON lines to write, one changed dossier a line.")] = None,
) -> None:
    """Decide past dossiers under both rule files and show which come out differently, and how; nothing is kept."""
    from dossiers.comparing import compare_decisions, compare_rules

    before, after = load_rules(old), load_rules(new)
    console = Console()
    _print_changes(console, f"{before.full_version} -> {after.full_version}", compare_rules(before, after))
    decided = list(
        _decide_from_database(before, after, last) if on == DATABASE else _decide_file(before, after, on, readings)
    )
    lines, moves = [], Counter[str]()
    for one, other in decided:
        changes = compare_decisions(one, other)
        if one.decision is not other.decision:
            moves[f"{one.decision.value} -> {other.decision.value}"] += 1
        if changes:
            lines.append({"id": one.id, "changes": [change.model_dump() for change in changes]})
    _print_dossiers(console, lines)
    typer.echo(f"dossiers: {len(decided)}, with a difference: {len(lines)}, decided otherwise: {sum(moves.values())}")
    for move, count in moves.most_common():
        typer.echo(f"  {move}: {count}")
    if output is not None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        output.write_text(text, encoding="utf-8")


def _decide_file(
    before: InsurerRules, after: InsurerRules, claims: str, readings: Path | None
) -> Iterator[tuple[Decision, Decision]]:
    """Both decisions on the claims of a file, each as on the day it came in."""
    from dossiers import decide

    if readings is None:
        raise ConfigurationError("--on a file of claims needs --readings, the readings of their papers")
    asked = load_claims(Path(claims))
    read = load_readings(readings, list(dict.fromkeys(file for claim in asked for file in claim.files)))
    pairs = zip(follow_claims(asked, read, before), follow_claims(asked, read, after), strict=True)
    for (dossier, history), (_, other_history) in pairs:
        day = dossier.claim.upload_date
        yield decide(dossier, before, history, today=day), decide(dossier, after, other_history, today=day)


def _decide_from_database(before: InsurerRules, after: InsurerRules, last: int) -> Iterator[tuple[Decision, Decision]]:
    """Both decisions on the dossiers of the database, each as on the day it was last decided."""
    from liasse.database import open_database

    open_database("storage")
    from dossiers import decide
    from storage.deciding import load_dossier
    from storage.replay import find_decided

    others = 0
    for found in find_decided(last):
        one, other = load_dossier(found.id, before), load_dossier(found.id, after)
        if _has_unread_paper(one.dossier):
            continue  # a paper came in since: it will be decided anew anyway
        others += found.rules_hash != before.content_hash
        day: date = found.decided_on
        yield (
            decide(one.dossier, before, one.history, today=day),
            decide(other.dossier, after, other.history, today=day),
        )
    if others:
        typer.echo(f"note: decided by other rules than OLD: {others}; they are compared as OLD decides them")


def _has_unread_paper(dossier: Dossier) -> bool:
    return len(dossier.readings) < len(dossier.claim.files)


def _print_claims(console: Console, rules: InsurerRules) -> None:
    table = Table(title="claims", title_justify="left", header_style="bold")
    for heading in ("claim", "pieces", "paid", "high amount", "queue"):
        table.add_column(heading)
    for claim, needs in rules.claims.items():
        pieces = []
        for piece in needs.pieces:
            conditions = [condition.value for condition in piece.when]
            conditions += [f"above {piece.above} €"] if piece.above is not None else []
            pieces.append(piece.piece.value + (f" ({', '.join(conditions)})" if conditions else ""))
        high = "" if needs.high_amount is None else f"{needs.high_amount} €"
        table.add_row(claim.value, ", ".join(pieces), "yes" if needs.must_be_paid else "no", high, needs.queue)
    console.print(table)


def _print_checks(console: Console, rules: InsurerRules) -> None:
    table = Table(title="checks", title_justify="left", header_style="bold")
    table.add_column("weight")
    table.add_column("checks")
    for level in ("blocking", "warning", "info", "off"):
        codes = [code.value for code, check in rules.checks.items() if check.level == level]
        if codes:
            table.add_row(level, ", ".join(codes))
    console.print(table)


def _print_changes(console: Console, title: str, changes: Sequence[Change]) -> None:
    if not changes:
        typer.echo("the two files say the same")
        return
    table = Table(title=title, title_justify="left", header_style="bold")
    for heading in ("where", "old", "new"):
        table.add_column(heading, overflow="fold")
    for change in changes:
        table.add_row(escape(change.what), _shorten(change.before), _shorten(change.after))
    console.print(table)


def _print_dossiers(console: Console, lines: Sequence[dict[str, Any]]) -> None:
    if not lines:
        return
    table = Table(title="dossiers", title_justify="left", header_style="bold")
    for heading in ("dossier", "what", "old", "new"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        for rank, change in enumerate(line["changes"]):
            name = "" if rank else line["id"]
            table.add_row(name, change["what"], _shorten(change["before"]), _shorten(change["after"]))
    console.print(table)


def _shorten(text: str) -> str:
    line = " ".join(text.split()) or "–"
    return escape(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…")
