"""Corrections of gestionnaires, laid over what was read.

The reading stays as the machine made it. Every correction is an event; whoever looks at a reading lays the events over
it, in their order, so that there is one truth and it can be told how it came about.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Prefetch

from schemas.geometry import Point
from schemas.judgements import Judgement
from schemas.lines import content_from_json, document_from_line
from schemas.readings import DocumentReading, FieldValue, FileReading, Source
from schemas.sayings import Saying
from schemas.statuses import AMENDING, REGROUPING, EventKind
from schemas.vocabulary import DocumentType, FieldName
from storage.contents import read_said
from storage.models import Dossier, Event

_NAMES = tuple(kind.value for kind in AMENDING)
_SAYING = EventKind.MEMBER_CORRECTED.value

#: To fetch the corrections of many dossiers in one query; ``standing_corrections`` then asks nothing more.
CORRECTIONS = Prefetch(
    "events",
    queryset=Event.objects.filter(kind__in=(*_NAMES, _SAYING)).select_related("content").order_by("id"),
    to_attr="fetched_corrections",
)


def standing_corrections(dossier: Dossier) -> tuple[Event, ...]:
    """The corrections of a dossier that were not undone, oldest first; one query unless they were fetched along."""
    return select_standing(_fetch(dossier))


def standing_sayings(dossier: Dossier) -> tuple[Saying, ...]:
    """What the member says of the papers: of each thing the last word, oldest first (queries as above)."""
    last: dict[tuple[Any, ...], Saying] = {}
    events = _fetch(dossier)
    regroupings = [event for event in select_standing(events) if EventKind(event.kind) in REGROUPING]
    for event in events:
        said = read_said(event)
        if event.kind != _SAYING or event.piece_id is None or "document" not in said:
            continue
        saying = _follow(_to_saying(event, said), [later for later in regroupings if later.pk > event.pk])
        last[saying.file, saying.document, saying.field] = saying
    return tuple(last.values())


def _to_saying(event: Event, said: Mapping[str, Any]) -> Saying:
    field = FieldName(said["field"]) if said.get("field") else None
    return Saying(
        file=str(event.piece_id),
        document=said["document"],
        type=DocumentType(said["type"]) if said.get("type") else None,
        field=field,
        value=content_from_json(field, said.get("value")) if field else None,
    )


def _follow(saying: Saying, regroupings: Sequence[Event]) -> Saying:
    """Where the paper of a saying stands after some regroupings; of one that was split, the first of its parts."""
    file, index = saying.file, saying.document
    for event in regroupings:
        said, host = read_said(event), str(event.piece_id)
        if EventKind(event.kind) is EventKind.PAPER_SPLIT:
            index += (len(said["parts"]) - 1) * (file == host and index > said["document"])
        elif file == (said.get("with_file") or host):
            if index == said["with"]:
                file, index = host, said["document"]
            else:
                index -= index > said["with"]
    return saying.model_copy(update={"file": file, "document": index})


def count_regroupings(dossier: Dossier, piece_id: uuid.UUID) -> int:
    """How often the papers of a file were grouped otherwise: their places are those since the last time."""
    return sum(
        EventKind(event.kind) in REGROUPING
        and (event.piece_id == piece_id or read_said(event).get("with_file") == str(piece_id))
        for event in standing_corrections(dossier)
    )


def is_merged_elsewhere(piece_id: uuid.UUID, corrections: Sequence[Event]) -> bool:
    """Whether a paper is on this file and on another one, as a person said."""
    found = ((event.piece_id, read_said(event).get("with_file")) for event in corrections)
    return any(other and (host == piece_id or other == str(piece_id)) for host, other in found)


def list_carried(dossier: Dossier, piece_id: uuid.UUID) -> tuple[Event, ...]:
    """What people said of one paper and that still stands, oldest first: it goes where the paper goes."""
    events = _fetch(dossier)
    standing = {event.pk for event in select_standing(events)}
    return tuple(
        event for event in events if event.piece_id == piece_id and (event.pk in standing or event.kind == _SAYING)
    )


def _fetch(dossier: Dossier) -> Sequence[Event]:
    events = getattr(dossier, "fetched_corrections", None)
    if events is None:
        kinds = (*_NAMES, _SAYING)
        events = list(dossier.events.filter(kind__in=kinds).select_related("content").order_by("id"))
    return cast("Sequence[Event]", events)


def select_standing(events: Sequence[Event] | Any) -> tuple[Event, ...]:
    """Those of some events, oldest first, that correct something and were not undone."""
    corrections = [event for event in events if event.kind in _NAMES]
    undone = {(event.after or {}).get("undoes") for event in corrections}
    return tuple(
        event
        for event in corrections
        if event.pk not in undone and EventKind(event.kind) is not EventKind.CORRECTION_UNDONE
    )


def amend_reading(reading: FileReading, piece_id: uuid.UUID, corrections: Sequence[Event]) -> FileReading:
    """A reading with what people saw on the paper in place of what the machine read.

    Args:
        reading: as the machine made it.
        piece_id: of the paper.
        corrections: from ``standing_corrections``; those of other papers are left out.
    """
    documents = list(reading.documents)
    for event in corrections:
        said = read_said(event)
        if said.get("with_file") == str(piece_id) and "papers" in said:
            documents = documents[: said["with"]] + documents[said["with"] + 1 :]  # it went into one of another file
            continue
        index = said.get("document")
        if event.piece_id != piece_id or not isinstance(index, int) or not 0 <= index < len(documents):
            continue
        kind = EventKind(event.kind)
        if kind in REGROUPING:
            documents = _regroup(documents, kind, said)
        else:
            documents[index] = _amend_document(documents[index], kind, said)
    if documents == list(reading.documents):
        return reading
    return reading.model_copy(update={"documents": tuple(documents)})


def list_judgements(corrections: Sequence[Event]) -> tuple[Judgement, ...]:
    """The findings that people found to be in order."""
    return tuple(
        Judgement(code=said["finding"], sentence=said["sentence"], by=said["by"])
        for event in corrections
        if EventKind(event.kind) is EventKind.FINDING_JUDGED and "sentence" in (said := read_said(event))
    )


def _regroup(documents: Sequence[DocumentReading], kind: EventKind, said: Mapping[str, Any]) -> list[DocumentReading]:
    """The papers of a file once one of them was split, or another one joined to it, of another file or later on it."""
    if "papers" not in said:  # erased
        return list(documents)
    papers = [document_from_line(line) for line in said["papers"]]
    joined = kind is EventKind.PAPERS_MERGED and not said.get("with_file")
    gone = {said["document"], said["with"]} if joined else {said["document"]}
    before = [one for number, one in enumerate(documents) if number < said["document"]]
    after = [one for number, one in enumerate(documents) if number > said["document"] and number not in gone]
    return [*before, *papers, *after]


def _amend_document(document: DocumentReading, kind: EventKind, said: Mapping[str, Any]) -> DocumentReading:
    if kind is EventKind.TYPE_CORRECTED:
        return document.model_copy(update={"type": DocumentType(said["type"]), "type_confidence": 1.0})
    if kind is EventKind.PAPER_ILLEGIBLE:
        return document.model_copy(update={"legible": False, "fields": {}, "line_items": ()})
    name = FieldName(said["field"])
    polygon = said.get("polygon")
    corners = tuple(Point(*corner) for corner in polygon) if polygon else None
    before = document.fields.get(name)
    value = FieldValue(
        value=content_from_json(name, said.get("value")),
        raw_text=said.get("raw_text") or "",
        confidence=1.0,
        source=Source.HANDLER,
        page=said.get("page"),
        polygon=corners,
        alternatives=before.alternatives if before else (),
    )
    return document.model_copy(update={"fields": {**document.fields, name: value}})
