"""Sheets on photos: found where they are, and not where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from extractors.frames import Picture, map_points
from extractors.normalising import normalise_page
from extractors.normalising.components import measure_text
from extractors.normalising.sheets import find_sheets
from tests.extractors.papers import LINES, draw_page, lay, photograph

CORNERS = [(210, 150), (1290, 230), (1340, 1800), (130, 1740)]


def make_checks(width, height, size=110):
    """A tablecloth."""
    rows, columns = np.indices((height, width)) // size
    cloth = np.where(((rows + columns) % 2)[..., None] == 0, (235, 235, 225), (60, 110, 80))
    return cloth.astype(np.uint8)


def test_corners_on_a_plain_table():
    photo = np.asarray(photograph(draw_page(), CORNERS))
    (sheet,) = find_sheets(photo)
    assert np.abs(sheet.corners - CORNERS).max() < 15


def test_corners_on_a_tablecloth():
    photo = np.asarray(lay(draw_page(), CORNERS, make_checks(1500, 2000)))
    (sheet,) = find_sheets(photo)
    assert np.abs(sheet.corners - CORNERS).max() < 40


def test_corners_on_a_light_table():
    photo = np.asarray(photograph(draw_page(paper=232), CORNERS, table=(205, 200, 196)))
    (sheet,) = find_sheets(photo)
    assert np.abs(sheet.corners - CORNERS).max() < 25


def test_a_thumb_on_the_sheet_does_not_move_its_corners():
    photo = np.array(photograph(draw_page(), CORNERS))
    rows, columns = np.indices(photo.shape[:2])
    thumb = ((columns - 720) / 60.0) ** 2 + ((rows - 1860) / 240.0) ** 2 < 1
    photo[thumb] = (224, 172, 140)
    (sheet,) = find_sheets(photo)
    assert np.abs(sheet.corners - CORNERS).max() < 25


def test_two_papers_side_by_side():
    left = [(80, 120), (900, 150), (880, 1300), (60, 1280)]
    right = [(1080, 160), (1900, 110), (1930, 1290), (1100, 1330)]
    first = photograph(draw_page(), left, width=2000, height=1450)
    both = lay(draw_page(LINES_OF_ANOTHER), right, np.asarray(first))
    sheets = find_sheets(np.asarray(both))
    assert len(sheets) == 2
    assert np.abs(sheets[0].corners - left).max() < 25
    assert np.abs(sheets[1].corners - right).max() < 25


LINES_OF_ANOTHER = ("Pharmacie des Tilleuls", "Ticket n° 4512", "Total 18,20 euros") * 4


@pytest.mark.parametrize("frame", [False, True])
def test_a_scan_is_no_photo(frame):
    """Not even when a box is drawn on it."""
    page = np.array(draw_page())
    if frame:
        page[900:905, 200:1000] = page[1400:1405, 200:1000] = 0
        page[900:1400, 200:205] = page[900:1400, 995:1000] = 0
    assert find_sheets(page) == ()


def test_a_clean_scan_is_left_as_it_is():
    page = np.array(draw_page(LINES[:8], size=44))
    (sheet,) = normalise_page(Picture(page, np.eye(3)))
    assert np.array_equal(sheet.picture.pixels, page)
    assert np.allclose(sheet.picture.to_received, np.eye(3))


def test_words_of_a_photo_are_found_back_on_it():
    """A mark drawn on the sheet is where the homography of the normalised page says."""
    page = draw_page()
    page.paste(0, (600, 1500, 640, 1540))
    photo = np.asarray(photograph(page, CORNERS))
    (sheet,) = normalise_page(Picture(photo, np.eye(3)))
    upright = sheet.picture.pixels
    top, left = int(upright.shape[0] * 0.75), upright.shape[1] // 5  # away from the rim, below the text
    rows, columns = np.nonzero(upright[top : int(upright.shape[0] * 0.95), left:-left] < 90)
    found = map_points(sheet.picture.to_received, [(columns.mean() + left, rows.mean() + top)])[0]
    rows, columns = np.nonzero(photo[1400:1700, 600:900].max(axis=2) < 60)
    assert found == pytest.approx((columns.mean() + 600, rows.mean() + 1400), abs=8)


@pytest.mark.parametrize("skew", [-7.0, -1.5, 0.0, 3.0, 9.0])
def test_tilt_is_measured(skew):
    page = draw_page().rotate(-skew, fillcolor=255, resample=Image.Resampling.BICUBIC)
    shape = measure_text(np.asarray(page))
    assert shape is not None
    assert not shape.vertical
    assert shape.skew == pytest.approx(skew, abs=0.4)


def test_a_page_on_its_side_is_noticed():
    shape = measure_text(np.asarray(draw_page().rotate(90, expand=True)))
    assert shape is not None
    assert shape.vertical


def test_too_little_print_says_nothing():
    assert measure_text(np.asarray(draw_page(("Vu",)))) is None
