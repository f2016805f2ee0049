"""Where a page drawn without its text has a square full of dots: a code, or something that looks like one."""

from __future__ import annotations

import math

import cv2
import numpy as np

from extractors.frames import Picture, map_points, scale_by
from extractors.normalising.light import to_grey
from schemas.geometry import Box, bound_points

#: Sides of the square of a code in points (8 to 50 mm), and how much longer than wide it may be.
_SHORTEST, _LONGEST, _OBLONG = 23.0, 142.0, 1.3
#: Ink in the square of a code, and how much of its frame the square fills once its dots are joined.
_LEAST_INK, _MOST_INK, _LEAST_FILLED = 0.25, 0.75, 0.85
#: Points between dots of one code, and quiet zone around it.
_DOT_GAP, _QUIET = 4.0, 6.0
#: A page with more squares than this is a chessboard, or an attack.
_MOST_PLACES = 6


def find_squares(bare: Picture) -> list[Box]:
    """Where a page drawn without its text may have a code.

    Args:
        bare: small and clean (not a photo), dark on light.

    Returns:
        Boxes in the received frame with some paper around, at most a handful.
    """
    size = (max(1, bare.width // 2), max(1, bare.height // 2))
    grey = cv2.resize(to_grey(bare.pixels), size, interpolation=cv2.INTER_AREA)
    to_received = bare.to_received @ scale_by(bare.width / size[0], bare.height / size[1])
    left, right = map_points(to_received, [(0.0, 0.0), (1000.0, 0.0)])
    scale = math.dist(left, right) / 1000.0  # points in a pixel
    ink = (grey < 160).astype(np.uint8)
    if not cv2.countNonZero(ink):
        return []
    gap = max(3, round(_DOT_GAP / scale) | 1)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), dtype=np.uint8))
    _, _, blobs, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    places = []
    for x, y, width, height, area in blobs[1:].tolist():
        low, high = min(width, height), max(width, height)
        if not (low * scale >= _SHORTEST and high * scale <= _LONGEST and high <= _OBLONG * low):
            continue
        share = float(ink[y : y + height, x : x + width].mean())
        if area >= _LEAST_FILLED * width * height and _LEAST_INK <= share <= _MOST_INK:
            edge = _QUIET / scale
            corners = [(x - edge, y - edge), (x + width + edge, y + height + edge)]
            places.append(bound_points(map_points(to_received, corners)))
    return places[:_MOST_PLACES]
