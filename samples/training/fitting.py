"""Fits the choice among candidates: boosted trees, their calibration, and the thresholds that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from extractors.understanding.features import FEATURES, NAMED
from extractors.understanding.trained import KINDS, TEXT, Trees, read_trees
from samples.training.examples import FIELDS, Examples
from schemas.vocabulary import FieldName

Vector = npt.NDArray[np.float64]

#: Of the values that are accepted by themselves, this share must be right.
TARGET_PRECISION = 0.995
#: A value that is less probable than this is no answer.
ANSWER = 0.30
#: How freely the calibration may differ between sources, between fields, and between fields of one source: thin data
#: are pulled towards what all fields have in common.
_SOURCE_FREEDOM, _FIELD_FREEDOM, _BOTH_FREEDOM = 3.0, 0.6, 0.4


def fit_trees(examples: Examples, *, rounds: int = 90, seed: int = 1) -> dict[str, Any]:
    """Trees that tell right candidates from wrong ones, as a model file holds them.

    Features whose direction is known may only move the belief that way (``FEATURES``), which is what keeps the trees
    sensible on looks that they have not seen.
    """
    model = HistGradientBoostingClassifier(
        learning_rate=0.08,
        max_iter=rounds,
        max_leaf_nodes=10,
        min_samples_leaf=25,
        l2_regularization=5.0,
        monotonic_cst=list(FEATURES.values()),
        early_stopping=False,
        random_state=seed,
    )
    model.fit(examples.rows, examples.right)
    trees = []
    depth = 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        depth = max(depth, int(nodes["depth"].max()))
        trees.append(
            {
                "feature": [-1 if end else int(index) for end, index in zip(leaf, nodes["feature_idx"], strict=True)],
                "threshold": [
                    0.0 if end else round(float(at), 6) for end, at in zip(leaf, nodes["num_threshold"], strict=True)
                ],
                "left": [int(node) for node in nodes["left"]],
                "right": [int(node) for node in nodes["right"]],
                "value": [
                    round(float(value), 6) if end else 0.0 for end, value in zip(leaf, nodes["value"], strict=True)
                ],
            }
        )
    return {"base": round(float(model._baseline_prediction.item()), 6), "depth": depth, "trees": trees}


@dataclass(frozen=True, eq=False)
class Chosen:
    """The candidate that is chosen for each field of each paper.

    Attributes:
        index: rows of the examples.
        logit: of the model.
    """

    index: npt.NDArray[np.int64]
    logit: Vector


def choose(examples: Examples, logits: Vector, trained: Sequence[FieldName]) -> Chosen:
    """One row for each field of each paper: the first by the model where it orders the field, else by hand."""
    order = np.array([FIELDS[field] in trained for field in examples.field])
    value = np.where(order, logits, -examples.rank.astype(float))
    keys = examples.paper.astype(np.int64) * len(FIELDS) + examples.field
    ranking = np.lexsort((-value, keys))
    first = np.ones(len(ranking), dtype=bool)
    first[1:] = keys[ranking][1:] != keys[ranking][:-1]
    index = ranking[first]
    return Chosen(index, logits[index])


def compare_orders(examples: Examples, logits: Vector) -> dict[FieldName, tuple[int, int, int]]:
    """For each field: papers on which both orders were judged, right by hand, right by the model."""
    by_hand, by_model = choose(examples, logits, ()), choose(examples, logits, FIELDS)
    out = {}
    for number, name in enumerate(FIELDS):
        hand = by_hand.index[examples.field[by_hand.index] == number]
        model = by_model.index[examples.field[by_model.index] == number]
        out[name] = (len(hand), int(examples.right[hand].sum()), int(examples.right[model].sum()))
    return out


def calibrate(examples: Examples, chosen: Chosen) -> dict[FieldName, dict[str, tuple[float, float]]]:
    """A rising line for each field and kind of source, from the model's log-odds to those of being right.

    One regression over all chosen values: a common slope, a level for each kind of source, and small deviations by
    field and by field and source that thin data cannot move far.
    """
    design = _design(chosen.logit, examples.field[chosen.index], examples.source[chosen.index])
    fit = LogisticRegression(C=1.0, fit_intercept=True, max_iter=2000)
    fit.fit(design, examples.right[chosen.index])
    lines: dict[FieldName, dict[str, tuple[float, float]]] = {}
    for number, name in enumerate(FIELDS):
        lines[name] = {}
        for kind in KINDS:
            at = _design(np.array([0.0, 1.0]), np.array([number] * 2), np.array([kind] * 2))
            low, high = fit.decision_function(at)
            if high <= low:
                message = f"the calibration of {name} does not rise: the model is worth nothing"
                raise ValueError(message)
            lines[name][kind] = (round(float(high - low), 5), round(float(low), 5))
    return lines


def _design(logit: Vector, field: npt.NDArray[Any], source: npt.NDArray[Any]) -> Vector:
    count = len(logit)
    design = np.zeros((count, 1 + len(KINDS) + len(FIELDS) * (1 + len(KINDS))))
    design[:, 0] = 3.0 * logit
    rows = np.arange(count)
    kind = np.array([KINDS.index(name) for name in source], dtype=int)
    design[rows, 1 + kind] = _SOURCE_FREEDOM
    design[rows, 1 + len(KINDS) + field] = _FIELD_FREEDOM
    design[rows, 1 + len(KINDS) + len(FIELDS) + field * len(KINDS) + kind] = _BOTH_FREEDOM
    return design


def apply_calibration(
    examples: Examples, chosen: Chosen, lines: dict[FieldName, dict[str, tuple[float, float]]]
) -> Vector:
    """Calibrated probability of every chosen value."""
    slope, offset = np.array(
        [
            lines[FIELDS[field]][source]
            for field, source in zip(examples.field[chosen.index], examples.source[chosen.index], strict=True)
        ]
    ).T
    probability: Vector = 1.0 / (1.0 + np.exp(-(slope * chosen.logit + offset)))
    return probability


def find_thresholds(
    examples: Examples, chosen: Chosen, probability: Vector, target: float = TARGET_PRECISION
) -> dict[FieldName, float]:
    """The lowest confidence above which, by its own word, the share of right values reaches the target.

    Pictures alone are counted: native PDFs would let worse pictures in.
    """
    pictures = examples.source[chosen.index] != TEXT
    everything = _threshold(probability[pictures], target)
    out = {}
    for number, name in enumerate(FIELDS):
        own = probability[pictures & (examples.field[chosen.index] == number)]
        out[name] = round(_threshold(own, target) if len(own) >= 40 else everything, 4)
    return out


def _threshold(probability: Vector, target: float) -> float:
    ordered = np.sort(probability)[::-1]
    enough = np.flatnonzero(np.cumsum(ordered) / np.arange(1, len(ordered) + 1) >= target)
    return float(ordered[enough[-1]]) if len(enough) else target


def without_names(examples: Examples) -> Examples:
    """The same, as if no language model had looked at the names."""
    rows = examples.rows.copy()
    rows[:, NAMED] = 0.0
    return replace(examples, rows=rows)


def measure_loss(examples: Examples, trees: dict[str, Any], names: Sequence[FieldName]) -> tuple[int, float]:
    """How many first candidates of some fields there are, and the mean log-loss of what the trees say of them."""
    chosen = choose(examples, judge(trees, examples), ())
    own = np.isin(examples.field[chosen.index], [FIELDS.index(name) for name in names])
    right, logit = examples.right[chosen.index][own], chosen.logit[own]
    return int(own.sum()), float(np.mean(np.logaddexp(0.0, np.where(right == 1, -logit, logit))))


def judge(trees: dict[str, Any], examples: Examples) -> Vector:
    """Log-odds of all rows by the reading's own code."""
    reader: Trees = read_trees(trees)
    return np.concatenate(
        [reader.judge(part) for part in np.array_split(examples.rows, max(1, len(examples) // 20000))]
    )
