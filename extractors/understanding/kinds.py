"""The trained probability of a document's type.

A model file (``extractors/models/type.json``) holds one linear weighing of the evidence for each type. It says how
probable the hand-set choice is, and overrules it only where it is much surer of another type.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractors.understanding.classify import TypeEvidence, choose_by_hand
from extractors.understanding.trained import MODELS, read_model_file
from schemas.vocabulary import DocumentType

Vector = npt.NDArray[np.float64]

_NATURES = ("facture", "devis", "ordonnance", "decompte_am", "feuille_de_soins", "rib", "attestation_droits", "autre")
_DOMAINS = ("optique", "dentaire", "audio", "honoraires", "medecin", "hospitaliere", "pharmacie", "soins")
#: Names of the numbers that are weighed, in order; the model file repeats them.
TYPE_FEATURES = [
    *(f"score_{kind.value}" for kind in DocumentType),
    *(f"nature_{name}" for name in _NATURES),
    *(f"domain_{name}" for name in _DOMAINS),
    "best",
    "lead",
    "few_words",
    "sureness",
    *(f"hand_{kind.value}" for kind in DocumentType),
]
_MOST = 0.9995


@dataclass(frozen=True, eq=False, slots=True)
class TypeModel:
    """Weights of the evidence.

    Attributes:
        weights: one row for each type, in the order of ``DocumentType``.
        offsets: of each type.
        temperature: of the calibration: log-odds are divided by it.
        overrule: how much more probable another type must be than the hand-set choice to be taken instead.
        version: names the training run.
    """

    weights: Vector
    offsets: Vector
    temperature: float
    overrule: float
    version: str

    def judge(self, evidence: TypeEvidence, by_hand: DocumentType) -> tuple[DocumentType, float]:
        """The type and how probable it is.

        Args:
            evidence: what speaks for each type.
            by_hand: the hand-set choice.
        """
        logits = (self.weights @ describe_type(evidence) + self.offsets) / self.temperature
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        kinds = list(DocumentType)
        best = int(np.argmax(shares))
        hand = kinds.index(by_hand)
        taken = best if shares[best] > self.overrule * shares[hand] else hand
        return kinds[taken], round(float(min(_MOST, shares[taken])), 4)


def describe_type(evidence: TypeEvidence) -> Vector:
    """The evidence as numbers, in the order of ``TYPE_FEATURES``; large sums say hardly more than middling ones."""
    ranked = sorted(evidence.scores.values(), reverse=True)
    by_hand = choose_by_hand(evidence)
    return np.array(
        [
            *(_flatten(evidence.scores.get(kind, 0.0)) for kind in DocumentType),
            *(_flatten(evidence.natures.get(name, 0.0)) for name in _NATURES),
            *(_flatten(evidence.domains.get(name, 0.0)) for name in _DOMAINS),
            _flatten(ranked[0]),
            _flatten(ranked[0] - (ranked[1] if len(ranked) > 1 else 0.0)),
            1.0 / (1.0 + evidence.words / 20.0),
            evidence.sureness,
            *(float(kind is by_hand) for kind in DocumentType),
        ]
    )


def _flatten(score: float) -> float:
    return math.log1p(score) if score >= 0 else -math.log1p(-score)


@lru_cache(maxsize=1)
def load_type_model() -> TypeModel:
    """The shipped model, once in a process.

    Raises:
        ConfigurationError: there is none, or it was trained for other features.
    """
    return read_type_model(MODELS / "type.json")


def read_type_model(path: Path) -> TypeModel:
    """A model file.

    Raises:
        ConfigurationError: it is not there, or it was trained for other features.
    """
    data = read_model_file(path, TYPE_FEATURES)
    return TypeModel(
        weights=np.array(data["weights"], dtype=np.float64),
        offsets=np.array(data["offsets"], dtype=np.float64),
        temperature=float(data["temperature"]),
        overrule=float(data["overrule"]),
        version=data["version"],
    )
