"""Perceptual fingerprint of a page, to notice another scan of the same paper (to advise, never to refuse)."""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

from extractors.frames import Pixels


def fingerprint_page(upright: Pixels) -> str | None:
    """64-bit perceptual hash as 16 hex digits, None for a page with nothing on it.

    Args:
        upright: the page, grey or RGB, any size.
    """
    if int(np.ptp(upright)) < 16:
        return None
    return str(imagehash.phash(Image.fromarray(upright).convert("L"), hash_size=8))
