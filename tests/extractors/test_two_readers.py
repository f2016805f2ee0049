"""The second reader, what it is given, and how two readings become one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from extractors.recognising.merging import merge_line, place_words
from extractors.recognising.pages import add_stamps, drop_doubles, read_doubtful_lines
from extractors.recognising.pen_figures import join_pen_figures
from extractors.recognising.second_reader import SeenCharacter, read_line
from extractors.recognising.stamps import find_slanted_lines
from extractors.recognising.tesseract import SeenWord, end_before_next
from extractors.recognising.text_lines import (
    LinePiece,
    add_ink_lines,
    cut_lines,
    find_ink_lines,
    find_marks,
    split_doubt,
)
from schemas.geometry import Box
from schemas.readings import Source

STEP, HEIGHT = 10.0, 24.0


def draw_line(text, *, size=30, width=900, ink=20):
    picture = Image.new("L", (width, 2 * size), 255)
    ImageDraw.Draw(picture).text((12, size // 3), text, font=ImageFont.load_default(size=size), fill=ink)
    return np.asarray(picture)


def draw_rows(rows, *, width=1000, height=700, size=24):
    picture = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, text in rows:
        draw.text((x, y), text, font=ImageFont.load_default(size=size), fill=20)
    return np.asarray(picture)


def draw_stamp(page, text, *, centre, angle, size=56):
    stamp = Image.new("L", (420, 140), 255)
    draw = ImageDraw.Draw(stamp)
    draw.rounded_rectangle((6, 6, 413, 133), 12, outline=120, width=7)
    draw.text((210, 70), text, font=ImageFont.load_default(size=size), fill=120, anchor="mm")
    turn = cv2.getRotationMatrix2D((210, 70), angle, 1.0)
    turn[:, 2] += np.array(centre) - (210, 70)
    laid = cv2.warpAffine(np.asarray(stamp), turn, page.shape[::-1], borderValue=255)
    return np.minimum(page, laid)


def say(text, *, confidence=0.99, left=0.0):
    """Characters of a line, ten pixels each."""
    return [SeenCharacter(c, confidence, left + i * STEP, left + (i + 1) * STEP) for i, c in enumerate(text)]


def word(text, start, *, confidence=0.9):
    """A word of the first reader, where ``say`` has its letters."""
    return SeenWord(text, Box(start * STEP, 0.0, (start + len(text)) * STEP, HEIGHT), confidence)


def piece(*words):
    return LinePiece(Box(words[0].box.x0, 0.0, words[-1].box.x1, HEIGHT), tuple(words))


def test_reads_a_printed_line():
    characters = read_line(draw_line("Facture 2024-0187 du 14/03/2024 : 1 234,56 euros"))
    assert "".join(c.text for c in characters).replace(" ", "") == "Facture2024-0187du14/03/2024:1234,56euros"
    assert min(c.confidence for c in characters) > 0.5
    starts = [c.x0 for c in characters]
    assert starts == sorted(starts)
    assert all(c.x0 < c.x1 for c in characters)


@pytest.mark.parametrize("shape", [(2, 300), (300, 2), (1, 1)])
def test_a_strip_that_holds_no_line_gives_nothing(shape):
    assert read_line(np.full(shape, 255, np.uint8)) == ()


def test_blank_paper_gives_nothing_sure():
    assert all(c.confidence < 0.9 for c in read_line(np.full((48, 600), 250, np.uint8)))


def test_alike_is_surer_than_either():
    merged = merge_line(piece(word("Total", 0), word("12,50", 6)), say("Total 12,50"), 0.0)
    assert [w.text for w in merged] == ["Total", "12,50"]
    assert all(w.agreed and w.confidence > 0.95 and w.source is Source.TESSERACT for w in merged)


def test_spaces_are_the_first_readers():
    merged = merge_line(piece(word("Camille", 0), word("DURAND", 8)), say("CamilleDURAND"), 0.0)
    assert [w.text for w in merged] == ["Camille", "DURAND"]
    assert all(w.agreed for w in merged)


def test_the_surer_reading_of_a_disputed_word_is_kept_and_less_sure():
    doubtful = merge_line(piece(word("Tota1", 0, confidence=0.5)), say("Total", confidence=0.99), 0.0)
    assert [(w.text, w.source, w.agreed) for w in doubtful] == [("Total", Source.SECOND_READER, False)]
    assert doubtful[0].confidence < 0.99
    sure = merge_line(piece(word("Total", 0, confidence=0.95)), say("Tota!", confidence=0.6), 0.0)
    assert [(w.text, w.source, w.agreed) for w in sure] == [("Total", Source.TESSERACT, False)]


def test_what_only_the_second_reader_saw_is_added():
    merged = merge_line(piece(word("FINESS", 0), word("34", 7), word("1", 16)), say("FINESS 34 267437 1"), 0.0)
    assert "267437" in [w.text for w in merged]
    alone = merge_line(LinePiece(Box(50.0, 0.0, 200.0, HEIGHT)), say("PAYE", left=3.0), 47.0)
    assert [(w.text, w.box.x0, w.source) for w in alone] == [("PAYE", 50.0, Source.SECOND_READER)]


def test_noise_that_the_second_reader_cannot_make_out_is_dropped():
    assert merge_line(piece(word("sesser", 0, confidence=0.2)), say("x", confidence=0.1), 0.0) == ()
    kept = merge_line(piece(word("Montant", 0, confidence=0.8)), [], 0.0)
    assert [w.text for w in kept] == ["Montant"]


words_of_a_line = st.lists(st.text("abcdefgh0123456789,-", min_size=1, max_size=8), min_size=1, max_size=6)


@given(words_of_a_line, st.text("abcdefgh0123456789, ", max_size=40), st.floats(0.55, 1.0), st.floats(0.0, 1.0))
def test_merging_keeps_order_and_bounds(texts, other, sure, first):
    start, words = 0, []
    for text in texts:
        words.append(word(text, start, confidence=first))
        start += len(text) + 1
    merged = merge_line(piece(*words), say(other, confidence=sure), 0.0)
    assert all(w.text and " " not in w.text for w in merged)
    assert all(0.0 <= w.confidence <= 1.0 and w.box.x0 <= w.box.x1 for w in merged)
    if "".join(texts) == other.replace(" ", ""):
        assert [w.text for w in merged] == texts


@given(words_of_a_line)
def test_both_alike_gives_the_first_readers_words(texts):
    start, words = 0, []
    for text in texts:
        words.append(word(text, start))
        start += len(text) + 1
    merged = merge_line(piece(*words), say(" ".join(texts)), 0.0)
    assert [(w.text, w.box) for w in merged] == [(w.text, w.box) for w in words]


def test_words_of_a_line_share_its_box():
    placed = place_words(say("PAYE LE"), 70.0, Box(100.0, 0.0, 240.0, 50.0))
    assert [(w.text, w.box.x0, w.box.x1) for w in placed] == [("PAYE", 100.0, 180.0), ("LE", 200.0, 240.0)]


def test_lines_are_cut_at_wide_gaps():
    pieces = cut_lines([word("Total", 0), word("du", 6), word("12,50", 60), SeenWord("x", Box(0, 90, 9, 114), 0.9)])
    assert [[w.text for w in p.words] for p in pieces] == [["Total", "du"], ["12,50"], ["x"]]


def test_ink_in_rows_is_found():
    grey = draw_rows([(60, 60, "Total de la facture"), (700, 60, "370,00"), (60, 140, "Reste a charge")])
    boxes = find_ink_lines(find_marks(grey, 17.0))
    assert len(boxes) == 3
    assert all(box.height < 50 for box in boxes)


def test_ink_without_a_sure_word_is_read_again():
    grey = draw_rows([(60, 60, "Total de la facture"), (700, 60, "370,00")])
    left = next(box for box in find_ink_lines(find_marks(grey, 17.0)) if box.x0 < 300)
    seen = [SeenWord("Total", Box(left.x0, left.y0, left.x1, left.y1), 0.95)]
    whole, widened = add_ink_lines(find_marks(grey, 17.0), cut_lines(seen))
    assert [p.words[0].text for p in whole] == ["Total"]
    assert [p.words for p in widened] == [()]
    words, read_twice = read_doubtful_lines(grey, seen, 17.0)
    assert read_twice == 1
    assert {w.text for w in words} == {"Total", "370,00"}


def test_a_hole_between_words_is_read_again():
    grey = draw_rows([(60, 60, "FINESS 34 267437 1")])
    (row,) = find_ink_lines(find_marks(grey, 17.0))
    seen = [
        SeenWord("FINESS", Box(row.x0, row.y0, row.x0 + 0.4 * row.width, row.y1), 0.95),
        SeenWord("1", Box(row.x1 - 8, row.y0, row.x1, row.y1), 0.95),
    ]
    words, read_twice = read_doubtful_lines(grey, seen, 17.0)
    assert read_twice == 1
    assert "267437" in "".join(w.text for w in words)


@pytest.mark.parametrize("angle", [-14, -6, 7, 15])
def test_a_slanted_stamp_is_read(angle):
    page = draw_rows([(60, 60, "Facture 2024"), (60, 120, "Total 12,50")])
    page = draw_stamp(page, "ACQUITTE", centre=(600, 450), angle=angle)
    words = add_stamps(page, (), 17.0)
    stamped = next(w for w in words if w.text == "ACQUITTE")
    assert abs(stamped.box.center.x - 600) < 60
    assert abs(stamped.box.center.y - 450) < 60


def test_a_stamp_takes_the_place_of_unsure_words():
    page = draw_stamp(draw_rows([]), "PAYE LE", centre=(600, 450), angle=8)
    noise = SeenWord("PAVF", Box(500.0, 420.0, 640.0, 480.0), 0.3)
    texts = [w.text for w in add_stamps(page, (noise,), 17.0)]
    assert "PAVF" not in texts
    assert "".join(texts) == "PAYELE"


def test_level_rows_of_text_are_no_stamps():
    grey = draw_rows([(60, 60 + 50 * i, "Seance du 12/03/2026 pour Camille") for i in range(8)])
    assert find_slanted_lines(grey, (), 17.0) == []


def spread(*texts, gap=10.0, height=HEIGHT):
    """Words side by side with gaps of so many pixels."""
    x, words = 0.0, []
    for text in texts:
        words.append(SeenWord(text, Box(x, 0.0, x + STEP * len(text), height), 0.9))
        x += STEP * len(text) + gap
    return words


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("le", "5/1", "0/202", "5"), ["le", "5/10/2025"]),
        (("le", "1", "2", "/", "0", "3", "/", "26"), ["le", "12/03/26"]),
        (("honoraires", "6", "0", "€"), ["honoraires", "60", "€"]),
        (("7", "0,00", "euros"), ["70,00", "euros"]),
        (("7", "0,", "00", "€"), ["70,00", "€"]),
        (("2", "séances", "5", "0"), ["2", "séances", "5", "0"]),
        (("12/03/2026", "14/03/2026"), ["12/03/2026", "14/03/2026"]),
        (("1", "234,56", "€"), ["1234,56", "€"]),
        (("04", "72", "55", "59", "33"), ["04", "72", "55", "59", "33"]),
    ],
)
def test_figures_of_a_pen_are_put_together(texts, joined):
    assert [w.text for w in join_pen_figures(spread(*texts))] == joined


def test_figures_of_two_columns_stay_apart():
    words = spread("6", "0", "€", gap=3 * HEIGHT)
    assert [w.text for w in join_pen_figures(words)] == ["6", "0", "€"]


def test_numbers_that_the_second_reader_saw_whole_are_whole():
    first = [
        SeenWord("7", Box(0, 0, 10, HEIGHT), 0.8),
        SeenWord("0,", Box(24, 0, 40, HEIGHT), 0.8),
        SeenWord("00", Box(52, 0, 72, HEIGHT), 0.8),
    ]
    merged = merge_line(piece(*first), say("70,00"), 0.0)
    assert [(w.text, w.agreed) for w in merged] == [("70,00", True)]


def test_the_surer_of_two_words_in_one_place_stays():
    low = SeenWord("lnvoice", Box(0, 0, 70, 24), 0.4)
    high = SeenWord("Invoice", Box(2, 1, 72, 25), 0.9)
    beside = SeenWord("12", Box(90, 0, 110, 24), 0.3)
    assert {w.text for w in drop_doubles([[low], [high, beside]])} == {"Invoice", "12"}


def test_words_of_one_piece_are_no_doubles_however_their_boxes_overlap():
    amount = SeenWord("504,88", Box(672, 350, 774, 376), 0.98)
    currency = SeenWord("€", Box(763, 341, 776, 378), 0.99)
    again = SeenWord("504,88", Box(670, 350, 775, 376), 0.6)
    assert [w.text for w in drop_doubles([[amount, currency], [again]])] == ["€", "504,88"]


def test_a_sure_question_is_parted_from_a_doubtful_answer():
    grey = draw_rows([(60, 60, "Montant des honoraires 70,00")])
    marks = find_marks(grey, 17.0)
    (row,) = find_ink_lines(marks)
    font = ImageFont.load_default(size=24)
    cut = 60 + font.getlength("Montant des honoraires")
    words = (
        SeenWord("Montant", Box(row.x0, row.y0, row.x0 + 0.5 * row.width, row.y1), 0.95),
        SeenWord("honoraires", Box(row.x0 + 0.5 * row.width, row.y0, cut, row.y1), 0.95),
        SeenWord("7O,OO", Box(cut + 9, row.y0, row.x1, row.y1), 0.3),
    )
    kept, rest = split_doubt(LinePiece(row, words), marks, 0.9)
    assert [w.text for w in kept] == ["Montant", "honoraires"]
    assert [[w.text for w in p.words] for p in rest] == [["7O,OO"]]
    assert rest[0].box.x0 >= cut
    read, _ = read_doubtful_lines(grey, words, 17.0)
    assert "70,00" in [w.text for w in read]


def test_a_word_drawn_over_all_that_follows_on_its_line_ends_where_the_next_begins():
    words = [
        SeenWord("Reste", Box(10, 0, 170, 20), 0.9),
        SeenWord("à", Box(78, 0, 89, 20), 0.9),
        SeenWord("charge", Box(99, 0, 170, 20), 0.9),
        SeenWord("15,71", Box(120, 40, 180, 60), 0.9),
    ]
    ends = [word.box.x1 for word in end_before_next(words, [(1, 1, 1)] * 3 + [(2, 1, 1)])]
    assert ends == [78, 89, 170, 180]
