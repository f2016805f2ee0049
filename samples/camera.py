"""What a telephone sees: a sheet on a table, in perspective, in uneven light; and where every point of it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from samples.moves import Matrix, Picture, PointMap, chain, perspective
from samples.surface import bend_sheet, draw_surface
from samples.tables import draw_table
from samples.wear import Worn


@dataclass(frozen=True)
class Light:
    """How a photo is taken.

    Attributes:
        long_side: of the frame, in pixels.
        tilt: strength of the perspective, 0 to 0.2.
        turn: largest rotation in degrees.
        blur: sigma of the blur in pixels.
        noise: standard deviation in grey levels.
        gain: brightness, 1 for normal.
        shade: strength of the shadow, 0 to 0.6.
        fill: share of the frame's height taken by the sheet.
        surface: how the sheet lies, a severity of ``draw_surface``.
        fingers: chance of fingers that hold the sheet.
        glare: chance of a spot where the lamp blinds the sensor.
        defocus: largest sigma of the blur at the far side of the sheet, in pixels.
        motion: chance that the blur is a movement.
        cast: chance of the shadow of a hand or a telephone.
        quality: of the JPEG.
    """

    long_side: int = 1760
    tilt: float = 0.03
    turn: float = 2.0
    blur: float = 0.5
    noise: float = 2.0
    gain: float = 1.0
    shade: float = 0.15
    fill: float = 0.88
    surface: str = "clean"
    fingers: float = 0.0
    glare: float = 0.0
    defocus: float = 0.0
    motion: float = 0.0
    cast: float = 0.0
    quality: int = 72


def sheet_corners(
    rng: Random,
    light: Light,
    sheet: tuple[int, int],
    frame: tuple[int, int],
    centre: tuple[float, float],
    room: tuple[float, float],
) -> Matrix:
    """Where the four corners of the sheet fall in the frame (clockwise from the top left of the sheet)."""
    width, height = sheet
    scale = min(frame[0] * room[0] / width, frame[1] * room[1] / height) * light.fill
    w, h = width * scale, height * scale
    corners = np.array([[-w / 2, -h / 2], [w / 2, -h / 2], [w / 2, h / 2], [-w / 2, h / 2]])
    angle = np.deg2rad(rng.uniform(-light.turn, light.turn))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = corners @ turn.T
    corners += np.array([[rng.uniform(-1, 1) * light.tilt * w, rng.uniform(-1, 1) * light.tilt * h] for _ in range(4)])
    drift = (1 - light.fill) / 3
    shift = np.array(
        [
            frame[0] * (centre[0] + rng.uniform(-drift, drift) * room[0]),
            frame[1] * (centre[1] + rng.uniform(-drift, drift)),
        ]
    )
    return np.asarray(corners + shift, np.float64)


def place_sheet(rng: Random, scene: Picture, sheet: Picture, mask: Picture, corners: Matrix) -> Matrix:
    """Lays a sheet on the scene, with its shadow, in place.

    Args:
        rng: source of chance.
        scene: what lies there already; changed.
        sheet: the picture of the sheet.
        mask: 255 where there is paper.
        corners: where the corners of the sheet's picture fall.

    Returns:
        The homography from sheet pixels to scene pixels.
    """
    height, width = sheet.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    size = (scene.shape[1], scene.shape[0])
    laid = cv2.warpPerspective(mask, matrix, size, flags=cv2.INTER_AREA)
    small = cv2.resize(laid, (size[0] // 4, size[1] // 4), interpolation=cv2.INTER_AREA)
    offset = np.array([[1, 0, rng.uniform(-4, 4)], [0, 1, rng.uniform(-1, 4)]], np.float32)
    soft = cv2.GaussianBlur(cv2.warpAffine(small, offset, small.shape[::-1]), (0, 0), rng.uniform(1.5, 5))
    shadow = cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR).astype(np.float32) * (0.5 / 255)
    warped = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    alpha = (cv2.GaussianBlur(laid, (0, 0), 0.8).astype(np.float32) / 255)[:, :, None]
    under = scene.astype(np.float32) * (1 - shadow)[:, :, None]
    scene[:] = np.clip(under + (warped.astype(np.float32) - under) * alpha, 0, 255).astype(np.uint8)
    return np.asarray(matrix, np.float64)


_SKINS = ((120, 150, 205), (90, 120, 175), (60, 80, 120), (140, 170, 225), (45, 60, 90), (150, 180, 232))


def add_finger(rng: Random, scene: Picture, corners: Matrix) -> None:
    """A thumb or two fingers over an edge of the sheet, shaded, away from the middle."""
    left = rng.random() < 0.5
    edge = (corners[0], corners[3]) if left else (corners[1], corners[2])
    skin = np.array(rng.choice(_SKINS), np.float32)
    size = scene.shape[0] * rng.uniform(0.026, 0.04)
    start = rng.uniform(0.55, 0.92)
    for number in range(rng.choice((1, 1, 2))):
        x, y = edge[0] + (edge[1] - edge[0]) * min(0.97, start + number * 0.06)
        out = -1.0 if left else 1.0
        tip = np.array([x - out * size * rng.uniform(0.2, 0.7), y])
        base = np.array([x + out * size * 6, y + rng.uniform(-1.5, 3.5) * size])
        mask = np.zeros(scene.shape[:2], np.uint8)
        cv2.line(mask, tuple(int(v) for v in tip), tuple(int(v) for v in base), 255, int(size * 1.5), cv2.LINE_AA)
        x0, y0, w, h = cv2.boundingRect(mask)
        if w == 0 or h == 0:
            continue
        part = scene[y0 : y0 + h, x0 : x0 + w]
        own = mask[y0 : y0 + h, x0 : x0 + w]
        depth = cv2.GaussianBlur(own, (0, 0), size * 0.45).astype(np.float32) / 255
        shade = (0.62 + 0.5 * depth)[:, :, None]
        alpha = (cv2.GaussianBlur(own, (0, 0), 1.2).astype(np.float32) / 255)[:, :, None]
        part[:] = np.clip(part + (skin * shade - part) * alpha, 0, 255).astype(np.uint8)
        nail = tuple(int(v) for v in tip - np.array([x0, y0]) + np.array([out * size * 0.12, 0]))
        layer = part.copy()
        cv2.ellipse(
            layer,
            nail,
            (int(size * 0.42), int(size * 0.36)),
            0,
            0,
            360,
            tuple(float(min(255, c + 26)) for c in skin),
            -1,
            cv2.LINE_AA,
        )
        part[:] = cv2.addWeighted(layer, 0.6, part, 0.4, 0)


def _light_field(rng: Random, width: int, height: int, light: Light) -> Picture:
    """How bright every point is: lamp to one side, vignette, shadows of things and of whoever takes the photo."""
    scale = 8
    ys, xs = np.mgrid[0 : height // scale + 1, 0 : width // scale + 1].astype(np.float32)
    xs, ys = xs * scale / width - 0.5, ys * scale / height - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    field = 1 + (xs * np.cos(angle) + ys * np.sin(angle)) * light.shade * 1.3
    if light.shade > 0.12:
        centre, direction = rng.uniform(-0.2, 0.35), rng.uniform(0, 2 * np.pi)
        edge = xs * np.cos(direction) + ys * np.sin(direction) - centre
        field *= 1 - light.shade * (1 / (1 + np.exp(-edge * rng.uniform(18, 60))))
    if rng.random() < light.cast:
        mask = np.zeros(field.shape, np.uint8)
        tall, wide = mask.shape
        x, y = rng.uniform(0.1, 0.9) * wide, rng.uniform(0.35, 1.0) * tall
        if rng.random() < 0.5:  # a telephone
            box = cv2.boxPoints(
                ((x, y), (wide * rng.uniform(0.3, 0.5), tall * rng.uniform(0.35, 0.6)), rng.uniform(-35, 35))
            )
            cv2.fillPoly(mask, [box.astype(np.int32)], 255)
        else:  # a head or a hand with its arm
            cv2.ellipse(
                mask,
                (int(x), int(y)),
                (int(wide * rng.uniform(0.15, 0.3)), int(tall * rng.uniform(0.12, 0.25))),
                rng.uniform(-40, 40),
                0,
                360,
                255,
                -1,
            )
            cv2.line(
                mask,
                (int(x), int(y)),
                (int(x + rng.uniform(-0.3, 0.3) * wide), tall),
                255,
                int(wide * rng.uniform(0.12, 0.35)),
            )
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(1.5, 14)).astype(np.float32) / 255
        field *= 1 - soft * rng.uniform(0.25, 0.5)
    field *= 1 - 0.32 * (xs**2 + ys**2)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _glare(rng: Random, image: Picture, strength: float) -> None:
    """A blinding spot of a lamp or a window."""
    height, width = image.shape[:2]
    scale = 8
    spot = np.zeros((height // scale + 1, width // scale + 1), np.float32)
    centre = (int(rng.uniform(0.15, 0.85) * spot.shape[1]), int(rng.uniform(0.1, 0.9) * spot.shape[0]))
    axes = (int(spot.shape[1] * rng.uniform(0.04, 0.14)), int(spot.shape[0] * rng.uniform(0.03, 0.1)))
    cv2.ellipse(spot, centre, axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    spot = cv2.GaussianBlur(spot, (0, 0), max(2.0, axes[0] * rng.uniform(0.4, 0.9)))
    wide = cv2.resize(spot, (width, height), interpolation=cv2.INTER_LINEAR)
    image += wide[:, :, None] * (255 * strength)


def _blur(rng: Random, image: Picture, light: Light) -> Picture:
    if light.blur <= 0:
        return image
    if rng.random() < light.motion:
        length = max(3, int(light.blur * 4) | 1)
        kernel: Picture = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        spin = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
        strokes: Picture = cv2.warpAffine(kernel, spin, (length, length))
        image = cv2.filter2D(image, -1, np.asarray(strokes / max(float(strokes.sum()), 1e-6), np.float32))
    else:
        image = cv2.GaussianBlur(image, (0, 0), light.blur)
    if light.defocus and rng.random() < 0.5:
        height, width = image.shape[:2]
        soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1) * light.defocus)
        across = np.linspace(
            rng.uniform(-0.6, 0), rng.uniform(0.6, 1), width if rng.random() < 0.4 else height, dtype=np.float32
        )
        if rng.random() < 0.5:
            across = across[::-1]
        ramp = np.clip(across, 0, 1)
        field = ramp[None, :, None] if len(ramp) == width and width != height else ramp[:, None, None]
        image = image + (soft - image) * field
    return np.asarray(image, np.float32)


def expose(rng: Random, scene: Picture, light: Light) -> Picture:
    """The scene under uneven light, through a lens, on a sensor."""
    height, width = scene.shape[:2]
    noise = np.random.default_rng(rng.getrandbits(32))
    field = _light_field(rng, width, height, light) * np.float32(light.gain)
    warm = rng.uniform(-0.1, 0.05)
    image: Picture = scene.astype(np.float32)
    image *= np.stack([field * (1 + warm), field, field * (1 - warm * 0.7)], axis=2)
    if rng.random() < light.glare:
        _glare(rng, image, rng.uniform(0.3, 0.9))
    image = _blur(rng, image, light)
    if rng.random() < 0.5:
        grain: Picture = noise.standard_normal((height, width, 1), dtype=np.float32) * np.float32(light.noise)
    else:
        small = noise.standard_normal((height // 2 + 1, width // 2 + 1, 3), dtype=np.float32) * np.float32(
            light.noise * 1.3
        )
        grain = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


def take_photo(rng: Random, sheets: Sequence[Worn], light: Light) -> tuple[Picture, list[PointMap]]:
    """A photo of one sheet, or of two side by side that may touch.

    Args:
        rng: source of chance.
        sheets: one or two sheets, large enough for the frame.
        light: how the photo is taken.

    Returns:
        The photo, and for each sheet a function from points of the sheet (n x 2 pixels) to points of the photo.
    """
    first = sheets[0].picture
    landscape = len(sheets) == 2 or first.shape[1] > first.shape[0] * 1.2
    short = int(light.long_side * rng.choice((0.75, 0.75, 0.75, 0.5625)))
    width, height = (light.long_side, short) if landscape else (short, light.long_side)
    if len(sheets) == 2:
        width, height = light.long_side, int(light.long_side * 0.75)
    scene = draw_table(rng, width, height)
    maps: list[PointMap] = []
    near = rng.choice((0.0, 0.0, 0.012)) if len(sheets) == 2 else 0.0
    for index, worn in enumerate(sheets):
        flat = worn.picture
        surface = draw_surface(rng, light.surface, flat.shape[0] / flat.shape[1])
        sheet, mask, bend = bend_sheet(flat, surface)
        if worn.gone is not None:
            hole, _, _ = bend_sheet(255 - worn.gone, surface)
            mask = np.minimum(mask, np.where(hole > 90, 255, 0).astype(np.uint8))
        two = len(sheets) == 2
        centre = ((0.26 + near, 0.5), (0.74 - near, 0.5))[index] if two else (0.5, 0.5)
        room = (0.5, 1.0) if two else (1.0, 1.0)
        corners = sheet_corners(rng, light, (sheet.shape[1], sheet.shape[0]), (width, height), centre, room)
        matrix = place_sheet(rng, scene, sheet, mask, corners)
        if rng.random() < light.fingers:
            add_finger(rng, scene, corners)
        maps.append(chain(bend, perspective(matrix)))
    return expose(rng, scene, light), maps
