"""What a paper prints and could not be read: a label is seen, its value is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.understanding.choice import is_possible
from extractors.understanding.sheet import Sheet
from schemas.readings import FieldValue, UnreadField
from schemas.vocabulary import DocumentType, FieldName, Legibility

#: Labels of the values that a member would miss. Words like "numéro" or "date" alone announce too much else.
_LABELS = {
    FieldName.TOTAL_AMOUNT: "amount.total",
    FieldName.PATIENT_NAME: "person.patient",
    FieldName.ISSUE_DATE: "date.issue",
    FieldName.DOCUMENT_NUMBER: "number.document",
    FieldName.PATIENT_DUE: "amount.due",
    FieldName.NIR: "id.nir",
    FieldName.IBAN: "id.iban",
}


def find_unread(
    sheets: Sequence[Sheet], kind: DocumentType, fields: Mapping[FieldName, FieldValue]
) -> tuple[UnreadField, ...]:
    """Fields that could not be read, with the page where their label or their doubtful letters stand.

    Args:
        sheets: pages of the paper; of those that are plainly legible nothing is said.
        kind: of the paper.
        fields: what was read.
    """
    doubtful = [sheet for sheet in sheets if sheet.ocr and sheet.page.legibility is not Legibility.LEGIBLE]
    pages = {sheet.page.page for sheet in doubtful}
    out = []
    for name, role in _LABELS.items():
        field = fields.get(name)
        if not is_possible(name, kind) or (field is not None and field.value is not None):
            continue
        if field is not None and field.page in pages:
            out.append(UnreadField(name=name, page=field.page))
            continue
        labelled = next((s for s in doubtful if any(hit.cue.weight == 1 for hit in s.hits_of("label", role))), None)
        if labelled is not None:
            out.append(UnreadField(name=name, page=labelled.page.page))
    return tuple(out)
