import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.names import NameMatch, find_people, match_name
from schemas.claims import Person
from schemas.rules import load_rules

RULES = load_rules().names


def person(first: str, last: str, birth: str | None = None) -> Person:
    return Person(first=first, last=last, birth_name=birth)


@pytest.mark.parametrize(
    ("printed", "who", "match"),
    [
        ("Zoé Ferrand", person("Zoé", "FERRAND"), "same"),
        ("FERRAND ZOE", person("Zoé", "FERRAND"), "same"),
        ("Mme Zoé FERRAND", person("Zoé", "FERRAND"), "same"),
        ("Enfant FERRAND Zoé", person("Zoé", "FERRAND"), "same"),
        ("FERRAND Zoé née KERVELLA", person("Zoé", "FERRAND", "Kervella"), "same"),
        ("Zoé KERVELLA", person("Zoé", "FERRAND", "Kervella"), "same"),
        ("Zoé KERVELLA-FERRAND", person("Zoé", "FERRAND", "Kervella"), "same"),
        ("JEAN MARC LE GALL", person("Jean-Marc", "LE GALL"), "same"),
        ("LEGALL Jeanmarc", person("Jean-Marc", "LE GALL"), "same"),
        ("GALL Jean-Marc", person("Jean-Marc", "LE GALL"), "same"),
        ("Marie Zoé Anne FERRAND", person("Zoé", "FERRAND"), "same"),
        ("Maëlys D’ARGENT", person("Maelys", "D'Argent"), "same"),
        ("Cœurjoly Inès", person("Ines", "COEURJOLY"), "same"),
        ("FERRANO Zoé", person("Zoé", "FERRAND"), "misread"),
        ("Bapt1ste MOREL", person("Baptiste", "MOREL"), "misread"),
        ("Z. FERRAND", person("Zoé", "FERRAND"), "initial"),
        ("J.-M. LE GALL", person("Jean-Marc", "LE GALL"), "initial"),
        ("J LE GALL", person("Jean-Marc", "LE GALL"), "initial"),
        ("M.-C. LE GALL", person("Marie-Claude", "LE GALL"), "initial"),
        ("M. C. LE GALL", person("Marie-Claude", "LE GALL"), "initial"),
        ("M. C. LE GALL", person("Claude", "LE GALL"), "initial"),
        ("M. LE GALL", person("Marie-Claude", "LE GALL"), "last_name_only"),
        ("Mme FERRAND", person("Zoé", "FERRAND"), "last_name_only"),
        ("Jean LE GALL", person("Jean-Marc", "LE GALL"), "near"),
        ("Inès LOPEZ", person("Inès", "LOPEZ-MARCHAND"), "near"),
        ("Luc FERRAND", person("Zoé", "FERRAND"), "different"),
        ("Zoé MARTEL", person("Zoé", "FERRAND"), "different"),
        ("Véronique FERRAND", person("Bruno", "FERRAND"), "different"),
        ("Paul DU VAL", person("Anne", "DU LAC"), "different"),
        ("M. Patient ENFANT", person("Patient", "ENFANT"), "same"),
        ("", person("Zoé", "FERRAND"), "different"),
        ("Mme", person("Zoé", "FERRAND"), "different"),
    ],
)
def test_names_as_people_write_them(printed, who, match):
    assert match_name(printed, who, RULES).value == match


def test_the_best_of_a_family():
    martin, martine = person("Martin", "NOEL"), person("Martine", "NOEL")
    assert find_people("NOEL Martine", (martin, martine), RULES) == (NameMatch.SAME, (martine,))
    assert find_people("M. NOEL", (martin, martine), RULES) == (NameMatch.LAST_NAME_ONLY, (martin, martine))
    assert find_people("NOEL", (), RULES) == (NameMatch.DIFFERENT, ())


letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈÇ", min_size=4, max_size=10)


@given(letters, letters)
def test_order_case_and_titles_never_count(first, last):
    who = person(first, last)
    for printed in (f"{last} {first}", f"{first.lower()} {last}", f"Mme {first} {last}", f"{last}, {first}"):
        assert match_name(printed, who, RULES) is NameMatch.SAME
