"""Ways that points take from one page to another: functions from n x 2 points to n x 2 points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.geometry import Box

Picture = NDArray[Any]
Matrix = NDArray[Any]
PointMap = Callable[[Matrix], Matrix]


def move_box(move: PointMap, box: Box) -> Box:
    """The upright box around a moved box."""
    corners = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]], np.float64)
    moved = move(corners)
    x0, y0 = moved.min(axis=0)
    x1, y1 = moved.max(axis=0)
    return Box(round(float(x0), 1), round(float(y0), 1), round(float(x1), 1), round(float(y1), 1))


def scale(factor: float) -> PointMap:
    """Points further from, or nearer to, the corner."""
    return lambda points: points * factor


def shift(x: float, y: float) -> PointMap:
    """Points moved by so much."""
    return lambda points: points + np.array([x, y], np.float64)


def perspective(matrix: Matrix) -> PointMap:
    """The way of a 3 x 3 homography."""

    def move(points: Matrix) -> Matrix:
        flat = np.column_stack([points, np.ones(len(points))]) @ matrix.T
        return np.asarray(flat[:, :2] / flat[:, 2:], np.float64)

    return move


def affine(matrix: Matrix) -> PointMap:
    """The way of a 2 x 3 matrix."""
    return lambda points: points @ matrix[:, :2].T + matrix[:, 2]


def chain(*maps: PointMap) -> PointMap:
    """One way after another."""

    def move(points: Matrix) -> Matrix:
        for step in maps:
            points = step(points)
        return points

    return move


def rotate(picture: Picture, degrees: int) -> tuple[Picture, PointMap]:
    """A picture turned clockwise by quarter turns, and where its points went."""
    height, width = picture.shape[:2]
    matrices = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90)), affine(np.array(matrices[degrees], np.float64))
