"""Comparing readings with the truth: one judgement a field of every true document."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import permutations

from bench.truth import TrueDocument, TrueFile
from schemas.readings import DocumentReading, FieldContent, FileReading
from schemas.vocabulary import DocumentType, FieldName

_NAMES = frozenset({FieldName.PATIENT_NAME, FieldName.PRACTITIONER_NAME, FieldName.ACCOUNT_HOLDER})
_CIVIL_TITLES = frozenset(["M", "MR", "MME", "MLLE", "MONSIEUR", "MADAME", "MADEMOISELLE", "DR", "DOCTEUR", "PR", "OU"])


class Verdict(StrEnum):
    """How one field of one paper was read.

    INVENTED is a value given on a paper that nobody can read; SPURIOUS one that is not printed on a legible paper.
    """

    CORRECT = "correct"
    WRONG = "wrong"
    MISSED = "missed"
    SPURIOUS = "spurious"
    INVENTED = "invented"
    RIGHTLY_ABSENT = "rightly absent"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One field of one paper."""

    file: TrueFile
    document: TrueDocument
    field: FieldName
    verdict: Verdict
    confidence: float
    expected: FieldContent | None
    got: FieldContent | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything judged in one set."""

    judgements: tuple[Judgement, ...]
    types: tuple[tuple[TrueFile, TrueDocument, DocumentType | None], ...]
    grouped_right: int
    files: int


def judge_set(truth: Sequence[TrueFile], readings: Mapping[str, FileReading]) -> Scores:
    """Judge every field of every paper; papers of type ``autre`` count for type and grouping only."""
    judgements: list[Judgement] = []
    types: list[tuple[TrueFile, TrueDocument, DocumentType | None]] = []
    grouped = 0
    for file in truth:
        reading = readings.get(file.id)
        found = reading.documents if reading else ()
        pairs = _pair_documents(file.documents, found)
        grouped += Counter(frozenset(d.pages) for d in file.documents) == Counter(frozenset(d.pages) for d in found)
        for document, read in zip(file.documents, pairs, strict=True):
            if document.legible:
                types.append((file, document, read.type if read else None))
            if document.type is not DocumentType.AUTRE:
                judgements += [_judge_field(file, document, read, name) for name in FieldName]
    return Scores(tuple(judgements), tuple(types), grouped, len(truth))


def count_verdicts(judgements: Iterable[Judgement], key: Callable[[Judgement], str]) -> dict[str, Counter[Verdict]]:
    """Verdicts counted by something of each judgement."""
    counts: dict[str, Counter[Verdict]] = {}
    for judgement in judgements:
        counts.setdefault(key(judgement), Counter())[judgement.verdict] += 1
    return counts


def find_coverage(judgements: Iterable[Judgement], precision: float) -> tuple[float, float | None]:
    """Share of the printed values that are right above the lowest threshold whose answers reach a precision.

    Returns:
        The share, and the threshold (None when no threshold reaches the precision).
    """
    judged = list(judgements)
    expected = sum(item.verdict in (Verdict.CORRECT, Verdict.WRONG, Verdict.MISSED) for item in judged)
    answered = [j for j in judged if j.verdict not in (Verdict.MISSED, Verdict.RIGHTLY_ABSENT)]
    answered.sort(key=lambda item: -item.confidence)
    best: tuple[float, float | None] = (0.0, None)
    right = 0
    for index, item in enumerate(answered):
        right += item.verdict is Verdict.CORRECT
        is_last_of_its_confidence = index + 1 == len(answered) or answered[index + 1].confidence < item.confidence
        if is_last_of_its_confidence and right / (index + 1) >= precision and expected:
            best = (right / expected, item.confidence)
    return best


def _judge_field(file: TrueFile, document: TrueDocument, read: DocumentReading | None, name: FieldName) -> Judgement:
    field = read.fields.get(name) if read else None
    got = field.value if field else None
    expected = document.fields.get(name)
    if got is None:
        verdict = Verdict.RIGHTLY_ABSENT if expected is None or not document.legible else Verdict.MISSED
    elif not document.legible:
        verdict = Verdict.INVENTED
    elif expected is None:
        accepted = {_comparable(name, other) for other in document.accepted.get(name, ())}
        verdict = Verdict.RIGHTLY_ABSENT if _comparable(name, got) in accepted else Verdict.SPURIOUS
    else:
        answers = {_comparable(name, value) for value in (expected, *document.accepted.get(name, ()))}
        verdict = Verdict.CORRECT if _comparable(name, got) in answers else Verdict.WRONG
    return Judgement(file, document, name, verdict, field.confidence if field else 0.0, expected, got)


def _comparable(name: FieldName, value: FieldContent) -> object:
    if isinstance(value, tuple):
        return frozenset(value)
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if not isinstance(value, str):
        return value
    plain = "".join(c for c in unicodedata.normalize("NFD", value) if not unicodedata.combining(c)).upper()
    if name in _NAMES:
        words = re.sub(r"[^A-Z ]", " ", plain).split()
        return tuple(sorted(word for word in words if word not in _CIVIL_TITLES))
    return re.sub(r"\s+" if name is FieldName.DOCUMENT_NUMBER else r"[^A-Z0-9]", "", plain)


def _pair_documents(truth: Sequence[TrueDocument], found: Sequence[DocumentReading]) -> list[DocumentReading | None]:
    """For each true document the reading that shares its pages, the best assignment over all."""
    slots: list[DocumentReading | None] = [*found, *([None] * len(truth))]
    if len(slots) > 8:  # too many orders to try: first come, first served
        left = list(found)
        pairs: list[DocumentReading | None] = []
        for document in truth:
            best = max(left, key=lambda read: _closeness(document, read), default=None)
            if best is not None and _closeness(document, best) > 0:
                left.remove(best)
                pairs.append(best)
            else:
                pairs.append(None)
        return pairs
    best_order = max(
        permutations(slots, len(truth)),
        key=lambda order: sum(_closeness(document, read) for document, read in zip(truth, order, strict=True)),
    )
    return [
        read if read is not None and _closeness(document, read) > 0 else None
        for document, read in zip(truth, best_order, strict=True)
    ]


def _closeness(document: TrueDocument, read: DocumentReading | None) -> float:
    if read is None:
        return 0.0
    ours, theirs = set(document.pages), set(read.pages)
    shared = len(ours & theirs) / max(1, len(ours | theirs))
    if not shared:
        return 0.0
    same = sum(
        _comparable(name, value) == _comparable(name, field.value)
        for name, value in document.fields.items()
        if (field := read.fields.get(name)) is not None and field.value is not None
    )
    return shared + 0.5 * (document.type is read.type) + 0.1 * same
