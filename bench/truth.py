"""The exact truth of a set of papers, as the sample generator writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from schemas.lines import content_from_json
from schemas.readings import FieldContent
from schemas.vocabulary import DocumentType, FieldName


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """What one paper really says; ``fields`` holds only what is printed and readable."""

    type: DocumentType
    layout: str
    pages: tuple[int, ...]
    legible: bool
    fields: dict[FieldName, FieldContent]
    accepted: dict[FieldName, tuple[FieldContent, ...]]


@dataclass(frozen=True, slots=True)
class TrueFile:
    """One file of the set."""

    id: str
    path: Path
    channel: str
    severity: str
    split: str
    documents: tuple[TrueDocument, ...]


def load_truth(folder: Path) -> list[TrueFile]:
    """The files of a set.

    Args:
        folder: holds ``truth.jsonl`` and the files that it names.
    """
    with (folder / "truth.jsonl").open() as lines:
        return [_read_file(json.loads(line), folder) for line in lines if line.strip()]


def _read_file(line: dict, folder: Path) -> TrueFile:  # type: ignore[type-arg]
    return TrueFile(
        id=line["id"],
        path=folder / line["file"],
        channel=line["channel"],
        severity=line["severity"],
        split=line.get("split") or "unknown",
        documents=tuple(_read_document(document) for document in line["documents"]),
    )


def _read_document(line: dict) -> TrueDocument:  # type: ignore[type-arg]
    fields: dict[FieldName, FieldContent] = {}
    accepted: dict[FieldName, tuple[FieldContent, ...]] = {}
    for key, entry in line["fields"].items():
        name = FieldName(key)
        value = content_from_json(name, (entry or {}).get("value"))
        if value is not None:
            fields[name] = value
        others = [content_from_json(name, other) for other in (entry or {}).get("accept") or ()]
        accepted[name] = tuple(other for other in others if other is not None)
    return TrueDocument(
        type=DocumentType(line["type"]),
        layout=line.get("layout") or line.get("template") or "?",
        pages=tuple(line["pages"]),
        legible=line["legible"],
        fields=fields,
        accepted=accepted,
    )
