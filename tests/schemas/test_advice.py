import pytest

from schemas.advice import LEGIBILITY_ADVICE_FR, advise_page, advise_reading, say_place
from schemas.lines import reading_from_line, reading_to_line
from schemas.readings import DocumentReading, FileReading, PageReading, UnreadField
from schemas.vocabulary import DocumentType, FieldName, Legibility, LegibilityReason, PagePart

BOTTOM = (PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT)


def blurred(parts=(), reasons=(LegibilityReason.FLOU,), legibility=Legibility.DOUBTFUL):
    return PageReading(
        page=1, width=100, height=100, unit="px", legibility=legibility, reasons=reasons, unread_parts=parts
    )


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ((), ""),
        (BOTTOM, "en bas"),
        ((PagePart.TOP_LEFT,), "en haut à gauche"),
        ((PagePart.TOP_RIGHT, PagePart.MIDDLE_RIGHT, PagePart.BOTTOM_RIGHT), "à droite"),
        ((PagePart.TOP_LEFT, PagePart.MIDDLE_LEFT, *BOTTOM), "en haut à gauche, au milieu à gauche et en bas"),
        (tuple(PagePart), ""),
    ],
)
def test_where_a_page_cannot_be_read(parts, place):
    assert say_place(parts) == place


def test_the_sentence_says_where_and_what():
    [sentence] = advise_page(blurred(BOTTOM), [FieldName.TOTAL_AMOUNT])
    assert sentence.startswith("La photo est floue en bas\u00a0: le total n’est pas lisible. Posez le document")


def test_several_values_and_several_defects():
    page = blurred(reasons=(LegibilityReason.FLOU, LegibilityReason.PAGE_COUPEE))
    first, second = advise_page(page, [FieldName.ISSUE_DATE, FieldName.TOTAL_AMOUNT])
    assert "\u00a0: le total et la date du document ne sont pas lisibles." in first
    assert second == LEGIBILITY_ADVICE_FR[LegibilityReason.PAGE_COUPEE]


def test_without_place_or_value_the_sentence_is_the_general_one():
    assert advise_page(blurred()) == (LEGIBILITY_ADVICE_FR[LegibilityReason.FLOU],)


def test_a_doubtful_page_without_a_known_defect_still_says_where():
    [sentence] = advise_page(blurred(BOTTOM, reasons=()))
    assert sentence.startswith("Une partie de la page ne peut pas être lue en bas. ")


def test_a_legible_page_gets_no_advice():
    assert advise_page(blurred(BOTTOM, legibility=Legibility.LEGIBLE), [FieldName.TOTAL_AMOUNT]) == ()


def test_parts_fields_and_sentences_are_in_the_line_and_come_back():
    document = DocumentReading(
        type=DocumentType.FACTURE_SOINS,
        type_confidence=0.9,
        pages=(1,),
        unread=(UnreadField(name=FieldName.TOTAL_AMOUNT, page=1),),
    )
    reading = FileReading(id="a", file="a", sha256="", pages=(blurred(BOTTOM),), documents=(document,))
    line = reading_to_line(reading)
    assert line["pages"][0]["advice_fr"] == list(advise_reading(reading)[1])
    assert "le total" in line["pages"][0]["advice_fr"][0]
    again = reading_from_line(line)
    assert (again.pages[0].unread_parts, again.documents[0].unread) == (BOTTOM, document.unread)
