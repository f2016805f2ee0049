"""What files say of how they were made."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from extractors import read_bytes
from extractors.opening import open_file


def make_pdf(*annotations, pages=1, **said):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in said.items():
        document.docinfo[f"/{name}"] = value
    if annotations:
        document.pages[-1].Annots = document.make_indirect(
            [
                Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[10, 10, 200, 40], Contents="300,00")
                for kind in annotations
            ]
        )
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def describe(data):
    with open_file(data) as opened:
        return opened.provenance


def test_programs_and_days_of_a_pdf():
    made = describe(
        make_pdf(
            Creator="Ivoire\x00", Producer="  Sejda  5.3 ",
            CreationDate="D:20260314101500+01'00'", ModDate="D:20260601120000Z",
        )
    )  # fmt: skip
    assert made.programs == ("Ivoire", "Sejda 5.3")
    assert made.created == datetime(2026, 3, 14, 9, 15, tzinfo=UTC)
    assert made.modified == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert made.written_over == ()


@pytest.mark.parametrize("said", ["", "yesterday", "D:99999999", "D:20261399"])
def test_a_day_that_is_none_is_left_out(said):
    assert describe(make_pdf(CreationDate=said)).created is None


@pytest.mark.parametrize(
    ("kinds", "pages"),
    [
        (["FreeText"], (2,)),
        (["Ink"], (2,)),
        (["Text", "FreeText"], (2,)),
        (["Text", "Highlight", "Link"], ()),
        ([], ()),
    ],
)
def test_text_put_over_a_page(kinds, pages):
    assert describe(make_pdf(*kinds, pages=2)).written_over == pages


def test_a_picture_names_its_program_and_its_days():
    exif = Image.Exif()
    exif[0x0131], exif[0x0132] = "Adobe Photoshop 26.1", "2026:06:01 12:00:00"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:14 10:15:00"
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "JPEG", exif=exif)
    made = describe(target.getvalue())
    assert made.programs == ("Adobe Photoshop 26.1",)
    assert made.created == datetime(2026, 3, 14, 10, 15, tzinfo=UTC)
    assert made.modified == datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_what_says_nothing_has_nothing():
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "PNG")
    for made in (describe(target.getvalue()), describe(make_pdf())):
        assert (made.programs, made.created, made.modified, made.written_over) == ((), None, None, ())


def test_a_reading_keeps_it_and_a_refusal_does_not():
    assert read_bytes(make_pdf(Producer="Sejda"), identifier="a").provenance.programs == ("Sejda",)
    assert read_bytes(b"nothing", identifier="b").provenance is None
