"""Where print is seen that was not read, or is blurred away; and what is taken for it by none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.recognising.tesseract import SeenWord
from extractors.unread import find_smeared_parts, find_unread_parts
from schemas.geometry import Box
from schemas.vocabulary import PagePart

BOTTOM = (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT)


@pytest.fixture
def page():
    """Lines of print on white paper."""
    page = np.full((1200, 900), 245, np.uint8)
    for row in range(20, 1180, 40):
        for column in range(30, 860, 120):
            cv2.putText(page, "Texte", (column, row + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 20, 2)
    return page


@pytest.fixture
def words():
    """What was read on the page."""
    return [
        SeenWord("Texte", Box(column, row, column + 75, row + 20), 0.95)
        for row in range(20, 1180, 40)
        for column in range(30, 860, 120)
    ]


def above(words, bottom):
    return [word for word in words if word.box.y1 < bottom]


def with_foot(page, foot):
    page = page.copy()
    page[800:] = foot
    return page


@pytest.mark.parametrize("blur", [8, 10, 12])
def test_print_that_is_blurred_away_is_found_where_it_is(page, words, blur):
    smeared = with_foot(page, cv2.GaussianBlur(page, (0, 0), blur)[800:])
    assert find_smeared_parts(smeared, above(words, 800)) == BOTTOM
    assert find_unread_parts(smeared, above(words, 800), BOTTOM) == BOTTOM


def test_it_is_found_before_anything_is_read(page):
    assert find_smeared_parts(page) == ()
    assert find_smeared_parts(with_foot(page, cv2.GaussianBlur(page, (0, 0), 12)[800:])) == BOTTOM


def draw_empty():
    return np.full((400, 900), 245, np.uint8)


def draw_shadow():
    """Of a hand that holds the telephone."""
    foot = draw_empty()
    cv2.ellipse(foot, (450, 420), (300, 260), 20, 0, 360, 190, -1)
    return cv2.GaussianBlur(foot, (0, 0), 30)


def draw_folds():
    foot = draw_empty()
    for row in (130, 265):
        cv2.line(foot, (0, row), (900, row + 8), 215, 9)
    return cv2.GaussianBlur(foot, (0, 0), 3)


def draw_stain():
    """The ring of a cup."""
    foot = draw_empty()
    cv2.circle(foot, (450, 200), 150, 205, 14)
    return cv2.GaussianBlur(foot, (0, 0), 4)


def draw_back():
    """Print of the other side that shines through."""
    foot = draw_empty()
    for row in range(40, 380, 40):
        cv2.putText(foot, "Conditions generales de vente", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 215, 2)
    return cv2.GaussianBlur(foot[:, ::-1], (0, 0), 1)


def draw_erased_rules():
    """Paper that is not quite white, and white where rules were taken away."""
    foot = np.full((400, 900), 232, np.uint8)
    for row in range(40, 380, 55):
        cv2.line(foot, (0, row), (900, row), 255, 5)
    return foot


def draw_grain():
    return np.clip(np.random.default_rng(4).normal(225, 14, (400, 900)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "draw", [draw_empty, draw_shadow, draw_folds, draw_stain, draw_back, draw_erased_rules, draw_grain]
)
def test_nothing_else_is_taken_for_smeared_print(page, words, draw):
    assert find_smeared_parts(with_foot(page, draw()), above(words, 800)) == ()


def test_a_page_that_was_read_has_nothing_unread(page, words):
    assert find_unread_parts(page, words, ()) == ()
    assert find_unread_parts(with_foot(page, 245), above(words, 800), ()) == ()


def test_sharp_print_that_nobody_could_read_is_unread(page, words):
    left = [word for word in words if word.box.x1 < 440 or word.box.y1 > 400]
    assert find_unread_parts(page, left, ()) == (PagePart.TOP_RIGHT,)
