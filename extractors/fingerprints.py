"""Perceptual fingerprint of a page, to notice another scan of the same paper (to advise, never to refuse)."""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

from extractors.frames import Pixels
from extractors.normalising.light import to_grey
from extractors.normalising.shrinking import shrink_to

#: Pages are brought to this size first: the hash looks at a few low frequencies only.
_SIDE = 128


def fingerprint_page(upright: Pixels) -> str | None:
    """64-bit perceptual hash as 16 hex digits, None for a page with nothing on it.

    Args:
        upright: the page, grey or RGB, any size.
    """
    if int(np.ptp(upright[::4, ::4])) < 16 and int(np.ptp(upright)) < 16:
        return None
    small = shrink_to(to_grey(upright), _SIDE, _SIDE)
    return str(imagehash.phash(Image.fromarray(small), hash_size=8))
