"""Pictures of pages, small enough for lists."""

from __future__ import annotations

import io

from PIL import Image

#: Long side of a thumbnail in pixels: shown at half of that, for screens with fine pixels.
_SIDE, _QUALITY = 400, 70


def shrink_picture(jpeg: bytes) -> bytes:
    """The preview of a page as a thumbnail (JPEG both): a fraction of what a telephone would fetch."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        picture.draft("RGB", (_SIDE, _SIDE))  # the decoder itself leaves out what is not needed
        picture.thumbnail((_SIDE, _SIDE))
        target = io.BytesIO()
        picture.convert("RGB").save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
