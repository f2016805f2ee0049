"""Pictures that remember where they come from.

Every step of the normalising chain makes a new picture. Each keeps the homography that takes its own pixels to the
received frame (see ``schemas.geometry``), so that a word found at the end of the chain can be shown on the page
that the member sent. A sheet that was bent has one smooth slide on that way, see ``Bend``.
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
#: Points, n x 2.
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Bend:
    """How far up or down each point of a straightened page lies on the page before.

    A polynomial without terms in y alone: nothing shows how lines should be spaced.

    Attributes:
        coefficients: of ``Bend.terms``, in pixels.
        width: of the page, in pixels.
        height: of the page, in pixels.
    """

    coefficients: npt.NDArray[np.float64]
    width: float
    height: float

    @staticmethod
    def terms(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """What the slide is a sum of, n x 6, for x and y from -1 to 1 across the page."""
        return np.stack([x, x * y, x**2, x**2 * y, x**3, x**3 * y], axis=-1)

    def slide(self, points: Points) -> npt.NDArray[np.float64]:
        """Pixels that straightened points (n x 2) are moved down to come to the page before."""
        x, y = 2.0 * points[..., 0] / self.width - 1.0, 2.0 * points[..., 1] / self.height - 1.0
        # Beyond the page a polynomial runs away: the rim's slide goes on.
        return np.asarray(self.terms(np.clip(x, -1.0, 1.0), np.clip(y, -1.0, 1.0)) @ self.coefficients)


@dataclass(frozen=True, eq=False, slots=True)
class BentWay:
    """A way to the received frame with a bend on it: first ``inner``, then the slide, then ``outer``."""

    outer: Homography
    bend: Bend
    inner: Homography

    def __matmul__(self, to_here: Homography) -> BentWay:
        """The way from a picture made from this one."""
        return BentWay(self.outer, self.bend, self.inner @ to_here)

    def map(self, points: Points) -> Points:
        """Points (n x 2), in floats."""
        lying = project(self.inner, points)
        lying[:, 1] += self.bend.slide(lying)
        return project(self.outer, lying)


#: From a picture's pixels to the received frame.
Way = Homography | BentWay


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """Pixels and the way back.

    Attributes:
        pixels: grey or RGB, 8 bits.
        to_received: from pixel coordinates here to the received frame.
    """

    pixels: Pixels
    to_received: Way

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def derive(self, pixels: npt.NDArray[Any], to_here: Way) -> Picture:
        """A picture made from this one; only one bend can lie on a way.

        Args:
            pixels: of the new picture.
            to_here: from its pixel coordinates to the ones of this picture.
        """
        if isinstance(to_here, BentWay):
            if isinstance(self.to_received, BentWay):
                raise ValueError("a second bend on the way")
            whole = BentWay(self.to_received @ to_here.outer, to_here.bend, to_here.inner)
            return Picture(np.ascontiguousarray(pixels, dtype=np.uint8), whole)
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


def project(homography: Homography, points: npt.NDArray[Any]) -> Points:
    """Points (n x 2) after a homography, in floats."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:3], dtype=np.float64)


def map_points(way: Way, points: Sequence[tuple[float, float]]) -> list[Point]:
    """Points at the end of a way, to a hundredth of a pixel."""
    flat = np.asarray(points, dtype=np.float64)
    mapped = way.map(flat) if isinstance(way, BentWay) else project(way, flat)
    return [Point(round(float(x), 2), round(float(y), 2)) for x, y in mapped]


def map_box(way: Way, box: Box) -> Polygon:
    """The corners of a box at the end of a way, clockwise from the top left of the text."""
    a, b, c, d = map_points(way, box.to_polygon())
    return (a, b, c, d)


def map_boxes(way: Way, boxes: Sequence[Box]) -> list[Polygon]:
    """``map_box`` of many boxes at once, which is far sooner."""
    corners = map_points(way, [corner for box in boxes for corner in box.to_polygon()])
    return [(corners[i], corners[i + 1], corners[i + 2], corners[i + 3]) for i in range(0, len(corners), 4)]


def measure_rotation(to_received: Way, width: float, height: float) -> int:
    """Quarter turns, in degrees clockwise, that bring the received page upright.

    Args:
        to_received: from the upright frame to the received one.
        width: of the upright frame.
        height: of the upright frame.
    """
    left, right = map_points(to_received, [(0.0, height / 2), (width, height / 2)])
    runs = math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    return round(-runs / 90.0) % 4 * 90
