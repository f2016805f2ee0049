"""From ranked candidates to a field: the choice, its confidence, and what holds it back.

The confidence is a product of plain factors until calibration replaces ``estimate``: how well the value is announced
and formed, what the reader says of its words, its lead over the next candidate, and its checks.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.understanding.candidates import Candidate
from schemas.readings import Alternative, Check, FieldValue
from schemas.vocabulary import QUOTE_TYPES, DocumentType, FieldName

#: Below this confidence a value is shown but not accepted by itself.
ACCEPT = {
    FieldName.DOCUMENT_NUMBER: 0.6,
    FieldName.ISSUE_DATE: 0.6,
    FieldName.CARE_DATES: 0.6,
    FieldName.TOTAL_AMOUNT: 0.65,
    FieldName.AMO_AMOUNT: 0.65,
    FieldName.AMC_AMOUNT: 0.65,
    FieldName.PATIENT_DUE: 0.65,
    FieldName.PAID: 0.6,
    FieldName.PATIENT_NAME: 0.6,
    FieldName.MEMBER_NUMBER: 0.6,
    FieldName.NIR: 0.7,
    FieldName.PRACTITIONER_NAME: 0.6,
    FieldName.FINESS: 0.7,
    FieldName.RPPS: 0.7,
    FieldName.SIRET: 0.7,
    FieldName.IBAN: 0.8,
    FieldName.BIC: 0.7,
    FieldName.ACCOUNT_HOLDER: 0.6,
}
#: Below this score a candidate is not an answer at all.
ANSWER = 0.3
#: Below this confidence of the reader the letters themselves are in doubt: illegible is the answer.
_LEGIBLE = 0.25

_NO_MONEY = {FieldName.TOTAL_AMOUNT, FieldName.AMO_AMOUNT, FieldName.AMC_AMOUNT, FieldName.PATIENT_DUE, FieldName.PAID}
_ACCOUNT = {FieldName.IBAN, FieldName.BIC, FieldName.ACCOUNT_HOLDER}
#: Fields that a kind of paper never carries, from their definitions.
ABSENT: dict[DocumentType, frozenset[FieldName]] = {
    DocumentType.ORDONNANCE: frozenset(_NO_MONEY | _ACCOUNT | {FieldName.DOCUMENT_NUMBER, FieldName.CARE_DATES}),
    DocumentType.RIB: frozenset(set(FieldName) - _ACCOUNT - {FieldName.ISSUE_DATE}),
    DocumentType.ATTESTATION_DROITS: frozenset(
        _NO_MONEY
        | _ACCOUNT
        | {FieldName.DOCUMENT_NUMBER, FieldName.CARE_DATES, FieldName.PRACTITIONER_NAME, FieldName.RPPS}
        | {FieldName.FINESS, FieldName.SIRET}
    ),
    DocumentType.DECOMPTE_AM: frozenset(
        _ACCOUNT | {FieldName.PRACTITIONER_NAME, FieldName.PAID, FieldName.RPPS, FieldName.FINESS, FieldName.SIRET,
                    FieldName.AMC_AMOUNT}
    ),
    DocumentType.AUTRE: frozenset(FieldName),
    **{
        kind: frozenset(_ACCOUNT | {FieldName.PAID, FieldName.CARE_DATES})
        for kind in QUOTE_TYPES
    },
}  # fmt: skip


def is_possible(name: FieldName, kind: DocumentType) -> bool:
    """Whether a kind of paper can carry a field."""
    return name not in ABSENT.get(kind, frozenset(_ACCOUNT))


def choose(name: FieldName, ranked: Sequence[Candidate], *extra: Check) -> FieldValue | None:
    """The field made of the best candidate, None where nothing on the paper answers.

    Args:
        name: of the field.
        ranked: candidates, best first.
        extra: tests that concern the chosen value.
    """
    if not ranked or ranked[0].score < ANSWER:
        return None
    best = ranked[0].with_checks(*extra)
    rest = [candidate for candidate in ranked[1:] if candidate.value != best.value]
    rival = rest[0].score if rest else 0.0
    confidence = estimate(best, rival)
    held = _held_back(name, best, confidence)
    value = None if held == "unreadable" else best.value
    return FieldValue(
        value=value,
        raw_text=best.raw,
        confidence=confidence if value is not None else 0.0,
        source=best.source,
        page=best.page,
        polygon=best.polygon,
        checks=best.checks,
        alternatives=tuple(
            Alternative(value=other.value, confidence=round(max(0.0, (1 - confidence) * other.score), 4))
            for other in rest[:3]
        ),
        held_back=held,
    )


def estimate(best: Candidate, rival: float) -> float:
    """How likely the best candidate is exactly right, 0 to 1, before calibration.

    Args:
        best: the candidate to judge.
        rival: score of the best candidate with another value.
    """
    lead = max(0.0, best.score - rival)
    confidence = 0.35 + 0.65 * best.score
    confidence *= 0.72 + 0.28 * min(1.0, lead / 0.35)
    proven = any(check.name == "check_digits" and check.passed for check in best.checks)
    doubt = 1.0 - best.words
    confidence *= 1.0 - (0.15 if proven else 0.6) * doubt
    for check in best.checks:
        if not check.passed:
            confidence *= 0.45 if check.name == "check_digits" else 0.7
        elif check.name in ("check_digits", "total_is_sum_of_shares", "sum_of_lines"):
            confidence = 1.0 - (1.0 - confidence) * 0.5
    return round(max(0.01, min(0.995, confidence)), 4)


def _held_back(name: FieldName, best: Candidate, confidence: float) -> str | None:
    digits_failed = any(check.name == "check_digits" and not check.passed for check in best.checks)
    if digits_failed and best.words < 0.7:
        return "unreadable"
    if best.words < _LEGIBLE and not any(check.name == "check_digits" and check.passed for check in best.checks):
        return "unreadable"
    failed = [check.name for check in best.checks if not check.passed]
    if failed:
        return f"check_failed:{failed[0]}"
    return "low_confidence" if confidence < ACCEPT[name] else None
