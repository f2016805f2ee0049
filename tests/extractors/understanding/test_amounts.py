from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.understanding.amounts import find_amounts, parse_amount

CENTS = st.integers(min_value=0, max_value=999_999_999)


def group(whole: int, mark: str) -> str:
    return f"{whole:,}".replace(",", mark)


FORMS = {
    "french": lambda w, c: f"{group(w, ' ')},{c:02d} €",
    "no-break": lambda w, c: f"{group(w, chr(0xA0))},{c:02d}\u00a0€",
    "narrow": lambda w, c: f"{group(w, chr(0x202F))},{c:02d}\u00a0€",
    "swiss": lambda w, c: f"{group(w, chr(39))},{c:02d} €",
    "swiss, curly": lambda w, c: f"{group(w, chr(0x2019))},{c:02d} €",
    "dots": lambda w, c: f"{group(w, '.')},{c:02d}",
    "english": lambda w, c: f"{group(w, ',')}.{c:02d}",
    "bare": lambda w, c: f"{w},{c:02d}",
    "point": lambda w, c: f"{w}.{c:02d}",
    "letters": lambda w, c: f"{w},{c:02d} EUR",
    "euro inside": lambda w, c: f"{w}€{c:02d}",
    "words": lambda w, c: f"{w},{c:02d} euros",
}


@pytest.mark.parametrize("form", FORMS)
@given(cents=CENTS)
def test_every_form_is_read_back(form, cents):
    whole, rest = divmod(cents, 100)
    assert parse_amount(FORMS[form](whole, rest)) == Decimal(cents) / 100


@given(cents=CENTS, sign=st.sampled_from("-−–"))
def test_negative(cents, sign):
    whole, rest = divmod(cents, 100)
    assert parse_amount(f"{sign}{whole},{rest:02d} €") == -(Decimal(cents) / 100)


@given(text=st.text(alphabet="0123456789,. €-EUR%/\u00a0", max_size=40))
def test_anything_gives_amounts_inside_the_text(text):
    end = 0
    for found in find_amounts(text):
        assert end <= found.start < found.end <= len(text)
        assert found.value == found.value.quantize(Decimal("0.01"))
        end = found.end


@pytest.mark.parametrize(
    "text", ["12.03.2026", "12/03/2026", "20,00 %", "5,5 %", "AMI 1,5", "123", "1,234", "07 12 33"]
)
def test_what_is_no_amount(text):
    assert find_amounts(text) == []


def test_whole_amounts_need_their_currency():
    assert parse_amount("60 €") == Decimal(60)
    assert parse_amount("1 200 €") == Decimal(1200)
    assert parse_amount("60") is None


def test_a_wide_gap_does_not_part_thousands():
    assert [found.value for found in find_amounts("3\t110,00\t330,00")] == [Decimal("110.00"), Decimal("330.00")]


@pytest.mark.parametrize("text", ["125,00 CHF", "Total $ 125,00", "125.00 USD", "GBP 125,00", "125,00 £"])
def test_foreign_money_is_no_amount_of_the_paper(text):
    assert find_amounts(text) == []


@given(st.text("0123456789,. €'", max_size=60))
def test_any_run_of_figures_is_survived(text):
    find_amounts(text)


def test_a_number_too_long_for_an_amount_is_none():
    assert find_amounts(f"Réf. {'1' * 30},00") == []
