import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.understanding.dates import build_date, find_dates, parse_date

TODAY = dt.date(2026, 10, 15)
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre"]  # fmt: skip
SHORT = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
PLAIN = [name.translate(str.maketrans("éû", "eu")).upper() for name in MONTHS]

FORMS = {
    "slash": lambda d: f"{d:%d/%m/%Y}",
    "unpadded": lambda d: f"{d.day}/{d.month}/{d.year}",
    "dash": lambda d: f"{d:%d-%m-%Y}",
    "dot": lambda d: f"{d:%d.%m.%Y}",
    "spaces": lambda d: f"{d:%d %m %Y}",
    "iso": lambda d: f"{d:%Y-%m-%d}",
    "spaced slash": lambda d: f"{d:%d / %m / %Y}",
    "long": lambda d: f"{'1er' if d.day == 1 else d.day} {MONTHS[d.month - 1]} {d.year}",
    "short": lambda d: f"{d.day:02d} {SHORT[d.month - 1]} {d.year}",
    "capitals": lambda d: f"{d.day} {PLAIN[d.month - 1]} {d.year}",
    "boxes": lambda d: " ".join(f"{d:%d%m%Y}"),
    "boxes with bars": lambda d: "|".join(f"{d:%d%m%Y}"),
    "form": lambda d: f"{d:%d%m%Y}",
}


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(dt.date(1920, 1, 1), dt.date(2027, 12, 31)))
def test_every_form_is_read_back(form, day):
    assert parse_date(FORMS[form](day), today=TODAY) == day


@given(day=st.dates(dt.date(1928, 1, 1), dt.date(2027, 12, 31)), separator=st.sampled_from("/.-"))
def test_short_year_is_the_nearest_past(day, separator):
    read = parse_date(f"{day:%d}{separator}{day:%m}{separator}{day:%y}", today=TODAY)
    assert read is not None
    assert (read.day, read.month, read.year % 100) == (day.day, day.month, day.year % 100)
    assert 1928 <= read.year <= 2027


@given(text=st.text(alphabet="0123456789/.- \tOolmars1erduav", max_size=60))
def test_anything_gives_dates_inside_the_text(text):
    for found in find_dates(text, today=TODAY):
        assert 0 <= found.start < found.end <= len(text)
        assert 1900 <= found.value.year <= 2100


def test_letters_are_digits_only_where_separators_prove_a_date():
    assert parse_date("O1/03/2O26") == dt.date(2026, 3, 1)
    assert find_dates("O1/03/2O26")[0].repaired
    assert find_dates("Olivier 03 BOIS") == []
    assert find_dates("OO/OO/OOOO") == []


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "32/01/2026", "01/13/2026", "04.79.12.13.14", "04.09.12.13.14", "752/12/03/2026", "1/2", "12,50 €",
     "732 829 320 00074", "01 48 92 96 77", "Réf. 12-34-5678-9"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert find_dates(text, today=TODAY) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("du 01/03 au 05/03/2026", ["2026-03-01", "2026-03-05"]),
        ("du 3 au 5 mars 2026", ["2026-03-03", "2026-03-05"]),
        ("Séjour du 28 février au 3 mars 2026", ["2026-02-28", "2026-03-03"]),
        ("du 30/12 au 02/01/2026", ["2025-12-30", "2026-01-02"]),
        ("du 01/03/2026 au 05/03/2026", ["2026-03-01", "2026-03-05"]),
        ("séances des 03/02, 10/02 et 17/02/2026", ["2026-02-03", "2026-02-10", "2026-02-17"]),
        ("les 3, 10 et 17 mars 2026", ["2026-03-03", "2026-03-10", "2026-03-17"]),
        ("le 01/03/2026 10:15", ["2026-03-01"]),
        ("lundi 26 mai 2025", ["2025-05-26"]),
    ],
)
def test_ranges_and_lists(text, days):
    assert [found.value.isoformat() for found in find_dates(text, today=TODAY)] == days


def test_ends_of_a_range_are_linked():
    first, second = find_dates("du 01/03/2026 au 05/03/2026")
    assert first.linked
    assert not second.linked


def test_build_date_keeps_to_the_calendar():
    assert build_date(29, 2, 2024) == dt.date(2024, 2, 29)
    assert build_date(29, 2, 2025) is None
    assert build_date(1, 1, 28, short=True, today=TODAY) == dt.date(1928, 1, 1)
    assert build_date(1, 1, 27, short=True, today=TODAY) == dt.date(2027, 1, 1)


def test_a_day_that_no_paper_speaks_of_is_no_date():
    today = dt.date(2026, 11, 27)
    assert parse_date("31/12/2031", today=today) == dt.date(2031, 12, 31)
    assert parse_date("12/03/2098", today=today) is None
    assert [found.value for found in find_dates("Facture du 12/03/2098, soins du 10/03/2026", today=today)] == [
        dt.date(2026, 3, 10)
    ]
