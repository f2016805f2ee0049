"""What the trained model sees of a candidate: numbers under fixed names, in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from extractors.understanding.candidates import Candidate
from extractors.understanding.money import AMOUNTS
from schemas.readings import Source
from schemas.vocabulary import QUOTE_TYPES, DocumentType, FieldName

Matrix = npt.NDArray[np.float64]

#: Names of the columns, in order; a model file repeats them and is refused when they differ. The number is how the
#: belief may move with the feature: 1 only up, -1 only down, 0 either way.
FEATURES: dict[str, int] = {
    # the hand-set order
    "score": 1,
    "label": 1,
    "form": 0,
    "rank": -1,
    "lead": 1,
    "rivals": 0,
    "times": 0,
    # the reader
    "conf_min": 1,
    "conf_mean": 1,
    "page_conf": 1,
    "ocr": -1,
    "agreed": 1,
    "second": 0,
    # the form
    "letters": 0,
    "digits": 0,
    "count": 0,
    "height": 0,
    "down": 0,
    "repaired": -1,
    # tests: 1 passed, -1 failed, 0 could not be made
    "digits_hold": 1,
    "adds_up": 1,
    "sums_lines": 1,
    "whole": 1,
    # names, as the language model sees them: 1 so, 0.5 in part, -1 as somebody else
    "named": 1,
    "in_order": 1,
    # the paper
    "type_conf": 1,
    "quote": 0,
    "tables": 0,
    "later_page": 0,
    # which field
    **{f"is_{name.value}": 0 for name in FieldName},
}
#: Passed, could not be made, failed.
_OUTCOMES = {True: 1.0, None: 0.0, False: -1.0}
_COLUMN = {name: index for index, name in enumerate(FEATURES)}
#: Columns of the tests that depend on what is chosen for other fields.
ADDS_UP, IN_ORDER = _COLUMN["adds_up"], _COLUMN["in_order"]
#: Column of what the language model says of a name.
NAMED = _COLUMN["named"]
#: Columns that say that the field is one of the amounts that add up.
IS_AMOUNT = [_COLUMN[f"is_{name.value}"] for name in AMOUNTS]


def describe_candidates(
    name: FieldName,
    ranked: Sequence[Candidate],
    *,
    kind: DocumentType,
    type_confidence: float,
    lines: Decimal | None,
    first_page: int,
    tables: int,
) -> Matrix:
    """One row for each candidate of a field; the tests against other fields are left at 0.

    Args:
        name: of the field.
        ranked: its candidates, best first by the hand-set order.
        kind: of the paper.
        type_confidence: probability of ``kind``.
        lines: what the lines of the paper add up to, None where that is not known.
        first_page: page number of the paper's first page.
        tables: how many tables the paper has.
    """
    out = np.zeros((len(ranked), len(FEATURES)))
    scores = [candidate.score for candidate in ranked]
    for index, candidate in enumerate(ranked):
        best_other = max((score for place, score in enumerate(scores) if place != index), default=0.0)
        measured = candidate.features
        values = {
            "score": candidate.score,
            "label": candidate.label,
            "form": candidate.form,
            "rank": float(min(index, 5)),
            "lead": max(-1.0, min(1.0, candidate.score - best_other)),
            "rivals": float(min(6, sum(score > 0.5 * candidate.score for score in scores) - 1)),
            "times": min(4.0, measured.get("times", 1.0)),
            "conf_min": candidate.words,
            "conf_mean": measured.get("conf_mean", candidate.words),
            "page_conf": measured.get("page_conf", 1.0),
            "agreed": measured.get("agreed", 0.0),
            "second": measured.get("second", 0.0),
            "ocr": float(candidate.source is not Source.TEXT_LAYER),
            "letters": min(40.0, measured.get("letters", 0.0)),
            "digits": measured.get("digits", 0.0),
            "count": min(12.0, measured.get("count", 0.0)),
            "height": min(3.0, measured.get("height", 1.0)),
            "down": measured.get("down", 0.5),
            "repaired": measured.get("repaired", 0.0),
            "digits_hold": _OUTCOMES[candidate.letters_hold],
            "sums_lines": _sums(name, candidate, lines),
            "named": measured.get("named", 0.0),
            "whole": measured.get("whole", 0.0),
            "type_conf": type_confidence,
            "quote": float(kind in QUOTE_TYPES),
            "tables": float(min(3, tables)),
            "later_page": float(candidate.page != first_page),
            f"is_{name.value}": 1.0,
        }
        for key, value in values.items():
            out[index, _COLUMN[key]] = value
    return out


def _sums(name: FieldName, candidate: Candidate, lines: Decimal | None) -> float:
    if name is not FieldName.TOTAL_AMOUNT or lines is None:
        return 0.0
    return 1.0 if candidate.value == lines else -1.0
