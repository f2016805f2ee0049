"""What a stroke through a number does to the value that was read there."""

from decimal import Decimal

from extractors.understanding import understand_pages
from schemas.vocabulary import FieldName
from tests.extractors.understanding.builders import make_page

ROWS = ("#Optique des Quais", "Facture no 118", "Patient : Léa VASSEUR", "Total TTC|320,50 €", "Acquittée le 03/03")


def read(*struck):
    page = make_page(*ROWS)
    words = tuple(word.model_copy(update={"struck": word.text in struck}) for word in page.words)
    [paper] = understand_pages([page.model_copy(update={"words": words})])
    return paper.fields[FieldName.TOTAL_AMOUNT]


def test_a_struck_total_is_read_and_held_back():
    field = read("320,50")
    assert field.value == Decimal("320.50")
    assert field.held_back == "check_failed:not_struck_out"


def test_any_other_total_is_not():
    field = read("118")
    assert all(check.name != "not_struck_out" for check in field.checks)
