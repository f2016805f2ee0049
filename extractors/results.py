"""What comes out of reading one file, light enough for processes that never see a pixel."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.readings import FileReading


@dataclass(frozen=True, slots=True)
class PagePreview:
    """A page as received, small enough for a browser; same frame as the boxes of its words.

    Attributes:
        page: number in the file, from 1.
        width: of the JPEG, in pixels.
        height: of the JPEG, in pixels.
        jpeg: the picture.
    """

    page: int
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A reading with the previews of its pages (none where they were not asked for)."""

    reading: FileReading
    previews: tuple[PagePreview, ...] = ()
