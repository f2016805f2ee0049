"""What changed from one run of the bench to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.tables import FigureTable, Kind, format_figure

#: Smaller changes are not shown: of shares in points, of times and memory as a part of what was.
_LEAST_SHARE, _LEAST_PART = 0.0005, 0.05
_MEASURED = frozenset({Kind.SECONDS, Kind.MILLISECONDS, Kind.MEGABYTES})


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is not what it was.

    Attributes:
        table: its name.
        row: of the table.
        column: of the table.
        before: None where there was none.
        after: None where there is none now.
        kind: of the figure.
    """

    table: str
    row: str
    column: str
    before: float | None
    after: float | None
    kind: Kind


def find_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Figures that differ, of tables that both runs have.

    Args:
        before: JSON of a run.
        after: JSON of another.
    """
    changes: list[Change] = []
    for name, data in after["tables"].items():
        if name not in before["tables"]:
            continue
        old, new = FigureTable.from_json(before["tables"][name]), FigureTable.from_json(data)
        for row in dict.fromkeys((*old.rows, *new.rows)):
            for column, kind in new.columns.items():
                was, now = old.rows.get(row, {}).get(column), new.rows.get(row, {}).get(column)
                if _differ(was, now, kind):
                    changes.append(Change(name, row, column, was, now, kind))
    return changes


def find_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[list[str], list[str]]]:
    """By set of papers, the fields that are right now and were not, and the other way round."""
    moved = {}
    for name, now in after.get("failures", {}).items():
        was = before.get("failures", {}).get(name)
        if was is not None:
            repaired = [f"{key} (was: {was[key]})" for key in sorted(was.keys() - now.keys())]
            broken = [f"{key} ({now[key]})" for key in sorted(now.keys() - was.keys())]
            moved[name] = (repaired, broken)
    return moved


def print_comparison(before: Mapping[str, Any], after: Mapping[str, Any], console: Console) -> None:
    """Show what changed, table by table, then the fields that moved."""
    changes = find_changes(before, after)
    for name in dict.fromkeys(change.table for change in changes):
        shown = Table(title=name, title_justify="left")
        for heading in ("row", "figure", "before", "after", "change"):
            shown.add_column(heading, justify="left" if heading in ("row", "figure") else "right")
        for change in changes:
            if change.table == name:
                figures = (format_figure(figure, change.kind) for figure in (change.before, change.after))
                shown.add_row(change.row, change.column, *figures, describe_change(change))
        console.print(shown)
    for name in sorted(before["tables"].keys() ^ after["tables"].keys()):
        console.print(f"Only {'before' if name in before['tables'] else 'after'}: {name}")
    for name, (repaired, broken) in find_moved(before, after).items():
        console.print(f"\n{name}: {len(repaired)} fields repaired, {len(broken)} broken")
        for title, keys in (("repaired", repaired), ("broken", broken)):
            for key in keys:
                console.print(f"  {title} {key}", highlight=False)
    if not changes:
        console.print("No figure changed.")


def describe_change(change: Change) -> str:
    """The difference in the unit that people think in: points of a share, parts of a time."""
    if change.before is None or change.after is None:
        return "new" if change.before is None else "gone"
    difference = change.after - change.before
    if change.kind is Kind.SHARE:
        return f"{100 * difference:+.1f} points"
    if change.kind in _MEASURED and change.before:
        return f"{difference / change.before:+.0%}"
    return f"{difference:+.3f}" if change.kind is Kind.NUMBER else f"{difference:+.0f}"


def _differ(was: float | None, now: float | None, kind: Kind) -> bool:
    if was is None or now is None:
        return was is not now
    if kind is Kind.SHARE:
        return abs(now - was) >= _LEAST_SHARE
    if kind in _MEASURED:
        return abs(now - was) > _LEAST_PART * max(abs(was), 1e-9)
    return was != now
