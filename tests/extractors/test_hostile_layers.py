"""Text layers that do not say what the page shows."""

from __future__ import annotations

import string

import pytest

from extractors.limits import Limits
from extractors.opening import open_file
from extractors.page_reading import read_page
from extractors.reading import StageClock
from extractors.recognising.layer_check import agree
from extractors.recognising.tesseract import SeenWord
from extractors.recognising.text_layer import read_text_layer
from schemas.geometry import Box
from schemas.readings import Source
from tests.extractors.hostile import INVOICE, PaperMaker
from tests.extractors.papers import LINES, draw_page, plain_words

LETTERS = string.ascii_lowercase + string.ascii_uppercase


def check(maker):
    with open_file(maker.save()) as opened:
        return read_text_layer(opened.load_page(1))


def read(maker):
    """The reading of the page, and its words."""
    with open_file(maker.save()) as opened:
        (page,) = read_page(opened.load_page(1), Limits(), StageClock().measure)
    return page, plain_words(page.words)


def with_map(mapping):
    maker = PaperMaker()
    return maker.write(font=maker.make_font(mapping))


def permute(letters, by):
    return dict(zip(letters, letters[by:] + letters[:by], strict=True))


def test_a_right_map_is_believed():
    layer = check(with_map({letter: letter for letter in LETTERS + "éèàç°"}))
    assert layer.believed
    assert {"camille", "rééducation", "64,52"} <= plain_words(layer.words)


def test_a_shifted_map():
    assert not check(with_map({letter: chr(ord(letter) + 3) for letter in LETTERS})).believed


def test_a_map_to_private_signs():
    assert not check(with_map({letter: chr(0xF000 + ord(letter)) for letter in LETTERS})).believed


@pytest.mark.parametrize("by", [1, 2, 3])
def test_a_map_that_keeps_vowels_among_vowels(by):
    """Letter by letter it looks like French; no word of it is."""
    mapping = permute("aeiou", by) | permute("bcdfghjklmnpqrstvwxz", 7 * by)
    layer = check(with_map(mapping))
    assert layer.evidence.doubtful
    assert not layer.believed


@pytest.mark.parametrize("by", [1, 5])
def test_a_map_that_changes_digits_alone(by):
    layer = check(with_map(permute("0123456789", by)))
    assert layer.evidence.plausible
    assert not layer.believed


def test_lost_accents():
    layer = check(with_map({"é": "e", "è": "e", "ê": "e", "à": "a", "ç": "c"}))
    assert layer.evidence.accents == 0
    assert not layer.believed


def test_a_page_that_never_had_accents_is_believed():
    plain = [line.translate(str.maketrans("éèêàç", "eeeac")).replace("°", "o") for line in INVOICE]
    layer = check(PaperMaker().write(plain))
    assert layer.evidence.doubtful
    assert layer.believed


def test_a_foreign_page_is_believed():
    lines = [
        "The Riverside Physiotherapy Practice, 4 Bridge Street, Cambridge",
        "Invoice number 2024-0187 issued on 14/03/2024 for Camille Durand",
        "Treatment of the left knee by manual therapy and exercises, first visit",
        "Treatment of the left knee by manual therapy and exercises, second visit",
        "Amount due for both treatments, paid in full by card, with many thanks",
    ]
    assert check(PaperMaker().write(lines)).believed


@pytest.mark.parametrize(
    "before",
    ["3 Tr", "7 Tr", "1 1 1 rg", "0.99 0.99 0.99 rg"],
    ids=["painted in no mode", "clip only", "white", "nearly white"],
)
def test_text_that_is_not_seen(before):
    assert not check(PaperMaker().write(before=before)).believed


def test_transparent_text_of_another_page_over_a_scan():
    maker = PaperMaker().paste(draw_page(size=30))
    maker.write(before=f"/{maker.set_transparency(0)} gs")
    assert not check(maker).believed
    page, words = read(maker)
    assert page.source is Source.TESSERACT
    assert {"camille", "64,52"} <= words
    assert "villeurbanne" not in words


def test_text_off_the_page():
    assert not check(PaperMaker().write(x=700)).believed


def test_text_of_no_size():
    assert not check(PaperMaker().write(before="0.01 0 0 0.01 0 0 cm", x=5000, top=-40000)).believed


def test_unseen_words_among_seen_ones_are_dropped():
    maker = PaperMaker().write().write(["Rabais secret 999,99"], top=600, before="1 1 1 rg")
    layer = check(maker)
    assert layer.believed
    words = plain_words(layer.words)
    assert "64,52" in words
    assert not {"rabais", "secret", "999,99"} & words


def test_words_under_a_small_picture_are_dropped_and_what_it_says_is_read():
    patch = draw_page(["Total corrige 99,10 euros"], width=1000, height=90, size=44)
    maker = PaperMaker().write().paste(patch, (45, 240, 445, 268))  # over "Montant total ... 64,52"
    layer = check(maker)
    assert layer.believed
    assert "64,52" not in plain_words(layer.words)
    page, words = read(maker)
    assert page.source is Source.TEXT_LAYER
    assert "99,10" in words


def test_white_text_on_a_dark_banner_is_seen():
    maker = PaperMaker().write()
    maker.content += b"q 0.1 0.1 0.3 rg 40 180 500 30 re f Q\n"
    maker.write(["Reste à charge du patient 12,90"], top=650, before="1 1 1 rg")
    layer = check(maker)
    assert layer.believed
    assert {"reste", "12,90"} <= plain_words(layer.words)


def test_outlines_with_an_unrelated_layer():
    maker = PaperMaker().trace(draw_page(size=30)).write(["Document produit par un logiciel, page un sur un"], top=820)
    assert not check(maker).believed
    page, words = read(maker)
    assert page.source is Source.TESSERACT
    assert {"camille", "64,52"} <= words


def test_a_stamp_on_a_born_digital_page_is_not_lost():
    stamp = draw_page(["ACQUITTE", "le 18/03/2024"], width=420, height=170, size=46)
    maker = PaperMaker().write().paste(stamp, (330, 560, 500, 629))
    page, words = read(maker)
    assert page.source is Source.TEXT_LAYER
    assert {"acquitte", "18/03/2024", "camille"} <= words
    word = next(word for word in page.words if word.text.startswith("18/03"))
    (left, top), _, (right, bottom), _ = word.polygon
    assert 330 < left < right < 500
    assert 560 < top < bottom < 629
    assert word.confidence < 1.0
    assert word.source is Source.TESSERACT
    assert next(word for word in page.words if word.text == "Camille").source is None


def test_a_pasted_scan_of_half_a_page_is_not_lost():
    scan = draw_page([f"Detail {n} : prothese numero {1000 + n}" for n in range(9)], width=1240, height=780)
    page, words = read(PaperMaker().write().paste(scan, (0, 440, 595, 814)))
    assert {"camille", "1000", "1004", "1008"} <= words
    assert next(word for word in page.words if word.text == "Camille").confidence == 1.0


def test_a_filled_field_of_a_form_is_not_lost():
    _, words = read(PaperMaker().write().fill_field("Camille DURAND 1850769123456"))
    assert "1850769123456" in words


def test_a_stamp_on_a_turned_page_is_placed_as_displayed():
    stamp = draw_page(["ACQUITTE", "le 18/03/2024"], width=420, height=170, size=46)
    maker = PaperMaker().write().paste(stamp, (330, 560, 500, 629))
    maker.page.obj.Rotate = 90
    page, words = read(maker)
    assert page.rotation == 270
    assert "18/03/2024" in words
    word = next(word for word in page.words if word.text.startswith("18/03"))
    xs, ys = [point.x for point in word.polygon], [point.y for point in word.polygon]
    # Turned clockwise: what was (x, y) from the top left is now at (842 - y, x).
    assert 842 - 629 < min(xs) < max(xs) < 842 - 560
    assert 330 < min(ys) < max(ys) < 500


def test_forms_inside_forms_are_looked_into():
    assert check(PaperMaker().write().wrap()).believed
    assert not check(PaperMaker().write(before="1 1 1 rg").wrap()).believed


def test_lines_and_codes_are_not_text():
    """Bars, solid and dashed frames and a square of dots: nothing to read, so the page costs no OCR."""
    maker = PaperMaker().write()
    bars = "".join(f"{60 + 3 * n} 60 {1 + n % 2} 40 re f\n" for n in range(60))
    dots = "".join(
        f"{400 + 3 * n} {60 + 3 * m} 3 3 re f\n" for n in range(20) for m in range(20) if (7 * n + 5 * m * m) % 3 == 0
    )
    frames = "40 300 500 160 re S [3 2] 0 d 1 w 40 140 500 150 re S"
    maker.content += f"q 0 g {bars}{dots} {frames} Q\n".encode()
    layer = check(maker)
    assert layer.believed
    assert layer.uncovered == ()


def test_a_page_of_endless_text_has_no_layer():
    assert check(PaperMaker().write(["mot " * 60] * 90, step=8, size=3)) is None


def test_a_decoration_behind_the_text_changes_nothing():
    background = draw_page((), paper=235)
    layer = check(PaperMaker().paste(background).write(INVOICE))
    assert layer.believed
    assert "64,52" in plain_words(layer.words)


def words(*texts):
    return [SeenWord(text, Box(0, 0, 1, 1), 1.0) for text in texts]


def test_agreement_allows_the_slips_of_a_reader():
    layer = words("Facture", "éditée", "Villeurbanne", "14/03/2024", "total", "64,52")
    assert agree(layer, words("Facture", "éditée", "Villeurbanme", "14/03/2024", "tota1", "64,52"))
    assert not agree(layer, words("Facture", "éditée", "Villeurbanne", "25/14/3135", "total", "75,63"))
    assert not agree(layer, words("Ordonnance", "Paris"))


def test_too_few_words_prove_nothing():
    assert not agree(words("Facture", "total"), words("Facture", "total"))


def test_lines_of_the_other_tests_are_whole():
    assert set("0123456789") <= set("".join(LINES + INVOICE))
