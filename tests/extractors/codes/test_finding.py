"""Codes found on pages: drawn clean, printed, scanned, photographed."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from extractors.codes.finding import find_codes
from extractors.codes.values import FacturX, IgnoredCode, TwoDDoc
from extractors.limits import Limits
from extractors.opening import open_file
from extractors.page_reading import read_page
from extractors.reading import StageClock
from extractors.recognising.squares import find_squares
from schemas.geometry import bound_points
from schemas.readings import PageReading, Source
from tests.extractors.codes.makers import (
    ACCOUNT,
    attach,
    degrade,
    draw_bank_details,
    draw_code,
    write_cii,
    write_message,
)
from tests.extractors.hostile import PaperMaker
from tests.extractors.papers import draw_page, save, write_pdf, write_text_page


def find(data, *, source=Source.TESSERACT):
    """Codes of the first page of a file, as if it had been read from this source."""
    with open_file(data) as opened:
        page = opened.load_page(1)
        reading = PageReading(page=1, width=1, height=1, unit="px", source=source)
        return find_codes(page, [reading])


def only(codes):
    (code,) = codes
    assert isinstance(code, TwoDDoc), code
    return code


def test_a_clean_picture():
    page = draw_bank_details(write_message())
    code = only(find(save(page)))
    assert code.fields["31"] == ACCOUNT
    assert code.page == 1
    # The code lies where it was pasted: right edge a tenth from the right, top in the middle.
    box = bound_points(code.polygon)
    assert box.x1 == pytest.approx(page.width * 0.9, abs=12)
    assert box.y0 == pytest.approx(page.height / 2, abs=12)
    assert box.width == pytest.approx(26 / 25.4 * 200, abs=20)


@pytest.mark.parametrize("tilt", [0, 7, -20, 90, 180])
def test_a_photo(tilt):
    photo = degrade(draw_bank_details(write_message(), dpi=250), blur=1.2, noise=8, tilt=tilt)
    assert only(find(save(photo, "JPEG", quality=80))).fields["31"] == ACCOUNT


def test_a_large_photo_is_reduced_and_the_place_is_right():
    page = draw_bank_details(write_message(), dpi=200).resize((4000, 5656))
    box = bound_points(only(find(save(page, "JPEG", quality=80))).polygon)
    assert box.x1 == pytest.approx(3600, abs=40)


def test_a_scan_in_a_pdf():
    code = only(find(write_pdf([{"picture": draw_bank_details(write_message())}])))
    box = bound_points(code.polygon)
    assert box.x1 == pytest.approx(595 * 0.9, abs=5)


@pytest.mark.parametrize("how", ["picture", "outlines"])
def test_a_code_on_a_born_digital_page(how):
    maker = PaperMaker().write()
    code = draw_code(write_message())
    place = (400, 600, 474, 674)  # 26 mm
    maker = maker.paste(code, place) if how == "picture" else maker.trace(code, place)
    with open_file(maker.save()) as opened:
        page = opened.load_page(1)
        readings = read_page(page, Limits(), StageClock().measure)
        assert readings[0].source is Source.TEXT_LAYER
        assert not readings[0].completed  # a code is no text: nothing was read by OCR
        box = bound_points(only(find_codes(page, readings)).polygon)
    assert box.x0 == pytest.approx(400, abs=3)
    assert box.y1 == pytest.approx(674, abs=3)


def test_a_page_without_squares_is_not_searched():
    with open_file(PaperMaker().write().paste(draw_page(), (40, 500, 300, 800)).save()) as opened:
        assert find_squares(opened.load_page(1).draw_apart().bare) == []


def test_a_square_of_ink_or_a_frame_is_no_code():
    maker = PaperMaker().write()
    maker.content += b"q 0 g 100 100 80 80 re f 300 100 80 80 re S Q\n"
    with open_file(maker.save()) as opened:
        assert find_squares(opened.load_page(1).draw_apart().bare) == []


def test_an_attached_invoice_is_found_once():
    data = attach(write_pdf([{"text": [(60, 700, 11, "Facture")]}] * 2), write_cii())
    with open_file(data) as opened:
        first, second = (find_codes(opened.load_page(number), []) for number in (1, 2))
    assert [type(code) for code in first] == [FacturX]
    assert second == ()


def test_other_codes_say_nothing():
    page = draw_page(("Ordonnance",), width=1000, height=1400)
    for number, kind in enumerate((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix)):
        code = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("21AB34567890", kind), scale=8)
        page.paste(Image.fromarray(np.asarray(code)), (100 + 400 * number, 700))
    assert find(save(page)) == ()


def test_a_code_of_an_unknown_version_is_ignored_with_its_page():
    page = draw_bank_details(write_message().replace("DC04", "DC77"))
    (code,) = find(save(page))
    assert isinstance(code, IgnoredCode)
    assert code.page == 1


def test_half_a_code_is_none():
    page = np.asarray(draw_bank_details(write_message())).copy()
    width = page.shape[1]
    page[:, round(width * 0.83) :] = 255
    assert find(save(Image.fromarray(page))) == ()


def test_a_blurred_code_is_none():
    page = np.asarray(draw_bank_details(write_message()))
    assert find(save(Image.fromarray(cv2.GaussianBlur(page, (0, 0), 6)))) == ()


def test_a_broken_pdf_with_attachments_is_read_without():
    data = attach(write_text_page(), write_cii())
    with pikepdf.open(io.BytesIO(data)) as document:
        document.attachments["factur-x.xml"].get_file().obj.write(b"<broken")
        target = io.BytesIO()
        document.save(target)
    (code,) = find(target.getvalue(), source=Source.TEXT_LAYER)
    assert isinstance(code, IgnoredCode)
