"""One resampling from the received picture to the upright page: perspective, turn, tilt and size together."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.frames import Homography, Picture, Pixels, scale_by, shift_by, undo_quarter_turn
from extractors.normalising.sheet_proposals import Corners


def flatten_sheet(picture: Picture, corners: Corners) -> Picture:
    """The sheet as seen from above, at the resolution of the picture.

    Args:
        picture: where the sheet was found.
        corners: of the sheet, clockwise from the top left.
    """
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    rectangle = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    to_picture = cv2.getPerspectiveTransform(rectangle, corners.astype(np.float32)).astype(np.float64)
    return picture.derive(resample(picture.pixels, to_picture, width, height), to_picture)


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


def resample(pixels: Pixels, to_source: Homography, width: int, height: int) -> Pixels:
    """The picture seen through a homography, the rim continued outwards.

    Args:
        pixels: of the source.
        to_source: from the wanted pixels to the ones of the source.
        width: wanted, in pixels.
        height: wanted, in pixels.
    """
    zoom = float(np.sqrt(abs(np.linalg.det(to_source[:2, :2]))))
    if zoom > 1.4:  # shrinking by interpolation alone would drop thin strokes
        reduced = (max(1, round(pixels.shape[1] / zoom)), max(1, round(pixels.shape[0] / zoom)))
        to_source = scale_by(reduced[0] / pixels.shape[1], reduced[1] / pixels.shape[0]) @ to_source
        pixels = np.asarray(cv2.resize(pixels, reduced, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    # Our coordinates run from edge to edge of a pixel, OpenCV's from centre to centre.
    to_source = shift_by(-0.5, -0.5) @ to_source @ shift_by(0.5, 0.5)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_CUBIC
    return np.asarray(
        cv2.warpPerspective(pixels, to_source, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )
