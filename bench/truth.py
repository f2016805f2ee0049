"""The exact truth of a set of papers, as the sample generator writes it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.geometry import Box
from schemas.lines import content_from_json
from schemas.readings import FieldContent, LineItem
from schemas.vocabulary import DocumentType, FieldName


@dataclass(frozen=True, slots=True)
class TruePlace:
    """Where a value is printed: page from 1, box in the page as displayed."""

    page: int
    box: Box


class TrueLine(LineItem):
    """A line of a paper.

    Attributes:
        detail: what is printed under its wording: a brand, a serial number; None where nothing is.
    """

    detail: str | None = None


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """What one paper really says.

    Attributes:
        pages: numbers in the file, from 1.
        fields: only what is printed and readable.
        accepted: other answers that the paper allows.
        printed: the value of a field as it stands on the paper, every form of it; for illegible papers too.
        places: where that is.
        doubtful: fields that a patient reader may or may not make out; missing them is no fault.
        items: its lines, with what is printed in each.
        pages_of_original: how many pages it had before it was sent.
    """

    type: DocumentType
    layout: str
    pages: tuple[int, ...]
    legible: bool
    fields: dict[FieldName, FieldContent]
    accepted: dict[FieldName, tuple[FieldContent, ...]]
    printed: dict[FieldName, tuple[str, ...]] = field(default_factory=dict)
    places: dict[FieldName, tuple[TruePlace, ...]] = field(default_factory=dict)
    doubtful: frozenset[FieldName] = frozenset()
    items: tuple[LineItem, ...] = ()
    pages_of_original: int = 1


@dataclass(frozen=True, slots=True)
class TrueFile:
    """One file of the set."""

    id: str
    path: Path
    channel: str
    severity: str
    split: str
    documents: tuple[TrueDocument, ...]

    @property
    def page_count(self) -> int:
        """Pages that hold a paper, at least 1."""
        return max(1, len({page for document in self.documents for page in document.pages}))


def load_truth(folder: Path) -> list[TrueFile]:
    """The files of a set.

    Args:
        folder: holds ``truth.jsonl`` and the files that it names.
    """
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [_read_file(json.loads(line), folder) for line in lines if line.strip()]


def _read_file(line: Mapping[str, Any], folder: Path) -> TrueFile:
    return TrueFile(
        id=line["id"],
        path=folder / line["file"],
        channel=line["channel"],
        severity=line["severity"],
        split=line.get("split") or "unknown",
        documents=tuple(_read_document(document) for document in line["documents"]),
    )


def _read_document(line: Mapping[str, Any]) -> TrueDocument:
    fields: dict[FieldName, FieldContent] = {}
    accepted: dict[FieldName, tuple[FieldContent, ...]] = {}
    printed: dict[FieldName, tuple[str, ...]] = {}
    places: dict[FieldName, tuple[TruePlace, ...]] = {}
    doubtful: set[FieldName] = set()
    for key, entry in line["fields"].items():
        name, entry = FieldName(key), entry or {}
        value = content_from_json(name, entry.get("value"))
        if value is not None:
            fields[name] = value
        others = [content_from_json(name, other) for other in entry.get("accept") or ()]
        accepted[name] = tuple(other for other in others if other is not None)
        printed[name] = tuple(entry.get("printed") or ())
        places[name] = tuple(TruePlace(place["page"], Box(*place["bbox"])) for place in entry.get("occurrences") or ())
        if entry.get("doubtful"):
            doubtful.add(name)
    return TrueDocument(
        type=DocumentType(line["type"]),
        layout=line.get("layout") or line.get("template") or "?",
        pages=tuple(line["pages"]),
        legible=line["legible"],
        fields=fields,
        accepted=accepted,
        printed=printed,
        places=places,
        doubtful=frozenset(doubtful),
        items=tuple(_read_item(item) for item in line.get("line_items") or ()),
        pages_of_original=line.get("pages_of_original") or len(line["pages"]),
    )


def _read_item(line: Mapping[str, Any]) -> LineItem:
    """A line; sets made elsewhere may name the quantity, the tooth and the side of a lens or an ear apart."""

    def number(*keys: str) -> Decimal | None:
        said = next((line[key] for key in keys if line.get(key) is not None), None)
        return None if said is None else Decimal(str(said))

    place = next((line[key] for key in ("location", "tooth", "side") if line.get(key) is not None), None)
    return TrueLine(
        date=dt.date.fromisoformat(line["date"]) if line.get("date") else None,
        code=line.get("code"),
        label=line.get("label"),
        location=None if place is None else str(place),
        quantity=number("quantity", "qty"),
        unit_price=number("unit_price"),
        amount=number("amount"),
        base=number("base"),
        amo=number("amo"),
        amc=number("amc"),
        detail=line.get("detail"),
    )
