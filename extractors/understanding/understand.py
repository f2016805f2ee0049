"""From pages of words to papers with their type, fields and lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.understanding.abroad import find_foreign_signs
from extractors.understanding.classify import TypeGuess, classify_pages
from extractors.understanding.deciding import decide_fields
from extractors.understanding.fingerprint import fingerprint_words
from extractors.understanding.gathering import Evidence, gather_evidence
from extractors.understanding.headings import find_heading_places
from extractors.understanding.items import read_items
from extractors.understanding.kinds import TypeModel, load_type_model
from extractors.understanding.naming import load_name_model
from extractors.understanding.pages import PageGroup, group_pages, join_pages
from extractors.understanding.sheet import Sheet, take_apart
from extractors.understanding.table_parts import Table
from extractors.understanding.tables import find_tables, tie_columns
from extractors.understanding.ties import tie_labels
from extractors.understanding.trained import ChoiceModel, load_choice_model
from extractors.understanding.unread import find_unread
from schemas.readings import DocumentReading, LineItem, PageReading
from schemas.vocabulary import DocumentType, Legibility

if TYPE_CHECKING:
    from spacy.language import Language

#: Fewer words than this on all its pages, and a paper cannot be told from noise.
_FEW_WORDS = 4


def understand_pages(pages: Sequence[PageReading], *, today: dt.date | None = None) -> tuple[DocumentReading, ...]:
    """Find the papers on some pages: what each is, and what it says.

    Args:
        pages: the pages of one file in order; several entries with one page number are sheets on one photo.
        today: what two-digit years are measured against; the system's day by default.

    Returns:
        one reading for each paper, in the order of their first pages. Every page belongs to exactly one paper. An
        illegible paper has no field.
    """
    model = load_choice_model()
    names = load_name_model() if model.uses_names else None
    return tuple(_report(paper, model) for paper in find_papers(pages, load_type_model(), names, today=today))


def understand_paper(pages: Sequence[PageReading], *, today: dt.date | None = None) -> DocumentReading:
    """What some pages say that are known to make one paper, as a person says (else as ``understand_pages``).

    Args:
        pages: in their order, at least one.
        today: what two-digit years are measured against.
    """
    model = load_choice_model()
    sheets, tables = _take_apart(pages, today)
    names = load_name_model() if model.uses_names else None
    return _report(_gather(join_pages(sheets), tables, load_type_model(), names), model)


@dataclass(frozen=True, eq=False, slots=True)
class FoundPaper:
    """The pages of one paper, and what they might say.

    Attributes:
        evidence: None where nothing can be said: an illegible paper, or one of no known type.
    """

    group: PageGroup
    guess: TypeGuess
    legible: bool
    items: tuple[LineItem, ...]
    evidence: Evidence | None


def find_papers(
    pages: Sequence[PageReading], types: TypeModel | None, names: Language | None, *, today: dt.date | None = None
) -> list[FoundPaper]:
    """The papers on some pages with their candidates, before any value is chosen (see ``understand_pages``).

    Args:
        pages: of one file.
        types: the trained probability of types; the hand-set one where it is None.
        names: the pipeline that finds names, None to do without.
        today: what two-digit years are measured against.
    """
    sheets, prepared = _take_apart(pages, today)
    tables = {id(sheet): found for sheet, found in zip(sheets, prepared, strict=True)}
    return [
        _gather(group, [tables[id(sheet)] for sheet in group.sheets], types, names) for group in group_pages(sheets)
    ]


def _take_apart(pages: Sequence[PageReading], today: dt.date | None) -> tuple[list[Sheet], list[list[Table]]]:
    sheets = [take_apart(page, today=today) for page in pages]
    return sheets, [_prepare(sheet) for sheet in sheets]


def _prepare(sheet: Sheet) -> list[Table]:
    found = find_tables(sheet)
    tie_labels(sheet, headings=find_heading_places(sheet, found))
    for table in found:
        tie_columns(sheet, table)
    return found


def _gather(group: PageGroup, tables: list[list[Table]], types: TypeModel | None, names: Language | None) -> FoundPaper:
    sheets = group.sheets
    guess = classify_pages(sheets, types)
    words = sum(len(row.words) for sheet in sheets for row in sheet.rows)
    legible = words >= _FEW_WORDS and not all(sheet.page.legibility is Legibility.ILLEGIBLE for sheet in sheets)
    if not legible or guess.type is DocumentType.AUTRE:
        return FoundPaper(group, guess, legible, (), None)
    items = read_items(sheets, tables)
    return FoundPaper(group, guess, legible, items, gather_evidence(sheets, tables, guess, items, names))


def _report(paper: FoundPaper, model: ChoiceModel) -> DocumentReading:
    sheets, mark = paper.group.sheets, paper.group.first_mark
    fields = decide_fields(paper.evidence, model) if paper.evidence else {}
    return DocumentReading(
        type=paper.guess.type,
        type_confidence=paper.guess.confidence,
        pages=tuple(sheet.page.page for sheet in sheets),
        legible=paper.legible,
        page_number_printed=mark.number if mark else None,
        page_count_printed=mark.count if mark else None,
        missing_pages=paper.group.missing,
        fields=fields,
        line_items=paper.items,
        unread=find_unread(sheets, paper.guess.type, fields) if paper.evidence else (),
        text_fingerprint=fingerprint_words(word.text for sheet in sheets for row in sheet.rows for word in row.words),
        foreign_signs=find_foreign_signs(sheets) if paper.legible else (),
    )
