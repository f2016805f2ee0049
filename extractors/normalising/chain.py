"""The steps of normalising, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.frames import Bend, BentWay, Homography, Picture, Way, scale_by, undo_quarter_turn
from extractors.normalising.bending import LINE_HEIGHT, measure_bend
from extractors.normalising.components import TextShape, measure_text
from extractors.normalising.flattening import outline_sheet, resample, turn_and_scale
from extractors.normalising.light import even_light, to_grey
from extractors.normalising.print import prepare_print
from extractors.normalising.sheet_judging import Sheet
from extractors.normalising.sheets import find_sheets

#: Height, in pixels, that the median character of any other page is brought to; 27 and 32 were no better.
TARGET_HEIGHT = 22.0
#: ... and of a sheet found on a photo: read as well in a seventh less time. Small print of identifiers on
#: fax is not.
_PHOTO_HEIGHT = 19.0
#: Between these heights the page is left at its size: resampling would only blur it.
_FINE_HEIGHTS = (17.0, 34.0)
_LARGEST_FACTOR, _SMALLEST_FACTOR = 3.0, 0.35
#: A tilt below this many degrees is left alone.
_FINE_SKEW = 0.35
#: Directions are believed only when so many neighbours agree.
_LEAST_AGREEMENT = 0.45
_MOST_PIXELS = 14_000_000
#: A print is clean when nearly all neighbouring pixels are alike, whatever the colour of the paper; grain is not.
_LARGE_SIDE, _SMOOTH_STEP, _CLEAN_SHARE = 2000, 3, 0.85
#: Height that characters of a clean print are brought to, and how much a page may be shrunk for it.
_CLEAN_HEIGHT, _LEAST_SHRINKING, _MOST_SHRINKING = 16.5, 0.8, 0.5


@dataclass(frozen=True, eq=False, slots=True)
class NormalisedSheet:
    """A page, or one sheet of a photo, ready to be read.

    Attributes:
        picture: grey, upright as far as is known.
        flat: the sheet as received but for perspective: what its quality is measured on.
        rotation: quarter turn already applied, in degrees clockwise.
        shape: what the characters say, None when there are too few.
        sheet: the sheet found on the photo, None when the picture is the page.
        index: number of the sheet on the picture, from 0.
    """

    picture: Picture
    flat: Picture
    rotation: int
    shape: TextShape | None
    sheet: Sheet | None
    index: int = 0


def normalise_page(picture: Picture, *, look_for_sheets: bool = True) -> tuple[NormalisedSheet, ...]:
    """The sheets of a page, ready to be read.

    Args:
        picture: of the page as received.
        look_for_sheets: otherwise the picture is taken for the page.

    Returns:
        One, or two when two papers lie side by side on a photo.
    """
    grey = picture.derive(to_grey(picture.pixels), np.eye(3))
    sheets = find_sheets(picture.pixels) if look_for_sheets else ()
    if not sheets:
        page = _shrink_clean(grey)
        return (_normalise_sheet(page, None, 0, keep_size=page is not grey),)
    return tuple(_normalise_sheet(grey, sheet, i) for i, sheet in enumerate(sheets))


def _shrink_clean(picture: Picture) -> Picture:
    """A clean print that is larger than it need be, made smaller before anything costly is done to it.

    On clean 300 dpi pages the engine finds the same words at two thirds of the size in little more than half the time;
    with grain or grey light it would not, so those keep every pixel.
    """
    if max(picture.width, picture.height) < _LARGE_SIDE:
        return picture
    rows = picture.pixels[::8].astype(np.int16)
    if float(np.mean(np.abs(np.diff(rows, axis=1)) <= _SMOOTH_STEP)) < _CLEAN_SHARE:
        return picture
    shape = measure_text(picture.pixels)
    if shape is None or shape.height < _CLEAN_HEIGHT / _LEAST_SHRINKING:
        return picture
    factor = max(_CLEAN_HEIGHT / shape.height, _MOST_SHRINKING)
    size = (round(picture.width * factor), round(picture.height * factor))
    back = scale_by(picture.width / size[0], picture.height / size[1])
    return picture.derive(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA), back)


def _normalise_sheet(source: Picture, sheet: Sheet | None, index: int, *, keep_size: bool = False) -> NormalisedSheet:
    flat, to_source = source, np.eye(3)
    if sheet is not None:
        to_source, width, height = outline_sheet(sheet.corners)
        flat = source.derive(resample(source.pixels, to_source, width, height, rough=True), to_source)
    shape = measure_text(flat.pixels)
    sure = shape is not None and shape.agreement >= _LEAST_AGREEMENT
    rotation = 90 if shape and sure and shape.vertical else 0
    skew = shape.skew if shape and sure and abs(shape.skew) >= _FINE_SKEW else 0.0
    height_of_text = shape.height if shape else 0.0
    target = TARGET_HEIGHT if sheet is None else _PHOTO_HEIGHT
    factor = 1.0 if keep_size else _choose_factor(height_of_text, target, flat)
    bend = _look_for_bend(flat, rotation, skew, height_of_text) if sure and not keep_size else None
    upright = _make_upright(source, flat, to_source, rotation, skew, factor, bend)
    size = (height_of_text or TARGET_HEIGHT / factor) * factor
    picture = Picture(prepare_print(even_light(upright.pixels, size), size), upright.to_received)
    return NormalisedSheet(picture, flat, rotation, shape, sheet, index)


def turn_sheet(page: NormalisedSheet, rotation: int) -> NormalisedSheet:
    """The same sheet, brought upright by another quarter turn.

    Args:
        page: as normalised.
        rotation: total turn from the flat sheet, in degrees clockwise.
    """
    further = (rotation - page.rotation) % 360
    picture = page.picture
    turned = picture.derive(
        np.rot90(picture.pixels, -(further // 90)), undo_quarter_turn(further, picture.width, picture.height)
    )
    return replace(page, picture=turned, rotation=rotation)


def _choose_factor(height: float, target: float, flat: Picture) -> float:
    if height <= 0 or _FINE_HEIGHTS[0] <= height <= _FINE_HEIGHTS[1]:
        factor = 1.0
    else:
        factor = float(np.clip(target / height, _SMALLEST_FACTOR, _LARGEST_FACTOR))
    return min(factor, float(np.sqrt(_MOST_PIXELS / (flat.width * flat.height))))


def _look_for_bend(flat: Picture, rotation: int, skew: float, text_height: float) -> Bend | None:
    """The bend of a page that is upright and level, in its pixels; looked for on a small copy."""
    factor = min(1.0, LINE_HEIGHT / text_height)
    to_flat, width, height = turn_and_scale(flat.width, flat.height, rotation, skew, factor)
    small = resample(flat.pixels, to_flat, width, height, rough=True)
    bend = measure_bend(small, text_height * factor)
    if bend is None:
        return None
    return Bend(bend.coefficients / factor, bend.width / factor, bend.height / factor)


def _make_upright(
    source: Picture,
    flat: Picture,
    to_source: Homography,
    rotation: int,
    skew: float,
    factor: float,
    bend: Bend | None,
) -> Picture:
    """One resampling of the source, whatever there is to undo; none where a quarter turn is all."""
    if flat is source and skew == 0.0 and factor == 1.0 and bend is None:
        back = undo_quarter_turn(rotation, source.width, source.height)
        return source.derive(np.rot90(source.pixels, -(rotation // 90)), back)
    to_flat, width, height = turn_and_scale(flat.width, flat.height, rotation, skew, factor)
    way: Way = to_source @ to_flat
    if bend is not None:
        level = to_source @ turn_and_scale(flat.width, flat.height, rotation, skew, 1.0)[0]
        way = BentWay(level, bend, scale_by(1.0 / factor))
    return source.derive(resample(source.pixels, way, width, height), way)
