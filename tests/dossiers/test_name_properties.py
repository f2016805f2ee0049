"""What holds of names whoever bears them, however they are written and read."""

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from dossiers.names import NameMatch, are_other_people, match_name, split_name
from schemas.claims import Person
from schemas.rules import load_rules

RULES = load_rules().names
ORDER = list(NameMatch)
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = {"A": "ÀÂÄ", "C": "Ç", "E": "ÉÈÊË", "I": "ÎÏ", "O": "ÔÖ", "U": "ÙÛÜ", "Y": "Ÿ"}
#: What OCR takes letters for.
NOISE = {"I": "1L", "O": "0Q", "S": "5", "B": "8", "E": "F", "N": "M", "L": "I", "U": "V", "C": "G"}
TITLES = ("", "M. ", "Mme ", "Mlle ", "Monsieur ", "MADAME ", "Enfant ")


@st.composite
def people(draw, letters=PLAIN):
    word = st.text(letters, min_size=4, max_size=10)
    names = st.lists(word, min_size=1, max_size=2, unique=True).map("-".join)
    return Person(first=draw(names), last=draw(names), birth_name=draw(st.none() | names))


@st.composite
def writings(draw, person: Person):
    """A person's name as somebody may write it: order, capitals, accents, hyphens, title, birth name."""
    last = draw(st.sampled_from([person.last, person.birth_name or person.last]))
    extra = f" née {person.birth_name}" if person.birth_name and draw(st.booleans()) else ""
    parts = draw(st.permutations([person.first, last]))
    text = " ".join(parts)
    text = "".join(draw(st.sampled_from([letter, *ACCENTED.get(letter, "")])) for letter in text)
    if draw(st.booleans()):
        text = text.replace("-", draw(st.sampled_from([" ", "-", "’", " - "])))
    text = draw(st.sampled_from([str.upper, str.lower, str.title, str]))(text)
    text = draw(st.sampled_from([unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)]))
    return draw(st.sampled_from(TITLES)) + text + (extra if last == person.last else "")


@given(st.data())
def test_however_it_is_written_it_is_the_same_person(data):
    person = data.draw(people())
    assert match_name(data.draw(writings(person)), person, RULES) is NameMatch.SAME


@given(st.data())
def test_one_letter_misread_is_never_another_person(data):
    person = data.draw(people())
    text = f"{person.first} {person.last}"
    places = [place for place, letter in enumerate(text) if letter in NOISE]
    assume(places)
    place = data.draw(st.sampled_from(places))
    noise = data.draw(st.sampled_from(NOISE[text[place]]))
    read = text[:place] + noise + text[place + 1 :]
    assert match_name(read, person, RULES) is not NameMatch.DIFFERENT


@given(people(), st.sampled_from([". ", " ", ""]))
def test_an_initial_is_an_initial(person, dot):
    letters = dot.join(part[0] for part in person.first.split("-"))
    assume(split_name(letters))  # the M of a Martine and the M of a Monsieur are one
    match = match_name(f"{letters}{dot} {person.last}", person, RULES)
    assert match in (NameMatch.INITIAL, NameMatch.SAME, NameMatch.MISREAD)


@given(people())
def test_a_family_name_alone_tells_the_family_only(person):
    assume(not set(split_name(person.first)) & set(split_name(person.last)))
    assume(match_name(person.last, Person(first=person.first, last="QQQQQQQQQQQQ"), RULES) is NameMatch.DIFFERENT)
    match = match_name(f"Mme {person.last}", person, RULES)
    assert ORDER.index(match) >= ORDER.index(NameMatch.LAST_NAME_ONLY)


@given(st.data())
def test_a_relatives_name_is_not_taken_for_ones_own(data):
    person = data.draw(people(PLAIN.replace("Q", "").replace("W", "")))
    other = data.draw(st.text("QW", min_size=4, max_size=10))  # no letter of it stands in the names on file
    assert match_name(f"{other} {person.last}", person, RULES) is NameMatch.DIFFERENT


@given(st.text(max_size=60), people())
def test_whatever_is_read_there_is_an_answer(text, person):
    assert match_name(text, person, RULES) in NameMatch


@given(st.data())
def test_two_writings_of_one_name_are_not_two_people(data):
    person = data.draw(people())
    one, other = (data.draw(writings(Person(first=person.first, last=person.last))) for _ in range(2))
    assert not are_other_people(one, other, RULES)


@given(st.text(max_size=40), st.text(max_size=40))
def test_being_other_people_goes_both_ways(one, other):
    assert are_other_people(one, other, RULES) == are_other_people(other, one, RULES)
    assert not are_other_people(one, one, RULES)


def test_brothers_are_other_people():
    assert are_other_people("Hugo VASSEUR", "VASSEUR Léa-Marie", RULES)
    assert not are_other_people("L. VASSEUR", "VASSEUR Léa", RULES)
    assert not are_other_people("VASSEUR Lea née Quillien", "Léa VASSEUR", RULES)
