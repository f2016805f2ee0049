"""Fits the probability of a document's type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from extractors.understanding.classify import choose_by_hand, weigh_pages
from extractors.understanding.kinds import describe_type
from samples.training.examples import Known
from schemas.vocabulary import DocumentType

Vector = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

KINDS = tuple(DocumentType)
#: How much surer the model must be of another type than of the hand-set one; the last means never. Less than three
#: times forces papers of unknown kinds into a type.
_OVERRULES = (3.0, 10.0, 30.0, 1e9)


@dataclass(frozen=True, eq=False)
class TypeExamples:
    """Papers: evidence, true type, type by hand; a type is its place in ``KINDS``."""

    rows: Vector
    true: Numbers
    by_hand: Numbers

    def __len__(self) -> int:
        return len(self.true)


def collect_type_examples(known: Iterable[Known]) -> TypeExamples:
    """The evidence of every paper that a person could read."""
    rows, true, by_hand = [], [], []
    for paper in known:
        if not paper.truth["legible"] or not paper.found.legible:
            continue
        evidence = weigh_pages(paper.found.group.sheets)
        rows.append(describe_type(evidence))
        true.append(KINDS.index(DocumentType(paper.truth["type"])))
        by_hand.append(KINDS.index(choose_by_hand(evidence)))
    return TypeExamples(np.array(rows), np.array(true), np.array(by_hand))


def join_type_examples(parts: Sequence[TypeExamples]) -> TypeExamples:
    """Several sets as one."""
    return TypeExamples(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.true for part in parts]),
        np.concatenate([part.by_hand for part in parts]),
    )


def fit_types(train: TypeExamples, calibration: TypeExamples) -> dict[str, Any]:
    """Weights, their calibration, and when they overrule the hand-set choice, as a model file holds them."""
    fit = LogisticRegression(C=0.3, max_iter=3000)
    fit.fit(train.rows, train.true)
    weights = np.zeros((len(KINDS), train.rows.shape[1]))
    offsets = np.full(len(KINDS), -20.0)  # a type that was never seen
    weights[fit.classes_] = fit.coef_
    offsets[fit.classes_] = fit.intercept_
    logits = calibration.rows @ weights.T + offsets

    def loss(temperature: float) -> float:
        chances = shares(logits / temperature)
        return -float(np.mean(np.log(np.maximum(1e-6, chances[np.arange(len(calibration)), calibration.true]))))

    temperature = float(minimize_scalar(loss, bounds=(0.8, 3.0), method="bounded").x)
    chances = shares(logits / temperature)
    right = {rule: int((overrule(chances, calibration.by_hand, rule) == calibration.true).sum()) for rule in _OVERRULES}
    best = max(_OVERRULES, key=lambda rule: (right[rule], rule))
    return {
        "weights": [[round(float(value), 5) for value in row] for row in weights],
        "offsets": [round(float(value), 5) for value in offsets],
        "temperature": round(temperature, 4),
        "overrule": best,
    }


def shares(logits: Vector) -> Vector:
    """Probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    out: Vector = powers / powers.sum(axis=1, keepdims=True)
    return out


def overrule(chances: Vector, by_hand: Numbers, rule: float) -> Numbers:
    """The type that is taken for each paper."""
    best = chances.argmax(axis=1)
    rows = np.arange(len(chances))
    taken: Numbers = np.where(chances[rows, best] > rule * chances[rows, by_hand], best, by_hand)
    return taken


def report_types(model: dict[str, Any], examples: TypeExamples) -> dict[str, float]:
    """Figures for the card: how many, right by hand, right as read, and the mean probability claimed."""
    logits = (examples.rows @ np.array(model["weights"]).T + np.array(model["offsets"])) / model["temperature"]
    chances = shares(logits)
    taken = overrule(chances, examples.by_hand, model["overrule"])
    return {
        "papers": len(examples),
        "right_by_hand": round(float((examples.by_hand == examples.true).mean()), 4),
        "right": round(float((taken == examples.true).mean()), 4),
        "claimed": round(float(chances[np.arange(len(taken)), taken].mean()), 4),
    }
