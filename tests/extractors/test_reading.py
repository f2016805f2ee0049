"""Whole files, read for real by the engine."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from extractors import Limits, read_bytes, read_file, read_with_previews
from schemas.errors import RefusalCode
from schemas.geometry import bound_points
from schemas.readings import Source
from schemas.vocabulary import Legibility, LegibilityReason
from tests.extractors.papers import LINES, draw_page, photograph, plain_words, save, write_pdf, write_text_page

#: Words that a good reading of the drawn page holds.
EXPECTED = {"facture", "2024-0187", "patient", "camille", "durand", "64,52", "14/03/2024"}
CORNERS = [(210, 150), (1290, 230), (1340, 1800), (130, 1740)]


def read_image(image, kind="PNG", **options):
    return read_bytes(save(image, kind, **options), identifier="p1")


def find_word(page, text):
    return next(word for word in page.words if word.text.strip(".,:;").lower() == text)


def add_grain(image, strength=14):
    noise = np.random.default_rng(5).normal(0, strength, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image) + noise - strength, 0, 255).astype(np.uint8))


def check_place(page, image, text="camille"):
    """Ink of the received picture lies where the polygon of a word says, and little around it."""
    box = bound_points(find_word(page, text).polygon)
    pixels = np.asarray(image.convert("L")).astype(int)
    inside = pixels[round(box.y0) : round(box.y1) + 1, round(box.x0) : round(box.x1) + 1]
    assert inside.size
    assert (inside < 110).mean() > 0.1
    assert 0 <= box.x0 < box.x1 <= page.width
    assert 0 <= box.y0 < box.y1 <= page.height


def test_a_scan():
    image = draw_page()
    reading = read_image(image)
    assert reading.refusal is None
    (page,) = reading.pages
    assert (page.width, page.height, page.unit, page.rotation) == (1240, 1754, "px", 0)
    assert (page.source, page.legibility, page.reasons) == (Source.TESSERACT, Legibility.LEGIBLE, ())
    assert plain_words(page.words) >= EXPECTED
    assert page.fingerprint is not None
    assert len(page.fingerprint) == 16
    check_place(page, image)
    assert reading.timings["total"] >= reading.timings["read"] > 0


def test_words_come_in_reading_order():
    (page,) = read_image(draw_page()).pages
    lines = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word.text)
    texts = [" ".join(words) for _, words in sorted(lines.items())]
    assert len(texts) == len(LINES)
    assert texts[0].startswith("Cabinet de")
    assert texts[4].startswith("Patient")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_wrong_is_turned(turn):
    """PIL turns counter-clockwise, so the turn that repairs it is clockwise by as much."""
    image = draw_page().rotate(turn, expand=True)
    (page,) = read_image(image).pages
    assert page.rotation == turn
    assert plain_words(page.words) >= EXPECTED
    check_place(page, image)


def test_exif_turn_is_in_the_frame():
    """A phone held upright stores a lying picture and says so."""
    upright = draw_page()
    stored = upright.rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = read_image(stored, "JPEG", quality=92, exif=exif).pages
    assert (page.width, page.height, page.rotation) == (1240, 1754, 0)
    assert plain_words(page.words) >= EXPECTED
    check_place(page, upright)


def test_a_photo():
    image = photograph(draw_page(size=30), CORNERS)
    (page,) = read_image(image, "JPEG", quality=90).pages
    assert page.legibility is Legibility.LEGIBLE
    assert plain_words(page.words) >= EXPECTED
    check_place(page, image)


def test_two_papers_on_one_photo():
    left = [(80, 120), (900, 150), (880, 1300), (60, 1280)]
    right = [(1080, 160), (1900, 110), (1930, 1290), (1100, 1330)]
    photo = photograph(draw_page(), left, width=2000, height=1450)
    other = draw_page(("Pharmacie des Tilleuls", "Ticket numéro 4512", "Total 18,20 euros") * 4)
    from tests.extractors.papers import lay

    both = lay(other, right, np.asarray(photo))
    first, second = read_image(both, "JPEG", quality=92).pages
    assert (first.page, first.sheet, second.page, second.sheet) == (1, 0, 1, 1)
    assert "camille" in plain_words(first.words)
    assert "tilleuls" in plain_words(second.words)
    assert "camille" not in plain_words(second.words)


def test_white_print_on_a_dark_band():
    page = np.array(draw_page())
    band = np.array(draw_page(("Facture A-7731 du 12/05/2024",), height=160, size=34))
    page[1400:1560] = 255 - band
    (reading,) = read_image(Image.fromarray(page)).pages
    assert {"a-7731", "12/05/2024"} <= plain_words(reading.words)


def test_born_digital_page():
    reading = read_bytes(write_text_page(), identifier="p1")
    (page,) = reading.pages
    assert (page.source, page.unit, page.width, page.height) == (Source.TEXT_LAYER, "pt", 595, 842)
    assert plain_words(page.words) >= EXPECTED
    assert {word.confidence for word in page.words} == {1.0}


def test_hidden_wrong_text_over_a_scan_is_not_what_is_read():
    data = write_text_page(
        ("Total 999,99 euros", *["Texte caché qui ne dit pas la vérité"] * 8), picture=draw_page(), mode=3
    )
    (page,) = read_bytes(data, identifier="p1").pages
    assert page.source is Source.TESSERACT
    assert "64,52" in plain_words(page.words)
    assert "999,99" not in plain_words(page.words)


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (draw_page().filter(ImageFilter.GaussianBlur(11)), LegibilityReason.FLOU),
        (draw_page((), paper=250), LegibilityReason.PAGE_BLANCHE),
        (add_grain(draw_page(ink=228)), LegibilityReason.CONTRASTE_FAIBLE),
    ],
    ids=["blurred", "blank", "pale"],
)
def test_illegible_pages_have_no_words_and_say_why(image, reason):
    (page,) = read_image(image).pages
    assert page.legibility is Legibility.ILLEGIBLE
    assert page.words == ()
    assert reason in page.reasons


def test_a_blurred_photo_is_illegible():
    image = photograph(draw_page(size=30), CORNERS).filter(ImageFilter.GaussianBlur(9))
    (page,) = read_image(image, "JPEG", quality=85).pages
    assert page.legibility is Legibility.ILLEGIBLE
    assert LegibilityReason.FLOU in page.reasons


def test_a_picture_that_stops_early_is_never_called_good():
    data = save(draw_page(), "JPEG", quality=90)
    (page,) = read_bytes(data[: int(len(data) * 0.92)], identifier="p1").pages
    assert page.legibility is not Legibility.LEGIBLE
    assert LegibilityReason.PAGE_COUPEE in page.reasons


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"", RefusalCode.EMPTY), (b"PK\x03\x04" + b"\0" * 60, RefusalCode.UNSUPPORTED_TYPE)],
)
def test_a_refusal_is_an_answer(data, refusal):
    reading = read_bytes(data, identifier="p1", file="p1.pdf")
    assert reading.refusal is refusal
    assert reading.status == "refused"
    assert reading.sha256 == hashlib.sha256(data).hexdigest()
    assert reading.pages == reading.documents == ()


def test_limits_are_kept():
    assert (
        read_bytes(write_pdf([{}] * 3), identifier="p", limits=Limits(max_pages=2)).refusal
        is RefusalCode.TOO_MANY_PAGES
    )


def test_pages_are_numbered_over_a_mixed_file():
    text = [(60, 780 - 22 * number, 11, line) for number, line in enumerate(LINES)]
    data = write_pdf([{"text": text}, {"picture": draw_page()}, {}])
    first, second, third = read_bytes(data, identifier="p1").pages
    assert [first.page, second.page, third.page] == [1, 2, 3]
    assert [first.source, second.source] == [Source.TEXT_LAYER, Source.TESSERACT]
    assert third.legibility is Legibility.ILLEGIBLE
    assert third.reasons == (LegibilityReason.PAGE_BLANCHE,)


def test_identifier_and_path(tmp_path):
    path = tmp_path / "t0001.pdf"
    path.write_bytes(write_text_page())
    assert read_file(path).id == "t0001"
    assert read_file(path, identifier="piece-9").id == "piece-9"
    assert read_file(path).file == str(path)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "absent.pdf")


def test_previews_are_in_the_received_frame(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(save(draw_page(width=2480, height=3508, size=60).rotate(90, expand=True), "JPEG"))
    result = read_with_previews(path)
    (preview,) = result.previews
    (page,) = result.reading.pages
    image = Image.open(io.BytesIO(preview.jpeg))
    assert image.size == (preview.width, preview.height)
    assert max(image.size) == 1600
    assert preview.width / preview.height == pytest.approx(page.width / page.height, rel=0.01)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 3000), (3000, 3)])
def test_a_speck_is_illegible_because_it_is_small(size):
    reading = read_image(Image.new("L", size, 200))
    assert reading.refusal is None
    assert reading.pages[0].legibility is Legibility.ILLEGIBLE
    assert reading.pages[0].reasons == (LegibilityReason.RESOLUTION_FAIBLE,)
    assert not any(document.fields for document in reading.documents)


def test_an_unforeseen_failure_costs_its_own_refusal_and_tells_nothing_of_the_paper(monkeypatch, caplog):
    def fail(pages):
        raise ValueError("Camille DURAND owes 64,52")

    monkeypatch.setattr("extractors.reading.understand", fail)
    reading = read_image(draw_page())
    assert reading.refusal is RefusalCode.DAMAGED
    assert "unforeseen ValueError at" in caplog.text
    assert "DURAND" not in caplog.text
