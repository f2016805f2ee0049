"""Readings as JSON lines, and back.

``liasse read`` writes them, ``liasse decide --readings`` reads them, storage keeps them.

Dates are ISO, amounts decimal strings with a point and two digits, absent values null. Words are not in the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from schemas.advice import advise_reading
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.geometry import Box, Point, Polygon, bound_points
from schemas.readings import (
    Alternative,
    Check,
    DocumentReading,
    FieldContent,
    FieldValue,
    FileReading,
    LineItem,
    OtherPages,
    PageReading,
    Provenance,
    Source,
    UnreadField,
)
from schemas.vocabulary import AMOUNT_FIELDS, FieldName, Legibility, LegibilityReason, PagePart


def reading_to_line(reading: FileReading) -> dict[str, Any]:
    """The JSON line of one file."""
    refusal = None
    if reading.refusal:
        refusal = {"code": reading.refusal.value, "message_fr": REFUSAL_SENTENCES_FR[reading.refusal]}
    advice = advise_reading(reading)
    return {
        "id": reading.id,
        "file": reading.file,
        "sha256": reading.sha256,
        "status": reading.status,
        "refusal": refusal,
        "pages": [_page_to_line(page, advice.get(page.page, ())) for page in reading.pages],
        "documents": [document_to_line(document) for document in reading.documents],
        "provenance": reading.provenance.model_dump(mode="json") if reading.provenance else None,
        "timings": {stage: round(seconds, 4) for stage, seconds in reading.timings.items()},
        "reader_version": reading.reader_version,
    }


def reading_from_line(line: Mapping[str, Any]) -> FileReading:
    """A reading from its JSON line; keys that the line may leave out get their neutral value.

    Raises:
        KeyError, ValueError: the line is not a reading.
    """
    refusal = line.get("refusal")
    return FileReading(
        id=line["id"],
        file=line.get("file") or line["id"],
        sha256=line.get("sha256") or "",
        refusal=RefusalCode(refusal["code"]) if refusal else None,
        pages=tuple(_page_from_line(page) for page in line.get("pages") or ()),
        documents=tuple(document_from_line(document) for document in line.get("documents") or ()),
        provenance=Provenance.model_validate(line["provenance"]) if line.get("provenance") else None,
        timings=line.get("timings") or {},
        reader_version=line.get("reader_version") or "",
    )


def content_to_json(value: FieldContent | None) -> Any:
    """A value as JSON."""
    if isinstance(value, tuple):
        return [day.isoformat() for day in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def content_from_json(name: FieldName, value: Any) -> FieldContent | None:
    """A value from JSON, typed by the field it belongs to."""
    if value is None or value == []:
        return None
    if name in AMOUNT_FIELDS:
        return Decimal(str(value))
    if name is FieldName.ISSUE_DATE:
        return date.fromisoformat(value)
    if name is FieldName.CARE_DATES:
        days = value if isinstance(value, list | tuple) else [value]
        return tuple(date.fromisoformat(day) for day in days)
    if name is FieldName.PAID:
        return bool(value)
    return str(value)


def _page_to_line(page: PageReading, advice: Sequence[str]) -> dict[str, Any]:
    return {
        "page": page.page,
        "width": page.width,
        "height": page.height,
        "unit": page.unit,
        "rotation": page.rotation,
        "source": page.source.value,
        "completed": page.completed,
        "legibility": page.legibility.value,
        "reasons": [reason.value for reason in page.reasons],
        "unread_parts": [part.value for part in page.unread_parts],
        "advice_fr": list(advice),
        "sheet": page.sheet,
        "fingerprint": page.fingerprint,
    }


def _page_from_line(line: Mapping[str, Any]) -> PageReading:
    return PageReading(
        page=line["page"],
        width=line.get("width") or 0.0,
        height=line.get("height") or 0.0,
        unit=line.get("unit") or "px",
        rotation=line.get("rotation") or 0,
        source=Source(line.get("source") or Source.TESSERACT),
        completed=bool(line.get("completed")),
        legibility=Legibility(line.get("legibility") or Legibility.LEGIBLE),
        reasons=tuple(LegibilityReason(reason) for reason in line.get("reasons") or ()),
        unread_parts=tuple(PagePart(part) for part in line.get("unread_parts") or ()),
        sheet=line.get("sheet") or 0,
        fingerprint=line.get("fingerprint"),
    )


def _field_to_line(field: FieldValue) -> dict[str, Any]:
    polygon = field.polygon
    return {
        "value": content_to_json(field.value),
        "raw_text": field.raw_text,
        "confidence": round(field.confidence, 4),
        "source": field.source.value,
        "page": field.page,
        "bbox": [round(edge, 1) for edge in bound_points(polygon)] if polygon else None,
        "polygon": [[round(corner.x, 1), round(corner.y, 1)] for corner in polygon] if polygon else None,
        "checks": [{"name": check.name, "passed": check.passed} for check in field.checks],
        "alternatives": [
            {"value": content_to_json(other.value), "confidence": round(other.confidence, 4)}
            for other in field.alternatives
        ],
        "held_back": field.held_back,
    }


def _field_from_line(name: FieldName, line: Any) -> FieldValue:
    if not isinstance(line, Mapping):  # a bare value, as the scorers also accept
        line = {"value": line}
    confidence = line.get("confidence")
    return FieldValue(
        value=content_from_json(name, line.get("value")),
        raw_text=line.get("raw_text") or "",
        confidence=1.0 if confidence is None else confidence,
        source=Source(line.get("source") or Source.TEXT_LAYER),
        page=line.get("page"),
        polygon=_polygon_from_line(line),
        checks=tuple(Check(**check) for check in line.get("checks") or ()),
        alternatives=tuple(
            Alternative(value=content, confidence=other.get("confidence") or 0.0)
            for other in line.get("alternatives") or ()
            if (content := content_from_json(name, other["value"])) is not None
        ),
        held_back=line.get("held_back"),
    )


def _polygon_from_line(line: Mapping[str, Any]) -> Polygon | None:
    if line.get("polygon"):
        a, b, c, d = (Point(*corner) for corner in line["polygon"])
        return (a, b, c, d)
    return Box(*line["bbox"]).to_polygon() if line.get("bbox") else None


def _item_to_line(item: LineItem) -> dict[str, Any]:
    quantity = None if item.quantity is None else format(item.quantity.normalize(), "f")
    return {
        "date": content_to_json(item.date),
        "code": item.code,
        "label": item.label,
        "location": item.location,
        "quantity": quantity,
        "unit_price": content_to_json(item.unit_price),
        "amount": content_to_json(item.amount),
        "base": content_to_json(item.base),
        "amo": content_to_json(item.amo),
        "amc": content_to_json(item.amc),
    }


def _item_from_line(line: Mapping[str, Any]) -> LineItem:
    def amount(key: str) -> Decimal | None:
        return None if line.get(key) is None else Decimal(str(line[key]))

    return LineItem(
        date=date.fromisoformat(line["date"]) if line.get("date") else None,
        code=line.get("code"),
        label=line.get("label"),
        location=line.get("location"),
        quantity=amount("quantity"),
        unit_price=amount("unit_price"),
        amount=amount("amount"),
        base=amount("base"),
        amo=amount("amo"),
        amc=amount("amc"),
    )


def document_to_line(document: DocumentReading) -> dict[str, Any]:
    """One paper of a reading's line."""
    line = {
        "type": document.type.value,
        "type_confidence": round(document.type_confidence, 4),
        "pages": list(document.pages),
        "legible": document.legible,
        "page_number_printed": document.page_number_printed,
        "page_count_printed": document.page_count_printed,
        "missing_pages": document.missing_pages,
        "fields": {name.value: _field_to_line(field) for name, field in document.fields.items()},
        "line_items": [_item_to_line(item) for item in document.line_items],
        "unread": [{"field": field.name.value, "page": field.page} for field in document.unread],
        "text_fingerprint": list(document.text_fingerprint),
        "foreign_signs": list(document.foreign_signs),
    }
    if document.other_pages:  # never in a reading: only a person tells
        line["other_pages"] = [{"file": other.file, "pages": list(other.pages)} for other in document.other_pages]
    return line


def document_from_line(line: Mapping[str, Any]) -> DocumentReading:
    """A paper from its part of a reading's line (errors as ``reading_from_line``)."""
    confidence = line.get("type_confidence")
    fields = {FieldName(key): field for key, field in (line.get("fields") or {}).items() if field is not None}
    return DocumentReading(
        type=line["type"],
        type_confidence=1.0 if confidence is None else confidence,
        pages=tuple(line["pages"]),
        legible=line.get("legible", True),
        page_number_printed=line.get("page_number_printed"),
        page_count_printed=line.get("page_count_printed"),
        missing_pages=bool(line.get("missing_pages")),
        fields={name: _field_from_line(name, field) for name, field in fields.items()},
        line_items=tuple(_item_from_line(item) for item in line.get("line_items") or ()),
        unread=tuple(
            UnreadField(name=FieldName(field["field"]), page=field["page"]) for field in line.get("unread") or ()
        ),
        text_fingerprint=tuple(line.get("text_fingerprint") or ()),
        foreign_signs=tuple(line.get("foreign_signs") or ()),
        other_pages=tuple(
            OtherPages(file=other["file"], pages=tuple(other["pages"])) for other in line.get("other_pages") or ()
        ),
    )
