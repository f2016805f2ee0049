"""Labels over two lines, days of care in lists, days without separators."""

import datetime as dt
from decimal import Decimal

import pytest

from extractors.understanding import understand_pages
from extractors.understanding.sheet import take_apart
from schemas.vocabulary import DocumentType, FieldName
from tests.extractors.understanding.builders import make_page

TODAY = dt.date(2026, 6, 1)
HEAD = (
    "Dr Jeanne Martin",
    "Ostéopathe D.O.",
    "12 rue des Lilas",
    "69003 Lyon",
    "#Note d'honoraires",
)
FOOT = ("Séance d'ostéopathie|60,00 €", "Total|60,00 €", "Facture acquittée")


def labels_of(page):
    sheet = take_apart(page, today=TODAY)
    return {(sheet.rows[hit.row].text[hit.start : hit.end], hit.cue.role) for row in sheet.hits for hit in row}


def read(*rows, **options):
    return understand_pages([make_page(*rows, **options)], today=TODAY)[0]


def test_a_label_over_two_lines_is_read_as_one_where_its_value_stands_beside():
    found = labels_of(make_page("Date de|04.12.1982", "naissance :", columns=(0, 8)))
    assert ("Date de", "date.birth") in found
    assert not any(role == "date.issue" for _, role in found)


def test_a_label_over_three_lines():
    assert ("Reçu en", "date.care") in labels_of(
        make_page("Reçu en|16/04/2026", "consultation", "le :", columns=(0, 12))
    )


def test_two_labels_with_a_value_each_stay_two():
    found = labels_of(make_page("Date|04.12.2025", "Facture|F2026-18", columns=(0, 12)))
    assert ("Date", "date.issue") in found
    assert not any(text == "Facture" and role == "date.issue" for text, role in found)


def test_a_birthday_is_never_the_day_of_a_paper():
    fields = read(*HEAD, "Date|12/05/2026", "Mme Claire DUPONT|02/07/1987", *FOOT).fields
    assert fields[FieldName.ISSUE_DATE].value == dt.date(2026, 5, 12)
    assert FieldName.CARE_DATES not in fields


@pytest.mark.parametrize("printed", ["15 03 26", "ven. 15/03/26", "15/3/26"])
def test_days_behind_their_label_in_every_form(printed):
    assert read(*HEAD, f"Facture du|{printed}", *FOOT).fields[FieldName.ISSUE_DATE].value == dt.date(2026, 3, 15)


def test_three_pairs_of_figures_without_a_label_in_a_sentence_are_no_day():
    assert FieldName.ISSUE_DATE not in read(*HEAD, "Numéro de série 15 03 26 du modèle", *FOOT).fields


def test_acts_of_a_statement_end_with_their_day():
    paper = read(
        "l'Assurance Maladie",
        "CPAM de Lyon",
        "#Relevé de remboursements",
        "Édité le 02/04/2026",
        "Bénéficiaire : Claire DUPONT",
        "Consultation – 6/3/26",
        "Dépense 30,00 – Base 30,00 – 70 % – Versé 19,00",
        "Consultation – 15/3/26",
        "Dépense 30,00 – Base 30,00 – 70 % – Versé 19,00",
        "Total remboursé|38,00 €",
        "Virement effectué le 03/04/2026 sur votre compte.",
    )
    assert paper.type is DocumentType.DECOMPTE_AM
    assert paper.fields[FieldName.CARE_DATES].value == (dt.date(2026, 3, 6), dt.date(2026, 3, 15))


def test_a_day_under_an_act_and_its_price_is_its_day():
    paper = read(*HEAD, "Facturé le 04/03/2026", "Séance d'ostéopathie|60,00 €", "02/03/2026", "Total|60,00 €")
    assert paper.fields[FieldName.CARE_DATES].value == (dt.date(2026, 3, 2),)


def test_amounts_of_a_sentence_keep_their_own_labels_under_a_table():
    paper = read(
        "Dr Jeanne Martin",
        "Chirurgien-dentiste",
        "#Facture",
        "Date|Libellé|Code|Base|Part SS|Montant",
        "29/05/2026|Inlay composite|HBMD351|100,00|60,00|328,90",
        "Total : 328,90 €|Part AMO : 60,00 €|Part AMC : 268,90 €|Reste à charge : 0,00 €",
        columns=(0, 14, 28, 40, 52, 64),
    )
    assert paper.fields[FieldName.PATIENT_DUE].value == Decimal("0.00")
    assert paper.fields[FieldName.AMC_AMOUNT].value == Decimal("268.90")
