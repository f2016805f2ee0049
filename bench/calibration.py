"""Is a confidence of 0.9 right nine times in ten?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.scoring import GIVEN, Judgement, Verdict
from bench.tables import FigureTable, Kind, Row, divide
from schemas.vocabulary import AMOUNT_FIELDS, FieldName

#: Lower ends of the bins: finer where answers are accepted, because that is where it matters.
EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
_GROUPS = {
    **dict.fromkeys(AMOUNT_FIELDS, "amounts"),
    **dict.fromkeys((FieldName.ISSUE_DATE, FieldName.CARE_DATES), "dates"),
    **dict.fromkeys((FieldName.PATIENT_NAME, FieldName.PRACTITIONER_NAME, FieldName.ACCOUNT_HOLDER), "names"),
    **dict.fromkeys((FieldName.DOCUMENT_NUMBER, FieldName.MEMBER_NUMBER), "numbers without a key"),
    **dict.fromkeys(
        (FieldName.NIR, FieldName.FINESS, FieldName.RPPS, FieldName.SIRET, FieldName.IBAN, FieldName.BIC),
        "identifiers",
    ),
    FieldName.PAID: "paid",
}


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies between two edges.

    Attributes:
        low: lower edge.
        count: answers.
        confidence: their mean confidence.
        right: share of them that is exactly right.
    """

    low: float
    count: int
    confidence: float
    right: float


def sort_into_bins(judgements: Iterable[Judgement]) -> tuple[Bin, ...]:
    """The answers by confidence; bins without answers are left out."""
    members: dict[int, list[Judgement]] = {}
    for judged in judgements:
        if judged.verdict in GIVEN:
            members.setdefault(bisect_right(EDGES, judged.confidence) - 1, []).append(judged)
    return tuple(
        Bin(
            EDGES[index],
            len(own),
            sum(judged.confidence for judged in own) / len(own),
            sum(judged.verdict is Verdict.CORRECT for judged in own) / len(own),
        )
        for index, own in sorted(members.items())
    )


def measure_calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: mean distance between confidence and share right, weighted by answers."""
    total = sum(part.count for part in bins)
    return divide(sum(part.count * abs(part.confidence - part.right) for part in bins), total)


def tabulate_calibration(judgements: Sequence[Judgement]) -> dict[str, FigureTable]:
    """The reliability table, and how far off the confidence is by group of fields and by source."""
    bins = sort_into_bins(judgements)
    ends = (*EDGES[1:], 1.0)
    reliability: dict[str, Row] = {
        f"{part.low:g} – {ends[EDGES.index(part.low)]:g}": {
            "n": part.count,
            "mean confidence": part.confidence,
            "right": part.right,
            "right − confidence": part.right - part.confidence,
        }
        for part in bins
    }
    answered = [judged for judged in judgements if judged.verdict in GIVEN]
    groups: dict[str, Row] = {"all": _summarise(answered)}
    for name in dict.fromkeys(_GROUPS.values()):
        groups[name] = _summarise([j for j in answered if _GROUPS[j.field] == name])
    for source in sorted({judged.source for judged in answered if judged.source}):
        groups[f"read by {source.value}"] = _summarise([j for j in answered if j.source is source])
    return {
        "reliability": FigureTable(
            "Reliability of the confidence",
            "confidence",
            {"n": Kind.COUNT, "mean confidence": Kind.SHARE, "right": Kind.SHARE, "right − confidence": Kind.SHARE},
            reliability,
            "Every answer counts, held back or not; an answer where nothing is printed is wrong.",
        ),
        "calibration": FigureTable(
            "Calibration error",
            "answers",
            {"n": Kind.COUNT, "mean confidence": Kind.SHARE, "right": Kind.SHARE, "calibration error": Kind.NUMBER},
            {name: row for name, row in groups.items() if row["n"]},
            "Expected calibration error, 0 is perfect; a group with few answers has some by chance alone.",
        ),
    }


def _summarise(answered: Sequence[Judgement]) -> Row:
    count = len(answered)
    return {
        "n": count,
        "mean confidence": divide(sum(judged.confidence for judged in answered), count),
        "right": divide(sum(judged.verdict is Verdict.CORRECT for judged in answered), count),
        "calibration error": measure_calibration_error(sort_into_bins(answered)),
    }
