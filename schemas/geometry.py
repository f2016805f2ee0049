"""Places on a page.

Two frames are used and never mixed:

* **received**: the page as a viewer shows the file (EXIF orientation applied), pixels for images, points for
  PDF pages, origin top left. Everything that leaves the reading (fields, boxes) is in this frame.
* **upright**: the page after rotation, flattening and scaling, in pixels of the image that was read. Only the
  extractors use it, because lines and columns are straight there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the page: x to the right, y downwards."""

    x: float
    y: float


#: Four corners, clockwise from the top left of the text (so it also tells which way the text runs).
Polygon = tuple[Point, Point, Point, Point]


class Box(NamedTuple):
    """An upright rectangle, ``x0 <= x1`` and ``y0 <= y1``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in the units of the frame."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in the units of the frame."""
        return self.y1 - self.y0

    @property
    def center(self) -> Point:
        """The middle of the box."""
        return Point((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)

    def to_polygon(self) -> Polygon:
        """The four corners, clockwise from the top left."""
        return (
            Point(self.x0, self.y0),
            Point(self.x1, self.y0),
            Point(self.x1, self.y1),
            Point(self.x0, self.y1),
        )


def bound_points(points: Iterable[Point]) -> Box:
    """The smallest box around some points.

    Args:
        points: at least one point.
    """
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def bound_boxes(boxes: Iterable[Box]) -> Box:
    """The smallest box around some boxes (at least one)."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))
