"""Everything that a paper might say: candidates for every field, before any is chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from extractors.understanding.candidates import Candidate, from_words, rank
from extractors.understanding.choice import ANSWER, is_possible
from extractors.understanding.classify import TypeGuess
from extractors.understanding.dating import collect_care_dates, collect_issue_dates, is_stay_in_order
from extractors.understanding.document_numbers import collect_document_numbers
from extractors.understanding.issuers import collect_issuers
from extractors.understanding.money import collect_amounts
from extractors.understanding.naming import LABELS, mark_named, tag_names
from extractors.understanding.numbering import (
    collect_accounts,
    collect_identifiers,
    collect_member_numbers,
)
from extractors.understanding.payment import find_mentions
from extractors.understanding.people import collect_holders, collect_patients
from extractors.understanding.sheet import Sheet
from extractors.understanding.sums import sum_lines
from extractors.understanding.table_parts import Table
from schemas.readings import LineItem
from schemas.vocabulary import DocumentType, FieldName

if TYPE_CHECKING:
    from spacy.language import Language

#: Features of a set of dates that are those of its weakest date.
_WEAKEST = ("conf_mean", "page_conf", "agreed", "down", "height", "times")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one paper might say.

    Attributes:
        guess: its type.
        ranked: candidates of every field that the type can carry, best first by the hand-set order.
        lines: what its lines add up to, None where that is not known.
        pages: page numbers, in order.
        tables: how many tables it has; a quote with several may offer several totals.
        stay_in_order: a stay ends after it began; None for no stay.
    """

    guess: TypeGuess
    ranked: dict[FieldName, list[Candidate]]
    lines: Decimal | None
    pages: tuple[int, ...]
    tables: int
    stay_in_order: bool | None


def gather_evidence(
    sheets: Sequence[Sheet],
    tables: Sequence[Sequence[Table]],
    guess: TypeGuess,
    items: Sequence[LineItem],
    names: Language | None,
) -> Evidence:
    """Collect the candidates of a paper.

    Args:
        sheets: its pages.
        tables: of each page.
        guess: its type.
        items: its lines.
        names: the pipeline that finds names, None to do without.
    """
    kind = guess.type
    lines = sum_lines(items, sheets, tables)
    ranked: dict[FieldName, list[Candidate]] = dict(collect_identifiers(sheets, kind))
    ranked[FieldName.DOCUMENT_NUMBER] = collect_document_numbers(sheets, tables, kind)
    ranked[FieldName.MEMBER_NUMBER] = collect_member_numbers(sheets)
    ranked[FieldName.PATIENT_NAME] = collect_patients(sheets, kind)
    ranked[FieldName.ISSUE_DATE] = collect_issue_dates(sheets, tables, kind)
    body = min((min(table.headings) for table in tables[0]), default=None) if tables else None
    issuers = collect_issuers(sheets, kind, body)
    ranked[FieldName.PRACTITIONER_NAME] = _without_patient(issuers, ranked[FieldName.PATIENT_NAME])
    if is_possible(FieldName.PRACTITIONER_NAME, kind):
        ranked[FieldName.PATIENT_NAME] = _without_issuer(
            ranked[FieldName.PATIENT_NAME], ranked[FieldName.PRACTITIONER_NAME]
        )
    if kind is DocumentType.RIB:
        ranked[FieldName.IBAN], ranked[FieldName.BIC] = collect_accounts(sheets)
        ranked[FieldName.ACCOUNT_HOLDER] = collect_holders(sheets)
    if is_possible(FieldName.TOTAL_AMOUNT, kind):
        ranked.update(collect_amounts(sheets, tables, kind, items, lines))
    if is_possible(FieldName.CARE_DATES, kind):
        ranked[FieldName.CARE_DATES] = _join_care_dates(sheets, tables, kind)
    if is_possible(FieldName.PAID, kind):
        ranked[FieldName.PAID] = _weigh_payment(sheets)
    if names is not None:
        tagged = tag_names(sheets, names)
        for name in LABELS:
            ranked[name] = mark_named(name, ranked.get(name, ()), tagged)
    return Evidence(
        guess=guess,
        ranked={name: found for name, found in ranked.items() if is_possible(name, kind)},
        lines=lines,
        pages=tuple(sheet.page.page for sheet in sheets),
        tables=sum(len(found) for found in tables),
        stay_in_order=is_stay_in_order(sheets),
    )


def _without_patient(issuers: list[Candidate], patients: list[Candidate]) -> list[Candidate]:
    """A name plainly announced as the patient's is not the issuer's."""
    known = {candidate.value for candidate in patients if candidate.label >= 0.9}
    return [candidate for candidate in issuers if candidate.value not in known]


def _without_issuer(patients: list[Candidate], issuers: list[Candidate]) -> list[Candidate]:
    """Nobody treats himself: a name that says more plainly that it is the issuer's is not the patient's."""
    issuer = issuers[0] if issuers and issuers[0].score >= ANSWER else None
    return [
        candidate
        for candidate in patients
        if issuer is None or candidate.value != issuer.value or candidate.label >= min(0.9, issuer.label)
    ]


def _join_care_dates(sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType) -> list[Candidate]:
    """The set of all dates of care, as one candidate that is as weak as its weakest date."""
    found, _ = collect_care_dates(sheets, tables, kind)
    found = [(candidate, day) for candidate, day in found if candidate.score >= ANSWER]
    if not found:
        return []
    weakest = min((candidate for candidate, _ in found), key=lambda candidate: candidate.score * candidate.words)
    first = found[0][0]
    days: tuple[dt.date, ...] = tuple(day for _, day in found)
    least = {name: min(candidate.features.get(name, 0.0) for candidate, _ in found) for name in _WEAKEST}
    whole = Candidate(
        value=days,
        raw=" ; ".join(candidate.raw for candidate, _ in found),
        page=first.page,
        source=first.source,
        polygon=first.polygon,
        label=weakest.label,
        form=weakest.form,
        words=weakest.words,
        features={
            **weakest.features,
            **least,
            "repaired": max(candidate.features.get("repaired", 0.0) for candidate, _ in found),
            "count": float(len(found)),
        },
    )
    return [whole]


def _weigh_payment(sheets: Sequence[Sheet]) -> list[Candidate]:
    """Paid and not paid as two candidates, each as strong as its plainest mention."""
    found = []
    for mention in find_mentions(sheets):
        sheet = sheets[mention.sheet]
        words = sheet.rows[mention.row].words_between(mention.start, mention.end)
        # where both are said about as plainly, a printed due date or balance wins over a mention of payment
        found.append(from_words(sheet, words, mention.paid, label=mention.strength - 0.02 * mention.paid))
    return rank(found)
