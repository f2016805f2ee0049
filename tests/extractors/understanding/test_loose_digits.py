import pytest

from extractors.understanding.sheet import take_apart
from extractors.understanding.spots import SpotKind
from schemas.readings import Source
from tests.extractors.understanding.builders import make_page

CASES = [
    ("Montant 12 0, 00 €", SpotKind.AMOUNT, "120.00"),
    ("Montant 5 5 €", SpotKind.AMOUNT, "55.00"),
    ("Paris, le 25/06/2 026", SpotKind.DATE, "2026-06-25"),
]


@pytest.mark.parametrize(("text", "kind", "value"), CASES)
def test_digits_that_a_reader_set_apart_are_put_together(text, kind, value):
    spots = take_apart(make_page(text, source=Source.TESSERACT, confidence=0.9)).spots_of(kind)
    assert [(str(spot.value), spot.repaired) for spot in spots] == [(value, True)]


@pytest.mark.parametrize("text", ["Montant 1 234,50 €", "Montant 12,50 €"])
def test_numbers_that_stand_as_they_should_are_left_alone(text):
    [read] = take_apart(make_page(text, source=Source.TESSERACT, confidence=0.9)).spots_of(SpotKind.AMOUNT)
    [printed] = take_apart(make_page(text)).spots_of(SpotKind.AMOUNT)
    assert (read.value, read.repaired) == (printed.value, False)


def test_a_text_layer_is_taken_at_its_word():
    assert not take_apart(make_page("Paris, le 25/06/2 026")).spots_of(SpotKind.DATE)


def test_thousands_that_a_wide_gap_parts_are_joined_where_both_fill_a_cell():
    page = make_page("Régime obligatoire|1|508,48 €", columns=(0.0, 40.0, 41.55))
    assert [str(spot.value) for spot in take_apart(page).spots_of(SpotKind.AMOUNT)] == ["1508.48"]
