"""The trained choice: how probable it is that a candidate is exactly right.

A model file (JSON, ``extractors/models/choice.json``) holds boosted trees over ``features.FEATURES``, a calibration for
each field and kind of source, and the confidence from which a field is accepted by itself. Everything here is plain
arrays: reading needs no training library.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.understanding.features import FEATURES, Matrix
from schemas.errors import ConfigurationError
from schemas.readings import Source
from schemas.vocabulary import FieldName

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]

#: Where shipped models are.
MODELS = Path(__file__).parent.parent / "models"
#: No reading is certain, none is impossible.
_LEAST, _MOST = 0.001, 0.9999
#: Kinds of source that are calibrated apart: text layers, the first reader, the second.
TEXT, OCR, SECOND = "text", "ocr", "second"
KINDS = (TEXT, OCR, SECOND)


@dataclass(frozen=True, eq=False, slots=True)
class Trees:
    """Boosted regression trees whose values add up to log-odds.

    Attributes:
        feature: column that a node looks at, -1 in a leaf; one row for each tree, one column for each node.
        threshold: a row goes left when its feature is at most this.
        left, right: next node.
        value: of a leaf.
        base: what the sum starts from.
    """

    feature: Indices
    threshold: Vector
    left: Indices
    right: Indices
    value: Vector
    base: float
    depth: int

    def judge(self, rows: Matrix) -> Vector:
        """Log-odds of each row."""
        count = len(self.feature)
        trees = np.arange(count)
        nodes = np.zeros((len(rows), count), dtype=np.int32)
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            feature = self.feature[trees, nodes]
            seen = rows[index, np.maximum(feature, 0)]
            onward = np.where(seen <= self.threshold[trees, nodes], self.left[trees, nodes], self.right[trees, nodes])
            nodes = np.where(feature < 0, nodes, onward)
        total: Vector = self.base + self.value[trees, nodes].sum(axis=1)
        return total


@dataclass(frozen=True, slots=True)
class Line:
    """A calibration: log-odds of the model to log-odds of being right, always rising."""

    slope: float
    offset: float

    def apply(self, logit: float) -> float:
        """A probability."""
        return spread(self.slope * logit + self.offset)


@dataclass(frozen=True, eq=False, slots=True)
class ChoiceModel:
    """Everything that a model file says.

    Attributes:
        trained_order: fields whose candidates are ordered by the model; the others keep the hand-set order.
        calibration: by field, then kind of source.
        accept: confidence from which a value is accepted by itself.
        answer: confidence under which a candidate is no answer.
        uses_names: the pipeline that finds names helped it; without, the pipeline is not even loaded.
        version: names the training run; kept in the card.
    """

    trees: Trees
    trained_order: frozenset[FieldName]
    calibration: dict[FieldName, dict[str, Line]]
    accept: dict[FieldName, float]
    answer: dict[FieldName, float]
    uses_names: bool
    version: str

    def calibrate(self, name: FieldName, source: Source, logit: float) -> float:
        """Probability that a value is exactly right.

        Args:
            name: of the field.
            source: where it was read.
            logit: of the model.
        """
        lines = self.calibration[name]
        return (lines.get(source_kind(source)) or lines[OCR]).apply(logit)


def source_kind(source: Source) -> str:
    """The kind of source that a calibration is made for."""
    return TEXT if source is Source.TEXT_LAYER else SECOND if source is Source.SECOND_READER else OCR


def spread(logit: float) -> float:
    """The probability of some log-odds, inside what can be claimed."""
    return round(max(_LEAST, min(_MOST, 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))))), 4)


@lru_cache(maxsize=1)
def load_choice_model() -> ChoiceModel:
    """The shipped model, once in a process.

    Raises:
        ConfigurationError: there is none, or it was trained for other features.
    """
    return read_choice_model(MODELS / "choice.json")


def read_choice_model(path: Path) -> ChoiceModel:
    """A model file.

    Raises:
        ConfigurationError: it is not there, or it was trained for other features.
    """
    data = read_model_file(path, list(FEATURES))
    return ChoiceModel(
        trees=read_trees(data["trees"]),
        trained_order=frozenset(FieldName(name) for name in data["trained_order"]),
        calibration={
            FieldName(name): {kind: Line(*line) for kind, line in lines.items()}
            for name, lines in data["calibration"].items()
        },
        accept={FieldName(name): float(value) for name, value in data["accept"].items()},
        answer={FieldName(name): float(value) for name, value in data["answer"].items()},
        uses_names=data["uses_names"],
        version=data["version"],
    )


def read_model_file(path: Path, features: list[str]) -> dict[str, Any]:
    """A model file, with its features checked.

    Raises:
        ConfigurationError: it is not there, or it was trained for other features.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path} is missing: run `liasse train`"
        raise ConfigurationError(message) from error
    if data["features"] != features:
        message = f"{path} was trained for other features: run `liasse train`"
        raise ConfigurationError(message)
    return data


def read_trees(data: dict[str, Any]) -> Trees:
    """Trees out of a model file; shorter trees are filled up with leaves that nobody reaches."""
    trees = data["trees"]
    width = max(len(tree["feature"]) for tree in trees)

    def table(key: str, fill: float, kind: type) -> npt.NDArray[Any]:
        return np.array([list(tree[key]) + [fill] * (width - len(tree[key])) for tree in trees], dtype=kind)

    return Trees(
        feature=table("feature", -1, np.int32),
        threshold=table("threshold", 0.0, np.float64),
        left=table("left", 0, np.int32),
        right=table("right", 0, np.int32),
        value=table("value", 0.0, np.float64),
        base=float(data["base"]),
        depth=int(data["depth"]),
    )
