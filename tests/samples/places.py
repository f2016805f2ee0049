"""What a native PDF really says inside a box."""

from __future__ import annotations

import unicodedata
from typing import Any

from schemas.geometry import Box


def squeeze(text: str) -> str:
    """Text without spaces, case and ligatures, to compare prints."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def text_inside(page: Any, box: Box) -> str:
    """The characters of a pdfplumber page whose centre is in a box, in the order in which they were painted."""
    inside = []
    for char in page.chars:
        if char["size"] > 45:  # a watermark lies under everything
            continue
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1:
            inside.append(char["text"])
    return squeeze("".join(inside))
