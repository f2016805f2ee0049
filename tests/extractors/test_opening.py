"""What a file really is, and which files are refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
import pikepdf
import pillow_heif
import pytest
from PIL import Image

from extractors.limits import Limits
from extractors.opening import detect_type, open_file
from schemas.errors import FileRefusedError, RefusalCode
from tests.extractors.papers import draw_page, save, write_pdf, write_text_page


def refuse(data, limits=None):
    with pytest.raises(FileRefusedError) as caught, open_file(data, limits) as opened:  # noqa: PT012
        for page in opened:
            page.render()
    return caught.value.refusal


def render(data, number=1):
    with open_file(data) as opened:
        page = opened.load_page(number)
        return page.size, page.render().pixels


def make_zip():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("facture.txt", "bonjour " * 100)
    return target.getvalue()


def make_png_header(width, height):
    """A PNG that announces a size and holds no pixel of it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def test_empty_file():
    assert refuse(b"") is RefusalCode.EMPTY


def test_too_heavy():
    assert refuse(b"%PDF-1.4" + b" " * 200, Limits(max_file_bytes=100)) is RefusalCode.TOO_LARGE


def test_archive_named_pdf_is_known_by_its_content():
    assert refuse(make_zip()) is RefusalCode.UNSUPPORTED_TYPE


@pytest.mark.parametrize("data", [b"bonjour tout le monde", b"<html><body>facture</body></html>", b"MZ" + b"\0" * 200])
def test_other_kinds(data):
    assert refuse(data) is RefusalCode.UNSUPPORTED_TYPE


def test_pdf_with_a_password():
    data = write_text_page()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user="secret"))
    assert refuse(locked.getvalue()) is RefusalCode.ENCRYPTED


def test_pdf_locked_against_printing_only_is_read():
    data = write_text_page()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user=""))
    size, pixels = render(locked.getvalue())
    assert (size.width, size.height, size.unit) == (595, 842, "pt")
    assert pixels.min() < 100


def test_pdf_without_its_end_is_repaired():
    data = write_text_page()
    cut = data[: data.rindex(b"xref")]
    _, pixels = render(cut)
    assert pixels.min() < 100


def test_pdf_of_nothing_but_a_header():
    assert refuse(b"%PDF-1.7\n" + bytes(range(256)) * 20) is RefusalCode.DAMAGED


def test_pdf_without_page():
    document = pikepdf.new()
    target = io.BytesIO()
    document.save(target)
    assert refuse(target.getvalue()) is RefusalCode.NO_PAGE


def test_pdf_of_500_pages():
    assert refuse(write_pdf([{}] * 500)) is RefusalCode.TOO_MANY_PAGES


def test_pdf_after_junk():
    assert detect_type(b"junk before\r\n" + write_text_page()) == "application/pdf"


def test_huge_picture_inside_a_pdf():
    picture = Image.new("L", (3000, 3000), 255)
    assert refuse(write_pdf([{"picture": picture}]), Limits(max_pixels=8_000_000)) is RefusalCode.TOO_MANY_PIXELS


def test_huge_png_is_refused_without_being_decoded():
    assert refuse(make_png_header(30_000, 30_000)) is RefusalCode.TOO_MANY_PIXELS


def test_png_without_its_pixels():
    assert refuse(make_png_header(500, 500)) is RefusalCode.DAMAGED


def test_jpeg_with_most_of_it_is_read_and_known_to_be_cut():
    data = save(draw_page(), "JPEG", quality=90)
    with open_file(data[: int(len(data) * 0.92)]) as opened:
        page = opened.load_page(1)
        assert 0.0 < page.cut_share < 0.4
        assert page.render().pixels.shape[:2] == (1754, 1240)


def test_jpeg_with_little_of_it_is_refused():
    data = save(draw_page(), "JPEG", quality=90)
    assert refuse(data[: len(data) // 4]) is RefusalCode.DAMAGED


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
def test_every_kind_of_picture(kind):
    size, pixels = render(save(draw_page(width=400, height=500, size=20), kind))
    assert (size.width, size.height, size.unit) == (400, 500, "px")
    assert pixels.shape[:2] == (500, 400)
    assert pixels.min() < 80 < 200 < np.median(pixels)


def test_heic():
    pillow_heif.register_heif_opener()
    data = save(draw_page(width=400, height=500, size=20).convert("RGB"), "HEIF", quality=80)
    assert detect_type(data) == "image/heic"
    size, pixels = render(data)
    assert (size.width, size.height) == (400, 500)
    assert pixels.min() < 80


def test_pages_of_a_tiff():
    pages = [Image.new("L", (300, 200), shade) for shade in (255, 128, 0)]
    target = io.BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    with open_file(target.getvalue()) as opened:
        assert opened.page_count == 3
        assert [int(page.render().pixels.mean()) for page in opened] == [255, 128, 0]
    assert refuse(target.getvalue(), Limits(max_pages=2)) is RefusalCode.TOO_MANY_PAGES


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_exif_orientation_is_applied(orientation, corner):
    """A black corner at the top left of the stored picture; where it is seen depends on the orientation."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste((0, 0, 0), (0, 0, 15, 15))
    exif = Image.Exif()
    exif[0x0112] = orientation
    size, pixels = render(save(image, "JPEG", quality=95, exif=exif))
    assert (size.width, size.height) == ((60, 40) if orientation in (1, 3) else (40, 60))
    height, width = pixels.shape[:2]
    x, y = corner
    spot = pixels[(height - 5) if y else 5, (width - 5) if x else 5]
    assert spot.max() < 60


def test_transparent_is_white_paper():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    _, pixels = render(save(image))
    assert pixels.min() == 255


def test_sixteen_bits_keep_their_greys():
    values = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    _, pixels = render(save(Image.fromarray(values)))
    assert np.abs(pixels.astype(int).ravel() - np.arange(256)).max() <= 2


def test_cmyk_and_palette():
    _, cmyk = render(save(Image.new("CMYK", (30, 30), (0, 0, 0, 255)), "JPEG"))
    assert cmyk.max() < 60
    _, palette = render(save(Image.new("RGB", (30, 30), (200, 30, 30)).convert("P")))
    assert palette[0, 0, 0] > 150 > palette[0, 0, 1]


def test_large_picture_is_reduced_and_says_so():
    data = save(Image.new("L", (9000, 6000), 200), "JPEG")
    with open_file(data) as opened:
        page = opened.load_page(1)
        picture = page.render()
    assert (page.size.width, page.size.height) == (9000, 6000)
    assert picture.width * picture.height <= 48_000_000
    corner = picture.to_received @ [picture.width, picture.height, 1]
    assert corner[:2] == pytest.approx([9000, 6000], rel=0.01)


def test_a_poster_is_drawn_within_bounds():
    with open_file(write_pdf([{"box": (0, 0, 14_000, 14_000)}])) as opened:
        picture = opened.load_page(1).render()
    assert picture.width * picture.height <= 16_100_000
