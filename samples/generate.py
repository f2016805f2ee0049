"""Makes papers and claims with their truth: ``python -m samples.generate OUT --seed 1 --count 60 --dossiers 20``.

Every file and every scenario has its own source of chance, so that the same seed gives the same bytes (with the same
fonts and the same Chromium), and asking for more files does not change the first ones.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import cv2
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from samples.claims import PlannedClaim, strip_answers, write_claim
from samples.degrade import BUNDLE_CHANNELS, DEFECTS, MORE_CHANNELS, SEVERITIES, SINGLE_CHANNELS, Piece, Recipe, send
from samples.dossiers import Desk, any_paper
from samples.layouts import SPLITS
from samples.render import PaperPrinter, open_printer
from samples.scenarios import SCENARIOS
from samples.truth import describe_file
from schemas.vocabulary import DocumentType

#: The day it is in the invented world; fixed, so that a seed always gives the same papers.
TODAY = dt.date(2026, 10, 15)
CHANNELS = SINGLE_CHANNELS + BUNDLE_CHANNELS + MORE_CHANNELS
_SHARES = {"clean": 27, "usual": 48, "hard": 17, "illegible": 8}
_NEVER_ILLEGIBLE = ("photo_chat", "photo_app", "photo_screen", "phone_screenshot", "webcam")
_ONE_PICTURE = ("photo_jpg", "photo_heic", "photo_two", "screenshot", *_NEVER_ILLEGIBLE)
_UPRIGHT = ("pdf_text", "bundle_text", "screenshot", "phone_screenshot", "photo_two")
_NEVER_PRINTED = ("pdf_text", "bundle_text", "screenshot", "phone_screenshot", "photo_screen")


class Writer:
    """Writes files and their truth lines under a folder.

    Args:
        folder: where they go.
        first: number of the first file.
    """

    def __init__(self, folder: Path, first: int = 1) -> None:
        self._folder = folder
        self._next = first
        (folder / "files").mkdir(parents=True, exist_ok=True)

    def write(
        self, rng: Random, pieces: Sequence[Piece], recipe: Recipe, *, again: bytes | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Makes one file and its truth line; ``again`` are bytes that must come out the same (a file sent twice)."""
        identifier = f"s{self._next:04d}"
        self._next += 1
        sent = send(rng, pieces, recipe)
        if again is not None and sent.data != again:
            raise RuntimeError("a file sent twice came out different")
        name = f"files/{identifier}.{sent.extension}"
        (self._folder / name).write_bytes(sent.data)
        return describe_file(identifier, name, pieces, recipe, sent), sent.data


@dataclass(frozen=True)
class Choice:
    """What loose files are made of, where not everything is wanted.

    Attributes:
        channels: ways of sending, which take turns.
        types: types of paper, which take turns.
        severities: how hard; a channel that knows no hardship stays "clean".
    """

    channels: tuple[str, ...] = CHANNELS
    types: tuple[DocumentType, ...] = tuple(DocumentType)
    severities: tuple[str, ...] = SEVERITIES


def draw_recipe(rng: Random, index: int, choice: Choice) -> Recipe:
    """How the ``index``-th loose file is sent: channels take turns, the rest is chance."""
    channel = choice.channels[index % len(choice.channels)]
    severity = rng.choices(choice.severities, [_SHARES[name] for name in choice.severities])[0]
    defect = None
    if channel in ("pdf_text", "bundle_text"):
        severity = "clean"
    elif severity == "illegible":
        if channel in ("bundle_scan", "photo_two", "fax", "photocopy", "copy_of_copy", "pdf_badocr", *_NEVER_ILLEGIBLE):
            severity = "usual"
        elif channel.startswith(("photo", "pdf_photo")):
            defect = rng.choice(DEFECTS)
        else:
            defect = "minuscule" if channel == "screenshot" else "flou"
    rotation = exif = 0
    if channel not in _UPRIGHT and rng.random() < 0.18:
        rotation = rng.choice((90, 180, 270))
    if channel in ("photo_jpg", "webcam") and rng.random() < 0.35:
        exif = rng.choice((90, 180, 270))
    return Recipe(channel, severity, rotation, exif, defect)


def make_loose_file(desk: Desk, index: int, choice: Choice) -> tuple[list[Piece], Recipe]:
    """The papers of the ``index``-th loose file; types take turns."""
    rng = desk.rng
    recipe = draw_recipe(rng, index, choice)
    desk.inked = recipe.channel not in _NEVER_PRINTED
    wanted = 1
    if recipe.channel == "photo_two":
        wanted = 2
    elif recipe.channel.startswith("bundle"):
        wanted = rng.choice((2, 3, 4))
    pieces: list[Piece] = []
    while len(pieces) < wanted:
        kind = choice.types[index % len(choice.types)] if not pieces else rng.choice(choice.types)
        printed = desk.print(any_paper(desk, kind))
        pages = tuple(range(1, len(printed.sizes) + 1))
        if len(pages) > 1 and recipe.channel in _ONE_PICTURE:
            pages = (1,)
        elif len(pages) > 1 and recipe.channel == "bundle_scan" and rng.random() < 0.15:
            pages = pages[::-1]
        pieces.append(Piece(printed, pages))
    if recipe.channel.startswith("bundle") and rng.random() < 0.25:
        pieces.insert(rng.randint(1, len(pieces)), Piece(None))
    return pieces, recipe


def make_claims(desk: Desk, index: int) -> list[PlannedClaim]:
    """The claims of the ``index``-th scenario."""
    return SCENARIOS[index % len(SCENARIOS)](desk)


def write_claims(
    writer: Writer, desk: Desk, claims: list[PlannedClaim], first: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Makes the files of some claims; the first claim gets the number ``first``.

    Returns:
        The lines of the claims and the truth lines of their files.
    """
    lines: list[dict[str, Any]] = []
    truth: list[dict[str, Any]] = []
    made: list[list[tuple[int, bytes]]] = []
    for offset, claim in enumerate(claims):
        identifiers, seeds = [], []
        for parcel in claim.parcels:
            seed, again = desk.rng.getrandbits(48), None
            if parcel.same_as is not None:
                seed, again = made[-1][parcel.same_as]
            line, data = writer.write(Random(seed), parcel.pieces, parcel.recipe, again=again)
            truth.append(line)
            identifiers.append(line["id"])
            seeds.append((seed, data))
        made.append(seeds)
        duplicate = lines[offset + claim.duplicate_of]["id"] if claim.duplicate_of is not None else None
        lines.append(write_claim(f"sD{first + offset:03d}", claim, identifiers, duplicate))
    return lines, truth


@dataclass(frozen=True)
class Order:
    """Loose files to be made: where, from which seed, of what."""

    folder: Path
    seed: int
    split: str
    choice: Choice


def make_numbered(printer: PaperPrinter, order: Order, index: int) -> dict[str, Any]:
    """Makes the ``index``-th loose file, which depends on nothing but the order and its number."""
    desk = _open_desk(f"{order.seed}:{order.split}:file:{index}", printer, order.split)
    pieces, recipe = make_loose_file(desk, index, order.choice)
    return Writer(order.folder, index + 1).write(desk.rng, pieces, recipe)[0]


_PROCESS = ExitStack()
_printers: list[PaperPrinter] = []


def _start_process() -> None:
    cv2.setNumThreads(1)
    _printers.append(_PROCESS.enter_context(open_printer()))


def _make_in_process(order: Order, index: int) -> dict[str, Any]:
    return make_numbered(_printers[0], order, index)


def _make_loose(order: Order, count: int, jobs: int) -> Iterator[dict[str, Any]]:
    if jobs == 1:
        with open_printer() as printer:
            for index in range(count):
                yield make_numbered(printer, order, index)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_process) as pool:
        yield from pool.map(_make_in_process, [order] * count, range(count))


def generate(
    folder: Path,
    *,
    seed: int,
    count: int,
    dossiers: int,
    split: str = "all",
    choice: Choice = Choice(),
    jobs: int = 1,
) -> Iterator[str]:
    """Makes a corpus; yields after each file or scenario what was made.

    Args:
        folder: where ``files/``, ``truth.jsonl``, ``dossiers.jsonl`` and ``dossiers_inputs.jsonl`` go.
        seed: same seed, same corpus.
        count: loose files.
        dossiers: claims, at least (a duplicate comes with the claim that it doubles).
        split: layouts to use, one of ``SPLITS`` or "all".
        choice: channels, types and severities of the loose files.
        jobs: processes that make the loose files, each with its own browser; the bytes do not depend on it.
    """
    (folder / "files").mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, Any]] = []
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for made in _make_loose(Order(folder, seed, split, choice), count, jobs) if count else ():
            truth.write(json.dumps(made, ensure_ascii=False) + "\n")
            yield made["id"]
        if dossiers:
            writer = Writer(folder, count + 1)
            with open_printer() as printer:
                index = 0
                while len(lines) < dossiers:
                    desk = _open_desk(f"{seed}:{split}:dossier:{index}", printer, split)
                    more, files = write_claims(writer, desk, make_claims(desk, index), len(lines) + 1)
                    lines += more
                    truth.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in files)
                    index += 1
                    yield lines[-1]["id"]
    lines.sort(key=lambda line: (line["upload_date"], line["id"]))
    for name, rows in (("dossiers", lines), ("dossiers_inputs", [strip_answers(line) for line in lines])):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _open_desk(seed: str, printer: PaperPrinter, split: str) -> Desk:
    return Desk(Random(seed), printer, split, TODAY)


def _listed(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        return names

    return read


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make invented papers and claims with their exact truth.")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="loose files")
    parser.add_argument("--dossiers", type=int, default=0, help="claims, at least")
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="all", help="layouts to use")
    parser.add_argument("--channels", type=_listed(CHANNELS), default=CHANNELS, help="ways of sending, with commas")
    types = tuple(kind.value for kind in DocumentType)
    parser.add_argument("--types", type=_listed(types), default=types, help="types of paper, with commas")
    parser.add_argument("--severities", type=_listed(SEVERITIES), default=SEVERITIES, help="how hard, with commas")
    parser.add_argument("--jobs", type=int, default=1, help="processes that make the loose files")
    options = parser.parse_args()
    choice = Choice(options.channels, tuple(DocumentType(name) for name in options.types), options.severities)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("papers", total=options.count + options.dossiers)
        for _ in generate(
            options.out,
            seed=options.seed,
            count=options.count,
            dossiers=options.dossiers,
            split=options.split,
            choice=choice,
            jobs=options.jobs,
        ):
            progress.advance(task)


if __name__ == "__main__":
    main()
