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
from schemas.readings import DocumentReading, FieldContent, FieldValue, FileReading, Source
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


#: Verdicts on a printed value, and on a value that was given.
PRINTED = frozenset({Verdict.CORRECT, Verdict.WRONG, Verdict.MISSED})
GIVEN = frozenset({Verdict.CORRECT, Verdict.WRONG, Verdict.SPURIOUS, Verdict.INVENTED})


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """One true paper and what was read of it.

    Attributes:
        file: that it came in.
        document: the truth.
        read: the paper read on its pages, None where there is none.
        reading: of the whole file, None where there is none.
    """

    file: TrueFile
    document: TrueDocument
    read: DocumentReading | None
    reading: FileReading | None

    @property
    def key(self) -> str:
        """Names the paper within a set: its file, and its number in the truth of it, from 1."""
        number = next(n for n, own in enumerate(self.file.documents, start=1) if own is self.document)
        return f"{self.file.id}/{number}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One field of one paper; ``got`` is None where nothing was answered."""

    paper: JudgedPaper
    field: FieldName
    verdict: Verdict
    expected: FieldContent | None
    got: FieldValue | None

    @property
    def file(self) -> TrueFile:
        """The file of the paper."""
        return self.paper.file

    @property
    def confidence(self) -> float:
        """Of the answer, 0 without one."""
        return self.got.confidence if self.got else 0.0

    @property
    def source(self) -> Source | None:
        """Where the answer was read."""
        return self.got.source if self.got else None

    @property
    def key(self) -> str:
        """Names the field of the paper within a set."""
        return f"{self.paper.key}/{self.field.value}"


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything judged in one set.

    Attributes:
        judgements: one a field of every paper that has fields.
        papers: all of them.
        grouped: by file, whether its pages were put together right.
    """

    judgements: tuple[Judgement, ...]
    papers: tuple[JudgedPaper, ...]
    grouped: tuple[tuple[TrueFile, bool], ...]


def judge_set(truth: Sequence[TrueFile], readings: Mapping[str, FileReading]) -> Scores:
    """Judge every field of every paper; papers of type ``autre`` count for type and grouping only."""
    judgements: list[Judgement] = []
    papers: list[JudgedPaper] = []
    grouped: list[tuple[TrueFile, bool]] = []
    for file in truth:
        reading = readings.get(file.id)
        found = reading.documents if reading else ()
        pairs = _pair_documents(file.documents, found)
        same = Counter(frozenset(d.pages) for d in file.documents) == Counter(frozenset(d.pages) for d in found)
        grouped.append((file, same))
        for document, read in zip(file.documents, pairs, strict=True):
            paper = JudgedPaper(file, document, read, reading)
            papers.append(paper)
            if document.type is not DocumentType.AUTRE:
                judgements += [_judge_field(paper, name) for name in FieldName]
    return Scores(tuple(judgements), tuple(papers), tuple(grouped))


def count_verdicts(judgements: Iterable[Judgement], key: Callable[[Judgement], str]) -> dict[str, Counter[Verdict]]:
    """Verdicts counted by something of each judgement."""
    counts: dict[str, Counter[Verdict]] = {}
    for judgement in judgements:
        counts.setdefault(key(judgement), Counter())[judgement.verdict] += 1
    return counts


def _judge_field(paper: JudgedPaper, name: FieldName) -> Judgement:
    document = paper.document
    field = paper.read.fields.get(name) if paper.read else None
    got = field.value if field else None
    expected = document.fields.get(name)
    if got is None:
        free = expected is None or not document.legible or name in document.doubtful
        verdict = Verdict.RIGHTLY_ABSENT if free else Verdict.MISSED
    elif not document.legible:
        verdict = Verdict.INVENTED
    elif expected is None:
        accepted = {_comparable(name, other) for other in document.accepted.get(name, ())}
        verdict = Verdict.RIGHTLY_ABSENT if _comparable(name, got) in accepted else Verdict.SPURIOUS
    else:
        answers = {_comparable(name, value) for value in (expected, *document.accepted.get(name, ()))}
        verdict = Verdict.CORRECT if _comparable(name, got) in answers else Verdict.WRONG
    return Judgement(paper, name, verdict, expected, field if got is not None else None)


def _comparable(name: FieldName, value: FieldContent) -> object:
    if isinstance(value, tuple):
        return frozenset(value)
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if not isinstance(value, str):
        return value
    plain = fold_accents(value)
    if name in _NAMES:
        words = re.sub(r"[^A-Z ]", " ", plain).split()
        return tuple(sorted(word for word in words if word not in _CIVIL_TITLES))
    return re.sub(r"\s+" if name is FieldName.DOCUMENT_NUMBER else r"[^A-Z0-9]", "", plain)


def fold_accents(text: str) -> str:
    """Capitals without accents."""
    apart = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(c for c in apart if not unicodedata.combining(c)).upper()


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
