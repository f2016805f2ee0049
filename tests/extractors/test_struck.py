"""Numbers that somebody struck out."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.recognising.struck import is_struck, mark_struck
from extractors.recognising.tesseract import SeenWord
from schemas.geometry import Box

SIZE = 30
FONT = ImageFont.load_default(SIZE)
LEFT, TOP = 200, 100


def draw(text="1 234,50", *lines, shade=255, blur=0):
    """A page with one number and some strokes, given in heights of the number from its left end and its middle."""
    page = Image.new("L", (900, 220), shade)
    pen = ImageDraw.Draw(page)
    pen.text((LEFT, TOP), text, font=FONT, fill=20)
    box = Box(*pen.textbbox((LEFT, TOP), text, font=FONT))
    height = box.height
    for start, end, width in lines:
        points = [(box.x0 + x * height, box.center.y + y * height) for x, y in (start, end)]
        pen.line(points, fill=40, width=width)
    pixels = np.asarray(page)
    if blur:
        import cv2

        pixels = cv2.GaussianBlur(pixels, (0, 0), blur)
    return pixels, box, height


def judge(*arguments, **changes):
    pixels, box, height = draw(*arguments, **changes)
    return is_struck(pixels, box, height)


@pytest.mark.parametrize("text", ["1 234,50", "60,00 €", "12/03/2026", "4720.00", "35,00"])
@pytest.mark.parametrize(
    "stroke",
    [
        ((-0.4, 0.0), (9.0, 0.0), 3),
        ((-0.5, 0.1), (9.0, -0.1), 3),
        ((-0.4, 0.05), (9.0, 0.05), 4),
    ],
)
def test_a_stroke_through_a_number(text, stroke):
    _, box, height = draw(text)
    (start, end, width), length = stroke, box.width / height
    assert judge(text, (start, (length + 0.4, end[1]), width))
    assert judge(text, (start, (length + 0.4, end[1]), width), blur=1.2)


@pytest.mark.parametrize("text", ["1 234,50", "60,00 €", "12/03/2026", "444 111", "2-4-7", "11 rue 77"])
@pytest.mark.parametrize(
    "strokes",
    [
        (),
        [((-0.5, 0.75), (7.0, 0.75), 3)],  # under it
        [((-0.5, 0.55), (7.0, 0.55), 4)],  # close under it
        [((-0.5, -0.75), (7.0, -0.75), 3)],  # over it
        [((-9.0, 0.0), (22.0, 0.0), 3)],  # a rule of the whole page
        [((-2.0, 0.0), (-0.3, 0.0), 3)],  # leaders before it
        [((-0.4, -0.8), (-0.4, 0.8), 3), ((8.5, -0.8), (8.5, 0.8), 3)],  # the sides of a cell
        [((-0.6, -0.9), (8.6, -0.9), 3), ((-0.6, 0.9), (8.6, 0.9), 3), ((-0.6, -0.9), (-0.6, 0.9), 3)],  # a frame
    ],
)
@pytest.mark.parametrize("blur", [0, 1.5])
def test_what_strikes_nothing_out(text, strokes, blur):
    assert not judge(text, *strokes, blur=blur)


def test_noise_and_the_edges_of_a_page():
    noise = np.random.default_rng(3).integers(180, 220, (200, 600)).astype(np.uint8)
    for box in (Box(200, 80, 320, 110), Box(0, 0, 90, 25), Box(500, 180, 600, 200), Box(300, 90, 303, 92)):
        assert not is_struck(noise, box, 28.0)
        assert not is_struck(np.full_like(noise, 255), box, 28.0)


def test_only_numbers_are_marked():
    pixels, box, height = draw("1 234,50", ((-0.4, 0.0), (6.5, 0.0), 3))
    words = [SeenWord(text, box, 0.9) for text in ("1 234,50", "Total", "12")]
    assert [word.struck for word in mark_struck(pixels, words, height)] == [True, False, False]
