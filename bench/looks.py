"""The look before sending: how long a member waits for it, and on which papers it says something."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path

from bench.tables import FigureTable, Kind, Row, find_percentile
from bench.truth import TrueFile, load_truth
from extractors.pool import ReaderPool
from schemas.settings import load_settings
from schemas.vocabulary import Legibility

#: Beyond it the reader is ended; far more than a member waits, so that the table shows how long it would have been.
_LONGEST = 30.0
_KINDS = {"photo": "photos", "scan": "scans", "pdf": "PDF with text", "fax": "scans", "photocopie": "scans"}


def measure_looks(folder: Path, at_once: Sequence[int]) -> list[FigureTable]:
    """Look at every paper of a set, one after the other and then several at once.

    Args:
        folder: with ``truth.jsonl`` and its files.
        at_once: how many members send at the same moment.
    """
    papers = load_truth(folder)
    with ReaderPool.from_settings(load_settings(), 1) as pool:
        pool.warm_up()
        seconds, told = _look_alone(pool, papers)
        together = {f"{count} at once": _look_together(pool, papers, count) for count in at_once}
    waited = {"n": Kind.COUNT, "p50, s": Kind.SECONDS, "p95, s": Kind.SECONDS, "longest, s": Kind.SECONDS}
    return [
        FigureTable("A look before sending, one at a time", "papers", waited, dict(_summarise(seconds)),
                    "One reader; without the way from the browser to the site."),
        FigureTable("What it speaks of", "severity", {"n": Kind.COUNT, "spoken of": Kind.COUNT, "share": Kind.SHARE},
                    {name: {"n": len(found), "spoken of": sum(found), "share": sum(found) / len(found)}
                     for name, found in sorted(told.items())},
                    "Papers of which the member is told that something is wrong."),
        FigureTable("Looks at the same moment", "looks", {"n": Kind.COUNT, "answered in time": Kind.COUNT}, together,
                    "The others are told that their paper is read after sending."),
    ]  # fmt: skip


def _look_alone(pool: ReaderPool, papers: Sequence[TrueFile]) -> tuple[dict[str, list[float]], dict[str, list[bool]]]:
    seconds: dict[str, list[float]] = defaultdict(list)
    told: dict[str, list[bool]] = defaultdict(list)
    for paper in papers:
        started = time.perf_counter()
        reading = pool.look(paper.path, "look", _LONGEST).result().reading
        seconds[_name_kind(paper.channel)].append(time.perf_counter() - started)
        bad = reading.refusal is not None or any(page.legibility is not Legibility.LEGIBLE for page in reading.pages)
        told[paper.severity].append(bad)
    return seconds, told


def _name_kind(channel: str) -> str:
    return next((name for start, name in _KINDS.items() if channel.startswith(start)), "others")


def _summarise(seconds: dict[str, list[float]]) -> Iterator[tuple[str, Row]]:
    for kind, taken in sorted(seconds.items()):
        yield (
            kind,
            {
                "n": len(taken),
                "p50, s": find_percentile(taken, 0.5),
                "p95, s": find_percentile(taken, 0.95),
                "longest, s": max(taken),
            },
        )


def _look_together(pool: ReaderPool, papers: Sequence[TrueFile], count: int) -> Row:
    from portal.first_look import PATIENCE

    photos = [paper for paper in papers if _name_kind(paper.channel) == "photos"]

    def look(number: int) -> bool:
        answer = pool.look(photos[number % len(photos)].path, "look", PATIENCE)
        try:
            answer.result(PATIENCE)
        except TimeoutError:
            answer.cancel()
            return False
        return True

    with ThreadPoolExecutor(count) as threads:
        return {"n": count, "answered in time": sum(threads.map(look, range(count)))}
