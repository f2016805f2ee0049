"""What life does to a sheet before it is scanned or photographed: ink, folds, stains, holes, pens, faded print.

Everything here changes light and colour only; no point moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from samples.moves import Picture
from schemas.geometry import Box

_HOLE = 6.0  # millimetres


@dataclass(frozen=True)
class Worn:
    """A worn sheet.

    Attributes:
        picture: the sheet.
        gone: 255 where the paper is missing (holes, torn corners).
    """

    picture: Picture
    gone: Picture | None = None


@dataclass
class _Sheet:
    image: Picture
    dots: float
    noise: np.random.Generator
    values: Sequence[Box]
    gone: Picture | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.image.shape[1], self.image.shape[0]

    def cut(self) -> Picture:
        if self.gone is None:
            self.gone = np.zeros(self.image.shape[:2], np.uint8)
        return self.gone


def wear(
    rng: Random,
    picture: Picture,
    severity: str,
    dpi: float,
    *,
    stamps: Sequence[Box] = (),
    values: Sequence[Box] = (),
    roll: bool = False,
    pale: bool = True,
) -> Worn:
    """A sheet as it is when somebody at last photographs it.

    Args:
        rng: source of chance.
        picture: the clean sheet, in colour.
        severity: see ``samples.degrade``; the harder, the more marks and the stronger.
        dpi: of the picture.
        stamps: places of rubber stamps, whose ink is made uneven.
        values: places of printed values, which people mark with pens.
        roll: the sheet is a till receipt, whose print fades.
        pale: the print may be pale; not so where a copier or a fax machine would lose it altogether.
    """
    sheet = _Sheet(picture.copy(), dpi / 25.4, np.random.default_rng(rng.getrandbits(32)), values)
    for box in stamps:
        _uneven_ink(rng, sheet, box)
    if severity == "illegible":
        return Worn(sheet.image)
    if roll and pale and rng.random() < 0.75:
        _fade(rng, sheet, {"clean": 0.2, "usual": 0.45, "hard": 0.68}[severity])
    if rng.random() < 0.4:
        _tint(rng, sheet)
    count = {"clean": (0, 0, 0, 1), "usual": (0, 1, 1, 2, 2), "hard": (1, 2, 2, 3, 4)}[severity]
    strength = {"clean": 0.4, "usual": 0.7, "hard": 1.1}[severity]
    names = [name for name in _MARKS if pale or name not in _PALE]
    for _ in range(rng.choice(count)):
        name = rng.choices(names, [_MARKS[n][1] for n in names])[0]
        _MARKS[name][0](rng, sheet, strength)
        names.remove(name)
    return Worn(sheet.image, sheet.gone)


def _blobs(noise: np.random.Generator, height: int, width: int, size: float) -> Picture:
    """Soft random spots between 0 and 1."""
    small = noise.random((max(2, int(height / size) + 2), max(2, int(width / size) + 2))).astype(np.float32)
    return np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)


def _uneven_ink(rng: Random, sheet: _Sheet, box: Box) -> None:
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    part = sheet.image[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1]
    if part.size == 0:
        return
    height, width = part.shape[:2]
    coloured = (part.max(axis=2).astype(np.int16) - part.min(axis=2) > 40).astype(np.float32)
    spots = (
        _blobs(sheet.noise, height, width, 5 * sheet.dots) * 0.6
        + _blobs(sheet.noise, height, width, 0.35 * sheet.dots) * 0.4
    )
    lost = np.clip((spots - rng.uniform(0.42, 0.62)) * 3.2, 0, rng.uniform(0.45, 0.85)) * coloured
    part[:] = np.clip(part + (255 - part) * lost[:, :, None], 0, 255).astype(np.uint8)


def _fade(rng: Random, sheet: _Sheet, most: float) -> None:
    width, height = sheet.size
    bands = _blobs(sheet.noise, height, width, 14 * sheet.dots)
    lost = (most * (0.45 + 0.55 * bands))[:, :, None]
    ink = np.array(rng.choice(((60, 50, 50), (110, 70, 90), (90, 90, 90))), np.float32)
    image: Picture = sheet.image.astype(np.float32)
    image = 255 - (255 - image) * (1 - lost)
    dark = 1 - image / 255
    sheet.image = np.clip(image + dark * ink * 0.6, 0, 255).astype(np.uint8)


def _tint(rng: Random, sheet: _Sheet) -> None:
    tint = rng.choice(
        (
            (235, 246, 252),
            (240, 240, 240),
            (232, 226, 250),
            (252, 246, 232),
            (225, 250, 252),
            (236, 250, 238),
            (244, 248, 250),
        )
    )
    table = np.stack([np.arange(256) * level / 255 for level in tint], axis=1).astype(np.uint8)
    sheet.image = np.asarray(cv2.LUT(sheet.image, table[None]), np.uint8)


def _multiply(sheet: _Sheet, factor: Picture, x: int = 0, y: int = 0) -> None:
    height, width = factor.shape[:2]
    part = sheet.image[y : y + height, x : x + width]
    factor = factor[: part.shape[0], : part.shape[1]]
    part[:] = np.clip(part * (factor if factor.ndim == 3 else factor[:, :, None]), 0, 255).astype(np.uint8)


def _fold_lines(rng: Random, sheet: _Sheet, strength: float) -> None:
    width, height = sheet.size
    places = rng.choice(((1 / 2,), (1 / 3, 2 / 3), (1 / 4, 1 / 2, 3 / 4)))
    for place in places:
        _line(rng, sheet, (0, height * place), (width, height * (place + rng.uniform(-0.006, 0.006))), strength)
    if rng.random() < 0.35:
        _line(rng, sheet, (width * 0.5, 0), (width * (0.5 + rng.uniform(-0.01, 0.01)), height), strength)


def _line(rng: Random, sheet: _Sheet, start: tuple[float, float], end: tuple[float, float], strength: float) -> None:
    """A crease: a worn line where ink has come off, with a shaded side."""
    pad = 6 * sheet.dots
    x0, x1 = (int(v) for v in (max(0, min(start[0], end[0]) - pad), max(start[0], end[0]) + pad))
    y0, y1 = (int(v) for v in (max(0, min(start[1], end[1]) - pad), max(start[1], end[1]) + pad))
    part = sheet.image[y0:y1, x0:x1]
    height, width = part.shape[:2]
    if not height or not width:
        return
    drawn = np.zeros((height, width), np.uint8)
    points = ((int(start[0]) - x0, int(start[1]) - y0), (int(end[0]) - x0, int(end[1]) - y0))
    cv2.line(drawn, *points, 255, max(1, int(0.35 * sheet.dots)), cv2.LINE_AA)
    worn = (drawn.astype(np.float32) / 255) * _blobs(sheet.noise, height, width, 1.2 * sheet.dots)
    wide: Picture = cv2.GaussianBlur(drawn, (0, 0), 1.4 * sheet.dots).astype(np.float32) / 255
    side = np.array([[1, 0, rng.choice((-1, 1)) * sheet.dots], [0, 1, rng.choice((-1, 1)) * sheet.dots]], np.float32)
    wide = cv2.warpAffine(wide, side, (width, height))
    image: Picture = part.astype(np.float32)
    image = image + (255 - image) * (worn * (0.75 * strength))[:, :, None]
    image *= 1 - np.clip(wide * (0.55 * strength), 0, 0.4)[:, :, None]
    part[:] = np.clip(image, 0, 255).astype(np.uint8)


def _creases(rng: Random, sheet: _Sheet, strength: float) -> None:
    width, height = sheet.size
    for _ in range(rng.randint(1, 4)):
        x, y, angle = rng.random() * width, rng.random() * height, rng.uniform(0, 2 * np.pi)
        reach = rng.uniform(0.15, 0.6) * width
        _line(rng, sheet, (x, y), (x + reach * np.cos(angle), y + reach * np.sin(angle)), strength * 0.8)


def _coffee(rng: Random, sheet: _Sheet, strength: float) -> None:
    width, height = sheet.size
    ring = np.zeros((height, width), np.float32)
    centre = (rng.randrange(width), rng.randrange(height))
    radius = int(rng.uniform(32, 45) * sheet.dots)
    cv2.ellipse(
        ring,
        centre,
        (radius, int(radius * rng.uniform(0.94, 1))),
        rng.uniform(0, 180),
        rng.uniform(0, 80),
        rng.uniform(240, 360),
        1.0,
        max(2, int(rng.uniform(1, 3) * sheet.dots)),
        cv2.LINE_AA,
    )
    inside = np.zeros_like(ring)
    cv2.circle(inside, centre, radius, 1.0, -1)
    stain = (
        cv2.GaussianBlur(ring, (0, 0), 0.5 * sheet.dots)
        * (0.5 + 0.5 * _blobs(sheet.noise, height, width, 6 * sheet.dots))
        + inside * 0.12 * rng.random()
    )
    _multiply(sheet, 1 - np.clip(stain, 0, 1)[:, :, None] * np.array([0.55, 0.38, 0.25], np.float32) * min(1, strength))


def _stains(rng: Random, sheet: _Sheet, strength: float) -> None:
    width, height = sheet.size
    spots = np.clip(_blobs(sheet.noise, height, width, rng.uniform(20, 60) * sheet.dots) - 0.6, 0, 1) * 1.2 * strength
    _multiply(sheet, 1 - spots[:, :, None] * np.array([0.4, 0.25, 0.18], np.float32))


def _marker(rng: Random, sheet: _Sheet, strength: float) -> None:
    if not sheet.values:
        return
    colour = np.array(rng.choice(((90, 255, 255), (140, 255, 150), (200, 160, 255), (120, 210, 255))), np.float32) / 255
    colour = 1 - (1 - colour) * min(1, 0.6 + 0.4 * strength)
    for box in rng.sample(list(sheet.values), min(len(sheet.values), rng.randint(1, 3))):
        pad = rng.uniform(0.3, 1.4) * sheet.dots
        x0, x1 = int(max(0, box.x0 - 2 * pad)), int(box.x1 + rng.uniform(-1, 3) * pad)
        y0, y1 = int(max(0, box.y0 - pad * rng.uniform(-0.3, 0.8))), int(box.y1 + pad * rng.uniform(-0.3, 0.8))
        if x1 > x0 and y1 > y0:
            _multiply(sheet, np.broadcast_to(colour, (y1 - y0, x1 - x0, 3)), x0, y0)


def _pen_strokes(rng: Random, sheet: _Sheet, strength: float) -> None:
    """Underlines, circles and ticks of a ball pen over and beside values."""
    ink = rng.choice(((140, 40, 20), (40, 40, 40), (40, 30, 160)))
    layer = sheet.image.copy()
    for box in rng.sample(list(sheet.values), min(len(sheet.values), rng.randint(1, 2))):
        thick = max(1, int(0.45 * sheet.dots))
        kind = rng.choice(("under", "circle", "tick", "cross") if strength > 1 else ("under", "circle", "tick"))
        x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
        if kind == "under":
            points = [(x, y1 + rng.uniform(-0.3, 0.9) * sheet.dots) for x in np.linspace(x0 - 5, x1 + 8, 5)]
            cv2.polylines(layer, [np.array(points, np.int32)], False, ink, thick, cv2.LINE_AA)
        elif kind == "circle":
            centre = (int((x0 + x1) / 2), int((y0 + y1) / 2))
            axes = (int((x1 - x0) * 0.62 + 6), int((y1 - y0) * 0.9 + 5))
            cv2.ellipse(
                layer,
                centre,
                axes,
                rng.uniform(-5, 5),
                rng.uniform(0, 40),
                rng.uniform(330, 395),
                ink,
                thick,
                cv2.LINE_AA,
            )
        elif kind == "tick":
            size = 4 * sheet.dots
            points = [(x1 + size * 0.5, y0 + size * 0.4), (x1 + size, y1), (x1 + 2.2 * size, y0 - size)]
            cv2.polylines(layer, [np.array(points, np.int32)], False, ink, thick, cv2.LINE_AA)
        else:
            cv2.line(
                layer,
                (int(x0), int(y1 + 3)),
                (int(x1), int(y0 + (y1 - y0) * 0.7)),
                ink,
                max(1, thick // 2),
                cv2.LINE_AA,
            )
    sheet.image = np.minimum(sheet.image, layer)


def _show_through(rng: Random, sheet: _Sheet, strength: float) -> None:
    back = cv2.GaussianBlur(np.ascontiguousarray(sheet.image[:, ::-1]), (0, 0), 0.25 * sheet.dots)
    if rng.random() < 0.5:
        back = np.ascontiguousarray(back[::-1])
    shift = np.array([[1, 0, rng.uniform(-12, 12) * sheet.dots], [0, 1, rng.uniform(-12, 12) * sheet.dots]], np.float32)
    back = cv2.warpAffine(back, shift, sheet.size, borderValue=(255, 255, 255))
    _multiply(sheet, 1 - (1 - back.astype(np.float32) / 255) * 0.2 * min(1.2, strength))


def _punch(rng: Random, sheet: _Sheet, _: float) -> None:
    width, height = sheet.size
    if width < 140 * sheet.dots:
        return
    four = rng.random() < 0.4
    x = int(rng.uniform(9, 13) * sheet.dots)
    middle = height / 2 + rng.uniform(-5, 5) * sheet.dots
    for offset in (-120, -40, 40, 120) if four else (-40, 40):
        cv2.circle(
            sheet.cut(), (x, int(middle + offset * sheet.dots)), int(_HOLE / 2 * sheet.dots), 255, -1, cv2.LINE_AA
        )


def _staple(rng: Random, sheet: _Sheet, _: float) -> None:
    x, y, angle = rng.uniform(6, 14) * sheet.dots, rng.uniform(5, 12) * sheet.dots, rng.uniform(-0.9, 0.9)
    if rng.random() < 0.3:
        x = sheet.size[0] - x
    reach = 6 * sheet.dots
    end = (int(x + reach * np.cos(angle)), int(y + reach * np.sin(angle)))
    thick = max(1, int(0.6 * sheet.dots))
    cv2.line(
        sheet.image,
        (int(x) + thick, int(y) + thick),
        (end[0] + thick, end[1] + thick),
        (170, 170, 170),
        thick,
        cv2.LINE_AA,
    )
    cv2.line(
        sheet.image,
        (int(x), int(y)),
        end,
        rng.choice(((110, 110, 115), (70, 75, 80), (60, 90, 140))),
        thick,
        cv2.LINE_AA,
    )


def _torn(rng: Random, sheet: _Sheet, strength: float) -> None:
    """A corner torn off or folded away, where nothing is printed."""
    width, height = sheet.size
    size = rng.uniform(8, 26) * sheet.dots * min(1.3, strength + 0.3)
    for name in rng.sample(("tl", "tr", "bl", "br"), 4):
        cx, cy = (0 if name[1] == "l" else width), (0 if name[0] == "t" else height)
        free = all(
            min(abs(box.x0 - cx), abs(box.x1 - cx)) + min(abs(box.y0 - cy), abs(box.y1 - cy)) > size * 1.25
            for box in sheet.values
        )
        if not free:
            continue
        sx, sy = (1 if cx == 0 else -1), (1 if cy == 0 else -1)
        a, b = size * rng.uniform(0.7, 1.2), size * rng.uniform(0.7, 1.2)
        edge = [
            (cx + sx * a * (1 - t) + rng.uniform(-1, 1) * sheet.dots, cy + sy * b * t + rng.uniform(-1, 1) * sheet.dots)
            for t in np.linspace(0, 1, 7)
        ]
        cv2.fillPoly(sheet.cut(), [np.array([(cx, cy), *edge], np.int32)], 255)
        return


def _dot_matrix(rng: Random, sheet: _Sheet, strength: float) -> None:
    """Print of needles: the ink in dots, with pale rows."""
    width, height = sheet.size
    pitch = max(2, round(0.36 * sheet.dots))
    tile: Picture = np.full((pitch, pitch), 0.35, np.float32)
    tile[: max(1, pitch - 1), : max(1, pitch - 1)] = 1
    mask = np.tile(tile, (height // pitch + 1, width // pitch + 1))[:height, :width]
    pale = rng.uniform(0.2, 0.4)
    rows = 1 - pale * strength * sheet.noise.random((height, 1)).astype(np.float32)
    ink = (255 - sheet.image.astype(np.float32)) * (mask * rows)[:, :, None]
    sheet.image = np.clip(255 - ink, 0, 255).astype(np.uint8)


def _carbon(rng: Random, sheet: _Sheet, strength: float) -> None:
    """A carbon copy: blurred violet or blue strokes on tinted paper."""
    width, height = sheet.size
    grey = cv2.GaussianBlur(cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY), (0, 0), 0.09 * sheet.dots).astype(np.float32)
    ink = (
        (255 - grey) / 255 * (0.62 + 0.38 * _blobs(sheet.noise, height, width, 3 * sheet.dots)) * (1 - 0.15 * strength)
    )
    paper = np.array(rng.choice(((215, 235, 255), (200, 240, 252), (225, 215, 250))), np.float32)
    colour = np.array(rng.choice(((140, 60, 60), (120, 50, 90), (70, 60, 60))), np.float32)
    sheet.image = np.clip(paper * (1 - ink[:, :, None]) + colour * ink[:, :, None], 0, 255).astype(np.uint8)


def _tape(rng: Random, sheet: _Sheet, strength: float) -> None:
    """A strip of sticky tape, yellowish and a little shiny."""
    width, height = sheet.size
    x, y = rng.randrange(width), rng.randrange(height)
    size = ((rng.uniform(35, 90)) * sheet.dots, rng.uniform(15, 19) * sheet.dots)
    corners = cv2.boxPoints(((x, y), size, rng.uniform(0, 180)))
    mask = np.zeros((height, width), np.float32)
    cv2.fillPoly(mask, [corners.astype(np.int32)], 1.0, cv2.LINE_AA)
    _multiply(sheet, 1 - mask[:, :, None] * np.array([0.16, 0.06, 0.03], np.float32) * strength)


_PALE = frozenset({"needles", "carbon", "stains"})
_Mark = Callable[[Random, _Sheet, float], None]
_MARKS: dict[str, tuple[_Mark, float]] = {
    "folds": (_fold_lines, 3),
    "creases": (_creases, 2),
    "coffee": (_coffee, 0.8),
    "stains": (_stains, 1),
    "marker": (_marker, 2),
    "pen": (_pen_strokes, 1.6),
    "through": (_show_through, 1.6),
    "punch": (_punch, 1.2),
    "staple": (_staple, 1.2),
    "torn": (_torn, 0.8),
    "needles": (_dot_matrix, 0.7),
    "carbon": (_carbon, 0.5),
    "tape": (_tape, 0.4),
}
