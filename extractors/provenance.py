"""What a file says of how it was made: by which programs, when, and whether somebody wrote over its pages.

Nothing here refuses a file: what cannot be told is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pikepdf.models.metadata import decode_pdf_date
from PIL import ExifTags, Image

from schemas.readings import Provenance

#: Notes, highlights and links leave the page as it was; these put something on it (ISO 32000-1, 12.5.6).
_WRITING = frozenset({pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_INK, pdfium_c.FPDF_ANNOT_REDACT})
#: Longest name of a program that is kept.
_LONGEST = 120


def describe_pdf(document: pdfium.PdfDocument) -> Provenance:
    """How a PDF was made."""
    said = document.get_metadata_dict()
    return Provenance(
        programs=_name_programs([said.get("Creator"), said.get("Producer")]),
        created=_read_pdf_date(said.get("CreationDate")),
        modified=_read_pdf_date(said.get("ModDate")),
        written_over=tuple(number for number in range(1, len(document) + 1) if _is_written_over(document, number)),
    )


def describe_picture(image: Image.Image) -> Provenance:
    """How a picture was made: a camera names its own software too."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # a broken EXIF block says nothing
        return Provenance()
    return Provenance(
        programs=_name_programs([exif.get(ExifTags.Base.Software), image.info.get("Software")]),
        created=_read_exif_date(details.get(ExifTags.Base.DateTimeOriginal)),
        modified=_read_exif_date(exif.get(ExifTags.Base.DateTime)),
    )


def _name_programs(names: Iterable[Any]) -> tuple[str, ...]:
    texts = (" ".join(name.split()) for name in names if isinstance(name, str))
    printable = ("".join(sign for sign in text if sign.isprintable())[:_LONGEST] for text in texts)
    return tuple(dict.fromkeys(text for text in printable if text))


def _is_written_over(document: pdfium.PdfDocument, number: int) -> bool:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:  # reading it says so
        return False
    for place in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        if kind in _WRITING:
            return True
    return False


def _read_pdf_date(text: str | None) -> datetime | None:
    try:
        day = decode_pdf_date(text) if text else None
    except (ValueError, OverflowError):
        return None
    return day.replace(tzinfo=day.tzinfo or UTC) if day else None


def _read_exif_date(text: Any) -> datetime | None:
    """EXIF tells no time zone: taken as UTC, only differences count."""
    try:
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
