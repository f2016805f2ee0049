"""Tables of figures: one form for the screen, the JSON, comparisons and the documentation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

#: Figures of a row by column; None where there is nothing to divide by.
Row = Mapping[str, float | None]


class Kind(StrEnum):
    """What a column holds, which says how it is written and when a change counts."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MILLISECONDS = "ms"
    MEGABYTES = "MB"
    NUMBER = "number"


_FORMATS = {
    Kind.COUNT: "{:.0f}",
    Kind.SHARE: "{:.1%}",
    Kind.SECONDS: "{:.2f}",
    Kind.MILLISECONDS: "{:.0f}",
    Kind.MEGABYTES: "{:.0f}",
    Kind.NUMBER: "{:.3f}",
}


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures with their names.

    Attributes:
        title: what is counted, in words.
        key: what a row is.
        columns: kind of each column, in order.
        rows: figures by row, in order.
        note: what a reader must know to read it right.
    """

    title: str
    key: str
    columns: Mapping[str, Kind]
    rows: Mapping[str, Row]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The table for a JSON file."""
        return {
            "title": self.title,
            "key": self.key,
            "columns": {name: kind.value for name, kind in self.columns.items()},
            "rows": {
                name: {column: None if figure is None else round(figure, 5) for column, figure in row.items()}
                for name, row in self.rows.items()
            },
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FigureTable:
        """The table of ``to_json``."""
        columns = {name: Kind(kind) for name, kind in data["columns"].items()}
        return cls(data["title"], data["key"], columns, data["rows"], data.get("note", ""))


def format_figure(figure: float | None, kind: Kind) -> str:
    """A figure as people read it."""
    return "–" if figure is None else _FORMATS[kind].format(figure)


def print_table(table: FigureTable, console: Console) -> None:
    """Show a table on the screen."""
    shown = Table(title=table.title, title_justify="left", caption=table.note or None, caption_justify="left")
    shown.add_column(table.key)
    for name in table.columns:
        shown.add_column(name, justify="right")
    for name, row in table.rows.items():
        shown.add_row(name, *(format_figure(row.get(column), kind) for column, kind in table.columns.items()))
    console.print(shown)


def write_markdown(table: FigureTable) -> str:
    """The table in Markdown, its title and note around it."""
    lines = [f"**{table.title}**", ""]
    lines.append("| " + " | ".join([table.key, *table.columns]) + " |")
    lines.append("|---|" + "--:|" * len(table.columns))
    for name, row in table.rows.items():
        figures = [format_figure(row.get(column), kind) for column, kind in table.columns.items()]
        lines.append("| " + " | ".join([name, *figures]) + " |")
    if table.note:
        lines += ["", table.note]
    return "\n".join(lines)


def divide(part: float, whole: float) -> float | None:
    """A share, None of nothing."""
    return part / whole if whole else None


def find_percentile(values: list[float], share: float) -> float | None:
    """The smallest value that at least a share of the values do not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
