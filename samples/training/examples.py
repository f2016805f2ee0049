"""From read papers with their truth to rows that a model can be fitted on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from extractors.understanding.deciding import describe_evidence
from extractors.understanding.features import ADDS_UP, Matrix
from extractors.understanding.gathering import Evidence
from extractors.understanding.kinds import TypeModel
from extractors.understanding.money import AMOUNTS, tell_sums
from extractors.understanding.trained import source_kind
from extractors.understanding.understand import FoundPaper, find_papers
from samples.generate import TODAY
from samples.training.corpora import Sample
from schemas.lines import content_from_json
from schemas.readings import FieldContent
from schemas.vocabulary import DocumentType, FieldName

_NAMES = (FieldName.PATIENT_NAME, FieldName.PRACTITIONER_NAME, FieldName.ACCOUNT_HOLDER)
_TITLES = frozenset({"M", "MR", "MME", "MLLE", "MONSIEUR", "MADAME", "MADEMOISELLE", "DR", "DOCTEUR", "OU", "PR"})


@dataclass(frozen=True, eq=False)
class Examples:
    """Candidates of many papers, one row each.

    Attributes:
        rows: features.
        right: 1 where the candidate is exactly what is printed.
        field: index of the field in ``FieldName``.
        source: kind of source, as in the calibration.
        paper: number of the paper.
        rank: place in the hand-set order.
        severity: of the file.
    """

    rows: Matrix
    right: npt.NDArray[np.int8]
    field: npt.NDArray[np.int16]
    source: npt.NDArray[Any]
    paper: npt.NDArray[np.int32]
    rank: npt.NDArray[np.int16]
    severity: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.right)

    def take(self, mask: npt.NDArray[Any]) -> Examples:
        """Some of the rows."""
        return Examples(
            self.rows[mask],
            self.right[mask],
            self.field[mask],
            self.source[mask],
            self.paper[mask],
            self.rank[mask],
            self.severity[mask],
        )


FIELDS = tuple(FieldName)


@dataclass(frozen=True, eq=False)
class Known:
    """One read paper beside its truth."""

    found: FoundPaper
    truth: dict[str, Any]
    severity: str
    channel: str


def match_papers(sample: Sample, types: TypeModel | None, names: Language | None) -> list[Known]:
    """Every paper that was read, with the truth of the printed paper that it is.

    Args:
        sample: a file.
        types: the trained probability of types, None before there is one.
        names: the pipeline that finds names, None before there is one.
    """
    if sample.pages is None:
        return []
    found = find_papers(sample.pages, types, names, today=TODAY)
    left = list(sample.truth["documents"])
    out = []
    for paper in sorted(found, key=lambda paper: -len(paper.group.sheets)):
        pages = {sheet.page.page for sheet in paper.group.sheets}
        near = [truth for truth in left if pages & set(truth["pages"])]
        if near:
            best = max(near, key=lambda truth: _closeness(paper, pages, truth))
            left.remove(best)
            out.append(Known(paper, best, sample.truth["severity"], sample.truth["channel"]))
    return out


def _closeness(paper: FoundPaper, pages: set[int], truth: dict[str, Any]) -> float:
    shared = len(pages & set(truth["pages"])) / len(pages | set(truth["pages"]))
    agree = 0.0
    if paper.evidence:
        for name, ranked in paper.evidence.ranked.items():
            entry = truth["fields"][name.value]
            agree += 0.1 * any(judge_value(name, candidate.value, entry) for candidate in ranked)
    return shared + 0.5 * float(paper.guess.type.value == truth["type"]) + agree


def join_examples(parts: Sequence[Examples]) -> Examples:
    """Several sets as one; their papers are told apart."""
    papers, start = [], 0
    for part in parts:
        papers.append(part.paper + start)
        start += int(part.paper.max()) + 1
    return Examples(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.field for part in parts]),
        np.concatenate([part.source for part in parts]),
        np.concatenate(papers),
        np.concatenate([part.rank for part in parts]),
        np.concatenate([part.severity for part in parts]),
    )


def collect_examples(known: Iterable[Known]) -> Examples:
    """The rows of all candidates whose being right or wrong is known."""
    rows: list[Matrix] = []
    columns: list[tuple[int, int, str, int, int, str]] = []
    for number, paper in enumerate(known):
        evidence = paper.found.evidence
        if evidence is None or paper.truth["type"] == DocumentType.AUTRE.value:
            continue
        for name, part in describe_all(evidence).items():
            for index, candidate in enumerate(part.ranked):
                right = judge_value(name, candidate.value, paper.truth["fields"][name.value])
                if right is None:
                    continue
                rows.append(part.rows[index : index + 1])
                columns.append(
                    (int(right), FIELDS.index(name), source_kind(candidate.source), number, index, paper.severity)
                )
    rights, fields, sources, papers, ranks, severities = zip(*columns, strict=True)
    return Examples(
        rows=np.concatenate(rows),
        right=np.array(rights, np.int8),
        field=np.array(fields, np.int16),
        source=np.array(sources),
        paper=np.array(papers, np.int32),
        rank=np.array(ranks, np.int16),
        severity=np.array(severities),
    )


def describe_all(evidence: Evidence) -> dict[FieldName, Any]:
    """Features of all candidates, each amount as if it were chosen with the others that go best with it."""
    described = describe_evidence(evidence)
    sums = tell_sums(evidence.ranked, evidence.lines)
    for name in AMOUNTS:
        for index, adds_up in enumerate(sums[name]):
            described[name].rows[index, ADDS_UP] = 0.0 if adds_up is None else 1.0 if adds_up else -1.0
    return described


def judge_value(name: FieldName, value: FieldContent, entry: dict[str, Any]) -> bool | None:
    """Whether a value is exactly right; None where the paper allows it though it prints nothing.

    Args:
        name: of the field.
        value: that was read.
        entry: of the truth.
    """
    got = comparable(name, value)
    accepted = {comparable(name, content_from_json(name, other)) for other in entry.get("accept") or ()}
    truth = content_from_json(name, entry.get("value"))
    if truth is None:
        return None if got in accepted else False
    return got == comparable(name, truth) or got in accepted


def comparable(name: FieldName, value: FieldContent | None) -> object:
    """A value without what does not matter: order and titles of names, spaces, accents."""
    if isinstance(value, tuple):
        return tuple(sorted(value))
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if not isinstance(value, str):
        return value
    plain = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c)).upper()
    if name in _NAMES:
        words = "".join(c if c.isalpha() else " " for c in plain).split()
        return tuple(sorted(word for word in words if word not in _TITLES))
    return (
        "".join(c for c in plain if not c.isspace())
        if name is FieldName.DOCUMENT_NUMBER
        else "".join(c for c in plain if c.isalnum())
    )
