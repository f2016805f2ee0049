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
from schemas.errors import FileRefusedError
from schemas.geometry import Box, Polygon, bound_points
from schemas.readings import PageReading, Source

_log = logging.getLogger(__name__)

_DATA_MATRIX = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
#: Longest side of a picture that is searched. A code of 20 mm has modules of 0.45 mm: four pixels on a page of A4.
_LONGEST_SIDE = 2600
#: Sides of the square of a code in points (8 to 50 mm), and how much longer than wide it may be.
_SHORTEST, _LONGEST, _OBLONG = 23.0, 142.0, 1.3
#: Ink in the square of a code, and how much of its frame the square fills once its dots are joined.
_LEAST_INK, _MOST_INK, _LEAST_FILLED = 0.25, 0.75, 0.85
#: Points between dots of one code, quiet zone around it, resolution at which it is drawn.
_DOT_GAP, _QUIET, _CODE_DPI = 4.0, 6.0, 300.0
#: A page with more squares than this is a chessboard, or an attack.
_MOST_PLACES = 6


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
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    to_received = picture.to_received @ scale_by(picture.width / grey.shape[1], picture.height / grey.shape[0])
    barcodes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=_DATA_MATRIX, try_invert=False, try_downscale=False
    )
    for barcode in barcodes:
        place = barcode.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        a, b, c, d = map_points(to_received, [(float(corner.x), float(corner.y)) for corner in corners])
        yield bytes(barcode.bytes), (a, b, c, d)


def find_squares(bare: Picture) -> list[Box]:
    """Where a page drawn without its text may have a code.

    Args:
        bare: small and clean (not a photo), dark on light.

    Returns:
        Boxes in the received frame with some paper around, at most a handful.
    """
    size = (max(1, bare.width // 2), max(1, bare.height // 2))
    grey = cv2.resize(to_grey(bare.pixels), size, interpolation=cv2.INTER_AREA)
    to_received = bare.to_received @ scale_by(bare.width / size[0], bare.height / size[1])
    scale = float(to_received[0, 0])  # points in a pixel
    ink = (grey < 160).astype(np.uint8)
    if not cv2.countNonZero(ink):
        return []
    gap = max(3, round(_DOT_GAP / scale) | 1)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), dtype=np.uint8))
    _, _, blobs, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    places = []
    for x, y, width, height, area in blobs[1:].tolist():
        low, high = min(width, height), max(width, height)
        if not (low * scale >= _SHORTEST and high * scale <= _LONGEST and high <= _OBLONG * low):
            continue
        share = float(ink[y : y + height, x : x + width].mean())
        if area >= _LEAST_FILLED * width * height and _LEAST_INK <= share <= _MOST_INK:
            edge = _QUIET / scale
            corners = [(x - edge, y - edge), (x + width + edge, y + height + edge)]
            places.append(bound_points(map_points(to_received, corners)))
    return places[:_MOST_PLACES]
