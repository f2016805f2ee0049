"""Cells of lines: what stands in its own column, and what a line names itself."""

import datetime as dt
from decimal import Decimal

import pytest

from extractors.understanding.codes import read_code
from extractors.understanding.locations import read_location
from tests.extractors.understanding.test_items import items_of

DENTIST = ("Dr Zoé DUPRÉ", "Chirurgien-dentiste", "Note d'honoraires n° 0007222", "Date 03/07/2025")


def dental_items(*rows, columns):
    return items_of(*DENTIST, *rows, columns=columns)


def test_a_code_that_no_list_knows_is_taken_from_its_column():
    rows = ("Date|Désignation|Acte|Qté|Montant", "05/03/2024|Rééducation du rachis|RAC 7,5|1|16,13",
            "07/03/2024|Rééducation du rachis|RAC 7,5|2|32,26", "Total||||48,39")  # fmt: skip
    first, second = items_of(*rows, columns=(0, 12, 32, 44, 52))
    assert (first.code, first.label, first.quantity) == ("RAC 7.5", "Rééducation du rachis", Decimal(1))
    assert (second.date, second.quantity) == (dt.date(2024, 3, 7), Decimal(2))


def test_the_class_of_a_lens_is_no_code():
    rows = ("Code|Désignation|Œil|Montant", "2260142|Monture optique classe B||120,00",
            "2293615|Verre unifocal classe B|OD|90,00", "2293615|Verre unifocal classe B|OG|90,00",
            "Total|||300,00")  # fmt: skip
    items = items_of(*rows, columns=(0, 10, 40, 50))
    assert [(item.code, item.label, item.location) for item in items] == [
        ("2260142", "Monture optique classe B", None),
        ("2293615", "Verre unifocal classe B", "OD"),
        ("2293615", "Verre unifocal classe B", "OG"),
    ]


def test_sides_stand_in_their_column_whatever_its_heading():
    rows = ("Code|Désignation|Positionnement|Montant", "2355121|Aide auditive classe I|droite|950,00",
            "2355121|Aide auditive classe I|gauche|950,00", "Total|||1900,00")  # fmt: skip
    assert [item.location for item in items_of(*rows, columns=(0, 10, 38, 60))] == ["D", "G"]


def test_a_row_that_names_its_values_is_part_of_the_line_above():
    rows = ("Date|Libellé|Montant", "31/01/2026|Exérèse du contenu canalaire|96,00",
            "Code acte HBFD033  Dent 32  Base remb. 81,94  Part RO 49,16", "Total||96,00")  # fmt: skip
    [item] = dental_items(*rows, columns=(0, 12, 60))
    assert (item.code, item.location, item.base, item.amo) == ("HBFD033", "32", Decimal("81.94"), Decimal("49.16"))
    assert item.label == "Exérèse du contenu canalaire"


def test_lines_without_headings_are_known_by_what_they_name():
    rows = ("Rééducation du genou|17,20 €", "08-08-26 · RGN 8 · Base 17,20 € · Part AMO 10,32 €",
            "Rééducation du genou|17,20 €", "11-08-26 · RGN 8 · Base 17,20 € · Part AMO 10,32 €",
            "Total|34,40 €")  # fmt: skip
    items = items_of(*rows, columns=(0, 60))
    assert [(item.date, item.code, item.base, item.amo) for item in items] == [
        (dt.date(2026, 8, 8), "RGN 8", Decimal("17.20"), Decimal("10.32")),
        (dt.date(2026, 8, 11), "RGN 8", Decimal("17.20"), Decimal("10.32")),
    ]


def test_a_statement_tells_what_was_paid_back_under_each_act():
    rows = ("15/02/26|Consultation spécialiste|55,00", "base 31,50 à 70 %, participation 2,00 — remboursé 20,05")
    [item] = items_of("Assurance Maladie", "Détail de vos paiements", *rows, columns=(0, 20, 60))
    assert (item.amount, item.base, item.amo) == (Decimal("55.00"), Decimal("31.50"), Decimal("20.05"))


@pytest.mark.parametrize("fee", ["Honoraires chirurgien", "Honoraires du chirurgien"])
def test_a_fee_among_others_is_no_total(fee):
    rows = ("Prestation|Qté|Montant|Base|Part RO", "Forfait journalier hospitalier|5|115,00|0,00|0,00",
            f"{fee}|1|345,33|188,30|150,64", "Total||460,33||150,64")  # fmt: skip
    items = items_of(*rows, columns=(0, 32, 40, 50, 60))
    assert [(item.label, item.amount) for item in items][-1] == (fee, Decimal("345.33"))


def test_a_long_number_beside_the_table_is_no_code():
    rows = ("|Désignation|Qté|Montant", "1234567890123|Consultation|1|60,00", "|Total||60,00")
    [item] = items_of(*rows, columns=(0, 25, 45, 55))
    assert (item.label, item.code) == ("Consultation", None)


def test_the_group_of_a_stay_is_part_of_its_wording():
    rows = ("Prestation|Qté|Montant", "GHS 1954 - Chirurgie de la cataracte|1|1065,00", "Total||1065,00")
    [item] = items_of(*rows, columns=(0, 40, 50))
    assert item.label == "GHS 1954 - Chirurgie de la cataracte"


def test_whole_amounts_alone_under_their_heading_are_amounts():
    rows = ("Désignation|Oreille|Base AMO|Total ligne", "Aide auditive classe I|D|400|943",
            "Aide auditive classe I|G|400|943", "Total|||1886,00 €")  # fmt: skip
    assert [(item.base, item.amount) for item in items_of(*rows, columns=(0, 30, 40, 55))] == [
        (Decimal(400), Decimal(943)),
        (Decimal(400), Decimal(943)),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("AMI1,5", "AMI 1.5"), ("RGN 8", "RGN 8"), ("HBFD033", "HBFD033"), ("1104", "1104"), ("HD", "HD"),
     ("Monture", None), ("12,50", None), ("", None)],
)  # fmt: skip
def test_what_stands_in_a_place_of_codes(text, code):
    assert read_code(text) == code


@pytest.mark.parametrize(
    ("cell", "label", "place"),
    [("26", "Couronne", "26"), ("11, 12", "Bridge", "11, 12"), ("0G", "Verre", "OG"), ("droite", "Verre", "OD"),
     ("gauche", "Aide auditive", "G"), ("", "Verre OD unifocal", "OD"), ("", "Appareil droite", "D"),
     ("", "Couronne dent 21", "21"), ("99", "Couronne", None), ("", "Monture", None)],
)  # fmt: skip
def test_where_on_the_body_a_line_is_about(cell, label, place):
    assert read_location(cell, label, label) == place
