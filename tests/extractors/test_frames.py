"""The way back from the upright page to the page as received."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.frames import Picture, map_box, map_points, measure_rotation, scale_by, undo_quarter_turn
from extractors.normalising.flattening import resample, turn_and_scale
from schemas.geometry import Box


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_turning_pixels_and_turning_points_agree(rotation, width, height, along, down):
    """``undo_quarter_turn`` says where a point of the turned page was before the turn."""
    x, y = along * width, down * height
    turned = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[rotation]
    back = map_points(undo_quarter_turn(rotation, width, height), [turned])[0]
    assert back == pytest.approx((x, y), abs=0.02)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-6.0, 0.0, 4.0])
@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_a_dot_is_found_where_the_homography_says(rotation, skew, factor):
    lying = np.full((300, 200), 255, np.uint8)
    lying[60:72, 140:152] = 0
    homography, width, height = turn_and_scale(200, 300, rotation, skew, factor)
    upright = resample(lying, homography, width, height)
    rows, columns = np.nonzero(upright < 100)
    back = map_points(homography, [(columns.mean() + 0.5, rows.mean() + 0.5)])[0]
    assert back == pytest.approx((146, 66), abs=1.5)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation_is_measured_from_the_homography(rotation):
    homography, width, height = turn_and_scale(200, 300, rotation, 3.0, 1.5)
    assert measure_rotation(homography, width, height) == rotation


def test_a_derived_picture_keeps_the_whole_way_back():
    received = Picture(np.zeros((100, 80), np.uint8), scale_by(0.5))
    half = received.derive(np.zeros((50, 40), np.uint8), scale_by(2.0))
    assert map_points(half.to_received, [(10, 20)]) == [(10.0, 20.0)]


def test_polygon_follows_the_text_not_the_page():
    """On a page turned upside down, the first corner of a word is its bottom right on the page."""
    polygon = map_box(undo_quarter_turn(180, 100, 50), Box(0, 0, 10, 5))
    assert polygon == ((100, 50), (90, 50), (90, 45), (100, 45))
