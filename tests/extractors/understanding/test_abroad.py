"""Papers from abroad."""

import pytest

from extractors.understanding import understand_pages
from schemas.readings import Source
from tests.extractors.understanding.builders import make_page

HEAD = ("#Cabinet dentaire du Lac", "12 rue du Lac", "Facture no 118", "Patient : Léa VASSEUR")
TAIL = ("Consultation|60,00", "Total|60,00")


def signs(*rows, source=Source.TEXT_LAYER):
    [paper] = understand_pages([make_page(*rows, source=source)])
    return paper.foreign_signs


@pytest.mark.parametrize(
    ("rows", "sign"),
    [
        (("Total CHF|CHF 118.50",), "CHF 118.50"),
        (("Montant|1'240.00 CHF",), "1'240.00 CHF"),
        (("N° TVA : CHE-107.787.577 TVA",), "CHE-107.787.577 TVA"),
        (("TVA BE0428759497",), "BE0428759497"),
        (("USt-IdNr. DE136695976",), "DE136695976"),
        (("Rechnung vom 3.4.2026", "Betrag inkl. MwSt", "Behandlung"), "behandlung betrag mwst rechnung"),
        (("B-1000 Bruxelles", "IBAN BE68 5390 0754 7034"), "B-1000"),
    ],
)
@pytest.mark.parametrize("source", [Source.TEXT_LAYER, Source.TESSERACT])
def test_what_tells_a_paper_from_abroad(rows, sign, source):
    assert sign in signs(*HEAD, *rows, *TAIL, source=source)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ("N° DE 136695976",),  # "de" is a word
        ("B-1000 Bruxelles",),  # one weak sign alone
        ("Receipt paid",),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606",),
        ("Total CHF|CHF 118.50", "SIRET 732 829 320 00074"),  # a French professional who names francs
        ("TVA BE0428759498",),  # its key is wrong
        ("Réf. CHF 118",),
    ],
)
def test_what_does_not(rows):
    assert signs(*HEAD, *rows, *TAIL) == ()
