"""The look before sending: what it says of a page, and where."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.first_look import look_at_file
from schemas.advice import advise_reading
from schemas.errors import RefusalCode
from schemas.vocabulary import Legibility, LegibilityReason, PagePart


@pytest.fixture
def page():
    """A scan of A4 at 150 dots per inch, full of print."""
    picture = np.full((1754, 1240, 3), 245, np.uint8)
    for row in range(60, 1720, 45):
        for column in range(70, 1100, 150):
            cv2.putText(picture, "Facture", (column, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (25, 25, 25), 2)
    return picture


def look(folder, picture):
    path = folder / "photo.png"
    cv2.imwrite(str(path), picture)
    return look_at_file(path, identifier="photo").reading


def test_a_clear_page_is_legible_and_nothing_is_said_of_it(tmp_path, page):
    reading = look(tmp_path, page)
    assert [(seen.legibility, seen.unread_parts, seen.words) for seen in reading.pages] == [
        (Legibility.LEGIBLE, (), ())
    ]
    assert advise_reading(reading) == {}


def test_print_lost_at_the_foot_is_said_to_be_at_the_foot(tmp_path, page):
    page[1160:] = cv2.GaussianBlur(page, (0, 0), 8)[1160:]
    reading = look(tmp_path, page)
    (seen,) = reading.pages
    assert (seen.legibility, seen.reasons) == (Legibility.DOUBTFUL, (LegibilityReason.FLOU,))
    assert seen.unread_parts == (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT)
    ((sentence,),) = advise_reading(reading).values()
    assert sentence.startswith("La photo est floue en bas. ")


def test_a_file_that_cannot_be_opened_is_refused_by_name(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"not a picture")
    reading = look_at_file(path, identifier="photo").reading
    assert (reading.pages, reading.refusal) == ((), RefusalCode.UNSUPPORTED_TYPE)
