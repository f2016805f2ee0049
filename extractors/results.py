"""What comes out of reading one file, light enough for processes that never see a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


class Step(StrEnum):
    """What a picture shows."""

    RECEIVED = "received"
    TEXT_LAYER = "text_layer"
    SHEET = "sheet"
    FLAT = "flat"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class StepPicture:
    """One step on one page.

    Attributes:
        sheet: number of the sheet on the page, from 1; 0 for the page as a whole.
        width: of the JPEG, in pixels.
        height: of the JPEG, in pixels.
    """

    step: Step
    sheet: int
    jpeg: bytes
    width: int
    height: int
