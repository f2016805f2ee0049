import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.understanding.names import load_first_names, parse_name

LASTS = ["DURAND", "LE GOFF", "DU BELLAY", "DE LA TOUR", "O'BRIEN", "MARTIN-PETIT", "D'ARTAGNAN", "VÉZINET"]
FIRSTS = ["Éloïse", "Jean-Marc", "Zoé", "Noël", "Anne-Sophie", "Paul"]


@given(
    first=st.sampled_from(FIRSTS),
    last=st.sampled_from(LASTS),
    title=st.sampled_from(["", "M. ", "Mme ", "Dr ", "Madame "]),
    swapped=st.booleans(),
)
def test_surname_is_the_part_in_capitals(first, last, title, swapped):
    text = title + (f"{last} {first}" if swapped else f"{first} {last}")
    found = parse_name(text)
    assert found is not None
    assert (found.first, found.last) == (first, last)
    assert found.doctor == title.startswith("Dr")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Paul Vézinet", "Paul VÉZINET"),
        ("Vézinet Paul", "Paul VÉZINET"),
        ("VÉZINET PAUL", "Paul VÉZINET"),
        (": Mme Zoé DURAND – née le 12/03/1980", "Zoé DURAND"),
        ("DURAND Zoé (DDN : 12/03/1980)", "Zoé DURAND"),
        ("Zoé DURAND, 12 rue Basse", "Zoé DURAND"),
        ("Gaël Nguyen Van", "Gaël NGUYEN VAN"),
    ],
)
def test_what_follows_a_name_is_left(text, value):
    found = parse_name(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["", "12 rue Basse", "facture acquittée", "Durand", ": – 12/03/2026", "A B"])
def test_what_is_no_name(text):
    assert parse_name(text) is None


@given(text=st.text(max_size=60))
@example("..")
def test_any_text_is_survived(text):
    found = parse_name(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


def test_first_names_are_folded():
    names = load_first_names()
    assert {"eloise", "zoe"} <= names
    assert all(name == name.lower() and name.isascii() for name in names)
