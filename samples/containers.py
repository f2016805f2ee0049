"""Files made of pictures: PDFs of scans, hidden OCR layers, JPEG with EXIF, HEIC, PNG. All without the time of day."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pikepdf
import pillow_heif
from PIL import Image

from samples.moves import Picture
from schemas.geometry import Box

#: Value of the EXIF orientation tag that turns a stored picture by so many degrees clockwise for display.
EXIF_ORIENTATIONS = {0: 1, 90: 6, 180: 3, 270: 8}
_EXIF_TAG = 0x0112


@dataclass(frozen=True)
class HiddenWord:
    """A word of an invisible text layer; the box is in points from the top left corner."""

    text: str
    box: Box


def to_jpeg(picture: Picture, quality: int, *, orientation: int = 0) -> bytes:
    """A JPEG; with ``orientation``, stored turned so that viewers turn it back by that many degrees clockwise."""
    stored = np.ascontiguousarray(np.rot90(picture, orientation // 90)) if orientation else picture
    image = Image.fromarray(stored if stored.ndim == 2 else cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))
    out = io.BytesIO()
    if orientation:
        exif = Image.Exif()
        exif[_EXIF_TAG] = EXIF_ORIENTATIONS[orientation]
        image.save(out, "JPEG", quality=quality, exif=exif)
    else:
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def to_heic(picture: Picture, quality: int) -> bytes:
    """A HEIC, as iPhones make them."""
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=quality, enc_params={"preset": "ultrafast"})  # eight times faster
    return out.getvalue()


def to_png(picture: Picture, colours: int = 32) -> bytes:
    """A PNG with few colours, as screenshots compress."""
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).quantize(colours, method=Image.Quantize.MEDIANCUT)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True)
class ScannedPage:
    """A picture that becomes a PDF page.

    Attributes:
        picture: grey, colour, or boolean for a fax (True is ink).
        dpi: resolution, from which the page's size in points follows.
        quality: of the JPEG; a fax is stored without loss.
        hidden: words of an invisible text layer.
    """

    picture: Picture
    dpi: int
    quality: int = 60
    hidden: Sequence[HiddenWord] = ()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        height, width = self.picture.shape[:2]
        return round(width * 72 / self.dpi, 2), round(height * 72 / self.dpi, 2)


def to_pdf(pages: Sequence[ScannedPage]) -> bytes:
    """A PDF of pictures, one for each page."""
    document = pikepdf.new()
    for page in pages:
        height, width = page.picture.shape[:2]
        points = page.size
        image = pikepdf.Stream(document, _encode(page))
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = width, height
        if page.picture.dtype == np.bool_:
            image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 1
            image.Decode = [1, 0]
            image.Filter = pikepdf.Name.FlateDecode
        else:
            grey = page.picture.ndim == 2
            image.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
            image.BitsPerComponent, image.Filter = 8, pikepdf.Name.DCTDecode
        content = f"q {points[0]} 0 0 {points[1]} 0 0 cm /Im0 Do Q\n".encode()
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        if page.hidden:
            content += _hidden_text(page.hidden, points[1])
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            resources.Font = pikepdf.Dictionary(F0=document.make_indirect(font))
        made = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, *points],
            Resources=resources,
            Contents=pikepdf.Stream(document, content),
        )
        document.pages.append(pikepdf.Page(document.make_indirect(made)))
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def join_pdfs(parts: Sequence[tuple[bytes, Sequence[int]]]) -> bytes:
    """Pages of several PDFs in one; each part says which of its pages are taken, from 1."""
    document = pikepdf.new()
    for data, wanted in parts:
        with pikepdf.open(io.BytesIO(data)) as source:
            for number in wanted:
                document.pages.append(source.pages[number - 1])
    document.remove_unreferenced_resources()
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _encode(page: ScannedPage) -> bytes:
    if page.picture.dtype == np.bool_:
        return zlib.compress(np.packbits(page.picture, axis=1).tobytes(), 9)
    return to_jpeg(page.picture, page.quality)


def _hidden_text(words: Sequence[HiddenWord], height: float) -> bytes:
    parts = [b"BT 3 Tr\n"]
    for word in words:
        size = max(4.0, (word.box.y1 - word.box.y0) * 0.85)
        raw = word.text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        position = f"/F0 {size:.2f} Tf 1 0 0 1 {word.box.x0:.2f} {height - word.box.y1 + size * 0.2:.2f} Tm (".encode()
        parts.append(position + raw + b") Tj\n")
    parts.append(b"ET\n")
    return b"".join(parts)
