"""``python -m bench``: accuracy on the committed papers, then speed. A JSON goes beside the tables.

Options::

    --papers DIR    another set (a folder with truth.jsonl and files/) instead of samples/set
    --only NAME     "accuracy" or "speed"
    --jobs N        reader processes for the accuracy part (default: one a core)
    --output FILE   where the JSON goes (default: bench/results/<date>.json)
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.accuracy import measure_accuracy
from bench.speed import measure_speed

_HERE = Path(__file__).resolve().parent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--papers", type=Path, default=_HERE.parent / "samples" / "set")
    parser.add_argument("--only", choices=["accuracy", "speed"])
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    console = Console(width=110)
    results: dict[str, object] = {"at": datetime.now(UTC).isoformat(timespec="seconds")}
    if arguments.only != "speed":
        results["accuracy"] = measure_accuracy(arguments.papers, arguments.jobs, console)
    if arguments.only != "accuracy":
        results["speed"] = measure_speed(arguments.papers, console)
    output = arguments.output or _HERE / "results" / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    console.print(f"\nThe same as JSON: {output}")


if __name__ == "__main__":
    main()
