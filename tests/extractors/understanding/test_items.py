from decimal import Decimal

from extractors.understanding import understand_pages
from schemas.readings import Source
from schemas.vocabulary import FieldName
from tests.extractors.understanding.builders import make_page

SHOP = ("Optique du Port", "Facture n° 0007222", "Date 03/07/2025", "Patient : Zoé DUPRÉ")


def items_of(*rows, **options):
    [paper] = understand_pages([make_page(*SHOP, *rows, **options)])
    return paper.line_items


def test_wording_over_and_under_the_amounts_belongs_to_its_line():
    rows = ("Désignation|Classe|Montant", "Monture", "|B|120,00 €", "Bastille AR273", "", "Verre OD", "|B|90,00 €",
            "unifocal 1.6", "Total|210,00 €")  # fmt: skip
    assert [(item.label, item.location, item.amount) for item in items_of(*rows, columns=(0, 30, 40))] == [
        ("Monture Bastille AR273", None, Decimal(120)),
        ("Verre OD unifocal 1.6", "OD", Decimal(90)),
    ]


def test_a_tooth_is_no_word_of_the_wording_and_a_note_beside_the_table_neither():
    rows = ("|Désignation|Dent|Montant", "Zoé DUPRÉ|Couronne céramique|26|500,00 €", "|Total||500,00 €")
    [item] = items_of(*rows, columns=(0, 15, 40, 50))
    assert (item.label, item.location) == ("Couronne céramique", "26")


def test_lines_of_an_offer_that_was_not_chosen_are_left_out():
    head = "Désignation|Classe|Prix|Part RO|Reste"
    rows = ("Équipement 100 % Santé - proposé, non choisi", head, "Monture|A|30,00|5,40|24,60",
            "Pour mémoire||30,00|5,40|24,60",
            "Équipement libre - choisi", head, "Monture|B|140,00|0,03|139,97", "Total||140,00|0,03|139,97")  # fmt: skip
    items = items_of("Devis optique", *rows, columns=(0, 20, 30, 40, 50))
    assert [item.amount for item in items] == [Decimal(140)]


def test_headings_over_two_rows_are_read_as_one():
    rows = ("Désignation|Prix|Tarif de|Prise en charge", "|total|responsabilité|RO", "Monture|140,00|0,05|0,03",
            "Total|140,00||0,03")  # fmt: skip
    page = make_page(*SHOP, *rows, columns=(0, 20, 30, 42), source=Source.TESSERACT)
    words = []
    for word in page.words:  # the second row of headings stands close under the first
        lift = 6.0 if word.line == len(SHOP) + 1 else 0.0
        box = word.box.__class__(word.box.x0, word.box.y0 - lift, word.box.x1, word.box.y1 - lift)
        words.append(word.model_copy(update={"box": box}))
    [paper] = understand_pages([page.model_copy(update={"words": tuple(words)})])
    [item] = paper.line_items
    assert (item.amount, item.base, item.amo) == (Decimal("140.00"), Decimal("0.05"), Decimal("0.03"))


def test_a_till_counts_its_articles():
    rows = ("1 XARELTO 20MG CPR 28|57,16|65", "2 DOLIPRANE 1000MG CPR 8|2,18|65", "MONTANT FACTURÉ|59,34")
    assert [(item.label, item.quantity, item.amount) for item in items_of("PHARMACIE DU PONT", *rows)] == [
        ("XARELTO 20MG CPR 28", Decimal(1), Decimal("57.16")),
        ("DOLIPRANE 1000MG CPR 8", Decimal(2), Decimal("2.18")),
    ]


def test_an_article_whose_amount_is_lost_is_a_line_without_one():
    rows = ("1 XARELTO 20MG CPR 28|57,16|65", "1 CETIRIZINE 10MG CPR 15|2 ,", "2 DOLIPRANE 1000MG CPR 8|2,18|65",
            "MONTANT FACTURÉ|61,76")  # fmt: skip
    assert [item.amount for item in items_of("PHARMACIE DU PONT", *rows)] == [Decimal("57.16"), None, Decimal("2.18")]


def test_letters_in_place_of_a_rate_are_no_obstacle():
    rows = ("1 SERUM PHYSIO DOSE 5ML|4,90|NR", "2 DOLIPRANE 1000MG CPR 8|2,18|65", "MONTANT FACTURÉ|7,08")
    assert [item.amount for item in items_of("PHARMACIE DU PONT", *rows)] == [Decimal("4.90"), Decimal("2.18")]


def test_amounts_without_their_comma_are_read_where_the_lines_give_the_total():
    rows = ("1 XARELTO 20MG CPR 28|57 16|65", "2 DOLIPRANE 1000MG CPR 8|2,18|65", "MONTANT FACTURÉ|59,34")
    read = items_of("PHARMACIE DU PONT", *rows, source=Source.TESSERACT)
    assert [item.amount for item in read] == [Decimal("57.16"), Decimal("2.18")]
    unproven = items_of("PHARMACIE DU PONT", *rows[:2], "MONTANT FACTURÉ|61,34", source=Source.TESSERACT)
    assert [item.amount for item in unproven] == [None, Decimal("2.18")]


def test_a_cell_of_a_table_that_lost_its_comma_is_read_where_the_sum_proves_it():
    rows = ("Désignation|Prix total", "Monture|120,00", "Verre|90 00", "Total|210,00")
    read = items_of(*rows, columns=(0, 30), source=Source.TESSERACT)
    assert [item.amount for item in read] == [Decimal("120.00"), Decimal("90.00")]


def total_of(*rows, **options):
    [paper] = understand_pages([make_page(*SHOP, *rows, **options)])
    return paper.fields[FieldName.TOTAL_AMOUNT]


def test_a_discount_under_the_lines_is_part_of_their_sum():
    rows = ("Désignation|Prix total", "Monture|120,00", "Verre|90,00", "Remise fidélité|-10,00", "Total|200,00")
    field = total_of(*rows, columns=(0, 30))
    assert field.value == Decimal("200.00")
    assert [check.passed for check in field.checks if check.name == "sum_of_lines"] == [True]


def test_lines_that_were_overlooked_on_a_picture_hold_no_total_back_that_the_shares_prove():
    rows = ("Désignation|Prix total", "Monture|120,00", "Total|210,00", "Part Sécu|10,00", "Part mutuelle|150,00",
            "Reste à charge|50,00")  # fmt: skip
    printed, seen = (
        total_of(*rows, columns=(0, 30), source=source).held_back for source in (Source.TEXT_LAYER, Source.TESSERACT)
    )
    assert printed == "check_failed:sum_of_lines"
    assert seen != "check_failed:sum_of_lines"
