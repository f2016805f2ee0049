"""The form in which a member says what a paper says, filled with what was understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from portal.french import capitalise
from portal.presenting.editing import parse_content, write_content
from portal.presenting.values import show_content
from schemas.readings import DocumentReading, FieldContent, FileReading
from schemas.sayings import SAID_BY_MEMBERS, Saying
from schemas.vocabulary import DOCUMENT_LABELS_FR, DocumentType, FieldName

LABELS_FR: dict[FieldName, str] = {
    FieldName.PRACTITIONER_NAME: "Professionnel ou établissement",
    FieldName.ISSUE_DATE: "Date du document",
    FieldName.TOTAL_AMOUNT: "Montant total, en euros",
}
_HINTS_FR: dict[FieldName, str] = {
    FieldName.ISSUE_DATE: "Par exemple 03/10/2026",
    FieldName.TOTAL_AMOUNT: "Par exemple 1389,00",
}


@dataclass(frozen=True)
class SaidField:
    """One thing to say of a paper.

    Attributes:
        name: of the input.
        text: what was understood, or what was typed.
        said: what the member said before, empty where nothing.
        fault: why what was typed is none, empty where it is.
    """

    name: str
    label: str
    text: str
    hint: str
    said: str
    fault: str


@dataclass(frozen=True)
class PaperForm:
    """What may be said of one paper of a file.

    Attributes:
        kind: value of the type that is chosen.
        said_kind: type that the member gave before, empty where none.
    """

    index: int
    label: str
    kind: str
    said_kind: str
    fields: tuple[SaidField, ...]


def kind_choices() -> tuple[tuple[str, str], ...]:
    """Types of paper, in the words of members."""
    return tuple((kind.value, capitalise(DOCUMENT_LABELS_FR[kind])) for kind in DocumentType)


def present_forms(
    reading: FileReading, sayings: Sequence[Saying], typed: Mapping[str, str], faults: Mapping[str, str]
) -> tuple[PaperForm, ...]:
    """One form for each legible paper of a file.

    Args:
        reading: as corrected so far.
        sayings: what the member said of it before.
        typed: what was sent and not taken, by name of the input.
        faults: why, by name of the input.
    """
    before = {(saying.document, saying.field): saying for saying in sayings if saying.file == reading.id}
    forms = []
    for index, paper in enumerate(reading.documents):
        if not paper.legible:
            continue
        kind = before.get((index, None))
        fields = []
        for name in _fields_of(paper):
            input_name, said = _name_input(index, name), before.get((index, name))
            understood = said.value if said else _value(paper, name)
            fields.append(
                SaidField(
                    name=input_name,
                    label=LABELS_FR[name],
                    text=typed.get(input_name, write_content(name, understood)),
                    hint=_HINTS_FR.get(name, ""),
                    said=show_content(name, said.value) if said else "",
                    fault=faults.get(input_name, ""),
                )
            )
        chosen = kind.type if kind and kind.type else paper.type
        forms.append(
            PaperForm(
                index=index,
                label=capitalise(DOCUMENT_LABELS_FR[paper.type]),
                kind=chosen.value,
                said_kind=capitalise(DOCUMENT_LABELS_FR[kind.type]) if kind and kind.type else "",
                fields=tuple(fields),
            )
        )
    return tuple(forms)


def parse_forms(
    request: HttpRequest, reading: FileReading, sayings: Sequence[Saying], today: dt.date
) -> tuple[list[Saying], dict[str, str]]:
    """What was said that differs from what was understood or said before, and what could not be taken.

    Args:
        request: with the inputs of ``present_forms``.
        reading: as corrected so far.
        sayings: what the member said before.
        today: what two-digit years are measured against.

    Returns:
        The new sayings, and French sentences by name of the input.
    """
    before = {(saying.document, saying.field): saying for saying in sayings if saying.file == reading.id}
    new: list[Saying] = []
    faults: dict[str, str] = {}
    for index, paper in enumerate(reading.documents):
        kind = request.POST.get(f"{index}-type", "")
        earlier = before.get((index, None))
        shown = earlier.type if earlier and earlier.type else paper.type
        if kind in {one.value for one in DocumentType} and kind != shown.value:
            new.append(Saying(file=reading.id, document=index, type=DocumentType(kind)))
        for name in _fields_of(paper):
            input_name = _name_input(index, name)
            text = request.POST.get(input_name)
            if text is None:
                continue
            said = before.get((index, name))
            shown_value = said.value if said else _value(paper, name)
            try:
                value = parse_content(name, text.replace("\0", ""), today)
            except ValueError as error:
                faults[input_name] = str(error)
                continue
            if write_content(name, value) != write_content(name, shown_value):
                new.append(Saying(file=reading.id, document=index, field=name, value=value))
    return new, faults


def _fields_of(paper: DocumentReading) -> tuple[FieldName, ...]:
    """What a paper of this kind says that a member can tell: a RIB has no professional and no amount."""
    return () if paper.type is DocumentType.RIB else SAID_BY_MEMBERS


def _value(paper: DocumentReading, name: FieldName) -> FieldContent | None:
    field = paper.fields.get(name)
    return field.value if field else None


def _name_input(index: int, name: FieldName) -> str:
    return f"{index}-{name.value}"
