"""Paper that does not lie flat: curls, rolls, folds and crumples, with the exact way of every point.

The height of the paper is a sum of ridges (folds) and waves (curls). Seen a little from the side, every point moves in
proportion to the height; in slanting light, every slope is lighter or darker.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from samples.moves import Matrix, Picture, PointMap

#: Pixels between two points where the surface is computed; between them it is interpolated.
_STEP = 12


@dataclass(frozen=True)
class Surface:
    """A paper's height over a sheet whose width is 1.

    Attributes:
        ridges: fold lines (nx, ny, c, a): height a * |nx x + ny y - c|.
        waves: curls (kx, ky, phase, a): height a * sin(2 pi (kx x + ky y) + phase).
        lean: how far points move for a height of 1, in x and y.
        light: how much a slope of 1 brightens, in x and y.
    """

    ridges: tuple[tuple[float, float, float, float], ...] = ()
    waves: tuple[tuple[float, float, float, float], ...] = ()
    lean: tuple[float, float] = (0.0, 0.0)
    light: tuple[float, float] = (0.0, 0.0)

    @property
    def flat(self) -> bool:
        """True when there is nothing to bend."""
        return not self.ridges and not self.waves

    def height(self, x: Picture, y: Picture) -> Picture:
        """Height at points given in widths of the sheet."""
        total = np.zeros(np.broadcast(x, y).shape, np.float64)
        for nx, ny, c, a in self.ridges:
            total += a * np.abs(nx * x + ny * y - c)
        for kx, ky, phase, a in self.waves:
            total += a * np.sin(2 * np.pi * (kx * x + ky * y) + phase)
        return total

    def shade(self, x: Picture, y: Picture) -> Picture:
        """Brightness at points, 1 for flat paper."""
        total = np.ones(np.broadcast(x, y).shape, np.float64)
        for nx, ny, c, a in self.ridges:
            side = np.tanh((nx * x + ny * y - c) * 160)
            total += a * side * (nx * self.light[0] + ny * self.light[1])
        for kx, ky, phase, a in self.waves:
            slope = 2 * np.pi * a * np.cos(2 * np.pi * (kx * x + ky * y) + phase)
            total += slope * (kx * self.light[0] + ky * self.light[1])
        return np.clip(total, 0.35, 1.35)


def draw_surface(rng: Random, severity: str, ratio: float) -> Surface:
    """How a sheet lies, by severity: nearly flat, gently curled or folded, or crumpled.

    Args:
        rng: source of chance.
        severity: see ``samples.degrade``.
        ratio: height of the sheet over its width.
    """
    strength = {"clean": 0.25, "usual": 1.0, "hard": 2.2, "illegible": 1.0}[severity]
    ridges: list[tuple[float, float, float, float]] = []
    waves: list[tuple[float, float, float, float]] = []
    kinds = ["flat", "curl", "curl", "folds", "roll"] + (["crumple", "page", "crumple"] if severity == "hard" else [])
    kind = rng.choice(kinds)
    if kind in ("curl", "roll", "page"):
        along = rng.random() < 0.5
        count = rng.uniform(0.4, 0.75) if kind != "page" else rng.uniform(0.3, 0.45)
        height = strength * rng.uniform(0.008, 0.022) * (1.5 if kind != "curl" else 1)
        kx, ky = (count, 0.0) if along else (0.0, count / ratio)
        waves.append((kx, ky, rng.uniform(0, 2 * np.pi), height))
        if kind == "page":
            waves.append((2.2 * kx, 2.2 * ky, rng.uniform(0, 2 * np.pi), height / 4))
    if kind == "folds" or (kind == "curl" and rng.random() < 0.3):
        thirds = rng.random() < 0.5
        for c in (ratio / 3, 2 * ratio / 3) if thirds else (ratio / 2,):
            sign = rng.choice((-1, 1))
            ridges.append((0.0, 1.0, c + rng.uniform(-0.01, 0.01), sign * strength * rng.uniform(0.02, 0.055)))
        if not thirds and rng.random() < 0.5:
            ridges.append(
                (1.0, 0.0, 0.5 + rng.uniform(-0.02, 0.02), rng.choice((-1, 1)) * strength * rng.uniform(0.015, 0.045))
            )
    if kind == "crumple":
        for _ in range(rng.randint(7, 16)):
            angle = rng.uniform(0, np.pi)
            nx, ny = float(np.cos(angle)), float(np.sin(angle))
            x, y = rng.random(), rng.random() * ratio
            ridges.append((nx, ny, nx * x + ny * y, rng.choice((-1, 1)) * rng.uniform(0.015, 0.045)))
    angle, slant = rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi)
    lean, light = rng.uniform(0.3, 0.8), rng.uniform(0.7, 1.6)
    return Surface(
        tuple(ridges),
        tuple(waves),
        (lean * float(np.cos(angle)), lean * float(np.sin(angle))),
        (light * float(np.cos(slant)), light * float(np.sin(slant))),
    )


def bend_sheet(
    picture: Picture, surface: Surface, margin: tuple[float, float, float] = (255, 255, 255)
) -> tuple[Picture, Picture, PointMap]:
    """A sheet bent and shaded.

    Args:
        picture: the flat sheet.
        surface: how it lies.
        margin: colour of what comes in from outside.

    Returns:
        The picture of the bent sheet, a mask of where the sheet is (255), and where its points went.
    """
    height, width = picture.shape[:2]
    whole = np.full((height, width), 255, np.uint8)
    if surface.flat:
        return picture, whole, lambda points: points
    middle = float(surface.height(np.array(0.5), np.array(height / width / 2)))

    def move(points: Matrix) -> Matrix:
        lift = (surface.height(points[:, 0] / width, points[:, 1] / width) - middle) * width
        return np.asarray(points + lift[:, None] * np.array(surface.lean), np.float64)

    xs = np.arange(0, width + _STEP, _STEP, dtype=np.float64)
    ys = np.arange(0, height + _STEP, _STEP, dtype=np.float64)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    source = grid.copy()
    for _ in range(6):
        source = grid - (move(source) - source)
    size = (len(xs), len(ys))
    maps = [_spread(source[:, axis].reshape(size[1], size[0]), width, height) for axis in (0, 1)]
    bent = cv2.remap(picture, maps[0], maps[1], cv2.INTER_LINEAR, borderValue=margin)
    mask = cv2.remap(whole, maps[0], maps[1], cv2.INTER_LINEAR, borderValue=0)
    light = surface.shade(source[:, 0] / width, source[:, 1] / width).reshape(size[1], size[0])
    shade = _spread(light, width, height)
    bent = cv2.multiply(bent.astype(np.float32), cv2.merge([shade] * 3) if bent.ndim == 3 else shade)
    return np.asarray(np.clip(bent, 0, 255), np.uint8), np.asarray(mask, np.uint8), move


def _spread(coarse: Picture, width: int, height: int) -> Picture:
    """Values known every ``_STEP`` pixels, at every pixel."""
    affine = np.array([[_STEP, 0, 0], [0, _STEP, 0]], np.float32)
    return np.asarray(
        cv2.warpAffine(
            coarse.astype(np.float32), affine, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )
