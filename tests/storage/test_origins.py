"""Files are told apart by what they are, and counted by week."""

from datetime import date

import pytest

from schemas.readings import DocumentReading, FieldValue, FileReading, PageReading, Source
from schemas.vocabulary import DocumentType, FieldName
from storage.models import Reading
from storage.origins import find_week, name_kind, name_practitioner
from tests.storage.build import NOW, add_piece, make_dossier


def read(*pages, who=()):
    documents = tuple(
        DocumentReading(
            type=DocumentType.FACTURE_OPTIQUE,
            type_confidence=0.9,
            pages=(1,),
            fields={FieldName.PRACTITIONER_NAME: FieldValue(value=name, confidence=0.9, source=Source.TESSERACT)},
        )
        for name in who
    )
    made = tuple(
        PageReading(page=number, width=10, height=10, unit=unit, source=source)
        for number, (unit, source) in enumerate(pages, 1)
    )
    return FileReading(id="a", file="a", sha256="0" * 64, pages=made, documents=documents)


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ([("pt", Source.TEXT_LAYER)], "text_layer"),
        ([("pt", Source.TEXT_LAYER), ("pt", Source.TESSERACT)], "scanned_pdf"),
        ([("px", Source.TESSERACT)], "picture"),
        ([], ""),
    ],
)
def test_what_kind_of_file_it_is(pages, kind):
    assert name_kind(read(*pages)) == kind


def test_the_first_professional_that_was_read_is_named():
    assert name_practitioner(read(who=(None, "Cabinet Moreau", "Optique Martin"))) == "Cabinet Moreau"
    assert name_practitioner(read(who=("x" * 300,))) == "x" * 120
    assert name_practitioner(read()) == ""


def test_weeks_begin_on_monday_at_midnight_here(database, folder_store):
    piece = add_piece(make_dossier("A"), folder_store)
    row = Reading.objects.create(piece=piece, line={}, reader_version="", worker="w", seconds=1, read_at=NOW)
    mondays = (date(2026, 11, 16), date(2026, 11, 23))
    for moment, number in (
        ("2026-11-15T22:59:00Z", -1),
        ("2026-11-15T23:00:00Z", 0),  # 0 h in Paris
        ("2026-11-22T22:59:00Z", 0),
        ("2026-11-22T23:00:00Z", 1),
    ):
        Reading.objects.filter(pk=row.pk).update(read_at=moment)
        assert Reading.objects.annotate(week=find_week("read_at", mondays)).get().week == number
