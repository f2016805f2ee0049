"""Pictures that remember where they come from.

Every step of the normalising chain makes a new picture. Each keeps the homography that takes its own pixels to the
received frame (see ``schemas.geometry``), so that a word found at the end of the chain can be shown on the page
that the member sent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.geometry import Box, Point, Polygon

#: A 3x3 matrix on homogeneous coordinates (x, y, 1).
Homography = npt.NDArray[np.float64]
#: Grey (height, width) or RGB (height, width, 3), 8 bits.
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """Pixels and the way back.

    Attributes:
        pixels: grey or RGB, 8 bits.
        to_received: from pixel coordinates here to the received frame.
    """

    pixels: Pixels
    to_received: Homography

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def derive(self, pixels: npt.NDArray[Any], to_here: Homography) -> Picture:
        """A picture made from this one.

        Args:
            pixels: of the new picture.
            to_here: from its pixel coordinates to the ones of this picture.
        """
        return Picture(np.ascontiguousarray(pixels, dtype=np.uint8), self.to_received @ to_here)


def scale_by(x: float, y: float | None = None) -> Homography:
    """Multiply coordinates."""
    return np.diag([x, x if y is None else y, 1.0])


def shift_by(x: float, y: float) -> Homography:
    """Add to coordinates."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def undo_quarter_turn(rotation: int, width: float, height: float) -> Homography:
    """From a page turned clockwise by ``rotation`` back to the page before the turn.

    Args:
        rotation: 0, 90, 180 or 270 degrees clockwise.
        width: of the page before the turn.
        height: of the page before the turn.
    """
    if rotation == 90:
        return np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]])
    if rotation == 180:
        return np.array([[-1.0, 0.0, width], [0.0, -1.0, height], [0.0, 0.0, 1.0]])
    if rotation == 270:
        return np.array([[0.0, -1.0, width], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    return np.eye(3)


def map_points(homography: Homography, points: Sequence[tuple[float, float]]) -> list[Point]:
    """Points after a homography."""
    flat = np.asarray(points, dtype=np.float64)
    mapped = np.column_stack([flat, np.ones(len(flat))]) @ homography.T
    mapped = mapped[:, :2] / mapped[:, 2:3]
    return [Point(round(float(x), 2), round(float(y), 2)) for x, y in mapped]


def map_box(homography: Homography, box: Box) -> Polygon:
    """The corners of a box after a homography, clockwise from the top left of the text."""
    a, b, c, d = map_points(homography, box.to_polygon())
    return (a, b, c, d)


def measure_rotation(to_received: Homography, width: float, height: float) -> int:
    """Quarter turns, in degrees clockwise, that bring the received page upright.

    Args:
        to_received: from the upright frame to the received one.
        width: of the upright frame.
        height: of the upright frame.
    """
    left, right = map_points(to_received, [(0.0, height / 2), (width, height / 2)])
    runs = math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    return round(-runs / 90.0) % 4 * 90
