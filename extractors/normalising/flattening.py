"""One resampling from the received picture to the upright page: perspective, turn, tilt, bend and size together."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.frames import BentWay, Homography, Pixels, Way, map_points, scale_by, shift_by, undo_quarter_turn
from extractors.normalising.sheet_proposals import Corners

#: Pixels between the points of the grid on which a bend is worked out.
_GRID = 16


def outline_sheet(corners: Corners) -> tuple[Homography, int, int]:
    """From the sheet as seen from above to the picture where it was found, at the resolution of that picture.

    Args:
        corners: of the sheet on the picture, clockwise from the top left.

    Returns:
        The homography, and width and height of the sheet, in pixels.
    """
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    rectangle = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    return cv2.getPerspectiveTransform(rectangle, corners.astype(np.float32)).astype(np.float64), width, height


def turn_and_scale(width: int, height: int, rotation: int, skew: float, factor: float) -> tuple[Homography, int, int]:
    """From an upright page back to a page that lies turned, tilted and of another size.

    Args:
        width: of the page that lies, in pixels.
        height: of the page that lies, in pixels.
        rotation: quarter turn, in degrees clockwise, that brings it upright.
        skew: tilt left after that, in degrees clockwise.
        factor: pixels of the upright page for one pixel of the page that lies.

    Returns:
        The homography, and width and height of the upright page.
    """
    turned = (height, width) if rotation % 180 else (width, height)
    angle = np.radians(skew)
    cos, sin = abs(float(np.cos(angle))), abs(float(np.sin(angle)))
    full_width, full_height = turned[0] * cos + turned[1] * sin, turned[0] * sin + turned[1] * cos
    tilt = np.array([[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]])
    centred = shift_by(turned[0] / 2, turned[1] / 2) @ tilt @ shift_by(-full_width / 2, -full_height / 2)
    homography = undo_quarter_turn(rotation, width, height) @ centred @ scale_by(1 / factor)
    return homography, max(1, round(full_width * factor)), max(1, round(full_height * factor))


def resample(pixels: Pixels, to_source: Way, width: int, height: int, *, rough: bool = False) -> Pixels:
    """The picture seen through a way, the rim continued outwards.

    Args:
        pixels: of the source.
        to_source: from the wanted pixels to the ones of the source.
        width: wanted, in pixels.
        height: wanted, in pixels.
        rough: sooner than sharp, for measuring.
    """
    zoom = _measure_zoom(to_source, width, height)
    if zoom > 1.4:  # shrinking by interpolation alone would drop thin strokes
        reduced = (max(1, round(pixels.shape[1] / zoom)), max(1, round(pixels.shape[0] / zoom)))
        to_source = _follow(scale_by(reduced[0] / pixels.shape[1], reduced[1] / pixels.shape[0]), to_source)
        pixels = np.asarray(cv2.resize(pixels, reduced, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    kind = cv2.INTER_LINEAR if rough else cv2.INTER_CUBIC
    if _is_only_scale(to_source, pixels, width, height):
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=kind), dtype=np.uint8)
    # Our coordinates run from edge to edge of a pixel, OpenCV's from centre to centre.
    to_source = _follow(shift_by(-0.5, -0.5), to_source @ shift_by(0.5, 0.5))
    if isinstance(to_source, BentWay):
        across, down = _draw_map(to_source, width, height)
        seen = cv2.remap(pixels, across, down, kind, borderMode=cv2.BORDER_REPLICATE)
    elif np.allclose(to_source[2, :2], 0.0):
        affine = to_source[:2] / to_source[2, 2]
        seen = cv2.warpAffine(
            pixels, affine, (width, height), flags=cv2.WARP_INVERSE_MAP | kind, borderMode=cv2.BORDER_REPLICATE
        )
    else:
        seen = cv2.warpPerspective(
            pixels, to_source, (width, height), flags=cv2.WARP_INVERSE_MAP | kind, borderMode=cv2.BORDER_REPLICATE
        )
    return np.asarray(seen, dtype=np.uint8)


def _is_only_scale(way: Way, pixels: Pixels, width: int, height: int) -> bool:
    """Whether the whole picture is wanted in another size: there is a sooner way to that."""
    if isinstance(way, BentWay):
        return False
    whole = scale_by(pixels.shape[1] / width, pixels.shape[0] / height)
    # Sizes are whole pixels: at the far end that makes up to half a pixel of the source.
    return bool(np.abs((way - whole) @ [width, height, 0]).max() <= 0.5 and np.allclose(way[:, 2], [0, 0, 1]))


def _follow(homography: Homography, way: Way) -> Way:
    """A way, and a homography after it."""
    return BentWay(homography @ way.outer, way.bend, way.inner) if isinstance(way, BentWay) else homography @ way


def _measure_zoom(way: Way, width: int, height: int) -> float:
    """Pixels of the source for one wanted pixel, along a line, in the middle of the picture."""
    corners = [(width / 2, height / 2), (width / 2 + 8, height / 2), (width / 2, height / 2 + 8)]
    middle, right, below = np.array(map_points(way, corners))
    (a, b), (c, d) = right - middle, below - middle
    return float(np.sqrt(abs(a * d - b * c))) / 8.0


def _draw_map(way: BentWay, width: int, height: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where each wanted pixel comes from, x and y: worked out on a coarse grid, drawn between its points."""
    columns, rows = width // _GRID + 2, height // _GRID + 2
    # Enlarging by resize puts a point of the grid in the middle of its square.
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) * _GRID + (_GRID - 1) / 2.0
    coarse = way.map(grid.reshape(-1, 2).astype(np.float64)).reshape(rows, columns, 2).astype(np.float32)
    x, y = (
        cv2.resize(coarse[..., axis], (columns * _GRID, rows * _GRID), interpolation=cv2.INTER_LINEAR)
        for axis in (0, 1)
    )
    return np.asarray(x[:height, :width], dtype=np.float32), np.asarray(y[:height, :width], dtype=np.float32)
