"""What a telephone sees: a sheet on a table, in perspective, in uneven light; and where every point of it went."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]
Matrix = NDArray[Any]


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
        curl: bend of the sheet as a share of its height.
        fingers: whether a finger holds the sheet.
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
    curl: float = 0.0
    fingers: bool = False
    quality: int = 72


def draw_table(rng: Random, width: int, height: int) -> Picture:
    """A table top: wood, cloth, stone or something dark."""
    noise = np.random.default_rng(rng.getrandbits(32))
    image: Picture
    kind = rng.choice(("wood", "wood", "cloth", "stone", "dark", "plain"))
    if kind == "wood":
        base = np.array(rng.choice(((62, 98, 142), (40, 66, 98), (96, 140, 178), (70, 84, 110))), dtype=np.float32)
        grain: Picture = noise.normal(0, 1, (max(8, height // 60), width // 3)).astype(np.float32)
        grain = cv2.GaussianBlur(cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC), (0, 0), 2)
        fine = cv2.GaussianBlur(noise.normal(0, 1, (height, width)).astype(np.float32), (0, 0), sigmaX=14, sigmaY=0.8)
        image = base[None, None, :] + (grain * 11 + fine * 40)[:, :, None]
        for x in range(rng.randint(80, 260), width, rng.randint(260, 520)):
            image[:, x : x + 3] -= 26
        if rng.random() < 0.5:
            image = np.ascontiguousarray(cv2.resize(image.transpose(1, 0, 2), (width, height)))
    elif kind == "cloth":
        image = np.full((height, width, 3), rng.choice(((150, 160, 190), (190, 180, 150), (120, 150, 120))), np.float32)
        step, tint = rng.randint(24, 90), np.array([rng.randint(-60, 30) for _ in range(3)], np.float32)
        for start in range(0, max(width, height), step * 2):
            image[start : start + step] += tint / 2
            image[:, start : start + step] += tint / 2
        image += noise.normal(0, 7, (height, width, 1)).astype(np.float32)
    elif kind == "stone":
        spots = cv2.GaussianBlur(noise.normal(0, 60, (height, width)).astype(np.float32), (0, 0), rng.uniform(1.5, 5))
        image = np.full((height, width, 3), rng.choice((150, 178, 110)), np.float32) + spots[:, :, None] * 1.6
    else:
        level = (38, 36, 40) if kind == "dark" else rng.choice(((205, 205, 200), (170, 178, 186), (160, 140, 120)))
        image = np.full((height, width, 3), level, np.float32) + noise.normal(0, 4, (height, width, 1)).astype(
            np.float32
        )
    return np.clip(image, 0, 255).astype(np.uint8)


def bend(picture: Picture, strength: float, axis_shift: float) -> Picture:
    """The sheet bent along its width: every column slides down by a part of a sine."""
    height, width = picture.shape[:2]
    columns = np.arange(width, dtype=np.float32)
    slide = strength * height * np.sin(np.pi * (columns / width + axis_shift))
    xs, ys = np.meshgrid(columns, np.arange(height, dtype=np.float32))
    return np.asarray(
        cv2.remap(picture, xs, ys - slide[None, :], cv2.INTER_LINEAR, borderValue=(255, 255, 255)), np.uint8
    )


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


def place_sheet(rng: Random, scene: Picture, sheet: Picture, corners: Matrix) -> Matrix:
    """Lays a sheet on the scene, with its shadow, in place.

    Returns:
        The homography from sheet pixels to scene pixels.
    """
    height, width = sheet.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    size = (scene.shape[1], scene.shape[0])
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    offset = np.array([[1, 0, rng.uniform(-14, 14)], [0, 1, rng.uniform(4, 16)]], np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(mask, offset, size), (0, 0), rng.uniform(8, 20)).astype(np.float32) / 255
    darkened = scene.astype(np.float32) * (1 - 0.5 * shadow[:, :, None])
    warped = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    alpha = (cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32) / 255)[:, :, None]
    scene[:] = np.clip(darkened * (1 - alpha) + warped.astype(np.float32) * alpha, 0, 255).astype(np.uint8)
    return np.asarray(matrix, np.float64)


def add_finger(rng: Random, scene: Picture, corners: Matrix) -> None:
    """A thumb over an edge of the sheet, away from the middle."""
    left = rng.random() < 0.5
    edge = (corners[0], corners[3]) if left else (corners[1], corners[2])
    along = rng.uniform(0.62, 0.9)
    x, y = edge[0] + (edge[1] - edge[0]) * along
    size = scene.shape[0] * rng.uniform(0.026, 0.036)
    skin = rng.choice(((120, 150, 205), (90, 120, 175), (60, 80, 120), (140, 170, 225)))
    layer = scene.copy()
    angle = rng.uniform(-25, 25) + (0 if left else 180)
    reach = int(x + (-size * 1.6 if left else size * 1.6)), int(y)
    cv2.ellipse(layer, reach, (int(size * 2.1), int(size)), angle, 0, 360, skin, -1, cv2.LINE_AA)
    nail = int(x + (size * 0.02 if left else -size * 0.02)), int(y)
    cv2.ellipse(
        layer,
        nail,
        (int(size * 0.42), int(size * 0.5)),
        angle,
        0,
        360,
        tuple(min(255, c + 25) for c in skin),
        -1,
        cv2.LINE_AA,
    )
    scene[:] = cv2.addWeighted(layer, 0.96, scene, 0.04, 0)


def expose(rng: Random, scene: Picture, light: Light) -> Picture:
    """The scene under uneven light, through a lens, on a sensor."""
    height, width = scene.shape[:2]
    noise = np.random.default_rng(rng.getrandbits(32))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    ramp = ((xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle)) * light.shade * 1.3
    field = 1 + ramp
    if light.shade > 0.12:
        centre, direction = rng.uniform(-0.2, 0.35), rng.uniform(0, 2 * np.pi)
        edge = (xs / width - 0.5) * np.cos(direction) + (ys / height - 0.5) * np.sin(direction) - centre
        field *= 1 - light.shade * (1 / (1 + np.exp(-edge * rng.uniform(18, 60))))
    radius = ((xs / width - 0.5) ** 2 + (ys / height - 0.5) ** 2) * 2
    field *= 1 - 0.16 * radius
    image: Picture = scene.astype(np.float32) * (field * light.gain)[:, :, None]
    image *= np.array([rng.uniform(0.9, 1.02), 1.0, rng.uniform(0.95, 1.06)], np.float32)
    if light.blur > 0:
        if light.blur > 1.4 and rng.random() < 0.5:
            length = max(3, int(light.blur * 4) | 1)
            kernel: Picture = np.zeros((length, length), np.float32)
            kernel[length // 2] = 1 / length
            spin = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
            strokes: Picture = cv2.warpAffine(kernel, spin, (length, length))
            image = cv2.filter2D(image, -1, np.asarray(strokes / max(float(strokes.sum()), 1e-6), np.float32))
        else:
            image = cv2.GaussianBlur(image, (0, 0), light.blur)
    grain = noise.normal(0, light.noise, image.shape).astype(np.float32)
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


def take_photo(rng: Random, sheets: list[Picture], light: Light) -> tuple[Picture, list[Any]]:
    """A photo of one sheet, or of two side by side.

    Args:
        rng: source of chance.
        sheets: one or two pictures of flat sheets, large enough for the frame.
        light: how the photo is taken.

    Returns:
        The photo, and for each sheet a function from points of the sheet (n x 2 pixels) to points of the photo.
    """
    landscape = len(sheets) == 2 or sheets[0].shape[1] > sheets[0].shape[0] * 1.2
    short = int(light.long_side * 0.75)
    width, height = (light.long_side, short) if landscape else (short, light.long_side)
    scene = draw_table(rng, width, height)
    maps = []
    for index, flat in enumerate(sheets):
        sheet, axis = flat, rng.uniform(-0.1, 0.1)
        if light.curl:
            sheet = bend(flat, light.curl, axis)
        two = len(sheets) == 2
        centre = ((0.26, 0.5), (0.74, 0.5))[index] if two else (0.5, 0.5)
        room = (0.5, 1.0) if two else (1.0, 1.0)
        corners = sheet_corners(rng, light, (sheet.shape[1], sheet.shape[0]), (width, height), centre, room)
        matrix = place_sheet(rng, scene, sheet, corners)
        if light.fingers and rng.random() < 0.8:
            add_finger(rng, scene, corners)
        maps.append(_point_map(matrix, light.curl, axis, sheet.shape[:2]))
    return expose(rng, scene, light), maps


def _point_map(matrix: Matrix, curl: float, axis: float, shape: tuple[int, ...]) -> Any:
    height, width = shape

    def move(points: Matrix) -> Matrix:
        moved = points.astype(np.float64).copy()
        if curl:
            moved[:, 1] += curl * height * np.sin(np.pi * (moved[:, 0] / width + axis))
        return np.asarray(cv2.perspectiveTransform(moved[None].astype(np.float64), matrix)[0], np.float64)

    return move
