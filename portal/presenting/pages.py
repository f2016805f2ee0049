"""Page images with the places of the values on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portal.presenting.grades import Grade
from schemas.advice import advise_reading
from schemas.geometry import Point, Polygon
from schemas.readings import FileReading
from schemas.vocabulary import Legibility


@dataclass(frozen=True)
class BoxView:
    """The place of one value on a page.

    Attributes:
        target: identifier of the row that shows the value.
        label: French name of the field.
        points: corners as SVG writes them.
        human: a gestionnaire gave or confirmed the value.
    """

    target: str
    label: str
    points: str
    grade: Grade
    human: bool = False


@dataclass(frozen=True)
class PageView:
    """One page as received, with what turns it upright on screen.

    Attributes:
        number: in the file, from 1.
        width: of the page as received, in its own unit; boxes are in the same frame.
        transform: SVG transform that turns the page upright.
        turned: the quarter turns of it, in degrees.
        view_width: width once upright.
        advice: what is wrong with the picture, in French.
    """

    number: int
    width: float
    height: float
    transform: str
    view_width: float
    view_height: float
    legible: bool
    advice: tuple[str, ...]
    boxes: tuple[BoxView, ...] = ()
    turned: int = 0


#: Room left around the letters, as a share of their height, so that a frame does not lie on what it shows.
_AIR = 0.2


def draw_place(polygon: Polygon) -> str:
    """The corners of a frame around a place, as SVG writes them; frame and place lean the same way.

    Args:
        polygon: clockwise from the top left of the text, in the page as received.
    """
    a, b, c, d = polygon
    along, down = _direction(a, b), _direction(a, d)
    air = _AIR * math.dist(a, d)
    corners = ((a, -1, -1), (b, 1, -1), (c, 1, 1), (d, -1, 1))
    return " ".join(
        f"{corner.x + air * (right * along.x + low * down.x):.1f},"
        f"{corner.y + air * (right * along.y + low * down.y):.1f}"
        for corner, right, low in corners
    )


def _direction(start: Point, end: Point) -> Point:
    length = math.hypot(end.x - start.x, end.y - start.y) or 1.0
    return Point((end.x - start.x) / length, (end.y - start.y) / length)


def turn_upright(width: float, height: float, rotation: int) -> tuple[str, float, float]:
    """The SVG transform that turns a page by quarter turns clockwise, and its size once turned.

    Args:
        width: as received.
        height: as received.
        rotation: 0, 90, 180 or 270.
    """
    if rotation == 90:
        return f"translate({height:g} 0) rotate(90)", height, width
    if rotation == 180:
        return f"translate({width:g} {height:g}) rotate(180)", width, height
    if rotation == 270:
        return f"translate(0 {width:g}) rotate(270)", height, width
    return "", width, height


def present_pages(reading: FileReading, boxes: dict[int, tuple[BoxView, ...]]) -> tuple[PageView, ...]:
    """The pages of a file, each once even when two papers lie on it.

    Args:
        reading: of the file; two sheets on one photo carry the same page number.
        boxes: places of values, by page number.
    """
    readings, advice = reading.pages, advise_reading(reading)
    views: list[PageView] = []
    for number in sorted({reading.page for reading in readings}):
        sheets = [reading for reading in readings if reading.page == number]
        first = sheets[0]
        width, height = first.width or 1.0, first.height or 1.0
        transform, view_width, view_height = turn_upright(width, height, first.rotation % 360)
        views.append(
            PageView(
                number=number,
                width=width,
                height=height,
                transform=transform,
                view_width=view_width,
                view_height=view_height,
                legible=all(sheet.legibility is not Legibility.ILLEGIBLE for sheet in sheets),
                advice=advice.get(number, ()),
                boxes=boxes.get(number, ()),
                turned=first.rotation % 360,
            )
        )
    return tuple(views)
