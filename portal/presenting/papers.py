"""Papers: what was sent, what was understood, field by field."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.french import capitalise, enumerate_words, name_pages
from portal.presenting.arithmetic import SumView, present_sums
from portal.presenting.editing import write_content
from portal.presenting.grades import Grade, grade_field, grade_type
from portal.presenting.pages import BoxView, PageView, draw_place, present_pages
from portal.presenting.reasons import explain_held_back, name_check
from portal.presenting.values import show_content, show_raw
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.readings import DocumentReading, FieldValue, LineItem, Source
from schemas.statuses import PieceState
from schemas.vocabulary import DOCUMENT_LABELS_FR, FIELD_LABELS_FR, QUOTE_TYPES, DocumentType, FieldName
from storage.amending import amend_reading
from storage.contents import read_said
from storage.models import Event, Piece
from storage.values import to_reading

SOURCE_LABELS_FR: dict[Source, str] = {
    Source.TEXT_LAYER: "texte du PDF",
    Source.TESSERACT: "lecture optique",
    Source.SECOND_READER: "seconde lecture optique",
    Source.DATAMATRIX: "code 2D-Doc",
    Source.FACTUR_X: "données Factur-X",
    Source.MEMBER: "saisie de l’adhérent",
    Source.HANDLER: "saisie d’un gestionnaire",
}


@dataclass(frozen=True)
class CheckView:
    """A named test on a value."""

    label: str
    passed: bool


@dataclass(frozen=True)
class AlternativeView:
    """Another value that the field might have.

    Attributes:
        text: as it would be typed; empty where it may not be shown.
    """

    value: str
    percent: int
    text: str = ""


@dataclass(frozen=True)
class FieldRow:
    """One field of a paper.

    Attributes:
        anchor: identifier of the row in the page; evidence and boxes point to it.
        percent: probability that the value is exactly right.
        held_back: why it is not accepted automatically, in French, or empty.
        text: the value as the input field shows it.
        human: a gestionnaire gave or confirmed the value.
        absent: the machine found nothing there.
    """

    anchor: str
    name: FieldName
    label: str
    value: str
    raw: str
    grade: Grade
    percent: int
    source: str
    page: int | None
    checks: tuple[CheckView, ...]
    alternatives: tuple[AlternativeView, ...]
    held_back: str
    text: str = ""
    human: bool = False
    absent: bool = False


@dataclass(frozen=True)
class FactView:
    """One thing understood, for the member."""

    text: str
    sure: bool


@dataclass(frozen=True)
class DocumentView:
    """One paper of a file.

    Attributes:
        index: which one on the file, from 0.
        type_human: a gestionnaire said or confirmed the type.
        elsewhere: the rest of its pages, in other files; empty for nearly every paper.
        other_fields: what could be added: no value was read.
    """

    index: int
    anchor: str
    type: DocumentType
    type_human: bool
    label: str
    type_grade: Grade
    type_percent: int
    legible: bool
    missing_pages: bool
    pages: tuple[int, ...]
    elsewhere: str
    facts: tuple[FactView, ...]
    rows: tuple[FieldRow, ...]
    line_items: tuple[LineItem, ...]
    sums: tuple[SumView, ...]
    other_fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PaperView:
    """One file of a dossier.

    Attributes:
        waiting: not read yet.
        refusal: why it cannot be read, in French, or empty.
        joined_to: names of the files where papers stand that have pages of this one.
    """

    id: uuid.UUID
    name: str
    size: int
    received_at: dt.datetime
    waiting: bool
    refusal: str
    pages: tuple[PageView, ...]
    documents: tuple[DocumentView, ...]
    seconds: float | None
    joined_to: tuple[str, ...] = ()

    @property
    def advice(self) -> tuple[str, ...]:
        """What is wrong with its pictures, each said once."""
        return tuple(dict.fromkeys(sentence for page in self.pages for sentence in page.advice))


ERASED_FR = (
    "Ce document a été effacé : le temps pendant lequel il est conservé est passé, ou son effacement a été demandé."
)


def present_paper(piece: Piece, corrections: Sequence[Event] = ()) -> PaperView:
    """All that a page shows of one file (``original`` and ``reading`` should have been fetched with it).

    Args:
        piece: the file.
        corrections: what people said of the dossier's papers (``storage.amending.select_standing``).
    """
    stored = getattr(piece, "reading", None)
    if stored is None or piece.state != PieceState.READ.value:
        refused = piece.state == PieceState.REFUSED.value
        if piece.state == PieceState.ERASED.value:
            return _plain_paper(piece, ERASED_FR)
        return _plain_paper(piece, _refusal_sentence(stored.refusal if stored else "") if refused else "")
    reading = amend_reading(to_reading(stored), piece.pk, corrections)
    if reading.refusal:
        return _plain_paper(piece, REFUSAL_SENTENCES_FR[reading.refusal])
    boxes: dict[int, list[BoxView]] = defaultdict(list)
    documents = tuple(
        _present_document(piece.pk, index, document, boxes, _name_elsewhere(document, corrections))
        for index, document in enumerate(reading.documents)
    )
    return PaperView(
        id=piece.pk,
        name=piece.name,
        size=piece.original.size,
        received_at=piece.received_at,
        waiting=False,
        refusal="",
        pages=present_pages(reading, {page: tuple(views) for page, views in boxes.items()}),
        documents=documents,
        seconds=stored.seconds,
        joined_to=tuple(
            dict.fromkeys(
                event.piece.name
                for event in corrections
                if event.piece and read_said(event).get("with_file") == str(piece.pk)
            )
        ),
    )


def _name_elsewhere(document: DocumentReading, corrections: Sequence[Event]) -> str:
    """The pages of a paper that are in other files, in words."""
    if not document.other_pages:
        return ""
    told = [read_said(event) for event in corrections]
    names = {said["with_file"]: said.get("other_name") for said in told if said.get("with_file")}
    return enumerate_words(
        [
            f"{name_pages(other.pages)} de « {names.get(other.file) or 'un autre fichier'} »"
            for other in document.other_pages
        ]
    )


def field_anchor(piece_id: uuid.UUID, document: int, name: FieldName) -> str:
    """The identifier, in the page, of a field's row."""
    return f"champ-{piece_id.hex[:12]}-{document}-{name.value}"


def type_anchor(piece_id: uuid.UUID, document: int) -> str:
    """The identifier, in the page, of the row that tells what kind of paper it is."""
    return f"type-{piece_id.hex[:12]}-{document}"


def absent_row(piece_id: uuid.UUID, document: int, name: FieldName, page: int | None) -> FieldRow:
    """The row of a field of which nothing was read."""
    return FieldRow(
        anchor=field_anchor(piece_id, document, name),
        name=name,
        label=FIELD_LABELS_FR[name],
        value="rien de lu",
        raw="",
        grade=Grade.DOUBTFUL,
        percent=0,
        source="",
        page=page,
        checks=(),
        alternatives=_possible_answers(name, ""),
        held_back="rien n’a été lu à cet endroit : est-ce imprimé",
        absent=True,
    )


def _refusal_sentence(code: str) -> str:
    try:
        return REFUSAL_SENTENCES_FR[RefusalCode(code)]
    except ValueError:
        return REFUSAL_SENTENCES_FR[RefusalCode.DAMAGED]


def _plain_paper(piece: Piece, refusal: str) -> PaperView:
    return PaperView(
        id=piece.pk,
        name=piece.name,
        size=piece.original.size,
        received_at=piece.received_at,
        waiting=piece.state == PieceState.RECEIVED.value,
        refusal=refusal,
        pages=(),
        documents=(),
        seconds=None,
    )


def _present_document(
    piece_id: uuid.UUID, index: int, document: DocumentReading, boxes: dict[int, list[BoxView]], elsewhere: str
) -> DocumentView:
    rows = tuple(
        _present_field(field_anchor(piece_id, index, name), name, document.fields[name])
        for name in FieldName
        if name in document.fields
    )
    for row in rows:
        polygon = document.fields[row.name].polygon
        if polygon and row.page is not None:
            place = BoxView(
                target=row.anchor, label=row.label, points=draw_place(polygon), grade=row.grade, human=row.human
            )
            boxes[row.page].append(place)
    return DocumentView(
        index=index,
        anchor=type_anchor(piece_id, index),
        type=document.type,
        type_human=document.type_confidence == 1.0 and grade_type(document.type_confidence) is Grade.SURE,
        label=capitalise(DOCUMENT_LABELS_FR[document.type]),
        type_grade=grade_type(document.type_confidence),
        type_percent=round(100 * document.type_confidence),
        legible=document.legible,
        missing_pages=document.missing_pages,
        pages=document.pages,
        elsewhere=elsewhere,
        facts=_understood_facts(document),
        rows=rows,
        line_items=document.line_items,
        sums=present_sums(document),
        other_fields=tuple(
            (name.value, FIELD_LABELS_FR[name])
            for name in FieldName
            if name not in document.fields and document.legible
        ),
    )


def _present_field(anchor: str, name: FieldName, field: FieldValue) -> FieldRow:
    raw = show_raw(name, field.raw_text)
    value = show_content(name, field.value)
    if field.value is None and field.source is Source.HANDLER:
        value = "rien d’imprimé"
    grade = grade_field(name, field)
    text = write_content(name, field.value)
    human = field.source is Source.HANDLER
    return FieldRow(
        anchor=anchor,
        name=name,
        label=FIELD_LABELS_FR[name],
        value=value,
        # Of a sure value, what is printed tells nothing more; of another one, it is what the eye compares.
        raw=raw if grade is not Grade.SURE and raw.split() != value.split() else "",
        grade=grade,
        percent=min(99, round(100 * field.confidence)) if field.confidence < 1 else 100,
        source=SOURCE_LABELS_FR[field.source],
        page=field.page,
        checks=tuple(CheckView(label=name_check(check.name), passed=check.passed) for check in field.checks),
        alternatives=tuple(
            AlternativeView(
                value=show_content(name, other.value),
                percent=round(100 * other.confidence),
                text="" if name is FieldName.NIR else write_content(name, other.value),
            )
            for other in field.alternatives[:4]
            if other.confidence >= (_ALTERNATIVES_FROM_WHEN_SURE if grade is Grade.SURE else _ALTERNATIVES_FROM)
        )
        or _possible_answers(name, text),
        held_back=_explain(field),
        text=text,
        human=human,
    )


def _possible_answers(name: FieldName, text: str) -> tuple[AlternativeView, ...]:
    """A question of yes or no has its answers one key away, whatever was read."""
    if name is not FieldName.PAID:
        return ()
    return tuple(AlternativeView(value=answer, percent=0, text=answer) for answer in ("oui", "non") if answer != text)


#: Alternatives less probable than this are noise; beside a sure value, more are.
_ALTERNATIVES_FROM, _ALTERNATIVES_FROM_WHEN_SURE = 0.01, 0.10


def _explain(field: FieldValue) -> str:
    """Why a value is held back, unless a failed check that is shown already says it."""
    failed = {f"check_failed:{check.name}" for check in field.checks if not check.passed}
    return "" if field.held_back is None or field.held_back in failed else explain_held_back(field.held_back)


#: What the member is shown of a paper, in this order: professional, date, amount; on a RIB, its holder.
_MEMBER_FACTS: tuple[FieldName, ...] = (FieldName.PRACTITIONER_NAME, FieldName.ISSUE_DATE, FieldName.TOTAL_AMOUNT)


def _understood_facts(document: DocumentReading) -> tuple[FactView, ...]:
    """One line: type, professional, date, amount; only what was found, with what is uncertain said to be so."""
    facts = [FactView(_type_for_member(document), grade_type(document.type_confidence) is Grade.SURE)]
    if not document.legible:
        return (*facts, FactView("illisible", True))
    names = (FieldName.ACCOUNT_HOLDER,) if document.type is DocumentType.RIB else _MEMBER_FACTS
    for name in names:
        field = document.fields.get(name)
        if name is FieldName.ISSUE_DATE and (field is None or field.value is None):
            name = FieldName.CARE_DATES
            field = document.fields.get(name)
        if field is not None and field.value is not None:
            facts.append(FactView(show_content(name, field.value), grade_field(name, field) is Grade.SURE))
    return tuple(facts)


def _type_for_member(document: DocumentReading) -> str:
    label = capitalise(DOCUMENT_LABELS_FR[document.type])
    paid = document.fields.get(FieldName.PAID)
    if paid is not None and paid.value is True and document.type not in QUOTE_TYPES:
        feminine = document.type.value.startswith(("facture", "note"))
        return f"{label} {'acquittée' if feminine else ''}".rstrip()
    return label
