"""Papers to learn from: invented, sent as members send them, and read by our own reader.

A corpus is drawn from layouts of one split. It is kept under its name and the state of the code that made it, so that
training twice reads once.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.util import Finalize
from pathlib import Path
from random import Random
from typing import Any

import samples
from extractors.limits import Limits
from extractors.page_reading import read_page
from extractors.reading import StageClock
from samples.degrade import Piece, Recipe, SentFile, send
from samples.dossiers import Desk, any_paper
from samples.generate import CHANNELS, TODAY, Choice, make_loose_file
from samples.moves import move_box
from samples.render import PaperPrinter, open_printer
from samples.truth import describe_file
from schemas.errors import FileRefusedError
from schemas.geometry import Box, bound_points
from schemas.readings import PageReading
from schemas.vocabulary import DocumentType

_ROOT = Path(samples.__file__).parent.parent
#: Code and data on which what is printed and read depends; choosing and understanding come after.
_SOURCES = ("samples", "extractors")
_LATER = ("samples/training", "samples/set", "extractors/understanding", "extractors/models")
_TYPES = tuple(DocumentType)
#: Files that have to be read from pixels, by people's eyes or not at all.
_PICTURES = Choice(
    channels=tuple(channel for channel in CHANNELS if not channel.endswith("_text")),
    severities=("clean", "usual", "hard"),
)


@dataclass(frozen=True)
class Corpus:
    """What is asked for.

    Attributes:
        split: of the layouts.
        pictures: papers as members send them; otherwise native PDFs, which are read in a moment.
        seed: same seed, same papers.
        count: of files.
    """

    split: str
    pictures: bool
    seed: int
    count: int

    @property
    def name(self) -> str:
        """For people and for the folder."""
        return f"{self.split}-{'pictures' if self.pictures else 'text'}-{self.seed}"


@dataclass(frozen=True)
class Sample:
    """One file: what is true of it and what was read.

    Attributes:
        truth: as in ``truth.jsonl``.
        pages: as read; None when the file was refused.
        printed: by page of the file, words as printed with their place on that page as displayed.
    """

    truth: dict[str, Any]
    pages: tuple[PageReading, ...] | None
    printed: dict[int, list[tuple[str, Box]]]


@lru_cache(maxsize=1)
def fingerprint_code() -> str:
    """Changes when printing, sending or reading may come out otherwise; the state of the code when a run begins."""
    digest = hashlib.sha256(json.dumps(PageReading.model_json_schema(), sort_keys=True).encode())
    for folder in _SOURCES:
        for path in sorted((_ROOT / folder).rglob("*")):
            relative = path.relative_to(_ROOT).as_posix()
            later = relative.startswith(_LATER) and path != Path(__file__)
            if path.is_file() and path.suffix not in (".pyc", ".md") and not later:
                digest.update(relative.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load_corpus(corpus: Corpus, cache: Path, jobs: int) -> Iterator[Sample]:
    """The samples of a corpus, in no order; made where the cache does not have them.

    Args:
        corpus: which.
        cache: folder for what was read, kept between runs.
        jobs: processes that print and read.
    """
    folder = cache / fingerprint_code() / corpus.name
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for index in range(corpus.count):
        path = folder / f"{index:05d}.pkl"
        if path.exists():
            yield pickle.loads(path.read_bytes())
        else:
            missing.append(index)
    if not missing:
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open_desk) as pool:
        waiting = [pool.submit(_make_sample, corpus, index) for index in missing]
        for done in as_completed(waiting):
            index, sample = done.result()
            scratch = folder / f"{index:05d}.tmp"
            scratch.write_bytes(pickle.dumps(sample))
            scratch.rename(folder / f"{index:05d}.pkl")
            yield sample


_printer: PaperPrinter | None = None
_stack = ExitStack()


def _open_desk() -> None:
    """Starts the browser of a process; it is closed when the process ends."""
    global _printer
    _printer = _stack.enter_context(open_printer())
    Finalize(None, _stack.close, exitpriority=10)  # processes of a pool run no other farewell


def _make_sample(corpus: Corpus, index: int) -> tuple[int, Sample]:
    assert _printer is not None
    desk = Desk(Random(f"train:{corpus.seed}:{corpus.split}:{corpus.pictures}:{index}"), _printer, corpus.split, TODAY)
    if corpus.pictures:
        pieces, recipe = make_loose_file(desk, index, _PICTURES)
    else:
        desk.inked = False
        printed = desk.print(any_paper(desk, _TYPES[index % len(_TYPES)]))
        pieces, recipe = [Piece(printed, tuple(range(1, len(printed.sizes) + 1)))], Recipe("pdf_text", "clean")
    sent = send(desk.rng, pieces, recipe)
    identifier = f"{corpus.name}-{index:05d}"
    truth = describe_file(identifier, f"{identifier}.{sent.extension}", pieces, recipe, sent)
    words = place_printed(pieces, sent) if corpus.pictures else {}
    return index, Sample(truth, read_pages(sent.data), words)


def read_pages(data: bytes) -> tuple[PageReading, ...] | None:
    """The pages of a file by our reader, without understanding them; None when it is refused."""
    clock, limits = StageClock(), Limits()
    pages: list[PageReading] = []
    try:
        with clock.open(data, limits) as opened:
            for number in range(1, opened.page_count + 1):
                pages.extend(read_page(opened.load_page(number), limits, clock.measure))
    except FileRefusedError:
        return None
    return tuple(pages)


def place_printed(pieces: Sequence[Piece], sent: SentFile) -> dict[int, list[tuple[str, Box]]]:
    """Every word as it was printed, with its place in the file as displayed."""
    clean: dict[int, tuple[PageReading, ...]] = {}
    for index, piece in enumerate(pieces):
        if piece.printed is not None:
            clean[index] = read_pages(piece.printed.pdf) or ()
    out: dict[int, list[tuple[str, Box]]] = {}
    for placement in sent.placements:
        for page in clean.get(placement.piece, ()):
            if page.page == placement.page:
                out.setdefault(placement.file_page, []).extend(
                    (word.text, move_box(placement.move, bound_points(word.polygon))) for word in page.words
                )
    return out
