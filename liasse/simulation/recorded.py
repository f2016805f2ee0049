"""Recorded dossiers: papers that were really read once, on the day and for the piece that the simulation needs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from schemas.claims import Claim, Dossier, Person
from schemas.readings import DocumentReading, FieldContent, FieldValue, FileReading, LineItem, Source
from schemas.rules import InsurerRules
from schemas.vocabulary import DecisionKind, DocumentType, FieldName, MissingPiece

#: A recorded paper that stands in for one that was asked for is surely of its type.
_SURE_TYPE = 0.97
_DATES = (FieldName.ISSUE_DATE, FieldName.CARE_DATES)


@dataclass(frozen=True)
class Recording:
    """A dossier that was read once.

    Attributes:
        kind: what becomes of it when every paper is read without fault.
    """

    claim: Claim
    readings: tuple[FileReading, ...]
    kind: DecisionKind


class Library:
    """Recorded dossiers by what becomes of them, and recorded papers by type."""

    def __init__(self, recordings: Sequence[Recording]) -> None:
        self._by_kind: dict[DecisionKind, list[Recording]] = defaultdict(list)
        self._papers: dict[DocumentType, list[tuple[FileReading, DocumentReading]]] = defaultdict(list)
        for recording in recordings:
            self._by_kind[recording.kind].append(recording)
            for reading in recording.readings:
                for paper in reading.documents:
                    if paper.legible and paper.type_confidence >= _SURE_TYPE and not paper.missing_pages:
                        self._papers[paper.type].append((reading, paper))

    @property
    def kinds(self) -> frozenset[DecisionKind]:
        """What becomes of the dossiers of the library."""
        return frozenset(self._by_kind)

    def draw(self, kind: DecisionKind, identifier: str, day: dt.date, rng: Random) -> Dossier:
        """A dossier as if it came in on a day from a member of its own, with all its dates moved along."""
        recording = rng.choice(self._by_kind[kind])
        away = day - recording.claim.upload_date
        number = recording.claim.member.member_number
        member = recording.claim.member.model_copy(update={"member_number": identifier})
        claim = recording.claim.model_copy(update={"id": identifier, "upload_date": day, "member": member})
        readings = (_renumber(_move(reading, away), number, identifier) for reading in recording.readings)
        return Dossier(claim=claim, readings=tuple(readings))

    def complete(
        self, dossier: Dossier, missing: Sequence[MissingPiece], rules: InsurerRules, number: int, rng: Random
    ) -> Dossier:
        """The dossier with what was asked for: recorded papers of these kinds, made out for its patient and days."""
        readings = list(dossier.readings)
        for piece in missing:
            if piece is MissingPiece.FACTURE_ACQUITTEE:
                readings = [_pay(reading) for reading in readings]
                continue
            required = [
                wanted
                for wanted in rules.claims[dossier.claim.claim_type].pieces
                if wanted.piece is piece
                or (wanted.main and piece in (MissingPiece.PAGE_MANQUANTE, MissingPiece.PIECE_ILLISIBLE))
            ]
            kinds = [kind for wanted in required for kind in wanted.kinds if self._papers.get(kind)]
            if not kinds:
                continue
            if piece in (MissingPiece.PAGE_MANQUANTE, MissingPiece.PIECE_ILLISIBLE):
                readings = [reading for reading in readings if not _is_poor(reading)]
            found, paper = rng.choice(self._papers[rng.choice(kinds)])
            readings.append(self._make_out(found, paper, dossier.claim, f"{dossier.claim.id}-{number}-{piece.value}"))
        return _with_readings(dossier, readings)

    def add_wrong_paper(self, dossier: Dossier, number: int) -> Dossier:
        """The dossier with a paper that nobody asked for."""
        paper = DocumentReading(type=DocumentType.AUTRE, type_confidence=0.99, pages=(1,))
        identifier = f"{dossier.claim.id}-{number}-autre"
        pages = tuple(page.model_copy(update={"page": 1}) for reading in dossier.readings for page in reading.pages[:1])
        extra = FileReading(id=identifier, file=identifier, sha256=identifier, pages=pages[:1], documents=(paper,))
        return _with_readings(dossier, [*dossier.readings, extra])

    def _make_out(self, reading: FileReading, paper: DocumentReading, claim: Claim, identifier: str) -> FileReading:
        fields = dict(paper.fields)
        days = [field.value for name, field in fields.items() if name in _DATES]
        first = min((day for day in _flatten(days)), default=claim.upload_date)
        away = claim.upload_date - dt.timedelta(days=20) - first
        changes: dict[FieldName, FieldContent] = {FieldName.PATIENT_NAME: _write_name(claim.patient)}
        if claim.member.holder:
            changes[FieldName.ACCOUNT_HOLDER] = claim.member.holder
        made = {
            name: field.model_copy(update={"value": changes[name]}) if name in changes and field.value else field
            for name, field in fields.items()
        }
        document = paper.model_copy(update={"fields": made})
        return _move(
            reading.model_copy(update={"id": identifier, "sha256": identifier, "documents": (document,)}), away
        )


def group_recordings(
    claims: Sequence[Claim], readings: Mapping[str, FileReading], kinds: Mapping[str, DecisionKind]
) -> list[Recording]:
    """Claims with their readings and what becomes of them."""
    return [
        Recording(claim, tuple(readings[file] for file in claim.files), kinds[claim.id])
        for claim in claims
        if claim.id in kinds
    ]


def _with_readings(dossier: Dossier, readings: Sequence[FileReading]) -> Dossier:
    claim = dossier.claim.model_copy(update={"files": tuple(reading.id for reading in readings)})
    return dossier.model_copy(update={"claim": claim, "readings": tuple(readings)})


def _write_name(person: Person) -> str:
    return f"{person.first} {person.last.upper()}"


def _is_poor(reading: FileReading) -> bool:
    papers = reading.documents
    return reading.refusal is not None or any(paper.missing_pages or not paper.legible for paper in papers)


def _pay(reading: FileReading) -> FileReading:
    """The same invoices with a mention of payment."""
    paid = FieldValue(value=True, raw_text="ACQUITTÉE", confidence=0.99, source=Source.TESSERACT, page=1)
    papers = [
        paper.model_copy(update={"fields": {**paper.fields, FieldName.PAID: paid}})
        if FieldName.TOTAL_AMOUNT in paper.fields
        else paper
        for paper in reading.documents
    ]
    return reading.model_copy(update={"documents": tuple(papers)})


def _move(reading: FileReading, away: dt.timedelta) -> FileReading:
    """A reading with its dates some days away."""
    papers = []
    for paper in reading.documents:
        fields = {
            name: field.model_copy(update={"value": _shift(field.value, away)}) if name in _DATES else field
            for name, field in paper.fields.items()
        }
        lines = tuple(_move_line(line, away) for line in paper.line_items)
        papers.append(paper.model_copy(update={"fields": fields, "line_items": lines}))
    return reading.model_copy(update={"documents": tuple(papers)})


def _renumber(reading: FileReading, before: str, after: str) -> FileReading:
    """A reading whose papers print another member number, where they printed this one."""
    name, papers = FieldName.MEMBER_NUMBER, []
    for paper in reading.documents:
        if paper.value_of(name) == before:
            made = paper.fields[name].model_copy(update={"value": after})
            paper = paper.model_copy(update={"fields": {**paper.fields, name: made}})
        papers.append(paper)
    return reading.model_copy(update={"documents": tuple(papers)})


def send_again(dossier: Dossier, identifier: str, day: dt.date) -> Dossier:
    """The papers of a dossier as a new one of the same member: other files, and pictures that look the same."""
    claim = dossier.claim.model_copy(update={"id": identifier, "upload_date": day})
    readings = [
        reading.model_copy(update={"id": f"{identifier}-{number}", "sha256": f"{identifier}-{number}"})
        for number, reading in enumerate(dossier.readings)
    ]
    return _with_readings(dossier.model_copy(update={"claim": claim}), readings)


def _move_line(line: LineItem, away: dt.timedelta) -> LineItem:
    return line.model_copy(update={"date": line.date + away}) if line.date else line


def _shift(value: FieldContent | None, away: dt.timedelta) -> FieldContent | None:
    if isinstance(value, tuple):
        return tuple(day + away for day in value)
    return value + away if isinstance(value, dt.date) else value


def _flatten(values: Sequence[object]) -> list[dt.date]:
    days: list[dt.date] = []
    for value in values:
        days.extend(value if isinstance(value, tuple) else [value] if isinstance(value, dt.date) else [])
    return days
