"""Printing and degrading: places follow, seeds repeat. Needs Chromium."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pdfplumber
import pypdfium2
import pytest
from PIL import Image, ImageOps

from samples.degrade import Piece, Recipe, raster, send
from samples.layouts import LAYOUTS, Layout
from samples.moves import move_box, rotate
from samples.papers.make import make_paper
from samples.papers.request import Request
from samples.people import draw_member
from samples.render import LayoutOverflowError, PaperPrinter, PrintedPaper, open_printer
from schemas.geometry import Box
from schemas.vocabulary import DocumentType
from tests.samples.places import squeeze, text_inside

pytestmark = pytest.mark.service
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printer() -> Iterator[PaperPrinter]:
    with open_printer() as opened:
        yield opened


def print_one(
    printer: PaperPrinter, layout: Layout, document_type: DocumentType, seed: int, *, inked: bool = True
) -> PrintedPaper:
    for attempt in range(40):
        rng = Random(f"{seed}:{attempt}")
        member = draw_member(rng, today=dt.date(2026, 10, 15))
        paper = make_paper(rng, document_type, Request(member, member.adherent, dt.date(2026, 8, 3)))
        if layout.fits(paper):
            try:
                return printer.print(rng, paper, layout=layout, inked=inked)
            except LayoutOverflowError:
                continue
    raise AssertionError(f"{layout.name} prints no {document_type}")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_marks_are_where_the_text_is(printer: PaperPrinter, layout: Layout) -> None:
    for document_type in sorted(layout.types):
        printed = print_one(printer, layout, document_type, 5, inked=not layout.composed)
        fields = {mark.field for mark in printed.marks if mark.field}
        if document_type is not DocumentType.AUTRE:
            assert fields
        with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
            assert len(document.pages) == len(printed.sizes)
            for mark in printed.marks:
                found = text_inside(document.pages[mark.page - 1], mark.box)
                assert found == squeeze(mark.text), mark


COMPOSED = [layout for layout in LAYOUTS if layout.composed]


@pytest.mark.parametrize("layout", COMPOSED, ids=lambda layout: layout.name)
def test_stamps_and_hands_write_what_they_say_across_the_print(printer: PaperPrinter, layout: Layout) -> None:
    document_type = min(layout.types)
    for seed in range(3):
        printed = print_one(printer, layout, document_type, 30 + seed)
        with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
            for mark in printed.marks:
                found = text_inside(document.pages[mark.page - 1], mark.box)
                assert not set(squeeze(mark.text)) - set(found), mark


def test_a_composed_layout_says_of_what_it_is_made_and_repeats(printer: PaperPrinter) -> None:
    layout = next(layout for layout in COMPOSED if layout.name == "composed_bill_train")
    seen = set()
    for seed in range(6):
        first = print_one(printer, layout, DocumentType.FACTURE_DENTAIRE, seed)
        assert first.pdf == print_one(printer, layout, DocumentType.FACTURE_DENTAIRE, seed).pdf
        assert {part.partition("=")[0] for part in first.structure} >= {"frame", "head", "table", "totals"}
        seen.add(first.structure)
    assert len(seen) >= 5


def test_paper_that_was_never_printed_bears_no_ink(printer: PaperPrinter) -> None:
    for layout in COMPOSED:
        if DocumentType.ORDONNANCE in layout.types or DocumentType.FACTURE_SOINS in layout.types:
            printed = print_one(printer, layout, min(layout.types), 3, inked=False)
            assert not printed.inked, layout.name


def ink_in(picture: np.ndarray, box: Box) -> float:  # type: ignore[type-arg]
    crop = picture[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
    grey = crop.mean(axis=2) if crop.ndim == 3 else crop
    return float(grey.max() - grey.min())


@pytest.mark.parametrize(
    "channel",
    ["photo_jpg", "photo_heic", "screenshot", "photo_chat", "photo_app", "photo_screen", "phone_screenshot", "webcam"],
)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_into_photos(printer: PaperPrinter, channel: str, rotation: int) -> None:
    layout = next(x for x in LAYOUTS if x.name == "colonnes")
    printed = print_one(printer, layout, DocumentType.FACTURE_OPTIQUE, 1)
    recipe = Recipe(channel, "usual", rotation, exif=90 if channel == "photo_jpg" else 0)
    sent = send(Random(2), [Piece(printed, (1,))], recipe)
    if channel == "photo_heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(sent.data)) as image:
        picture = np.asarray(ImageOps.exif_transpose(image).convert("RGB"), np.float32)
    assert picture.shape[:2] == (sent.pages[0].height, sent.pages[0].width)
    inked = [ink_in(picture, move_box(sent.placements[0].move, mark.box)) for mark in printed.marks if mark.field]
    assert min(inked) > (25 if channel in ("photo_screen", "webcam") else 50)


@pytest.mark.parametrize("severity", ["clean", "usual", "hard"])
@pytest.mark.parametrize("channel", ["scan_200", "copy_of_copy", "photocopy", "fax", "pdf_photo"])
def test_boxes_follow_into_scans(printer: PaperPrinter, channel: str, severity: str) -> None:
    layout = next(x for x in LAYOUTS if x.name == "colonnes")
    printed = print_one(printer, layout, DocumentType.FACTURE_OPTIQUE, 1)
    sent = send(Random(4), [Piece(printed, (1,))], Recipe(channel, severity, rotation=90))
    document = pypdfium2.PdfDocument(sent.data)
    try:
        picture = document[0].render(scale=2).to_numpy().astype(np.float32)
    finally:
        document.close()
    assert picture.shape[:2] == pytest.approx((sent.pages[0].height * 2, sent.pages[0].width * 2), abs=2)
    boxes = [move_box(sent.placements[0].move, mark.box) for mark in printed.marks if mark.field]
    inked = [ink_in(picture, Box(b.x0 * 2, b.y0 * 2, b.x1 * 2, b.y1 * 2)) for b in boxes]
    assert min(inked) > 50


def test_a_messenger_makes_photos_small_and_an_application_upright(printer: PaperPrinter) -> None:
    layout = next(x for x in LAYOUTS if x.name == "colonnes")
    piece = Piece(print_one(printer, layout, DocumentType.FACTURE_OPTIQUE, 1), (1,))
    chat = send(Random(1), [piece], Recipe("photo_chat", "hard"))
    assert max(chat.pages[0].width, chat.pages[0].height) == 1280
    app = send(Random(1), [piece], Recipe("photo_app", "usual"))
    page, sheet = app.pages[0], piece.printed.sizes[0] if piece.printed else (1, 1)
    corner = app.placements[0].move(np.array([[0.0, 0.0], sheet]))
    assert corner == pytest.approx(np.array([[0, 0], [page.width, page.height]]), abs=0.02 * page.height)


def test_quarter_turns_move_points_with_pixels() -> None:
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[5, 50] = 255
    for degrees in (0, 90, 180, 270):
        turned, move = rotate(picture, degrees)
        x, y = move(np.array([[50.5, 5.5]]))[0]
        assert turned[int(y), int(x)].min() == 255


def run_generator(folder: Path, *options: str) -> None:
    """The command line, in a process of its own: two browsers cannot be driven from one."""
    command = [sys.executable, "-m", "samples.generate", str(folder), *options]
    subprocess.run(command, check=True, capture_output=True, timeout=280, cwd=ROOT)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run_generator(tmp_path / name, "--seed", "3", "--count", "9", "--dossiers", "1")
    first = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert {path.suffix for path in first} >= {".jsonl", ".pdf", ".jpg", ".heic"}
    for path in first:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


def test_a_split_uses_only_its_layouts(tmp_path: Path) -> None:
    run_generator(tmp_path, "--seed", "8", "--count", "9", "--dossiers", "1", "--split", "calibration")
    own = {layout.name for layout in LAYOUTS if layout.split == "calibration"}
    lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    assert {document["layout"] for line in lines for document in line["documents"]} <= own
    assert {line["split"] for line in lines} <= {"calibration", "none"}


def test_jobs_and_wishes(tmp_path: Path) -> None:
    wishes = ("--channels", "scan_150,photo_chat", "--types", "rib,ordonnance", "--severities", "usual")
    for name, jobs in (("one", "1"), ("two", "2")):
        run_generator(tmp_path / name, "--seed", "4", "--count", "4", "--split", "test", *wishes, "--jobs", jobs)
    lines = [json.loads(line) for line in (tmp_path / "one" / "truth.jsonl").read_text().splitlines()]
    assert [line["channel"] for line in lines] == ["scan_150", "photo_chat"] * 2
    assert [line["documents"][0]["type"] for line in lines] == ["rib", "ordonnance"] * 2
    assert {line["severity"] for line in lines} == {"usual"}
    for path in sorted((tmp_path / "one").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_a_blank_page_is_white(printer: PaperPrinter) -> None:
    assert raster(None, 1, 50).min() == 255
