"""From pages of words to papers with their type, fields and lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from extractors.understanding.candidates import Candidate
from extractors.understanding.choice import ANSWER, choose, estimate, is_possible
from extractors.understanding.classify import TypeGuess, classify_pages
from extractors.understanding.dating import check_order, collect_care_dates, collect_issue_dates
from extractors.understanding.fingerprint import fingerprint_words
from extractors.understanding.issuers import collect_issuers
from extractors.understanding.items import read_items, sum_items
from extractors.understanding.layout import join_polygon
from extractors.understanding.money import check_sum, collect_amounts, reconcile
from extractors.understanding.numbering import (
    collect_accounts,
    collect_document_numbers,
    collect_identifiers,
    collect_member_numbers,
)
from extractors.understanding.pages import PageGroup, group_pages
from extractors.understanding.payment import decide_paid, find_mentions
from extractors.understanding.people import collect_holders, collect_patients
from extractors.understanding.sheet import Sheet, take_apart
from extractors.understanding.tables import Table, find_tables, heading_rows, tie_columns
from extractors.understanding.ties import tie_labels
from schemas.readings import Check, DocumentReading, FieldValue, LineItem, PageReading
from schemas.vocabulary import DocumentType, FieldName, Legibility

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
    tables: dict[int, list[Table]] = {}
    sheets = []
    for page in pages:
        sheet = take_apart(page, today=today)
        tables[id(sheet)] = _prepare(sheet)
        sheets.append(sheet)
    return tuple(_read_group(group, [tables[id(sheet)] for sheet in group.sheets]) for group in group_pages(sheets))


def _prepare(sheet: Sheet) -> list[Table]:
    found = find_tables(sheet)
    tie_labels(sheet, header_rows=heading_rows(found))
    for table in found:
        tie_columns(table)
    return found


def _read_group(group: PageGroup, tables: list[list[Table]]) -> DocumentReading:
    sheets = group.sheets
    guess = classify_pages(sheets)
    mark = group.first_mark
    words = [word for sheet in sheets for row in sheet.rows for word in row.words]
    legible = len(words) >= _FEW_WORDS and not all(sheet.page.legibility is Legibility.ILLEGIBLE for sheet in sheets)
    fields: dict[FieldName, FieldValue] = {}
    items: tuple[LineItem, ...] = ()
    if legible and guess.type is not DocumentType.AUTRE:
        items = read_items(sheets, tables)
        fields = _read_fields(sheets, tables, guess, items)
    return DocumentReading(
        type=guess.type,
        type_confidence=guess.confidence,
        pages=tuple(sheet.page.page for sheet in sheets),
        legible=legible,
        page_number_printed=mark.number if mark else None,
        page_count_printed=mark.count if mark else None,
        missing_pages=group.missing,
        fields=fields,
        line_items=items,
        text_fingerprint=fingerprint_words(word.text for word in words),
    )


def _read_fields(
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], guess: TypeGuess, items: Sequence[LineItem]
) -> dict[FieldName, FieldValue]:
    kind = guess.type
    ranked: dict[FieldName, list[Candidate]] = dict(collect_identifiers(sheets, kind))
    ranked[FieldName.DOCUMENT_NUMBER] = collect_document_numbers(sheets)
    ranked[FieldName.MEMBER_NUMBER] = collect_member_numbers(sheets)
    ranked[FieldName.PATIENT_NAME] = collect_patients(sheets, kind)
    ranked[FieldName.ISSUE_DATE] = collect_issue_dates(sheets, tables, kind)
    body = min((min(table.headings) for table in tables[0]), default=None) if tables else None
    issuers = collect_issuers(sheets, kind, body)
    ranked[FieldName.PRACTITIONER_NAME] = _without_patient(issuers, ranked[FieldName.PATIENT_NAME])
    ranked[FieldName.PATIENT_NAME] = _without_issuer(
        ranked[FieldName.PATIENT_NAME], ranked[FieldName.PRACTITIONER_NAME]
    )
    if kind is DocumentType.RIB:
        ranked[FieldName.IBAN], ranked[FieldName.BIC] = collect_accounts(sheets)
        ranked[FieldName.ACCOUNT_HOLDER] = collect_holders(sheets)
    checks: dict[FieldName, tuple[Check, ...]] = {}
    _add_amounts(sheets, tables, kind, items, ranked, checks)
    fields: dict[FieldName, FieldValue] = {}
    for name in FieldName:
        if is_possible(name, kind) and name in ranked:
            value = choose(name, ranked[name], *checks.get(name, ()))
            if value is not None:
                fields[name] = value
    _add_care_dates(sheets, tables, kind, fields)
    _add_paid(sheets, kind, fields)
    return fields


def _without_patient(issuers: list[Candidate], patients: list[Candidate]) -> list[Candidate]:
    """A name plainly announced as the patient's is not the issuer's."""
    known = {candidate.value for candidate in patients if candidate.label >= 0.9}
    return [candidate for candidate in issuers if candidate.value not in known]


def _without_issuer(patients: list[Candidate], issuers: list[Candidate]) -> list[Candidate]:
    """Nobody treats himself: a name without a label that is the issuer's is not the patient's."""
    issuer = issuers[0].value if issuers and issuers[0].score >= ANSWER else None
    return [candidate for candidate in patients if candidate.value != issuer or candidate.label >= 0.9]


def _add_amounts(
    sheets: Sequence[Sheet],
    tables: Sequence[Sequence[Table]],
    kind: DocumentType,
    items: Sequence[LineItem],
    ranked: dict[FieldName, list[Candidate]],
    checks: dict[FieldName, tuple[Check, ...]],
) -> None:
    """Amounts are chosen together, because they must add up."""
    if not is_possible(FieldName.TOTAL_AMOUNT, kind):
        return
    lines = sum_items(items)
    amounts, adds_up = reconcile(collect_amounts(sheets, tables, kind, items), lines)
    ranked.update(amounts)
    for name in amounts:
        checks[name] = check_sum(adds_up)
    total = amounts[FieldName.TOTAL_AMOUNT]
    if lines is not None and total and total[0].score >= ANSWER and len(items) > 0:
        checks[FieldName.TOTAL_AMOUNT] = (
            *checks[FieldName.TOTAL_AMOUNT],
            Check(name="sum_of_lines", passed=total[0].value == lines),
        )


def _add_care_dates(
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType, fields: dict[FieldName, FieldValue]
) -> None:
    if not is_possible(FieldName.CARE_DATES, kind):
        return
    found, _ = collect_care_dates(sheets, tables, kind)
    found = [(candidate, day) for candidate, day in found if candidate.score >= ANSWER]
    if not found:
        return
    days = tuple(day for _, day in found)
    issue = fields.get(FieldName.ISSUE_DATE)
    issued = issue.value if issue and isinstance(issue.value, dt.date) else None
    checks = check_order(issued, days, kind)
    weakest = min((candidate for candidate, _ in found), key=lambda candidate: candidate.score * candidate.words)
    confidence = estimate(weakest.with_checks(*checks), 0.0)
    first = found[0][0]
    failed = next((check.name for check in checks if not check.passed), None)
    fields[FieldName.CARE_DATES] = FieldValue(
        value=days,
        raw_text=" ; ".join(candidate.raw for candidate, _ in found),
        confidence=confidence,
        source=first.source,
        page=first.page,
        polygon=first.polygon,
        checks=checks,
        held_back=f"check_failed:{failed}" if failed else "low_confidence" if confidence < 0.6 else None,
    )


def _add_paid(sheets: Sequence[Sheet], kind: DocumentType, fields: dict[FieldName, FieldValue]) -> None:
    if not is_possible(FieldName.PAID, kind):
        return
    said = decide_paid(find_mentions(sheets))
    if said is None:
        return
    paid, confidence, mention = said
    sheet = sheets[mention.sheet]
    row = sheet.rows[mention.row]
    words = row.words_between(mention.start, mention.end)
    sure = confidence * (0.4 + 0.6 * min(word.confidence for word in words))
    fields[FieldName.PAID] = FieldValue(
        value=paid,
        raw_text=" ".join(word.text for word in words),
        confidence=round(sure, 4),
        source=sheet.page.source,
        page=sheet.page.page,
        polygon=join_polygon(words),
        held_back="low_confidence" if sure < 0.6 else None,
    )
