"""PDF files, opened by pdfium and repaired by qpdf (pikepdf) where pdfium gives up."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.frames import Picture, scale_by, shift_by
from extractors.limits import Limits
from extractors.pages import OpenedFile, PageSize, ReceivedPage
from extractors.provenance import describe_pdf
from schemas.errors import FileRefusedError, RefusalCode
from schemas.geometry import Box

#: A page without a picture of its own is drawn at this resolution, enough for 6-point print.
_DRAWING_DPI = 250.0
#: Resolution of a scan is followed between these bounds; beyond them there is nothing to gain.
_LOWEST_DPI, _HIGHEST_DPI = 72.0, 300.0
#: Never draw more than this, whatever the page says of its size (posters, mistakes, attacks).
_MOST_PIXELS = 16_000_000
#: A picture covering less of the page than this says nothing about the resolution of the page.
_PICTURE_SHARE = 0.25
#: Forms inside forms inside forms: deeper than this nobody draws, and everybody else stops too.
_DEEPEST = 15
#: Resolution at which a page is drawn with and without its text, and the longest side of those drawings: enough to
#: see that 6-point print is there, not to read it.
_APART_DPI, _APART_SIDE = 100.0, 1654


def open_pdf(data: bytes, limits: Limits) -> OpenedFile:
    """Open a PDF.

    Raises:
        FileRefusedError: encrypted with a password that we do not have, damaged beyond repair, without page,
            too many pages.
    """
    document, data = _open_or_repair(data)
    pages = len(document)
    if pages == 0:
        document.close()
        raise FileRefusedError(RefusalCode.NO_PAGE)
    if pages > limits.max_pages:
        document.close()
        raise FileRefusedError(RefusalCode.TOO_MANY_PAGES, f"{pages} pages")
    if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
        document.init_forms()  # without it the fields of a form are drawn empty, however they were filled in
    return OpenedFile(
        pages, lambda number: PdfPage(document, data, number, limits), describe_pdf(document), document.close
    )


@dataclass(frozen=True, eq=False, slots=True)
class ApartDrawings:
    """A page drawn twice, small and grey; what differs is what its text objects paint.

    Attributes:
        whole: as a viewer shows it.
        bare: the same without its text objects.
    """

    whole: Picture
    bare: Picture


class PdfPage(ReceivedPage):
    """A page of a PDF.

    Attributes:
        data: bytes of the (repaired) file, for a second library to read.
        page: pdfium's page.
        picture_share: part of the page that its largest picture covers, 0 to 1.
        picture_on_top: that picture is painted after the text: what is seen is the picture.
    """

    def __init__(self, document: pdfium.PdfDocument, data: bytes, number: int, limits: Limits) -> None:
        self.number = number
        self.data = data
        try:
            self.page = document[number - 1]
            width, height = self.page.get_size()
        except pdfium.PdfiumError as error:
            raise FileRefusedError(RefusalCode.DAMAGED, f"page {number}") from error
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise FileRefusedError(RefusalCode.DAMAGED, f"page {number} has no size")
        self.size = PageSize(float(width), float(height), "pt")
        self.picture_share = 0.0
        self.picture_on_top = False
        self._picture_dpi = 0.0
        self._texts: list[Any] = []  # pdfium's handles, valid as long as the page is
        self._drawing: Picture | None = None
        self._apart: ApartDrawings | None = None
        self._look_at_pictures(limits)

    def _look_at_pictures(self, limits: Limits) -> None:
        page_area = self.size.width * self.size.height
        wanted = [pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_TEXT]
        for item in self.page.get_objects(filter=wanted, max_depth=_DEEPEST):
            if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
                self._texts.append(item.raw)
                continue
            columns, rows = item.get_px_size()
            if columns * rows > limits.max_pixels:
                raise FileRefusedError(RefusalCode.TOO_MANY_PIXELS, f"{columns} x {rows} on page {self.number}")
            left, bottom, right, top = item.get_bounds()
            area = max(0.0, right - left) * max(0.0, top - bottom)
            share = min(1.0, area / page_area)
            if area <= 0 or share < _PICTURE_SHARE:
                continue
            if share > self.picture_share:
                self.picture_share, self.picture_on_top = share, bool(self._texts)
            self._picture_dpi = max(self._picture_dpi, 72.0 * math.sqrt(columns * rows / area))

    def render(self, *, long_side: int | None = None) -> Picture:  # noqa: D102  as in ReceivedPage
        width, height = self.size.width, self.size.height
        if long_side is not None:
            return self._draw(long_side / max(width, height))
        if self._drawing is None:  # kept: what reads the page and what looks for codes on it want the same
            dpi = min(max(self._picture_dpi, _LOWEST_DPI), _HIGHEST_DPI) if self._picture_dpi else _DRAWING_DPI
            self._drawing = self._draw(dpi / 72.0)
        return self._drawing

    @property
    def has_attachments(self) -> bool:
        """Files are attached to the document of this page."""
        return int(pdfium_c.FPDFDoc_GetAttachmentCount(self.page.pdf)) > 0

    def draw_apart(self) -> ApartDrawings:
        """The page with and without its text; drawn once.

        Raises:
            FileRefusedError: the page cannot be drawn.
        """
        if self._apart is None:
            longest = max(self.size.width, self.size.height)
            scale = min(_APART_DPI / 72.0, _APART_SIDE / longest)
            self._apart = ApartDrawings(self._draw(scale, grey=True), self._draw(scale, grey=True, text=False))
        return self._apart

    def draw_region(self, box: Box, *, dpi: float = 200.0, text: bool = True) -> Picture:
        """A part of the page, grey.

        Args:
            box: on the displayed page, in points.
            dpi: resolution.
            text: with the text objects of the page.

        Raises:
            FileRefusedError: the page cannot be drawn.
        """
        return self._draw(dpi / 72.0, box=box, grey=True, text=text)

    def _draw(self, scale: float, *, box: Box | None = None, grey: bool = False, text: bool = True) -> Picture:
        width, height = self.size.width, self.size.height
        box = Box(0.0, 0.0, width, height) if box is None else box
        box = Box(max(0.0, box.x0), max(0.0, box.y0), min(width, box.x1), min(height, box.y1))
        if not (box.width > 0 and box.height > 0):
            raise FileRefusedError(RefusalCode.DAMAGED, f"nothing to draw on page {self.number}")
        scale = min(scale, math.sqrt(_MOST_PIXELS / (box.width * box.height)))
        put_out = [] if text else [item for item in self._texts if pdfium_c.FPDFPageObj_SetIsActive(item, False)]
        try:
            bitmap = self.page.render(
                scale=scale,
                crop=(box.x0, height - box.y1, width - box.x1, box.y0),
                rev_byteorder=True,
                prefer_bgrx=False,
                may_draw_forms=True,
                grayscale=grey,
            )
            array = bitmap.to_numpy()
            pixels = np.array(array if array.ndim == 2 else array[..., 0] if grey else array[..., :3], dtype=np.uint8)
            bitmap.close()
        except (pdfium.PdfiumError, MemoryError, ValueError) as error:
            raise FileRefusedError(RefusalCode.DAMAGED, f"page {self.number} cannot be drawn") from error
        finally:
            for item in put_out:
                pdfium_c.FPDFPageObj_SetIsActive(item, True)
        rows, columns = pixels.shape[:2]
        return Picture(pixels, shift_by(box.x0, box.y0) @ scale_by(box.width / columns, box.height / rows))


def _open_or_repair(data: bytes) -> tuple[pdfium.PdfDocument, bytes]:
    try:
        document = pdfium.PdfDocument(data)
        if len(document) > 0:
            return document, data
        document.close()
    except pdfium.PdfiumError:
        # What pdfium says went wrong may be left over from another file of this process: the repair tells for certain.
        pass
    repaired = _repair(data)
    try:
        return pdfium.PdfDocument(repaired), repaired
    except pdfium.PdfiumError as error:
        raise FileRefusedError(RefusalCode.DAMAGED, "not even after repair") from error


def _repair(data: bytes) -> bytes:
    import pikepdf  # only damaged files need it

    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            if len(document.pages) == 0:
                raise FileRefusedError(RefusalCode.NO_PAGE)
            target = io.BytesIO()
            document.save(target)
            return target.getvalue()
    except pikepdf.PasswordError as error:
        raise FileRefusedError(RefusalCode.ENCRYPTED) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise FileRefusedError(RefusalCode.DAMAGED, type(error).__name__) from error
