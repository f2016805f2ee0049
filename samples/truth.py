"""What is really on a file: fields, places, line items, in the form of ``truth.jsonl``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from samples.degrade import Piece, Recipe, SentFile
from samples.moves import PointMap, move_box
from samples.papers.values import Bill
from samples.render import Mark, PrintedPaper
from schemas.vocabulary import DocumentType, FieldName

_CELLS = ("date", "code", "label", "location", "quantity", "unit_price", "amount", "base", "amo", "amc")


def describe_file(
    identifier: str, name: str, pieces: Sequence[Piece], recipe: Recipe, sent: SentFile
) -> dict[str, Any]:
    """The truth line of one file.

    Args:
        identifier: of the file.
        name: path of the file beside ``truth.jsonl``.
        pieces: what was sent.
        recipe: how.
        sent: the file and its placements.
    """
    legible = recipe.severity != "illegible"
    papers = [(index, piece.printed) for index, piece in enumerate(pieces) if piece.printed is not None]
    splits = sorted({printed.layout.split for _, printed in papers})
    return {
        "id": identifier,
        "file": name,
        "channel": recipe.channel,
        "severity": recipe.severity,
        "defect": recipe.defect,
        "rotation": recipe.rotation,
        "exif": recipe.exif,
        "split": splits[0] if len(splits) == 1 else "mixed" if splits else "none",
        "pages": [
            {"page": number, "width": round(page.width, 1), "height": round(page.height, 1), "unit": page.unit}
            for number, page in enumerate(sent.pages, start=1)
        ],
        "documents": [_describe_document(printed, index, sent, legible) for index, printed in papers],
    }


def _describe_document(printed: PrintedPaper, index: int, sent: SentFile, legible: bool) -> dict[str, Any]:
    places: dict[int, tuple[int, PointMap]] = {
        p.page: (p.file_page, p.move) for p in sent.placements if p.piece == index
    }
    marks = [mark for mark in printed.marks if mark.page in places]
    first = min(places)
    number = printed.page_numbers[first - 1]
    paper = printed.paper
    flags = list(paper.faults) if hasattr(paper, "faults") else []
    paid = next((m for m in marks if m.field == "paid" and m.value == "true"), None)
    if isinstance(paper, Bill) and paid:
        flags.append(f"paid_by_{paper.settlement.form if paid.inked else 'mention'}")
    return {
        "type": paper.type.value,
        "layout": printed.layout.name,
        "template": printed.layout.name,
        "structure": list(printed.structure),
        "key": printed.key,
        "pages": sorted(file_page for file_page, _ in places.values()),
        "pages_of_original": len(printed.sizes),
        "legible": legible,
        "page_number_printed": number[0] if number and legible else None,
        "page_count_printed": number[1] if number and legible else None,
        "fields": describe_fields(printed, marks, places, legible),
        "line_items": _describe_lines(marks) if legible else [],
        "flags": flags,
        "distractors": _describe_others(marks, places),
    }


def _place(mark: Mark, places: dict[int, tuple[int, PointMap]]) -> dict[str, Any]:
    page, move = places[mark.page]
    place = {"page": page, "bbox": list(move_box(move, mark.box)), "printed": mark.text}
    return place | {"part": mark.part} if mark.part else place


def describe_fields(
    printed: PrintedPaper, marks: Iterable[Mark], places: dict[int, tuple[int, PointMap]], legible: bool
) -> dict[str, dict[str, Any]]:
    """Every field of interfaces; null where nothing is printed, or nothing can be read."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.field:
            found[mark.field].append(mark)
    accept = _accepted(printed, found)
    fields: dict[str, dict[str, Any]] = {}
    for name in FieldName:
        own = found.get(name.value, [])
        value: Any = None
        if own and printed.paper.type is not DocumentType.AUTRE:
            value = own[0].value
            if name is FieldName.CARE_DATES:
                value = sorted({mark.value for mark in own})
            elif name is FieldName.PAID:
                value = own[0].value == "true"
        entry: dict[str, Any] = {
            "value": value if legible else None,
            "printed": list(dict.fromkeys(mark.text for mark in own)),
            "occurrences": [_place(mark, places) for mark in own],
        }
        if not legible:
            entry |= {"expected": "illegible", "unreadable_value": value}
        elif name.value in accept:
            entry["accept"] = accept[name.value]
        fields[name.value] = entry
    return fields


def _accepted(printed: PrintedPaper, found: dict[str, list[Mark]]) -> dict[str, list[Any]]:
    """Other answers that are right too, because the paper says them in another way."""
    paper = printed.paper
    accept: dict[str, list[Any]] = {}
    issued = [mark.value for mark in found.get("issue_date", [])]
    if not found.get("care_dates") and issued and paper.type is not DocumentType.RIB:
        accept["care_dates"] = [issued[:1]]
    if not isinstance(paper, Bill):
        return accept
    if paper.issuer.is_place and paper.issuer.person:
        accept["practitioner_name"] = [paper.issuer.person]
    if paper.type is DocumentType.FEUILLE_DE_SOINS:
        accept["paid"] = [True]
    if paper.type.value.startswith("devis"):
        accept["paid"] = [False]
    if paper.amc is None:
        accept["amc_amount"] = ["0.00"]
    if paper.due is None:
        accept["patient_due"] = [f"{paper.total:.2f}", "0.00"]
    return accept


def _describe_lines(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Line items with the columns that are printed; ``detail`` is what stands under the wording, if anything does."""
    rows: dict[int, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(_CELLS))
    for mark in marks:
        if mark.index is not None and mark.key in (*_CELLS, "detail"):
            rows[mark.index][mark.key] = mark.value
    return [rows[index] for index in sorted(rows)]


def _describe_others(marks: Iterable[Mark], places: dict[int, tuple[int, PointMap]]) -> list[dict[str, Any]]:
    return [{"kind": mark.other, "value": mark.value, **_place(mark, places)} for mark in marks if mark.other]
