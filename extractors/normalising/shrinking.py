"""Smaller copies of a picture: each pixel the mean of those that it stands for.

OpenCV takes means of whole blocks of pixels ten times sooner than means over parts of pixels.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.frames import Pixels


def shrink(pixels: Pixels, step: int) -> Pixels:
    """A copy with one pixel for each block of ``step`` by ``step``; what fills no block at the far ends is left out.

    Args:
        pixels: grey or RGB.
        step: 1 gives the picture itself.
    """
    if step == 1:
        return pixels
    height, width = max(1, pixels.shape[0] // step), max(1, pixels.shape[1] // step)
    blocks = pixels[: height * step, : width * step]
    return np.asarray(cv2.resize(blocks, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def shrink_to(pixels: Pixels, width: int, height: int) -> Pixels:
    """A copy of any smaller size: most of the way in whole blocks.

    Args:
        pixels: grey or RGB.
        width: wanted, in pixels.
        height: wanted, in pixels.
    """
    step = max(1, min(pixels.shape[0] // height, pixels.shape[1] // width))
    return np.asarray(cv2.resize(shrink(pixels, step), (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
