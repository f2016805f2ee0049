"""From clean papers to what members really send, with the way every point took.

Channels: ``pdf_text`` (as printed), ``scan_150``, ``scan_200``, ``scan_300``, ``photocopy``, ``fax``, ``photo_jpg``,
``photo_heic``, ``photo_two`` (two papers on one photo), ``pdf_photo`` (photo wrapped in a PDF), ``screenshot``,
``pdf_badocr`` (scan with a bad hidden OCR layer), ``bundle_text`` and ``bundle_scan`` (several papers in one PDF).
And, not in the committed set: ``photo_chat`` (a photo sent through a messenger), ``photo_app`` (a scanning
application), ``photo_screen`` (a photo of a screen), ``phone_screenshot``, ``webcam``, ``copy_of_copy``.
Severities: ``clean``, ``usual``, ``hard``, ``illegible``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pypdfium2

from samples.camera import Light, take_photo
from samples.containers import ScannedPage, join_pdfs, to_heic, to_jpeg, to_pdf, to_png
from samples.moves import Picture, PointMap, chain, rotate, scale
from samples.render import PrintedPaper
from samples.scanner import scan, spoil_words
from samples.screens import add_moire, flatten_with_app, light_up, show_on_computer, show_on_telephone, shrink
from samples.wear import Worn, wear
from schemas.geometry import Box

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
MORE_CHANNELS = ("photo_chat", "photo_app", "photo_screen", "phone_screenshot", "webcam", "copy_of_copy")
SEVERITIES = ("clean", "usual", "hard", "illegible")
DEFECTS = ("flou", "sombre", "minuscule", "coupee")

_LIGHTS = {
    "clean": Light(tilt=0.012, turn=1.0, blur=0.35, noise=1.5, shade=0.05, fill=0.94, quality=78),
    "usual": Light(
        tilt=0.03, turn=3.0, blur=0.7, noise=3.0, shade=0.2, fill=0.89, surface="usual",
        fingers=0.15, glare=0.06, defocus=0.5, cast=0.25, quality=70,
    ),
    "hard": Light(
        tilt=0.06, turn=9.0, blur=1.1, noise=6.0, gain=0.82, shade=0.36, fill=0.82, surface="hard",
        fingers=0.5, glare=0.25, defocus=1.6, motion=0.3, cast=0.5, quality=60,
    ),
    "illegible": Light(tilt=0.03, turn=4.0, blur=0.7, noise=4.0, shade=0.2, fill=0.86, surface="usual", quality=55),
}  # fmt: skip


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
    if channel in ("screenshot", "phone_screenshot"):
        return _send_screenshot(rng, pieces[0], recipe)
    if channel.startswith("photo_") or channel == "webcam":
        return _send_photo(rng, pieces[: 2 if channel == "photo_two" else 1], recipe)
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


def lay(rng: Random, piece: Piece, page: int, dpi: float, recipe: Recipe) -> Worn:
    """A page as somebody finds it: clean print and the marks of its life."""
    clean = raster(piece.printed, page, dpi)
    printed = piece.printed
    if printed is None:
        return Worn(clean)
    by = dpi / 72
    values = [mark.box for mark in printed.marks if mark.page == page]
    return wear(
        rng,
        clean,
        recipe.severity,
        dpi,
        stamps=[_grow(box, by) for number, box in printed.stamps if number == page],
        values=[_grow(box, by) for box in values],
        roll=printed.layout.height == 0,
        pale=recipe.channel not in ("fax", "photocopy", "copy_of_copy"),
    )


def _grow(box: Box, by: float) -> Box:
    return Box(box.x0 * by, box.y0 * by, box.x1 * by, box.y1 * by)


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
    fixed = {
        "scan_150": 150,
        "scan_200": 200,
        "scan_300": 300,
        "fax": 200,
        "photocopy": 200,
        "copy_of_copy": 200,
        "pdf_badocr": 200,
    }
    return fixed.get(recipe.channel) or rng.choice((150, 200))


def _send_scans(rng: Random, pieces: Sequence[Piece], recipe: Recipe) -> SentFile:
    dpi = _dpi_of(rng, recipe)
    pages, sizes, placements = [], [], []
    colour = rng.random() < 0.25 and dpi < 300
    for index, piece in enumerate(pieces):
        for number in piece.pages:
            if recipe.channel == "pdf_photo":
                photo, move = _photograph(rng, [lay(rng, piece, number, 200, recipe)], recipe)
                picture, turn = rotate(photo, recipe.rotation)
                shown = 150
                way = chain(scale(200 / 72), move[0], turn, scale(72 / shown))
                page = ScannedPage(picture, shown, _light_of(recipe).quality)
            else:
                shown = dpi
                sheet = lay(rng, piece, number, dpi, recipe)
                picture, skew = scan(rng, sheet, recipe.channel, recipe.severity, colour=colour)
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


def _photograph(rng: Random, sheets: Sequence[Worn], recipe: Recipe) -> tuple[Picture, list[PointMap]]:
    light = _light_of(recipe)
    if recipe.channel == "webcam":
        light = replace(
            light,
            long_side={"clean": 1920, "usual": 1600}.get(recipe.severity, 1400),
            noise=light.noise + 3,
            glare=light.glare + 0.1,
        )
    elif recipe.channel == "photo_screen":
        light = replace(light, surface="clean", fingers=0, cast=0, long_side=2000)
    elif recipe.severity in ("usual", "hard"):
        light = replace(light, long_side=rng.choice((1760, 1760, 2016, 2304)))
        if rng.random() < (0.08 if recipe.severity == "usual" else 0.2):
            light = replace(light, fill=rng.uniform(1.0, 1.03))
    if recipe.severity == "illegible" and recipe.defect == "coupee":
        photo, maps = take_photo(rng, sheets, replace(light, blur=2.6, long_side=1300))
        start = int(photo.shape[1] * 0.68)
        cut = np.ascontiguousarray(photo[:, start:])
        return cut, [chain(move, lambda points: points - np.array([start, 0.0])) for move in maps]
    return take_photo(rng, sheets, light)


def _send_photo(rng: Random, pieces: Sequence[Piece], recipe: Recipe) -> SentFile:
    channel = recipe.channel
    on_screen = channel == "photo_screen"
    ways: list[PointMap] = [scale(200 / 72)] * len(pieces)
    if on_screen:
        screen, way = light_up(rng, raster(pieces[0].printed, pieces[0].pages[0], 110))
        sheets, ways = [Worn(screen)], [chain(scale(110 / 72), way)]
    else:
        sheets = [lay(rng, piece, piece.pages[0], 200, recipe) for piece in pieces]
    photo, maps = _photograph(rng, sheets, recipe)
    after: list[PointMap] = []
    quality = _light_of(recipe).quality
    if on_screen:
        photo = add_moire(rng, photo, {"clean": 0.02, "usual": 0.045}.get(recipe.severity, 0.09))
    elif channel == "photo_app":
        height, width = sheets[0].picture.shape[:2]
        corners = maps[0](np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))
        photo, way = flatten_with_app(rng, photo, corners, height / width, recipe.severity)
        after.append(way)
    elif channel == "photo_chat":
        photo, way = shrink(photo, {"clean": 1600, "usual": rng.choice((1600, 1600, 1440))}.get(recipe.severity, 1280))
        quality = {"clean": 65, "usual": rng.randint(52, 62)}.get(recipe.severity, rng.randint(38, 50))
        after.append(way)
    picture, turn = rotate(photo, recipe.rotation)
    placements = [
        Placement(index, piece.pages[0], 1, chain(ways[index], maps[index], *after, turn))
        for index, piece in enumerate(pieces)
    ]
    heic = channel == "photo_heic"
    data = to_heic(picture, 42) if heic else to_jpeg(picture, quality, orientation=recipe.exif)
    page = SentPage(picture.shape[1], picture.shape[0], "px")
    return SentFile(data, "heic" if heic else "jpg", (page,), tuple(placements))


def _send_screenshot(rng: Random, piece: Piece, recipe: Recipe) -> SentFile:
    """A page shown on a screen, with the bars of the viewer around it."""
    telephone = recipe.channel == "phone_screenshot"
    dpi = {"clean": 140, "usual": 116, "hard": 92, "illegible": 30}[recipe.severity]
    page = raster(piece.printed, piece.pages[0], dpi)
    if telephone:
        screen, way = show_on_telephone(rng, page, cut=recipe.severity == "hard")
    else:
        screen, way = show_on_computer(rng, page)
    picture, turn = rotate(screen, recipe.rotation)
    sent = SentPage(picture.shape[1], picture.shape[0], "px")
    as_jpeg = telephone and rng.random() < 0.5
    data = to_jpeg(picture, rng.randint(60, 85)) if as_jpeg else to_png(picture)
    placement = Placement(0, piece.pages[0], 1, chain(scale(dpi / 72), way, turn))
    return SentFile(data, "jpg" if as_jpeg else "png", (sent,), (placement,))
