"""What was read: words, pages, fields, documents, and the reading of one file.

``schemas.lines`` turns a FileReading into the JSON line that integrators rely on, and back.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import RefusalCode
from schemas.geometry import Box, Polygon
from schemas.vocabulary import DocumentType, FieldName, Legibility, LegibilityReason, PagePart

#: Bumped whenever a reading made earlier would come out differently; kept with every reading and decision.
READER_VERSION = "0.5.2"

#: A normalised value: ISO date, amount, identifier or name as text; several dates; a yes or a no.
FieldContent = bool | dt.date | Decimal | str | tuple[dt.date, ...]


#: Why a value is held back that is only less sure than the reader's own threshold asks.
LOW_CONFIDENCE = "low_confidence"
#: The check that a value fails which somebody struck out on the paper.
NOT_STRUCK_OUT = "not_struck_out"
#: Why a value is held back that was read when its page was taken for part of another paper, and not read again since.
REGROUPED = "regrouped"


class Frozen(BaseModel):
    """A value that is never changed after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(StrEnum):
    """Where a value was read."""

    TEXT_LAYER = "text_layer"
    TESSERACT = "tesseract"
    SECOND_READER = "second_reader"
    DATAMATRIX = "2d_doc"
    FACTUR_X = "factur_x"
    MEMBER = "member"
    HANDLER = "handler"


class Word(Frozen):
    """One word on a page.

    Attributes:
        text: as read, never empty, no spaces inside.
        box: place in the upright frame (pixels of the image that was read, or points of a text layer).
        polygon: place in the received frame, see ``schemas.geometry``.
        confidence: what the engine says of it, 0 to 1 (1 for a trusted text layer); not calibrated.
        line: number of the text line on the page, in reading order, from 0.
        source: the reader whose letters these are; None for the one that the page names.
        agreed: a second reader saw the same (True) or something else (False); None where only one looked.
        struck: a number that somebody struck out.
    """

    text: str
    box: Box
    polygon: Polygon
    confidence: float
    line: int
    source: Source | None = None
    agreed: bool | None = None
    struck: bool = False


class PageReading(Frozen):
    """One page of a file.

    Attributes:
        page: number in the file, from 1.
        width: of the page as displayed, in ``unit``.
        height: of the page as displayed, in ``unit``.
        unit: "px" for images, "pt" for PDF pages.
        rotation: degrees clockwise that bring the displayed page upright (0, 90, 180, 270).
        source: text layer or OCR.
        completed: a text layer that does not have all that the page shows: the rest of the words was read by OCR.
        legibility: the verdict.
        reasons: what is wrong with the picture, empty for a legible page.
        unread_parts: where print is seen that could not be read, empty for a legible page.
        sheet: number of the sheet on this page, from 0 (two papers on one photo make two PageReadings
            with the same ``page``).
        upright_size: width and height of the upright frame.
        fingerprint: 64-bit perceptual hash of the upright page as 16 hex digits, or None for a blank page.
        words: in reading order; empty on an illegible page.
    """

    page: int
    width: float
    height: float
    unit: str
    rotation: int = 0
    source: Source = Source.TESSERACT
    completed: bool = False
    legibility: Legibility = Legibility.LEGIBLE
    reasons: tuple[LegibilityReason, ...] = ()
    unread_parts: tuple[PagePart, ...] = ()
    sheet: int = 0
    upright_size: tuple[float, float] = (0.0, 0.0)
    fingerprint: str | None = None
    words: tuple[Word, ...] = ()


class Check(Frozen):
    """A named test on a value: checksum, arithmetic, dates against each other."""

    name: str
    passed: bool


class Alternative(Frozen):
    """Another value that the same field might have."""

    value: FieldContent
    confidence: float


class FieldValue(Frozen):
    """A value read on a paper, with everything needed to believe it or not.

    Attributes:
        value: normalised; None where the paper shows something that could not be read (see ``held_back``).
        raw_text: exactly what was read.
        confidence: probability that the value is exactly right, 0 to 1.
        source: where it comes from.
        page: page number in the file, from 1; None when the value comes from no single place.
        polygon: place in the received frame.
        checks: tests that the value passed or failed.
        alternatives: other candidates, best first.
        held_back: why it is not accepted automatically (stable code), or None.
    """

    value: FieldContent | None
    raw_text: str = ""
    confidence: float = Field(ge=0.0, le=1.0)
    source: Source
    page: int | None = None
    polygon: Polygon | None = None
    checks: tuple[Check, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    held_back: str | None = None


class LineItem(Frozen):
    """One line of an invoice, a quote or a statement; None where the column is absent or unreadable."""

    date: dt.date | None = None
    code: str | None = None
    label: str | None = None
    location: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    base: Decimal | None = None
    amo: Decimal | None = None
    amc: Decimal | None = None


class UnreadField(Frozen):
    """A field whose label is seen on a page, and whose value could not be read there."""

    name: FieldName
    page: int


class OtherPages(Frozen):
    """Pages of a paper that stand in another file of the dossier: only a person can tell."""

    file: str
    pages: tuple[int, ...]


class DocumentReading(Frozen):
    """One paper: the pages that belong together, what kind it is, what it says.

    Attributes:
        type_confidence: probability that ``type`` is right.
        pages: page numbers in the file.
        other_pages: the rest of it in other files; values from there have no place.
        legible: False when a careful person could not read it; then ``fields`` is empty.
        page_number_printed: "1" of a printed "Page 1/2" on its first page here.
        page_count_printed: "2" of the same.
        missing_pages: True when the print says that pages exist which are not here.
        unread: fields that are printed and could not be read.
        text_fingerprint: MinHash-like signature of the words, to find another scan of the same paper.
        foreign_signs: what says that it was made out abroad, as printed; empty for a paper from France.
    """

    type: DocumentType
    type_confidence: float = Field(ge=0.0, le=1.0)
    pages: tuple[int, ...]
    legible: bool = True
    page_number_printed: int | None = None
    page_count_printed: int | None = None
    missing_pages: bool = False
    fields: dict[FieldName, FieldValue] = {}
    line_items: tuple[LineItem, ...] = ()
    unread: tuple[UnreadField, ...] = ()
    text_fingerprint: tuple[int, ...] = ()
    foreign_signs: tuple[str, ...] = ()
    other_pages: tuple[OtherPages, ...] = ()

    def value_of(self, name: FieldName) -> FieldContent | None:
        """The value of a field, None where it is absent."""
        field = self.fields.get(name)
        return field.value if field else None


class Provenance(Frozen):
    """What a file says of how it was made; nothing of who made it is kept.

    Attributes:
        programs: that wrote it, as they name themselves.
        created: None where the file does not say.
        modified: None where the file does not say.
        written_over: pages where a person put text or strokes over what was there.
    """

    programs: tuple[str, ...] = ()
    created: dt.datetime | None = None
    modified: dt.datetime | None = None
    written_over: tuple[int, ...] = ()


class FileReading(Frozen):
    """All that one file says, or why it says nothing.

    Attributes:
        id: the name of the file without its extension, or the identifier of the piece.
        file: the path as it was given.
        sha256: content address of the bytes as received, 64 hex digits.
        refusal: None when the file was read.
        provenance: None for a file that was refused, and in readings older than it.
        timings: seconds per stage.
    """

    id: str
    file: str
    sha256: str
    refusal: RefusalCode | None = None
    pages: tuple[PageReading, ...] = ()
    documents: tuple[DocumentReading, ...] = ()
    provenance: Provenance | None = None
    timings: dict[str, float] = {}
    reader_version: str = READER_VERSION

    @property
    def status(self) -> str:
        """Either ``read`` or ``refused``."""
        return "refused" if self.refusal else "read"

    def without_words(self) -> FileReading:
        """The same reading, without the words of its pages (they are kept apart: they are bulky)."""
        return self.model_copy(update={"pages": tuple(page.model_copy(update={"words": ()}) for page in self.pages)})
