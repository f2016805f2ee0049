"""Sheets on photos: found where they are, and not where they are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.frames import BentWay, Picture, map_points
from extractors.normalising import normalise_page, turn_sheet
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


def draw_banner(page, height=260):
    """The page with its letterhead in white on a dark band."""
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, page.width, height), fill=40)
    font = ImageFont.load_default(size=60)
    draw.text((100, 60), "CENTRE DENTAIRE DES ACACIAS", font=font, fill=255)
    return page


def test_a_dark_banner_stays_on_the_sheet():
    page = draw_banner(draw_page(("",) * 4 + LINES))
    photo = np.asarray(photograph(page, CORNERS, table=(48, 44, 40)))
    (sheet,) = find_sheets(photo)
    inside = cv2.pointPolygonTest(sheet.corners.astype(np.float32), (CORNERS[0][0] + 300, CORNERS[0][1] + 120), False)
    assert inside > 0


def test_two_papers_that_nearly_touch():
    left = [(80, 120), (980, 150), (975, 1300), (60, 1280)]
    right = [(1003, 160), (1900, 130), (1930, 1290), (1010, 1330)]
    cloth = make_checks(2000, 1450, size=60)
    both = lay(draw_page(), left, cloth)
    both = lay(draw_page(LINES_OF_ANOTHER), right, np.asarray(both))
    sheets = find_sheets(np.asarray(both))
    assert len(sheets) == 2
    assert sheets[0].corners[:, 0].max() < 1020
    assert sheets[1].corners[:, 0].min() > 965


def test_a_landscape_page_in_two_columns_is_one_paper():
    page = Image.new("L", (1754, 1240), 255)
    column = draw_page(LINES, width=800, height=1240, size=26)
    page.paste(column, (0, 0))
    page.paste(column, (900, 0))
    photo = photograph(page, [(120, 130), (1880, 150), (1900, 1350), (100, 1380)], width=2000, height=1500)
    assert len(find_sheets(np.asarray(photo))) == 1


def test_dashed_rules_do_not_hide_the_size_of_the_print():
    page = np.array(draw_page(LINES[:8], size=30))
    for top in range(900, 1700, 60):
        for left in range(60, 1180, 14):
            page[top : top + 3, left : left + 8] = 0
    shape = measure_text(page)
    assert shape is not None
    assert 14 <= shape.height <= 32


def bend_page(page, depth):
    """The page with its middle slid down, and where a point of it went."""
    pixels = np.array(page)
    height, width = pixels.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(pixels, columns, rows - depth * np.sin(np.pi * columns / width), cv2.INTER_LINEAR, borderValue=255)
    return bent, lambda x, y: (x, y + depth * np.sin(np.pi * x / width))


@pytest.mark.parametrize("depth", [-40.0, 30.0, 60.0])
def test_bent_lines_are_straightened_and_every_point_is_found_back(depth):
    page = draw_page([line + " " + line[:24] for line in LINES], size=28)
    bent, place = bend_page(page, depth)
    (sheet,) = normalise_page(Picture(bent, np.eye(3)))
    way = sheet.picture.to_received
    assert isinstance(way, BentWay)
    # Along one straight line of the upright page, points come from the bent line.
    y = sheet.picture.height * 0.3
    middle, left, right = (map_points(way, [(sheet.picture.width * part, y)])[0] for part in (0.42, 0.12, 0.72))
    sag = middle.y - (left.y + right.y) / 2
    wanted = place(middle.x, 0)[1] - (place(left.x, 0)[1] + place(right.x, 0)[1]) / 2
    assert sag == pytest.approx(wanted, abs=0.2 * abs(depth))


def test_a_mark_on_a_bent_page_is_found_back():
    page = draw_page([line + " " + line[:24] for line in LINES], size=28)
    page.paste(0, (600, 1500, 640, 1540))
    bent, place = bend_page(page, 50.0)
    (sheet,) = normalise_page(Picture(bent, np.eye(3)))
    upright = sheet.picture.pixels
    top = int(upright.shape[0] * 0.7)
    rows, columns = np.nonzero(upright[top:] < 90)
    found = map_points(sheet.picture.to_received, [(columns.mean() + 0.5, rows.mean() + top + 0.5)])[0]
    assert found == pytest.approx(place(620, 1520), abs=2)


def test_a_straight_page_is_not_bent():
    (sheet,) = normalise_page(Picture(np.array(draw_page(size=28)), np.eye(3)))
    assert not isinstance(sheet.picture.to_received, BentWay)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_sheet_turned_later_keeps_its_way_back(rotation):
    bent, _ = bend_page(draw_page([line + " " + line[:24] for line in LINES], size=28), 50.0)
    (sheet,) = normalise_page(Picture(bent, np.eye(3)))
    turned = turn_sheet(sheet, (sheet.rotation + rotation) % 360)
    rows, columns = np.nonzero(sheet.picture.pixels < 60)
    there = map_points(sheet.picture.to_received, [(columns[0] + 0.5, rows[0] + 0.5)])[0]
    width, height = sheet.picture.width, sheet.picture.height
    x, y = columns[0] + 0.5, rows[0] + 0.5
    here = {90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[rotation]
    assert map_points(turned.picture.to_received, [here])[0] == pytest.approx(there, abs=0.05)
    assert turned.picture.pixels[int(here[1]), int(here[0])] == sheet.picture.pixels[rows[0], columns[0]]
