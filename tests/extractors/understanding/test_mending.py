import datetime as dt

import pytest

from extractors.understanding.sheet import take_apart
from extractors.understanding.spots import SpotKind
from schemas.readings import Source
from tests.extractors.understanding.builders import make_page

TODAY = dt.date(2026, 10, 1)
NEAR = "Paris, le 25/06/2026"


def dates_of(*rows, source=Source.TESSERACT):
    page = make_page(*rows, source=source, confidence=0.9)
    return {spot.raw: str(spot.value) for spot in take_apart(page, today=TODAY).spots_of(SpotKind.DATE)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Effectuée le 29105/2026", "2026-05-29"),
        ("Effectuée le 29/05l2026", "2026-05-29"),
        ("Effectuée le 2910512026", "2026-05-29"),
        ("Effectuée le 9103/2026", "2026-03-09"),
        ("Effectuée le 29/05126", "2026-05-29"),
        ("Effectuée le 2905/2026", "2026-05-29"),
        ("Effectuée le 29/105/2026", "2026-05-29"),
        ("Effectuée le 291/05/2026", "2026-05-29"),
        ("Effectuée le 29/05/12026", "2026-05-29"),
    ],
)
def test_a_slash_read_as_a_figure_is_a_slash_where_one_day_is_possible(text, value):
    raw = text.split()[-1]
    assert dates_of(text, NEAR)[raw] == value
    [spot] = [
        s for s in take_apart(make_page(text, NEAR, source=Source.TESSERACT)).spots if s.raw == raw and s.repaired
    ]
    assert spot.kind is SpotKind.DATE


@pytest.mark.parametrize(
    "rows",
    [
        ("Dossier 29105/2026",),  # nothing to be near to
        ("Effectuée le 29105/2019",),
        ("Effectuée le 29105/2019", NEAR),  # years away
        ("Effectuée le 31106/2026", NEAR),  # no such day
        ("Tél. 0110412026", NEAR),  # figures alone that nothing calls a date
        ("Dossier 2910512026", NEAR),
        ("Effectuée le 29/101/2026", NEAR),  # the twenty-ninth of January, or of October
        ("Effectuée le 1103/2026", NEAR),  # the first of March, or the eleventh
        ("Dossier 12103/26", NEAR),
    ],
)
def test_no_date_is_made_where_it_is_not_certain(rows):
    assert list(dates_of(*rows)) == ([NEAR.split()[-1]] if NEAR in rows else [])


def test_an_announced_date_needs_no_other_one_beside_it():
    assert dates_of("Effectuée le 29105/2026") == {"29105/2026": "2026-05-29"}


def test_a_text_layer_is_not_mended():
    assert list(dates_of("Effectuée le 29105/2026", NEAR, source=Source.TEXT_LAYER)) == ["25/06/2026"]


def test_a_date_glued_to_its_article_is_read():
    assert dates_of("Établie le11/02/2025") == {"11/02/2025": "2025-02-11"}


@pytest.mark.parametrize(("key", "valid"), [("79", True), ("78", False)])
def test_a_key_that_stands_apart_is_joined_where_it_holds(key, valid):
    page = make_page(f"Matricule S.S. 1540931303052|{key}", columns=(0.0, 16.5), source=Source.TESSERACT)
    [spot] = [s for s in take_apart(page).spots_of(SpotKind.NIR) if str(s.value).startswith("1540931303052")]
    assert (spot.valid, str(spot.value) == "154093130305279") == (valid, valid)
