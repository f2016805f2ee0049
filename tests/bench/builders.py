"""Small papers with their truth, and readings of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bench.scoring import Judgement, judge_set
from bench.truth import TrueDocument, TrueFile
from schemas.geometry import Box
from schemas.readings import (
    DocumentReading,
    FieldContent,
    FieldValue,
    FileReading,
    LineItem,
    PageReading,
    Source,
    Word,
)
from schemas.vocabulary import DocumentType, FieldName

OPTICIAN = DocumentType.FACTURE_OPTIQUE
TOTAL = FieldName.TOTAL_AMOUNT
NUMBER = FieldName.DOCUMENT_NUMBER


def paper(
    fields: dict[FieldName, FieldContent] | None = None,
    *,
    kind: DocumentType = OPTICIAN,
    pages: tuple[int, ...] = (1,),
    legible: bool = True,
    accepted: dict[FieldName, tuple[FieldContent, ...]] | None = None,
    printed: dict[FieldName, tuple[str, ...]] | None = None,
    items: tuple[LineItem, ...] = (),
    doubtful: frozenset[FieldName] = frozenset(),
) -> TrueDocument:
    return TrueDocument(
        kind, "a", pages, legible, fields or {}, accepted or {}, printed or {}, {}, doubtful=doubtful, items=items
    )


def file(*papers: TrueDocument, name: str = "s1", severity: str = "clean", channel: str = "scan_200") -> TrueFile:
    return TrueFile(name, Path(f"{name}.pdf"), channel, severity, "test", papers)


def answer(value: FieldContent | None, confidence: float = 0.9, *, held_back: str | None = None) -> FieldValue:
    return FieldValue(value=value, confidence=confidence, source=Source.TESSERACT, held_back=held_back)


def read(
    fields: dict[FieldName, FieldValue] | None = None,
    *,
    kind: DocumentType = OPTICIAN,
    pages: tuple[int, ...] = (1,),
    legible: bool = True,
    items: tuple[LineItem, ...] = (),
) -> DocumentReading:
    return DocumentReading(
        type=kind, type_confidence=1.0, pages=pages, legible=legible, fields=fields or {}, line_items=items
    )


def reading(*papers: DocumentReading, text: str = "", name: str = "s1") -> FileReading:
    """The reading of a file of one page that says ``text``."""
    box = Box(0.0, 0.0, 1.0, 1.0)
    words = tuple(Word(text=w, box=box, polygon=box.to_polygon(), confidence=1.0, line=0) for w in text.split())
    page = PageReading(page=1, width=1.0, height=1.0, unit="px", words=words)
    return FileReading(id=name, file=name, sha256="", pages=(page,), documents=papers)


def judge(true: TrueFile, got: FileReading) -> dict[FieldName, Judgement]:
    return {judged.field: judged for judged in judge_set([true], {true.id: got}).judgements}


def judge_totals(answers: Sequence[tuple[float, bool]]) -> list[Judgement]:
    """Judgements of printed totals: with which confidence each was answered, and whether right."""
    judged = []
    for index, (confidence, right) in enumerate(answers):
        true = file(paper({TOTAL: Decimal("10.00")}), name=f"s{index}")
        got = answer(Decimal("10.00" if right else "11.00"), confidence)
        judged.append(judge(true, reading(read({TOTAL: got}), name=true.id))[TOTAL])
    return judged
