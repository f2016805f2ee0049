"""The verdict on a page, before and after it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.quality import PictureMeasures, Verdict, judge_at_first_sight, judge_picture, judge_reading
from extractors.recognising.scoring import ReadingScore
from schemas.vocabulary import Legibility, LegibilityReason

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


def test_a_smeared_part_makes_a_clear_page_doubtful_and_saves_no_hopeless_one():
    assert judge_reading(CLEAR, score(0.93), smeared=True).legibility is Legibility.DOUBTFUL
    assert judge_at_first_sight(CLEAR).legibility is Legibility.LEGIBLE
    assert judge_at_first_sight(CLEAR, smeared=True) == Verdict(Legibility.DOUBTFUL, (LegibilityReason.FLOU,))
    hopeless = replace(CLEAR, contrast=0.05, agreement=0.0)
    assert judge_at_first_sight(hopeless, smeared=True).legibility is Legibility.ILLEGIBLE
