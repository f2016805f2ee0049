"""What a file really is: by its content, never by its name.

``open_file`` returns pages that can be looked at one by one, or raises ``FileRefusedError`` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import magic

from extractors.limits import Limits
from extractors.pages import OpenedFile
from extractors.pdf_pages import open_pdf
from extractors.picture_pages import PICTURE_TYPES, open_picture
from schemas.errors import FileRefusedError, RefusalCode

#: Readers of PDF files accept junk before the header up to this place (ISO 32000-1, annex H.3.4.1).
_PDF_HEADER_WITHIN = 1024


@contextmanager
def open_file(data: bytes, limits: Limits | None = None) -> Iterator[OpenedFile]:
    """Open a file of any kind that we read.

    Args:
        data: the bytes as received.
        limits: bounds; the usual ones when left out.

    Yields:
        The opened file; its pages are decoded when asked for.

    Raises:
        FileRefusedError: empty, too large, of another kind, encrypted, damaged, without page, too many pages,
            too many pixels.
    """
    limits = limits or Limits()
    if not data:
        raise FileRefusedError(RefusalCode.EMPTY)
    if len(data) > limits.max_file_bytes:
        raise FileRefusedError(RefusalCode.TOO_LARGE, f"{len(data)} bytes")
    kind = detect_type(data)
    if kind == "application/pdf":
        opened = open_pdf(data, limits)
    elif kind in PICTURE_TYPES:
        opened = open_picture(data, limits)
    else:
        raise FileRefusedError(RefusalCode.UNSUPPORTED_TYPE, kind)
    try:
        yield opened
    finally:
        opened.close()


def detect_type(data: bytes) -> str:
    """The media type of some bytes.

    libmagic decides, except where it is known to be strict: a PDF with junk before its header, and the HEIF brands
    that older data bases call plain "video/mp4" or unknown.
    """
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "application/pdf"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}:
        return "image/avif" if data[8:12] == b"avif" else "image/heic"
    return str(magic.from_buffer(data[:65536], mime=True))
