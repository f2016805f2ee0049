"""Papers drawn for the tests: pages of print, photos of them, small PDFs."""

from __future__ import annotations

import io
import unicodedata

import cv2
import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

#: Lines of an invoice; people and numbers are invented.
LINES = (
    "Cabinet de kinésithérapie Martin",
    "12 rue des Lilas, 69003 Lyon",
    "Facture n° 2024-0187",
    "Date : 14 mars 2024",
    "Patient : Camille Durand",
    "Séance de rééducation du 04/03/2024   16,13",
    "Séance de rééducation du 07/03/2024   16,13",
    "Séance de rééducation du 11/03/2024   16,13",
    "Séance de rééducation du 14/03/2024   16,13",
    "Montant total   64,52 euros",
    "Part Assurance Maladie   38,71 euros",
    "Part complémentaire   25,81 euros",
    "Facture acquittée le 14 mars 2024",
    "Merci de conserver ce document pour votre mutuelle.",
)


def draw_page(lines=LINES, *, width=1240, height=1754, size=34, ink=15, paper=255):
    """An A4 page at 150 dpi (by default) with some lines of print, as a grey PIL image."""
    page = Image.new("L", (width, height), paper)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=size)
    for number, line in enumerate(lines):
        # The font that Pillow carries has no accents.
        line = unicodedata.normalize("NFD", line).encode("ascii", "ignore").decode()
        draw.text((width // 12, height // 14 + number * round(2.1 * size)), line, font=font, fill=ink)
    return page


def photograph(page, corners, *, width=1500, height=2000, table=(92, 74, 60), seed=3):
    """A photo of a page lying on a table.

    Args:
        page: grey PIL image.
        corners: where its corners are on the photo, clockwise from its top left.
    """
    noise = np.random.default_rng(seed)
    ground = np.clip(np.array(table) + noise.normal(0, 4, (height, width, 3)), 0, 255).astype(np.uint8)
    return lay(page, corners, ground)


def lay(page, corners, ground):
    """Put a page on a picture."""
    height, width = ground.shape[:2]
    source = np.float32([[0, 0], [page.width, 0], [page.width, page.height], [0, page.height]])
    matrix = cv2.getPerspectiveTransform(source, np.float32(corners))
    pixels = cv2.cvtColor(np.array(page), cv2.COLOR_GRAY2RGB)
    warped = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full(pixels.shape[:2], 255, np.uint8), matrix, (width, height)) > 127
    picture = ground.copy()
    picture[mask] = warped[mask]
    return Image.fromarray(picture)


def save(image, kind="PNG", **options):
    """The bytes of an image file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def write_pdf(pages, **save_options):
    """A PDF with pages of text.

    Args:
        pages: for each, a dict: ``text`` (list of (x, y, size, line)), ``box`` (media box), ``crop``, ``rotate``,
            ``mode`` (text render mode), ``picture`` (PIL image over the whole page), ``under`` (text painted first),
            ``matrix`` (text matrix without the place).
    """
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    font = document.make_indirect(font)
    for spec in pages:
        box = spec.get("box", (0, 0, 595, 842))
        document.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
        page = document.pages[-1]
        page.obj.MediaBox = pikepdf.Array(list(box))
        if "crop" in spec:
            page.obj.CropBox = pikepdf.Array(list(spec["crop"]))
        if "rotate" in spec:
            page.obj.Rotate = spec["rotate"]
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = _write_text(spec.get("text", ()), spec.get("mode", 0), spec.get("matrix", (1, 0, 0, 1)))
        picture = b""
        if "picture" in spec:
            page.obj.Resources.XObject = pikepdf.Dictionary(Im1=_make_picture(document, spec["picture"]))
            picture = b"q %d 0 0 %d %d %d cm /Im1 Do Q\n" % (box[2] - box[0], box[3] - box[1], box[0], box[1])
        page.obj.Contents = document.make_stream(text + picture if spec.get("under") else picture + text)
    target = io.BytesIO()
    document.save(target, **save_options)
    return target.getvalue()


def write_text_page(lines=LINES, **spec):
    """A PDF of one page of text, and the place of each line (x, baseline from the top)."""
    text = [(60, 780 - 22 * number, 11, line) for number, line in enumerate(lines)]
    return write_pdf([{"text": text, **spec}])


def _write_text(items, mode, matrix):
    parts = [b"BT %d Tr" % mode]
    for x, y, size, line in items:
        shown = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        a, b, c, d = matrix
        parts.append(b"/F1 %d Tf %d %d %d %d %d %d Tm (%s) Tj" % (size, a, b, c, d, x, y, shown))
    parts.append(b"ET\n")
    return b"\n".join(parts)


def _make_picture(document, image):
    stream = document.make_stream(save(image.convert("L"), "JPEG", quality=85))
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = image.width, image.height
    stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    stream.Filter = pikepdf.Name.DCTDecode
    return stream


def plain_words(words):
    """Texts of some words without the signs around them."""
    return {word.text.strip(".,:;()").lower() for word in words}
