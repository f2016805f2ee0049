"""How much one file may cost us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a file that we agree to read; the defaults are those of ``schemas.settings``.

    Attributes:
        max_file_bytes: size of the file as received.
        max_pages: pages of a PDF or frames of a TIFF.
        max_pixels: width x height of one picture, or of one picture inside a PDF.
        page_seconds: time that one OCR run on one page may take.
    """

    max_file_bytes: int = 20_000_000
    max_pages: int = 60
    max_pixels: int = 120_000_000
    page_seconds: float = 60.0
