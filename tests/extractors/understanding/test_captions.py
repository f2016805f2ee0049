"""Labels that stand under their values, beside tables, over broken titles."""

import datetime as dt
from decimal import Decimal

import pytest

from extractors.understanding import understand_pages
from schemas.vocabulary import FieldName
from tests.extractors.understanding.builders import make_page


def read(*rows, **options):
    [paper] = understand_pages([make_page(*rows, **options)])
    return {name: field.value for name, field in paper.fields.items()}


def test_a_name_over_its_label_on_a_page_of_captions():
    fields = read(
        "INFORMATION PRÉALABLE", "", "LAGADEUC Mélusine|03/07/1971|17/07/2026",
        "Nom / Prénom|Date de naissance|Émis le",
        "", "Honoraires|275,00 €", "Montant total|275,00 €", columns=(0, 28, 50),
    )  # fmt: skip
    assert fields[FieldName.PATIENT_NAME] == "Mélusine LAGADEUC"
    assert fields[FieldName.ISSUE_DATE] == dt.date(2026, 7, 17)


@pytest.mark.parametrize(
    "title",
    [
        ("Devis normalisé optique n° :", "2026048874"),
        ("DEVIS NORMALISÉ AIDES", "AUDITIVES n° : 2026048874"),
        ("Information écrite préalable réf.", "2026048874"),
    ],
)
def test_the_number_of_a_paper_behind_its_title(title):
    fields = read(*title, "", "Patient : Zoé DUPRÉ", "Fait le 17/07/2026", "Devis valable 30 jours", "Monture|275,00 €",
                  "Total|275,00 €")  # fmt: skip
    assert fields[FieldName.DOCUMENT_NUMBER] == "2026048874"


def test_a_block_of_labels_at_the_left_of_a_table_is_no_column_of_it():
    fields = read(
        "Cabinet dentaire", "FACTURE n° 592604889", "Patient : Zoé DUPRÉ", "",
        "DATE DE FACTURE|Exécution|Code acte|Désignation|Montant|Part RO", "28/02/26",
        "|27/01/26|HBLD364|Prothèse|389,00 €|64,50 €", "|17/02/26|HBQK002|Radiographie|23,15 €|12,77 €",
        "Total|412,15 €", columns=(0, 12, 22, 32, 48, 60),
    )  # fmt: skip
    assert fields[FieldName.ISSUE_DATE] == dt.date(2026, 2, 28)
    assert fields[FieldName.CARE_DATES] == (dt.date(2026, 1, 27), dt.date(2026, 2, 17))
    assert fields[FieldName.TOTAL_AMOUNT] == Decimal("412.15")


def test_what_a_label_says_in_brackets_is_no_name():
    fields = read("Feuille de soins", "Bénéficiaire des soins (nom, prénom)|LAMORICET PAULINE", "Acte du|24/06/2026")
    assert fields[FieldName.PATIENT_NAME] == "Pauline LAMORICET"


def test_a_birth_name_in_brackets_does_not_end_a_name():
    fields = read("Facture n° 2607", "Nom et prénom : Mme QUÉRILLAC (née DIAKHOUMPA) Coralie", "Opticien",
                  "Monture|12,00 €", "Total : 12,00 €")  # fmt: skip
    assert fields[FieldName.PATIENT_NAME] == "Coralie QUÉRILLAC"


def test_the_person_of_a_statement_is_no_professional_it_may_be_sent_to():
    fields = read(
        "L'ASSURANCE MALADIE", "SOULAGNET Capucine", "14 rue des Lilas", "66240 Saint-Estèphe",
        "Relevé de remboursements", "Soins de", "SOULAGNET Capucine", "", "Date|Acte|Montant payé|Versé",
        "28/06/2026|Consultation|55,00 €|20,05 €", "Total|55,00 €|20,05 €", columns=(0, 20, 40, 60),
    )  # fmt: skip
    assert fields[FieldName.PATIENT_NAME] == "Capucine SOULAGNET"
