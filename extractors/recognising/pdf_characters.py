"""Characters of a PDF page, by pdfium; by pdfplumber, which decodes some fonts that pdfium does not."""

from __future__ import annotations

import ctypes
import io
import math
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.frames import Homography
from extractors.pdf_pages import PdfPage

#: From the baseline to the bottom of a line of text, as a share of the font size; close to most text fonts.
DESCENT = 0.22
#: A sheet of the smallest print holds half as many. More is an accident or an attack, and grouping words takes time
#: that grows with the square: the picture is read instead.
_MOST_CHARACTERS = 20_000
_UNKNOWN = "\ufffd"


class Character(NamedTuple):
    """A glyph on the displayed page: two corners of its box, the start of its baseline, its size in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base_x: float
    base_y: float
    size: float
    turn: int
    hidden: bool


def load_characters(page: PdfPage) -> list[Character]:
    """Characters by pdfium, in the frame of the displayed page (points, origin top left); none where too many."""
    text_page = page.page.get_textpage()
    rectangle, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    to_displayed = _measure_display(page)
    page_turn = math.atan2(to_displayed[1, 0], to_displayed[0, 0])
    styles: dict[int, tuple[float, int, bool]] = {}
    rows: list[tuple[float, ...]] = []
    found: list[tuple[str, tuple[float, int, bool]]] = []
    try:
        count = text_page.count_chars()
        for index in range(count if count <= _MOST_CHARACTERS else 0):
            if pdfium_c.FPDFText_IsGenerated(text_page, index) == 1:
                continue
            code = pdfium_c.FPDFText_GetUnicode(text_page, index)
            if not pdfium_c.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(rectangle)):
                continue
            pdfium_c.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
            item = pdfium_c.FPDFText_GetTextObject(text_page, index)
            address = ctypes.cast(item, ctypes.c_void_p).value or 0
            style = styles.get(address)
            if style is None:
                style = styles[address] = _measure_style(text_page, index, item, page_turn)
            rows.append((rectangle.left, rectangle.top, rectangle.right, rectangle.bottom, x.value, y.value))
            # A glyph that stands for nothing is seen on the page all the same: it speaks against the layer.
            found.append((_UNKNOWN if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code), style))
    finally:
        text_page.close()
    if not rows:
        return []
    corners = np.array(rows).reshape(-1, 3, 2) @ to_displayed[:2, :2].T + to_displayed[:2, 2]
    return [
        Character(text, x0, y0, x1, y1, base_x, base_y, size, turn, hidden)
        for (text, (size, turn, hidden)), (x0, y0, x1, y1, base_x, base_y) in zip(
            found, corners.reshape(-1, 6).tolist(), strict=True
        )
    ]


def _measure_style(text_page: pdfium.PdfTextPage, index: int, item: Any, page_turn: float) -> tuple[float, int, bool]:
    """Size in points, quarter turn that brings it upright, and whether nothing is painted (render mode 3)."""
    matrix, size = pdfium_c.FS_MATRIX(), pdfium_c.FPDFText_GetFontSize(text_page, index)
    angle = page_turn
    if pdfium_c.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d)
        angle -= math.atan2(matrix.b, matrix.a)
    hidden = bool(item) and pdfium_c.FPDFTextObj_GetTextRenderMode(item) == 3
    return max(1.0, float(size)), round(-math.degrees(angle) / 90.0) % 4 * 90, hidden


def _measure_display(page: PdfPage) -> Homography:
    """From page space (origin bottom left, before rotation, crop box not at zero) to the displayed page."""
    fine = 1000
    width, height = round(page.size.width * fine), round(page.size.height * fine)
    x, y = ctypes.c_double(), ctypes.c_double()
    corners = []
    for device_x, device_y in ((0, 0), (width, 0), (0, height)):
        pdfium_c.FPDF_DeviceToPage(
            page.page, 0, 0, width, height, 0, device_x, device_y, ctypes.byref(x), ctypes.byref(y)
        )
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1), (x2, y2) = corners
    to_page = np.array(
        [
            [(x1 - x0) / page.size.width, (x2 - x0) / page.size.height, x0],
            [(y1 - y0) / page.size.width, (y2 - y0) / page.size.height, y0],
            [0.0, 0.0, 1.0],
        ]
    )
    return invert(to_page)


def invert(homography: Homography) -> Homography:
    """The way back."""
    return np.asarray(np.linalg.inv(homography), dtype=np.float64)


def load_characters_again(page: PdfPage) -> list[Character]:
    """Characters by pdfplumber, which decodes some fonts that pdfium does not."""
    import pdfplumber  # the full parser is slow: only a layer in doubt needs it

    try:
        with pdfplumber.open(io.BytesIO(page.data), pages=[page.number]) as document:
            loaded = document.pages[0]
            left, top = loaded.bbox[0], loaded.bbox[1]
            characters = []
            for glyph in loaded.chars:
                a, b = glyph["matrix"][0], glyph["matrix"][1]
                turn = round(math.degrees(math.atan2(b, a)) / 90.0) % 4 * 90
                x0, y0, x1, y1 = glyph["x0"] - left, glyph["top"] - top, glyph["x1"] - left, glyph["bottom"] - top
                size = float(glyph["size"])
                # pdfminer's boxes run from descent to ascent of the font, so the baseline is found from them.
                base = {0: (x0, y1), 90: (x0, y0), 180: (x1, y0), 270: (x1, y1)}[turn]
                drop = {0: (0, -1), 90: (1, 0), 180: (0, 1), 270: (-1, 0)}[turn]
                base_x, base_y = base[0] + drop[0] * DESCENT * size, base[1] + drop[1] * DESCENT * size
                characters.append(Character(glyph["text"], x0, y0, x1, y1, base_x, base_y, size, turn, False))
            loaded.close()
            return characters
    except Exception:  # a second opinion on a doubtful file: any failure means there is none
        return []
