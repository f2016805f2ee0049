"""From clean papers to what members really send, with the way every point took.

Channels: ``pdf_text`` (as printed), ``scan_150``, ``scan_200``, ``scan_300``, ``photocopy``, ``fax``, ``photo_jpg``,
``photo_heic``, ``photo_two`` (two papers on one photo), ``pdf_photo`` (photo wrapped in a PDF), ``screenshot``,
``pdf_badocr`` (scan with a bad hidden OCR layer), ``bundle_text`` and ``bundle_scan`` (several papers in one PDF).
Severities: ``clean``, ``usual``, ``hard``, ``illegible``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
import pypdfium2

from samples.camera import Light, Picture, take_photo
from samples.containers import ScannedPage, join_pdfs, to_heic, to_jpeg, to_pdf, to_png
from samples.moves import PointMap, chain, rotate, scale
from samples.render import PrintedPaper
from samples.scanner import scan, spoil_words

SINGLE_CHANNELS = (
    "pdf_text",
    "scan_150",
    "scan_200",
    "scan_300",
    "photocopy",
    "fax",
    "photo_jpg",
    "photo_heic",
    "pdf_photo",
    "screenshot",
    "pdf_badocr",
)
BUNDLE_CHANNELS = ("bundle_text", "bundle_scan", "photo_two")
SEVERITIES = ("clean", "usual", "hard", "illegible")
DEFECTS = ("flou", "sombre", "minuscule", "coupee")

_LIGHTS = {
    "clean": Light(tilt=0.012, turn=1.0, blur=0.35, noise=1.5, shade=0.05, fill=0.94, quality=78),
    "usual": Light(tilt=0.03, turn=3.0, blur=0.7, noise=3.0, shade=0.2, fill=0.89, quality=70),
    "hard": Light(
        tilt=0.055,
        turn=8.0,
        blur=1.15,
        noise=6.0,
        shade=0.38,
        gain=0.8,
        fill=0.82,
        curl=0.012,
        fingers=True,
        quality=60,
    ),
    "illegible": Light(tilt=0.03, turn=4.0, blur=0.7, noise=4.0, shade=0.2, fill=0.86, quality=55),
}


@dataclass(frozen=True)
class Piece:
    """A paper, or some of its pages, or a blank page (no paper at all).

    Attributes:
        printed: None for a blank page.
        pages: pages that are sent, from 1.
    """

    printed: PrintedPaper | None
    pages: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Recipe:
    """How papers are sent.

    Attributes:
        rotation: degrees clockwise by which the page lies in the file as displayed (0, 90, 180, 270).
        exif: orientation given by the EXIF tag instead of pixels (JPEG photos only).
        defect: what makes an illegible picture so, one of ``DEFECTS``.
    """

    channel: str
    severity: str = "usual"
    rotation: int = 0
    exif: int = 0
    defect: str | None = None


@dataclass(frozen=True)
class SentPage:
    """A page of the file as displayed."""

    width: float
    height: float
    unit: str


@dataclass(frozen=True)
class Placement:
    """Where a page of a piece is in the file.

    Attributes:
        piece: index of the piece.
        page: page of the paper, from 1.
        file_page: page of the file, from 1.
        move: from points of the clean page to the file's page as displayed.
    """

    piece: int
    page: int
    file_page: int
    move: PointMap


@dataclass(frozen=True)
class SentFile:
    """A file as received, and where everything is in it."""

    data: bytes
    extension: str
    pages: tuple[SentPage, ...]
    placements: tuple[Placement, ...]


def send(rng: Random, pieces: Sequence[Piece], recipe: Recipe) -> SentFile:
    """The file that a member sends.

    Args:
        rng: source of chance.
        pieces: one paper, or several for the bundle channels (exactly two for ``photo_two``).
        recipe: how they are sent.
    """
    channel = recipe.channel
    if channel in ("pdf_text", "bundle_text"):
        return _send_native(pieces)
    if channel == "photo_two":
        return _send_photo(rng, pieces, recipe, two=True)
    if channel.startswith("photo_"):
        return _send_photo(rng, pieces, recipe, two=False)
    if channel == "screenshot":
        return _send_screenshot(rng, pieces[0], recipe)
    return _send_scans(rng, pieces, recipe)


def raster(printed: PrintedPaper | None, page: int, dpi: float) -> Picture:
    """A clean page as a colour picture."""
    if printed is None:
        return np.full((round(11.69 * dpi), round(8.27 * dpi), 3), 255, np.uint8)
    document = pypdfium2.PdfDocument(printed.pdf)
    try:
        bitmap = document[page - 1].render(scale=dpi / 72)
        return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    finally:
        document.close()


def _send_native(pieces: Sequence[Piece]) -> SentFile:
    blank = to_pdf([ScannedPage(np.full((11, 8), 255, np.uint8), 1)])
    joined = len(pieces) > 1 or pieces[0].printed is None or len(pieces[0].pages) != len(pieces[0].printed.sizes)
    sizes, placements = [], []
    for index, piece in enumerate(pieces):
        for page in piece.pages:
            size = piece.printed.sizes[page - 1] if piece.printed else (576.0, 792.0)
            sizes.append(SentPage(*size, "pt"))
            placements.append(Placement(index, page, len(sizes), scale(1)))
    if joined:
        data = join_pdfs([(p.printed.pdf if p.printed else blank, p.pages) for p in pieces])
    else:
        assert pieces[0].printed is not None
        data = pieces[0].printed.pdf
    return SentFile(data, "pdf", tuple(sizes), tuple(placements))


def _dpi_of(rng: Random, recipe: Recipe) -> int:
    fixed = {"scan_150": 150, "scan_200": 200, "scan_300": 300, "fax": 200, "photocopy": 200, "pdf_badocr": 200}
    return fixed.get(recipe.channel) or rng.choice((150, 200))


def _send_scans(rng: Random, pieces: Sequence[Piece], recipe: Recipe) -> SentFile:
    dpi = _dpi_of(rng, recipe)
    pages, sizes, placements = [], [], []
    colour = rng.random() < 0.25 and dpi < 300
    for index, piece in enumerate(pieces):
        for number in piece.pages:
            if recipe.channel == "pdf_photo":
                photo, move = _photograph(rng, [raster(piece.printed, number, 200)], recipe)
                picture, turn = rotate(photo, recipe.rotation)
                shown = 150
                way = chain(scale(200 / 72), move[0], turn, scale(72 / shown))
                page = ScannedPage(picture, shown, _light_of(recipe).quality)
            else:
                shown = dpi
                picture, skew = scan(
                    rng, raster(piece.printed, number, dpi), recipe.channel, recipe.severity, colour=colour
                )
                picture, turn = rotate(picture, recipe.rotation)
                way = chain(scale(dpi / 72), skew, turn, scale(72 / dpi))
                quality = {"clean": 68, "usual": 55, "hard": 34, "illegible": 30}[recipe.severity]
                page = ScannedPage(picture, dpi, quality - (12 if dpi == 300 else 0))
                if recipe.channel == "pdf_badocr" and piece.printed:
                    page = replace(page, hidden=spoil_words(rng, piece.printed, number, way))
            pages.append(page)
            sizes.append(SentPage(*page.size, "pt"))
            placements.append(Placement(index, number, len(pages), way))
    return SentFile(to_pdf(pages), "pdf", tuple(sizes), tuple(placements))


def _light_of(recipe: Recipe) -> Light:
    light = _LIGHTS[recipe.severity]
    if recipe.severity != "illegible":
        return light
    match recipe.defect:
        case "sombre":
            return replace(light, gain=0.045, noise=9.0, blur=1.2, quality=45)
        case "minuscule":
            return replace(light, blur=0.4, fill=0.17, quality=40)
        case _:
            return replace(light, blur=9.0, gain=0.9)


def _photograph(rng: Random, sheets: list[Picture], recipe: Recipe) -> tuple[Picture, list[PointMap]]:
    light = _light_of(recipe)
    if recipe.severity == "illegible" and recipe.defect == "coupee":
        photo, maps = take_photo(rng, sheets, replace(light, blur=2.6, long_side=1300))
        start = int(photo.shape[1] * 0.68)
        cut = np.ascontiguousarray(photo[:, start:])
        return cut, [chain(move, lambda points: points - np.array([start, 0.0])) for move in maps]
    return take_photo(rng, sheets, light)


def _send_photo(rng: Random, pieces: Sequence[Piece], recipe: Recipe, *, two: bool) -> SentFile:
    sheets = [raster(piece.printed, piece.pages[0], 200) for piece in (pieces[:2] if two else pieces[:1])]
    photo, maps = _photograph(rng, sheets, recipe)
    picture, turn = rotate(photo, recipe.rotation)
    quality = _light_of(recipe).quality
    placements = [
        Placement(index, piece.pages[0], 1, chain(scale(200 / 72), maps[index], turn))
        for index, piece in enumerate(pieces[: len(sheets)])
    ]
    heic = recipe.channel == "photo_heic"
    data = to_heic(picture, 42) if heic else to_jpeg(picture, quality, orientation=recipe.exif)
    page = SentPage(picture.shape[1], picture.shape[0], "px")
    return SentFile(data, "heic" if heic else "jpg", (page,), tuple(placements))


def _send_screenshot(rng: Random, piece: Piece, recipe: Recipe) -> SentFile:
    """A page shown on a screen, with the bars of the viewer around it."""
    dpi = {"clean": 140, "usual": 116, "hard": 92, "illegible": 30}[recipe.severity]
    page = raster(piece.printed, piece.pages[0], dpi)
    height, width = page.shape[:2]
    top, side = rng.randint(40, 90), rng.randint(0, 60)
    bar = rng.choice(((58, 54, 50), (240, 240, 240), (90, 60, 40)))
    screen = np.full((height + top, width + 2 * side, 3), bar, np.uint8)
    screen[top:, side : side + width] = page
    cv2.rectangle(
        screen, (side + 10, top // 3), (side + 10 + width // 3, 2 * top // 3), tuple(min(255, c + 30) for c in bar), -1
    )
    move = chain(scale(dpi / 72), lambda points: points + np.array([side, top], np.float64))
    picture, turn = rotate(screen, recipe.rotation)
    sent = SentPage(picture.shape[1], picture.shape[0], "px")
    return SentFile(to_png(picture), "png", (sent,), (Placement(0, piece.pages[0], 1, chain(move, turn)),))
