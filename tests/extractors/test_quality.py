"""The verdict on a page, before and after it is read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.quality import PictureMeasures, find_smeared_parts, find_unread_parts, judge_picture, judge_reading
from extractors.recognising.scoring import ReadingScore
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box
from schemas.vocabulary import Legibility, LegibilityReason, PagePart

CLEAR = PictureMeasures(
    characters=400,
    text_height=20.0,
    agreement=0.9,
    edge_width=2.0,
    contrast=0.7,
    paper=220.0,
    ink_share=0.05,
    relief=0.4,
    glare_share=0.0,
    cut=False,
)


def score(confidence, solid=300):
    return ReadingScore(letters=400, solid_letters=solid, confidence=confidence, value=100.0)


def test_a_clear_page_is_read_and_is_legible():
    assert judge_picture(CLEAR) is None
    verdict = judge_reading(CLEAR, score(0.93))
    assert (verdict.legibility, verdict.reasons) == (Legibility.LEGIBLE, ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"edge_width": 18.0}, LegibilityReason.FLOU),
        ({"edge_width": 12.0, "contrast": 0.15}, LegibilityReason.FLOU),
        ({"text_height": 3.0, "edge_width": 1.8}, LegibilityReason.RESOLUTION_FAIBLE),
        ({"contrast": 0.1, "agreement": 0.2}, LegibilityReason.CONTRASTE_FAIBLE),
        ({"contrast": 0.14, "ink_share": 0.14}, LegibilityReason.CONTRASTE_FAIBLE),
        ({"characters": 3, "relief": 0.01, "ink_share": 0.001}, LegibilityReason.PAGE_BLANCHE),
    ],
)
def test_hopeless_pages_are_told_before_reading(change, reason):
    verdict = judge_picture(replace(CLEAR, **change))
    assert verdict is not None
    assert verdict.legibility is Legibility.ILLEGIBLE
    assert verdict.reasons[0] is reason


def test_soft_but_dark_letters_are_worth_reading():
    """Blur that leaves letters dark leaves them legible to a careful person."""
    assert judge_picture(replace(CLEAR, text_height=8.0, edge_width=4.5)) is None
    assert judge_picture(replace(CLEAR, text_height=8.0, edge_width=4.5, contrast=0.15)) is not None


def test_the_engine_s_doubt_alone_refuses_no_page():
    soft = replace(CLEAR, edge_width=6.5)
    assert judge_reading(soft, score(0.40)).legibility is Legibility.DOUBTFUL
    assert judge_reading(replace(soft, contrast=0.15), score(0.40)).legibility is Legibility.ILLEGIBLE
    assert judge_reading(soft, score(0.20)).legibility is Legibility.ILLEGIBLE


def test_a_reading_without_letters_is_none():
    verdict = judge_reading(CLEAR, score(0.9, solid=5))
    assert verdict.legibility is Legibility.ILLEGIBLE
    assert verdict.reasons


def test_reasons_add_up():
    dark = replace(CLEAR, paper=60.0, edge_width=7.0, cut=True)
    reasons = judge_reading(dark, score(0.6)).reasons
    assert reasons == (LegibilityReason.SOMBRE, LegibilityReason.FLOU, LegibilityReason.PAGE_COUPEE)


def printed_page():
    """Lines of print on white paper, and the words that were read on them."""
    page = np.full((1200, 900), 245, np.uint8)
    words = []
    for row in range(20, 1180, 40):
        for column in range(30, 860, 120):
            cv2.putText(page, "Texte", (column, row + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 20, 2)
            words.append(SeenWord("Texte", Box(column, row, column + 75, row + 20), 0.95))
    return page, words


def test_print_that_is_blurred_away_is_found_where_it_is():
    page, words = printed_page()
    page[800:] = cv2.GaussianBlur(page, (0, 0), 12)[800:]
    left = [word for word in words if word.box.y1 < 800]
    assert find_smeared_parts(page, left, 0.9) == (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT)
    assert find_unread_parts(page, left, 0.9) == (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT)
    assert judge_reading(CLEAR, score(0.93), smeared=True).legibility is Legibility.DOUBTFUL


def test_a_page_that_was_read_and_an_empty_part_have_nothing_smeared():
    page, words = printed_page()
    page[800:] = 245
    left = [word for word in words if word.box.y1 < 800]
    assert find_smeared_parts(page, left, 0.9) == ()
    assert find_unread_parts(page, left, 0.9) == ()


def test_sharp_print_that_nobody_could_read_is_unread():
    page, words = printed_page()
    left = [word for word in words if word.box.x1 < 440 or word.box.y1 > 400]
    assert find_unread_parts(page, left, 0.9) == (PagePart.TOP_RIGHT,)
