import datetime as dt
from decimal import Decimal

import pytest

from extractors.understanding import understand_pages
from extractors.understanding.layout import lay_out
from extractors.understanding.names import parse_name
from extractors.understanding.spaced import join_spaced
from schemas.geometry import Box
from schemas.readings import Source, Word
from schemas.vocabulary import FieldName
from tests.extractors.understanding.builders import make_page


def spaced(text, gap=5.0, space=14.0):
    words, x = [], 0.0
    for letter in text:
        if letter == " ":
            x += space - gap
            continue
        box = Box(x, 0, x + 6, 10)
        words.append(Word(text=letter, box=box, polygon=box.to_polygon(), confidence=0.9, line=0))
        x = box.x1 + gap
    return words


def test_letters_that_stand_apart_make_words():
    assert [word.text for word in join_spaced(spaced("PHARMACIE SAINTE-TULLIE"))] == ["PHARMACIE", "SAINTE-TULLIE"]


def test_initials_and_figures_are_no_words():
    words = spaced("J P 4 7")
    assert join_spaced(words) == words


@pytest.mark.parametrize(
    ("text", "value"),
    [("LE GOFFGuy", "Guy LE GOFF"), ("DUPRÉ-ROYJean-Noël", "Jean-Noël DUPRÉ-ROY"), ("McDonald Paul", "Paul MCDONALD")],
)
def test_a_first_name_glued_to_a_surname_in_capitals(text, value):
    name = parse_name(text)
    assert name is not None
    assert name.value == value


def read(*rows, **options):
    [paper] = understand_pages([make_page(*rows, **options)])
    return paper


SHOP = ("L'Éclat du Port", "4 rue Basse 35000 Rennes", "contact@leclatduport.example", "Facture n° 0007222",
        "Date 03/07/2025", "Patient(e) : de Chabrillat Quentin", "Monture optique 2260142|189,90 €")  # fmt: skip


def test_a_shop_is_known_by_its_own_address_on_the_web():
    assert read(*SHOP).value_of(FieldName.PRACTITIONER_NAME) == "L'Éclat du Port"


def test_an_ending_in_brackets_is_part_of_the_label():
    assert read(*SHOP).value_of(FieldName.PATIENT_NAME) == "Quentin DE CHABRILLAT"


def test_totals_side_by_side_over_their_values_are_no_table_of_lines():
    rows = ("Total des prestations|Régime obligatoire|Mutuelle|Reste patient", "€ 479,90|€ 0,09|€ 359,86|€ 119,95")
    paper = read(*SHOP, *rows, columns=(0, 20, 40, 60))
    amounts = {name: paper.value_of(name) for name in (FieldName.TOTAL_AMOUNT, FieldName.PATIENT_DUE)}
    assert amounts == {FieldName.TOTAL_AMOUNT: Decimal("479.90"), FieldName.PATIENT_DUE: Decimal("119.95")}


def test_a_recorded_payment_is_a_mention_and_no_care():
    paper = read("Zoé VÉZINET", "Ostéopathe D.O.", "Note d'honoraires n° 12345", "Patient : Noël LE GOFF",
                 "Séance du 06/06/2026|60,00 €", "Total|60,00 €", "Encaissements",
                 "07/06/2026 Virement 60,00 €")  # fmt: skip
    assert paper.value_of(FieldName.PAID) is True
    assert [str(day) for day in paper.value_of(FieldName.CARE_DATES)] == ["2026-06-06"]


@pytest.mark.parametrize(
    ("mention", "paid"),
    [
        ("Réglé : ☐ Carte bancaire ☐ Chèque ☒ Espèces ☐ Virement", True),
        ("Réglé : ☐ Carte bancaire ☐ Chèque ☐ Espèces ☐ Virement", None),
        ("Règlement par carte bancaire, chèque ou espèces", None),
    ],
)
def test_a_way_to_pay_counts_where_it_is_ticked(mention, paid):
    assert read(*SHOP, mention).value_of(FieldName.PAID) is paid


def test_a_doctor_with_address_and_telephone_on_one_line():
    paper = read("Docteur COËTMEUR Cédric 53 bis quai des Gabares Tél. 04 65 71 83 53", "Docteur en chirurgie dentaire",
                 "Devis n° D-2606-3142", "Date 24/06/2026", "Patient : Axel DUBREUILH", "Total|465,52 €")  # fmt: skip
    assert paper.value_of(FieldName.PRACTITIONER_NAME) == "Cédric COËTMEUR"


def test_a_label_that_ends_in_name_announces_a_surname():
    paper = read("Ma caisse CPAM", "M. CARBONEIL Léandre", "38 rue Basse", "35000 Rennes", "Relevé du 23/08/2026",
                 "Relevé de vos remboursements", "Bénéficiaire des soins : Nom : GRANGOUSIER", "Prénom : Lise-Marie",
                 "Montant total payé 35,00 €", "Total remboursé 24,50 €")  # fmt: skip
    assert paper.value_of(FieldName.PATIENT_NAME) == "Lise-Marie GRANGOUSIER"
    assert paper.value_of(FieldName.TOTAL_AMOUNT) == Decimal("35.00")


def test_a_name_written_larger_than_its_label_stands_on_its_line():
    page = make_page("HONORAIRES", "Mme, M. HÉBRARD Fatima", "Montant 70 €", source=Source.TESSERACT)
    written = {"HÉBRARD", "Fatima"}
    words = tuple(
        word.model_copy(update={"box": Box(word.box.x0, word.box.y0 - 12, word.box.x1, word.box.y1)})
        if word.text in written
        else word
        for word in page.words
    )
    rows = lay_out(page.model_copy(update={"words": words}))
    assert [row.text for row in rows][1] == "Mme, M. HÉBRARD Fatima"


def test_a_colon_that_was_read_as_a_figure_is_no_part_of_a_name():
    rows = ("PHARMACIE DU PONT", "Assuré / patient 8 QUINTARD LUCAS", "Montant facturé 12,00 €")
    seen, printed = (
        understand_pages([make_page(*rows, source=source)])[0].fields.get(FieldName.PATIENT_NAME)
        for source in (Source.TESSERACT, Source.TEXT_LAYER)
    )
    assert seen.value == "Lucas QUINTARD"
    assert printed is None or printed.value != "Lucas QUINTARD"


def test_an_amount_that_is_glued_to_its_label_is_parted_from_it():
    page = make_page("Devis d'honoraires", "Total de la note290,00 EUR", "Réf F27,00 lot12,5")
    rows = lay_out(page)
    assert [row.text for row in rows] == ["Devis d'honoraires", "Total de la note 290,00 EUR", "Réf F27,00 lot12,5"]
    note, amount = rows[1].words[3:5]
    assert note.box.x1 == amount.box.x0 > note.box.x0
    assert note.polygon[1] == amount.polygon[0]


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        (("- Bilan du 13/03/2026 : 40,00 €", "- Bilan du 20/03/2026 : 40,00 €"), [(13, 3), (20, 3)]),
        (("- Rééducation du 15/02/2026 : 16,34 (base 16,34)",), [(15, 2)]),
        (("24/08/2026|Injection sous-cutanée|4,73",), [(24, 8)]),
        (("Total au 13/03/2026 : 40,00 €",), None),
    ],
)
def test_the_day_of_an_act_that_is_written_out(rows, days):
    paper = read("Note d'honoraires", "Patient : Bakary CHAMPCLOS", *rows, "Émise le 30/08/2026", "Total|80,00 €")
    field = paper.fields.get(FieldName.CARE_DATES)
    assert (field.value if field else None) == (tuple(dt.date(2026, m, d) for d, m in days) if days else None)


def test_the_patient_whom_a_certificate_names_in_a_sentence():
    paper = read(
        "Reçu d'honoraires",
        "Je soussigné certifie avoir dispensé à GOASDOUÉ Nadège, les soins suivants :",
        "- Bilan du 13/03/2026 : 40,00 €",
        "Montant total : 40,00 €",
    )
    assert paper.value_of(FieldName.PATIENT_NAME) == "Nadège GOASDOUÉ"


def test_the_number_under_a_head_that_lost_its_ring():
    head = ("#Facture optique", "Patient : Léa VASSEUR", "N|Établie le", "26/02597|22/02/2026", "Total|80,00 €")
    assert read(*head).value_of(FieldName.DOCUMENT_NUMBER) == "26/02597"
    without = (*head[:3], "26/02597|Lot", *head[4:])
    assert read(*without).value_of(FieldName.DOCUMENT_NUMBER) is None


def test_articles_of_a_shop_in_capitals_are_written_small():
    head = ("#PHARMACIE DE L'OLIVIER", "12 rue du Lac", "76710 Montvilliers", "Facture no 118", "Total|80,00 €")
    assert read(*head).value_of(FieldName.PRACTITIONER_NAME) == "Pharmacie de l'Olivier"


def test_a_letter_whose_box_reaches_into_its_neighbour_stays_in_its_row():
    page = make_page("Facture no 118", "FINESS 78 0 03556 4", "Total|80,00 €")
    words = list(page.words)
    place = next(index for index, word in enumerate(words) if word.text == "0")
    before = words[place - 1].box
    box = Box(before.x1 - 5, before.y0 - 7, before.x1 - 1, before.y1 + 8)
    words[place] = words[place].model_copy(update={"box": box, "polygon": box.to_polygon()})
    rows = [
        row.text.split() for row in lay_out(page.model_copy(update={"words": tuple(words), "source": Source.TESSERACT}))
    ]
    assert ["FINESS", "78", "0", "03556", "4"] in rows


def test_a_word_that_dirt_makes_taller_stays_beside_the_next():
    page = make_page("Facture no 118", "Reste à charge|15,71 €", "", "Merci", source=Source.TESSERACT)
    words = list(page.words)
    place = next(index for index, word in enumerate(words) if word.text == "charge")
    box = words[place].box
    box = Box(box.x0, box.y0 + 5, box.x1, box.y1 + 8)
    words[place] = words[place].model_copy(update={"box": box, "polygon": box.to_polygon()})
    rows = [row.text.split() for row in lay_out(page.model_copy(update={"words": tuple(words)}))]
    assert ["Reste", "à", "charge", "15,71", "€"] in rows


def test_first_names_are_no_misread_labels():
    """ "Adèle" is one letter away from ADELI, "Martin" from "matin": the reader of a picture means the name."""
    for first, last in (("Adèle", "VILLECHENOUX"), ("Serge", "VASSEUR"), ("Camille", "QUILLIEN")):
        paper = read(
            "#Facture audioprothèse", "Patient(e)", f"{last} {first}", "Total|80,00 €", source=Source.TESSERACT
        )
        assert paper.value_of(FieldName.PATIENT_NAME) == f"{first} {last}"


def test_letters_set_apart_of_which_some_stand_close_make_one_word():
    words = spaced("LABORATOIRE")
    close = words[4].box
    box = Box(close.x1 + 5, 0, close.x1 + 33, 10)
    pieces = [*words[:5], words[5].model_copy(update={"text": "ATO", "box": box}), *spaced("LABORATOIRE", gap=5)[8:]]
    assert [word.text for word in join_spaced(pieces)] == ["LABORATOIRE"]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        # a number is a house's only where the street follows
        (("#Santé Matériel 21", "98 rue des Tisserands", "20221 Cervione"), "Santé Matériel 21"),
        (("#Santé Matériel 21", "rue des Tisserands", "20221 Cervione"), "Santé Matériel"),
        # what a clinic is stands under its name
        (("#Clinique Saint-Évroult", "Établissement", "95 quai des Gabares"), "Clinique Saint-Évroult"),
    ],
)
def test_the_name_of_a_shop_ends_where_it_ends(rows, name):
    paper = read(*rows, "Facture optique no 118", "Total|80,00 €", "SIRET 737 326 114 00014")
    assert paper.value_of(FieldName.PRACTITIONER_NAME) == name


def test_a_letterhead_in_the_body_of_a_bill():
    lines = ("Monture adulte|25,50", "Verre unifocal|58,50")
    letterhead = ("ATELIER MONTURE & CO", "Opticien", "69 impasse des Hirondelles", "44810 Héricourt")
    paper = read("#Facture optique", "Libellé|Prix", *lines, "Total|84,00", "", "", *letterhead)
    assert paper.fields[FieldName.PRACTITIONER_NAME].raw_text == "ATELIER MONTURE & CO"


def test_others_who_are_covered_are_not_whom_an_attestation_is_about():
    paper = read(
        "Attestation de droits à l'Assurance Maladie", "Identité|Mme Éléonore DAUVERGNAT", "N° 2 75 01 62 409 842 79",
        "Autres bénéficiaires|Né(e) le|Qualité", "DAUVERGNAT Corentin|17/11/1977|conjoint",
    )  # fmt: skip
    assert paper.value_of(FieldName.PATIENT_NAME) == "Éléonore DAUVERGNAT"


def test_a_value_pushed_to_the_next_line_answers_to_the_label_at_the_end_of_its_own():
    rows = ("#Facture optique no 118", "Total : 345,30 € Part AMO : 217,00 € Mutuelle : 100,00 € Part patient :")
    assert read(*rows, "28,30 €").value_of(FieldName.PATIENT_DUE) == Decimal("28.30")
    assert read("#Facture optique no 118", "Total : 345,30 € Part patient :", "", "", "28,30 €").value_of(
        FieldName.PATIENT_DUE
    ) != Decimal("28.30")


def test_what_a_line_names_under_itself_is_no_share_of_the_whole():
    lines = ("Prothèse amovible|367,00", "HBLD364 · Base 107,50 · Part AMO 64,50",
             "Inlay composite|333,16", "HBMD351 · Base 100,00 · Part AMO 60,00")  # fmt: skip
    paper = read("#Devis dentaire", *lines, "", "Montant|700,16 €", "Part Sécurité sociale|124,50 €")
    assert paper.value_of(FieldName.AMO_AMOUNT) == Decimal("124.50")
    assert read("#Devis dentaire", *lines, "", "Montant|700,16 €").value_of(FieldName.AMO_AMOUNT) is None


def test_the_reference_of_an_article_is_not_the_number_of_the_paper():
    table = ("Réf.|Désignation|Montant", "2260142|Monture optique|80,00", "2293615|Verre unifocal|151,82")
    paper = read("#Facture optique", "Patient : Léa VASSEUR", *table, "Total||231,82 €")
    assert paper.value_of(FieldName.DOCUMENT_NUMBER) is None


def test_a_number_that_holds_as_another_by_chance_is_the_papers_where_nothing_says_otherwise():
    head = ("#Devis normalisé audioprothèse", "N°: 892605304", "Établi le: 22-08-2026", "Patient : Léa VASSEUR")
    assert read(*head, "Total|80,00 €").value_of(FieldName.DOCUMENT_NUMBER) == "892605304"


def test_whom_a_prescription_is_for():
    paper = read("Dr Ophélie LEMPEREUSE", "Médecine générale", "Prescription pour Apolline CHABRILLAT", "le 03/03/2026")
    assert paper.value_of(FieldName.PATIENT_NAME) == "Apolline CHABRILLAT"


def test_a_rest_as_large_as_the_total_says_that_nothing_was_paid():
    assert read("#Note d'honoraires no 12", "Total|55,00 €", "Reste dû : 55,00 €").value_of(FieldName.PAID) is False


def test_a_practitioner_in_large_letters_over_two_lines():
    paper = read("#Anaëlle", "#BERTHAUMIEUX", "Pédicure-podologue D.E.", "37 place de la Halle",
                 "Note d'honoraires no 12", "Patient : M. Élie AUBIGNAT", "Total|40,00 €")  # fmt: skip
    assert paper.value_of(FieldName.PRACTITIONER_NAME) == "Anaëlle BERTHAUMIEUX"
