from decimal import Decimal

import pytest

from extractors.understanding import understand_pages
from extractors.understanding.proving import PROVED, could_be
from schemas.readings import Source
from schemas.vocabulary import FieldName
from tests.extractors.understanding.builders import make_page

HEAD = ("PHARMACIE DU PONT", "Facture n° 0007222", "Date 03/07/2025")


def read(*rows, source=Source.TESSERACT, confidence=0.55):
    [paper] = understand_pages([make_page(*HEAD, *rows, source=source, confidence=confidence)])
    return paper


@pytest.mark.parametrize(
    ("raw", "value", "possible"),
    [
        ("52:29", "52.29", True),
        ("1 478,00 €", "478.00", True),
        ("|478,00", "478.00", True),
        ("4O,5O", "40.50", True),
        ("480,00", "460.00", False),
        ("2 478,00", "478.00", False),
        ("abc", "1.00", False),
    ],
)
def test_what_a_print_can_be(raw, value, possible):
    assert could_be(raw, Decimal(value)) is possible


def test_one_figure_may_be_wrong_and_no_more():
    assert could_be("480,00", Decimal("460.00"), one_figure=True)
    assert not could_be("489,00", Decimal("460.00"), one_figure=True)


def test_a_lost_comma_is_put_back_where_the_sum_asks_for_it():
    paper = read("Montant facturé|80,98", "Assurance Maladie|52:29", "Mutuelle|28,69", "Solde assuré|0,00")
    amo = paper.fields[FieldName.AMO_AMOUNT]
    assert (amo.value, amo.raw_text) == (Decimal("52.29"), "52:29")
    assert {check.name: check.passed for check in amo.checks}[PROVED]


def test_a_rule_before_an_amount_is_no_figure_of_it():
    paper = read("Montant facturé|1 478,00", "Assurance Maladie|0,09", "Solde assuré|477,91")
    total = paper.fields[FieldName.TOTAL_AMOUNT]
    assert (total.value, total.raw_text) == (Decimal("478.00"), "1 478,00")


@pytest.mark.parametrize("printed", ["1 478,00", "1478,00", "47800"])
def test_a_wrong_amount_that_is_clearly_printed_is_found_out_and_not_mended(printed):
    paper = read(f"Montant facturé|{printed} €", "Assurance Maladie|0,09", "Solde assuré|477,91", confidence=0.97)
    assert paper.value_of(FieldName.TOTAL_AMOUNT) != Decimal("478.00")
    checks = {check.name: check.passed for check in paper.fields[FieldName.TOTAL_AMOUNT].checks}
    assert checks["total_is_sum_of_shares"] is False


def test_a_total_whose_label_is_lost_is_the_amount_over_its_shares():
    paper = read("xx|910,00 €", "Assurance Maladie|144,00 €", "Solde assuré|766,00 €")
    assert paper.value_of(FieldName.TOTAL_AMOUNT) == Decimal("910.00")


def test_amounts_that_do_not_add_up_are_shown_as_they_are():
    paper = read("Montant facturé|700,00", "Assurance Maladie|480,00", "Solde assuré|240,00", confidence=0.95)
    assert paper.value_of(FieldName.AMO_AMOUNT) == Decimal("480.00")
    checks = {check.name: check.passed for check in paper.fields[FieldName.TOTAL_AMOUNT].checks}
    assert checks["total_is_sum_of_shares"] is False


def test_a_text_layer_is_never_mended():
    paper = read("Montant facturé|80,98", "Assurance Maladie|52:29", "Mutuelle|28,69", "Solde assuré|0,00",
                 source=Source.TEXT_LAYER)  # fmt: skip
    assert paper.value_of(FieldName.AMO_AMOUNT) is None
