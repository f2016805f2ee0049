"""Accuracy, calibration, speed and ablation, as tables and as JSON.

python -m bench                         the committed papers, and papers with test layouts made on the spot
python -m bench --fresh 60              60 papers for each split of layouts, made on the spot
python -m bench --papers DIR            other papers: a folder with truth.jsonl and the files that it names
python -m bench --only accuracy         one part alone
python -m bench compare A.json B.json   what changed from one run to another
python -m bench report RUN.json         the figures of docs/accuracy.md from a run
python -m bench pages                   what the pages of the site cost with 10,000 dossiers
python -m bench latency                 from upload to decided, and papers a minute
python -m bench decisions               what becomes of dossiers, by our own reading and by the true one
python -m bench review                  keys that a careful reviewer presses for each sample dossier
python -m bench looks                   how long the look before sending takes, and what it speaks of
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

# The readers of the bench use one thread each, like those of the pool.
for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

from bench.compare import print_comparison  # noqa: E402
from bench.decisions import measure_decisions  # noqa: E402
from bench.latency import measure_latency  # noqa: E402
from bench.looks import measure_looks  # noqa: E402
from bench.pages import measure_pages  # noqa: E402
from bench.papers import COMMITTED, SPLITS, TEST, PaperSet, load_papers, make_papers, thin_out  # noqa: E402
from bench.report import fill_figures, join_runs  # noqa: E402
from bench.run import PARTS, Options, run_bench  # noqa: E402
from bench.tables import print_table  # noqa: E402

_HERE = Path(__file__).resolve().parent
_PAGE = _HERE.parent / "docs" / "accuracy.md"
#: Papers made on the spot when nothing else is asked for.
_FRESH = 40
_WIDTH = 118


def main() -> None:
    """Measure, compare or report."""
    console = Console(width=_WIDTH)
    words = sys.argv[1:]
    if words[:1] == ["compare"]:
        parser = argparse.ArgumentParser(prog="python -m bench compare")
        parser.add_argument("before", type=Path)
        parser.add_argument("after", type=Path)
        files = parser.parse_args(words[1:])
        print_comparison(json.loads(files.before.read_text()), json.loads(files.after.read_text()), console)
    elif words[:1] == ["report"]:
        parser = argparse.ArgumentParser(prog="python -m bench report")
        parser.add_argument("runs", type=Path, nargs="+")
        parser.add_argument("--page", type=Path, default=_PAGE)
        options = parser.parse_args(words[1:])
        runs = [json.loads(path.read_text()) for path in options.runs]
        text, missing = fill_figures(options.page.read_text(), join_runs(runs))
        options.page.write_text(text)
        for name in missing:
            console.print(f"not in this run, left as it was: {name}")
    elif words[:1] == ["pages"]:
        parser = argparse.ArgumentParser(prog="python -m bench pages")
        parser.add_argument("--dossiers", type=int, default=10_000)
        parser.add_argument("--database-url", default="", help="of an empty database; SQLite when left out")
        asked = parser.parse_args(words[1:])
        print_table(measure_pages(asked.dossiers, asked.database_url), console)
    elif words[:1] == ["latency"]:
        parser = argparse.ArgumentParser(prog="python -m bench latency")
        parser.add_argument("--photos", type=int, default=50)
        parser.add_argument("--readers", type=int, nargs="*", default=[1, 2], help="workers that get all at once")
        asked = parser.parse_args(words[1:])
        for table in measure_latency(asked.photos, asked.readers):
            print_table(table, console)
    elif words[:1] == ["decisions"]:
        parser = argparse.ArgumentParser(prog="python -m bench decisions")
        parser.add_argument("--papers", type=Path, default=COMMITTED, help="folder with dossiers, truth and files")
        parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="reader processes")
        asked = parser.parse_args(words[1:])
        print_table(measure_decisions(asked.papers, asked.jobs), console)
    elif words[:1] == ["review"]:
        from bench.review import measure_review  # a browser, which nothing else here needs

        argparse.ArgumentParser(prog="python -m bench review").parse_args(words[1:])
        for table in measure_review():
            print_table(table, console)
    elif words[:1] == ["looks"]:
        parser = argparse.ArgumentParser(prog="python -m bench looks")
        parser.add_argument("--papers", type=Path, default=COMMITTED, help="folder with truth.jsonl and its files")
        parser.add_argument("--at-once", type=int, nargs="*", default=[4, 8, 16], help="looks at the same moment")
        asked = parser.parse_args(words[1:])
        for table in measure_looks(asked.papers, asked.at_once):
            print_table(table, console)
    else:
        _measure(words, console)


def _measure(words: list[str], console: Console) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, help="folder with truth.jsonl and its files")
    parser.add_argument("--name", help="that their figures go by (default: the name of the folder)")
    parser.add_argument("--fresh", type=int, metavar="N", help="papers made on the spot for each split of layouts")
    parser.add_argument("--seed", type=int, default=1, help="of the papers made on the spot")
    parser.add_argument("--only", choices=PARTS, action="append", default=[], help="may be given again")
    parser.add_argument("--limit", type=int, metavar="N", help="files of each set at most, from all over it")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="reader processes")
    parser.add_argument("--pages", type=int, default=8, help="pictures of each kind that are timed")
    parser.add_argument("--rounds", type=int, default=2, help="how often each of them is")
    parser.add_argument("--ablation-files", type=int, default=20, help="pictures read with and without each step")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="cut out what was not read right")
    parser.add_argument("--output", type=Path, help="where the JSON goes (default: bench/results/<date>.json)")
    chosen = parser.parse_args(words)
    options = Options(
        tuple(chosen.only), chosen.jobs, chosen.pages, chosen.rounds, chosen.ablation_files, chosen.pictures
    )
    with ExitStack() as stack:
        sets: list[PaperSet] = []
        if chosen.papers:
            sets.append(load_papers(chosen.name or chosen.papers.name, chosen.papers))
        elif chosen.fresh is None:
            sets.append(load_papers("committed", COMMITTED))
        needs_fresh = not chosen.papers and options.want("accuracy", "calibration")
        count = chosen.fresh if chosen.fresh is not None else _FRESH if needs_fresh else 0
        if count:
            splits = SPLITS if chosen.fresh is not None else (TEST,)
            sets += stack.enter_context(make_papers(splits, count, chosen.seed, chosen.jobs, console))
        if chosen.limit:
            sets = [thin_out(papers, chosen.limit) for papers in sets]
        results = run_bench(sets, options, console)
    now = datetime.now(UTC)
    output = chosen.output or _HERE / "results" / f"{now:%Y-%m-%dT%H%M%S}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    results = {"at": now.isoformat(timespec="seconds"), **results}
    output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    console.print(f"\nThe same as JSON: {output}")


if __name__ == "__main__":
    main()
