"""Puts the tables of a run into a page of the documentation, between markers.

``<!-- figures: committed/severity -->`` and ``<!-- end of figures -->`` stand around each table; the name
``run accuracy`` stands for a sentence on the papers whose accuracy was measured. What was not measured stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bench.tables import FigureTable, write_markdown

_MARKED = re.compile(r"(<!-- figures: (?P<name>[^>]+?) -->\n).*?(?P<end><!-- end of figures -->)", re.DOTALL)


def join_runs(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several runs, of other papers or other parts, as if they were one; of what several measured, the last counts.

    Rows of tables that set the papers against each other are put together.
    """
    joined: dict[str, Any] = {**runs[-1], "parts": [], "sets": {}, "tables": {}, "failures": {}}
    for run in runs:
        joined["parts"] = list(dict.fromkeys((*joined["parts"], *run["parts"])))
        for key in ("sets", "failures"):
            joined[key] |= run.get(key, {})
        for name, table in run["tables"].items():
            rows = joined["tables"].get(name, {}).get("rows", {}) if name.startswith("sets/") else {}
            joined["tables"][name] = {**table, "rows": rows | table["rows"]}
    return joined


def fill_figures(text: str, results: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The page with the tables of a run.

    Args:
        text: of the page.
        results: JSON of the run.

    Returns:
        the page, and the names of marked tables that the run does not have, which stay as they were.
    """
    missing: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if name in [f"run {part}" for part in results["parts"]]:
            return f"{match[1]}{describe_run(results)}\n{match['end']}"
        if name not in results["tables"]:
            missing.append(name)
            return match[0]
        return f"{match[1]}{write_markdown(FigureTable.from_json(results['tables'][name]))}\n{match['end']}"

    return _MARKED.sub(fill, text), missing


def describe_run(results: Mapping[str, Any]) -> str:
    """One sentence on what was measured, and when."""
    sets = ", ".join(f"{name} ({count} files)" for name, count in results["sets"].items())
    return f"Measured on {results['at'][:10]}, reader {results['reader']}, on the papers: {sets}."
