"""Text layers: which are believed."""

from __future__ import annotations

import pytest

from extractors.opening import open_file
from extractors.recognising.text_layer import read_text_layer
from extractors.recognising.trust import examine_text
from tests.extractors.papers import LINES, draw_page, plain_words, write_pdf, write_text_page

TEXT = "\n".join(LINES)


def shift(text, by):
    return "".join(chr(ord(letter) + by) if letter.isalpha() else letter for letter in text)


def read_layer(data, number=1):
    with open_file(data) as opened:
        return read_text_layer(opened.load_page(number))


def test_french_is_plausible():
    assert examine_text(TEXT).plausible
    assert examine_text(TEXT.upper()).plausible


@pytest.mark.parametrize("by", [1, 3, 7, -2])
def test_shifted_letters_are_not(by):
    assert not examine_text(shift(TEXT, by)).plausible


def test_accents_decoded_wrongly_are_not():
    assert not examine_text(TEXT.encode().decode("cp1252", errors="replace")).plausible


def test_private_signs_are_not():
    assert not examine_text("".join(chr(0xF000 + ord(letter)) for letter in TEXT)).plausible


def test_little_text_is_not_enough():
    assert not examine_text("Page 1/2").enough


def test_words_of_a_born_digital_page():
    layer = read_layer(write_text_page())
    assert layer.believed
    assert {"facture", "2024-0187", "camille", "durand", "64,52", "14/03/2024"} <= plain_words(layer.words)
    word = next(word for word in layer.words if word.text == "Camille")
    # "Patient : Camille" starts at x = 60, baseline 842 - (780 - 22 * 4) from the top, 11 points high
    baseline = 842 - (780 - 22 * 4)
    assert word.box.y0 < baseline < word.box.y1
    assert word.box.y1 - word.box.y0 == pytest.approx(11, abs=1.5)
    assert 95 < word.box.x0 < 110


def test_crop_box_moves_the_frame():
    whole = next(word for word in read_layer(write_text_page()).words if word.text == "Camille")
    cropped = read_layer(write_text_page(crop=(40, 100, 595, 800)))
    word = next(word for word in cropped.words if word.text == "Camille")
    assert word.box.x0 == pytest.approx(whole.box.x0 - 40, abs=0.1)
    assert word.box.y0 == pytest.approx(whole.box.y0 - 42, abs=0.1)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_page_is_read_upright_and_placed_as_displayed(rotate):
    """The page is displayed on its side: the text must be turned back to be read."""
    layer = read_layer(write_text_page(rotate=rotate))
    assert layer.believed
    assert layer.rotation == (360 - rotate) % 360
    assert layer.upright_size == (595, 842)
    assert "camille" in plain_words(layer.words)
    upright = next(word for word in read_layer(write_text_page()).words if word.text == "Camille")
    word = next(word for word in layer.words if word.text == "Camille")
    assert tuple(word.box) == pytest.approx(tuple(upright.box), abs=0.1)


def test_text_written_upwards():
    data = write_pdf([{"text": [(60 + 22 * n, 60, 11, line) for n, line in enumerate(LINES)], "matrix": (0, 1, -1, 0)}])
    layer = read_layer(data)
    assert layer.rotation == 90
    assert "camille" in plain_words(layer.words)
    assert len({round(word.box.y0) for word in layer.words}) == len(LINES)


def test_hidden_text_over_a_scan_is_not_believed():
    layer = read_layer(write_text_page(picture=draw_page(), mode=3))
    assert layer.hidden_share == 1.0
    assert not layer.believed


def test_text_under_a_picture_is_not_believed():
    assert not read_layer(write_text_page(picture=draw_page(), under=True)).believed


def test_visible_text_over_a_background_is_believed():
    lines = LINES * 2
    text = [(60, 800 - 22 * number, 11, line) for number, line in enumerate(lines)]
    assert read_layer(write_pdf([{"text": text, "picture": draw_page((), paper=240)}])).believed


def test_a_stamp_on_a_scan_is_not_its_text():
    text = [(60, 800, 11, "Reçu par courriel le 12 avril 2024, dossier numéro 1234")]
    assert not read_layer(write_pdf([{"text": text, "picture": draw_page()}])).believed


def test_shifted_font_is_not_believed():
    text = [(60, 780 - 22 * number, 11, shift(line, 3)) for number, line in enumerate(LINES[2:])]
    text = [(x, y, size, line.encode("cp1252", "ignore").decode("cp1252")) for x, y, size, line in text]
    assert not read_layer(write_pdf([{"text": text}])).believed


def test_no_text_at_all():
    assert read_layer(write_pdf([{"picture": draw_page()}])) is None
