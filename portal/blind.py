"""The form of a blind check: for each paper its type and a few values, with nothing filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.french import capitalise
from portal.presenting.editing import parse_content
from portal.presenting.papers import PaperView, present_paper
from portal.saying import kind_choices
from schemas.readings import FieldContent
from schemas.vocabulary import FIELD_LABELS_FR, DocumentType, FieldName
from storage.models import Piece
from storage.sampling import CHECKED, Answer
from storage.values import to_reading

_HINTS_FR: dict[FieldName, str] = {
    FieldName.PATIENT_NAME: "prénom et nom",
    FieldName.ISSUE_DATE: "par exemple 03/10/2026",
    FieldName.TOTAL_AMOUNT: "en euros, par exemple 1234,50",
    FieldName.PAID: "oui ou non",
}


@dataclass(frozen=True)
class BlindField:
    """One value to be read."""

    name: str
    label: str
    hint: str
    text: str
    fault: str


@dataclass(frozen=True)
class BlindPaper:
    """One paper of a file.

    Attributes:
        pages: as the person finds them in the file.
        kind: the type that was chosen, empty at first.
    """

    number: int
    pages: str
    kind_name: str
    kind: str
    kind_fault: str
    fields: tuple[BlindField, ...]


@dataclass(frozen=True)
class BlindFile:
    """One file with its pages and the papers on it."""

    view: PaperView
    papers: tuple[BlindPaper, ...]


def present_blind(pieces: Sequence[Piece], typed: Mapping[str, str], faults: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows: files with their papers, and the types to choose from."""
    files = []
    for piece in pieces:
        papers = []
        for index, document in enumerate(to_reading(piece.reading).documents):
            if not document.legible:
                continue
            kind_name = _name(piece, index, "type")
            papers.append(
                BlindPaper(
                    number=index + 1,
                    pages=", ".join(map(str, document.pages)),
                    kind_name=kind_name,
                    kind=typed.get(kind_name, ""),
                    kind_fault=faults.get(kind_name, ""),
                    fields=tuple(
                        BlindField(
                            name=_name(piece, index, field.value),
                            label=capitalise(FIELD_LABELS_FR[field]),
                            hint=_HINTS_FR.get(field, ""),
                            text=typed.get(_name(piece, index, field.value), ""),
                            fault=faults.get(_name(piece, index, field.value), ""),
                        )
                        for field in CHECKED
                    ),
                )
            )
        files.append(BlindFile(view=present_paper(piece), papers=tuple(papers)))
    return {"files": files, "kinds": kind_choices()}


def parse_answers(request: HttpRequest, pieces: Sequence[Piece], today: dt.date) -> tuple[list[Answer], dict[str, str]]:
    """What was typed, and what could not be taken, by name of the input."""
    answers: list[Answer] = []
    faults: dict[str, str] = {}
    for piece in pieces:
        for index, document in enumerate(to_reading(piece.reading).documents):
            if not document.legible:
                continue
            kind = request.POST.get(_name(piece, index, "type"), "")
            if kind not in {one.value for one in DocumentType}:
                faults[_name(piece, index, "type")] = "Choisissez le type du document."
                continue
            values: dict[FieldName, FieldContent | None] = {}
            for field in CHECKED:
                name = _name(piece, index, field.value)
                try:
                    values[field] = parse_content(field, request.POST.get(name, "").replace("\0", ""), today)
                except ValueError as error:
                    faults[name] = str(error)
            answers.append(Answer(str(piece.pk), index, DocumentType(kind), values))
    return answers, faults


def _name(piece: Piece, index: int, field: str) -> str:
    return f"{piece.pk.hex[:12]}-{index}-{field}"
