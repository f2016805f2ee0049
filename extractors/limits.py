"""How much one file may cost us, and what is done for it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done to a picture besides having the first reader read it; left out only to measure what it is worth.

    Attributes:
        find_sheets: look for the sheet of paper on the picture.
        second_reader: read lines in doubt again.
        stamps: read what stands askew or in a frame.
    """

    find_sheets: bool = True
    second_reader: bool = True
    stamps: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a file that we agree to read; the defaults are those of ``schemas.settings``.

    Attributes:
        max_file_bytes: size of the file as received.
        max_pages: pages of a PDF or frames of a TIFF.
        max_pixels: width x height of one picture, or of one picture inside a PDF.
        page_seconds: time that one OCR run on one page may take.
        steps: all of them, outside measurements.
    """

    max_file_bytes: int = 20_000_000
    max_pages: int = 60
    max_pixels: int = 120_000_000
    page_seconds: float = 60.0
    steps: Steps = Steps()

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """The bounds of this installation."""
        return cls(max_file_bytes=settings.max_file_bytes, max_pages=settings.max_pages, max_pixels=settings.max_pixels)
