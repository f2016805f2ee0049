"""The papers that are measured: committed, made on the spot, or somebody's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bench.truth import TrueFile, load_truth
from samples.generate import generate

COMMITTED = Path(__file__).resolve().parent.parent / "samples" / "set"
#: Layouts that nothing is fitted on.
TEST = "test"
SPLITS = ("train", "calibration", TEST)


@dataclass(frozen=True, slots=True)
class PaperSet:
    """Some papers with their truth.

    Attributes:
        name: that the figures go by.
        folder: where ``truth.jsonl`` is.
        files: their truth.
    """

    name: str
    folder: Path
    files: tuple[TrueFile, ...]


def load_papers(name: str, folder: Path) -> PaperSet:
    """The papers of a folder with ``truth.jsonl`` and the files that it names."""
    return PaperSet(name, folder, tuple(load_truth(folder)))


def thin_out(papers: PaperSet, count: int) -> PaperSet:
    """So many files of a set, taken from all over it; all of them if there are no more."""
    files = papers.files
    if len(files) <= count:
        return papers
    return replace(papers, files=tuple(files[index * len(files) // count] for index in range(count)))


@contextmanager
def make_papers(splits: Sequence[str], count: int, seed: int, jobs: int, console: Console) -> Iterator[list[PaperSet]]:
    """Papers made from a seed, one set for each split of layouts; gone afterwards.

    Args:
        splits: of the layouts.
        count: files in each set.
        seed: same seed, same papers (with the same fonts and the same Chromium).
        jobs: processes that make them.
        console: where progress is shown.
    """
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        made = []
        for split in splits:
            target = Path(folder) / split
            papers = generate(target, seed=seed, count=count, dossiers=0, split=split, jobs=jobs)
            for _ in track(papers, f"making papers ({split})", total=count, console=console, transient=True):
                pass
            made.append(load_papers(f"fresh {split}", target))
        yield made
