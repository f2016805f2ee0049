"""Codes on a page and in its file.

Costs, on a core of the reference machine, are in docs/decisions/0006: a picture is searched as it is, a page whose
text layer is believed only where its small drawing shows a square full of dots.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import zxingcpp

from extractors.codes.facturx import read_facturx
from extractors.codes.two_d_doc import is_2d_doc, parse_2d_doc
from extractors.codes.values import FoundCode, IgnoredCode
from extractors.frames import Picture, map_points, scale_by
from extractors.normalising.light import to_grey
from extractors.pages import ReceivedPage
from extractors.pdf_pages import PdfPage
from extractors.recognising.squares import find_squares
from schemas.errors import FileRefusedError
from schemas.geometry import Polygon
from schemas.readings import PageReading, Source

_log = logging.getLogger(__name__)

_DATA_MATRIX = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
#: Longest side of a picture that is searched. A code of 20 mm has modules of 0.45 mm: four pixels on a page of A4.
_LONGEST_SIDE = 2600
#: Resolution at which the place of a code on a born-digital page is drawn.
_CODE_DPI = 300.0


def find_codes(page: ReceivedPage, readings: Sequence[PageReading]) -> tuple[FoundCode, ...]:
    """The codes of a page that say something about its paper, and those that are not used, with the reason.

    Args:
        page: as received.
        readings: of this page.

    Returns:
        2D-Doc codes; with the first page of a PDF, the invoice attached to it. Other bar codes, DataMatrix and QR
        codes are left out: what they hold is either on the page too, or not for us.
    """
    found: list[FoundCode] = []
    if isinstance(page, PdfPage) and page.number == 1 and page.has_attachments:
        invoice = read_facturx(page.data)
        if invoice is not None:
            found.append(invoice)
    try:
        for message, polygon in _read_matrices(page, readings):
            if is_2d_doc(message):
                found.append(parse_2d_doc(message, page=page.number, polygon=polygon))
    except FileRefusedError as error:
        # The page was read already; a code that cannot be drawn is a code that is not there.
        _log.info("no code searched on a page: %s", error.refusal)
    for code in found:
        if isinstance(code, IgnoredCode):
            _log.info("code ignored: %s, %s", code.kind, code.reason)
    return tuple(found)


def _read_matrices(page: ReceivedPage, readings: Sequence[PageReading]) -> Iterator[tuple[bytes, Polygon]]:
    if isinstance(page, PdfPage) and any(reading.source is Source.TEXT_LAYER for reading in readings):
        for place in find_squares(page.draw_apart().bare):
            yield from read_matrices(page.draw_region(place, dpi=_CODE_DPI, text=False))
    else:
        yield from read_matrices(page.render())


def read_matrices(picture: Picture) -> Iterator[tuple[bytes, Polygon]]:
    """The DataMatrix codes of a picture: what they hold, and where they are in the received frame."""
    grey = to_grey(picture.pixels)
    factor = max(1.0, max(grey.shape) / _LONGEST_SIDE)
    if factor > 1.0:
        size = (round(picture.width / factor), round(picture.height / factor))
        # Nothing is lost between the pixels, as there are no two for one; means over parts of pixels take much longer.
        kind = cv2.INTER_LINEAR if factor < 2.0 else cv2.INTER_AREA
        grey = np.asarray(cv2.resize(grey, size, interpolation=kind), dtype=np.uint8)
    to_received = picture.to_received @ scale_by(picture.width / grey.shape[1], picture.height / grey.shape[0])
    barcodes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=_DATA_MATRIX, try_invert=False, try_downscale=False
    )
    for barcode in barcodes:
        place = barcode.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        a, b, c, d = map_points(to_received, [(float(corner.x), float(corner.y)) for corner in corners])
        yield bytes(barcode.bytes), (a, b, c, d)
