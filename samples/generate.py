"""Makes papers and claims with their truth: ``python -m samples.generate OUT --seed 1 --count 60 --dossiers 20``.

Every file and every scenario has its own source of chance, so that the same seed gives the same bytes (with the same
fonts and the same Chromium), and asking for more files does not change the first ones.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from samples.claims import Parcel, PlannedClaim, strip_answers, write_claim
from samples.degrade import BUNDLE_CHANNELS, DEFECTS, SINGLE_CHANNELS, Piece, Recipe, send
from samples.dossiers import Desk, any_paper
from samples.layouts import SPLITS
from samples.render import PaperPrinter, open_printer
from samples.scenarios import SCENARIOS
from samples.truth import describe_file
from schemas.vocabulary import DocumentType

#: The day it is in the invented world; fixed, so that a seed always gives the same papers.
TODAY = dt.date(2026, 10, 15)
_CHANNELS = SINGLE_CHANNELS + BUNDLE_CHANNELS
_TYPES = tuple(DocumentType)


class Writer:
    """Writes files and their truth lines under a folder."""

    def __init__(self, folder: Path, prefix: str = "s") -> None:
        self._folder = folder
        self._prefix = prefix
        self._count = 0
        (folder / "files").mkdir(parents=True, exist_ok=True)
        self._truth = (folder / "truth.jsonl").open("w", encoding="utf-8")

    def close(self) -> None:
        """Ends the truth file."""
        self._truth.close()

    def write(
        self, rng: Random, pieces: Sequence[Piece], recipe: Recipe, *, again: bytes | None = None
    ) -> tuple[str, bytes]:
        """Makes one file; ``again`` are bytes that must come out the same (a file sent twice)."""
        self._count += 1
        identifier = f"{self._prefix}{self._count:04d}"
        sent = send(rng, pieces, recipe)
        if again is not None and sent.data != again:
            raise RuntimeError("a file sent twice came out different")
        name = f"files/{identifier}.{sent.extension}"
        (self._folder / name).write_bytes(sent.data)
        line = describe_file(identifier, name, pieces, recipe, sent)
        self._truth.write(json.dumps(line, ensure_ascii=False) + "\n")
        return identifier, sent.data


def draw_recipe(rng: Random, index: int) -> Recipe:
    """How the ``index``-th loose file is sent: channels take turns, the rest is chance."""
    channel = _CHANNELS[index % len(_CHANNELS)]
    severity = rng.choices(("clean", "usual", "hard", "illegible"), (27, 48, 17, 8))[0]
    defect = None
    if channel in ("pdf_text", "bundle_text"):
        severity = "clean"
    elif severity == "illegible":
        if channel in ("bundle_scan", "photo_two", "fax", "photocopy", "pdf_badocr"):
            severity = "usual"
        elif channel.startswith(("photo", "pdf_photo")):
            defect = rng.choice(DEFECTS)
        else:
            defect = "minuscule" if channel == "screenshot" else "flou"
    rotation = exif = 0
    if channel not in ("pdf_text", "bundle_text", "screenshot", "photo_two") and rng.random() < 0.18:
        rotation = rng.choice((90, 180, 270))
    if channel == "photo_jpg" and rng.random() < 0.35:
        exif = rng.choice((90, 180, 270))
    return Recipe(channel, severity, rotation, exif, defect)


def make_loose_file(desk: Desk, index: int) -> tuple[list[Piece], Recipe]:
    """The papers of the ``index``-th loose file; types take turns."""
    rng = desk.rng
    recipe = draw_recipe(rng, index)
    desk.inked = recipe.channel not in ("pdf_text", "bundle_text", "screenshot")
    wanted = 1
    if recipe.channel == "photo_two":
        wanted = 2
    elif recipe.channel.startswith("bundle"):
        wanted = rng.choice((2, 3, 4))
    pieces: list[Piece] = []
    while len(pieces) < wanted:
        kind = _TYPES[index % len(_TYPES)] if not pieces else rng.choice(_TYPES)
        printed = desk.print(any_paper(desk, kind))
        pages = tuple(range(1, len(printed.sizes) + 1))
        if len(pages) > 1 and recipe.channel in ("photo_jpg", "photo_heic", "photo_two", "screenshot"):
            pages = (1,)
        pieces.append(Piece(printed, pages))
    if recipe.channel.startswith("bundle") and rng.random() < 0.25:
        pieces.insert(rng.randint(1, len(pieces)), Piece(None))
    return pieces, recipe


def make_claims(desk: Desk, index: int) -> list[PlannedClaim]:
    """The claims of the ``index``-th scenario."""
    return SCENARIOS[index % len(SCENARIOS)](desk)


def write_claims(writer: Writer, desk: Desk, claims: list[PlannedClaim], first: int) -> list[dict[str, Any]]:
    """Makes the files of some claims and their lines; the first claim gets the number ``first``."""
    lines: list[dict[str, Any]] = []
    made: list[list[tuple[int, bytes]]] = []
    for offset, claim in enumerate(claims):
        identifiers, seeds = [], []
        for parcel in claim.parcels:
            identifier, seed, data = _write_parcel(writer, desk, parcel, made)
            identifiers.append(identifier)
            seeds.append((seed, data))
        made.append(seeds)
        duplicate = lines[offset + claim.duplicate_of]["id"] if claim.duplicate_of is not None else None
        lines.append(write_claim(f"sD{first + offset:03d}", claim, identifiers, duplicate))
    return lines


def _write_parcel(
    writer: Writer, desk: Desk, parcel: Parcel, made: list[list[tuple[int, bytes]]]
) -> tuple[str, int, bytes]:
    seed, again = desk.rng.getrandbits(48), None
    if parcel.same_as is not None:
        seed, again = made[-1][parcel.same_as]
    identifier, data = writer.write(Random(seed), parcel.pieces, parcel.recipe, again=again)
    return identifier, seed, data


def generate(folder: Path, *, seed: int, count: int, dossiers: int, split: str = "all") -> Iterator[str]:
    """Makes a corpus; yields after each file or scenario what was made.

    Args:
        folder: where ``files/``, ``truth.jsonl``, ``dossiers.jsonl`` and ``dossiers_inputs.jsonl`` go.
        seed: same seed, same corpus.
        count: loose files.
        dossiers: claims, at least (a duplicate comes with the claim that it doubles).
        split: layouts to use, one of ``SPLITS`` or "all".
    """
    writer = Writer(folder)
    lines: list[dict[str, Any]] = []
    try:
        with open_printer() as printer:
            for index in range(count):
                desk = _open_desk(f"{seed}:{split}:file:{index}", printer, split)
                pieces, recipe = make_loose_file(desk, index)
                yield writer.write(desk.rng, pieces, recipe)[0]
            index = 0
            while len(lines) < dossiers:
                desk = _open_desk(f"{seed}:{split}:dossier:{index}", printer, split)
                lines += write_claims(writer, desk, make_claims(desk, index), len(lines) + 1)
                index += 1
                yield lines[-1]["id"]
    finally:
        writer.close()
    lines.sort(key=lambda line: (line["upload_date"], line["id"]))
    for name, rows in (("dossiers", lines), ("dossiers_inputs", [strip_answers(line) for line in lines])):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _open_desk(seed: str, printer: PaperPrinter, split: str) -> Desk:
    return Desk(Random(seed), printer, split, TODAY)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make invented papers and claims with their exact truth.")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="loose files")
    parser.add_argument("--dossiers", type=int, default=0, help="claims, at least")
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="all", help="layouts to use")
    options = parser.parse_args()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("papers", total=options.count + options.dossiers)
        for _ in generate(
            options.out, seed=options.seed, count=options.count, dossiers=options.dossiers, split=options.split
        ):
            progress.advance(task)


if __name__ == "__main__":
    main()
