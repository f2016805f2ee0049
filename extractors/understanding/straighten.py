"""Lines that still bend after the page was flattened, made level for the sorting of words into rows.

Words of one phrase stand close together and are grouped whatever the slope; a label and its amount at the other margin
are not. The drift that the phrases show, a smooth function of the place, tells how far the amount has risen or sunk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from schemas.readings import Word

Vector = npt.NDArray[np.float64]

#: Letters that reach under the line, or marks that stand off it.
_HANGING = re.compile(r"[gjpqyçÇQ,;()/|_\[\]{}'\"°*^-]")
_FEWEST_ROWS, _FEWEST_WORDS = 4, 16
#: Drifts up to this share of a word's height change nothing.
_LEVEL = 0.12
_RIDGE = 1e-2


def measure_drift(groups: Sequence[Sequence[Word]], height: float) -> dict[int, float]:
    """How far each word stands under where it would stand on level lines, by the identity of the word.

    Args:
        groups: words that surely share a line.
        height: usual height of a word.

    Returns:
        nothing where the lines are level, or where there are too few to tell.
    """
    words = [word for group in groups for word in group]
    if not words:
        return {}
    left, right = min(w.box.x0 for w in words), max(w.box.x1 for w in words)
    top, bottom = min(w.box.y0 for w in words), max(w.box.y1 for w in words)
    half_width, half_height = max(1.0, (right - left) / 2), max(1.0, (bottom - top) / 2)

    def terms(word: Word) -> list[float]:
        x = (word.box.center.x - left) / half_width - 1.0
        y = (word.box.center.y - top) / half_height - 1.0
        return [x, x * x, x**3, x * y, x * x * y, x * y * y]

    rows: list[list[float]] = []
    levels: list[float] = []
    used = 0
    for group in groups:
        steady = [word for word in group if len(word.text) > 1 and not _HANGING.search(word.text)]
        if len(steady) < 3:
            continue
        used += 1
        of_group = np.array([terms(word) for word in steady])
        feet = np.array([word.box.y1 for word in steady])
        rows.extend((of_group - of_group.mean(axis=0)).tolist())
        levels.extend((feet - feet.mean()).tolist())
    if used < _FEWEST_ROWS or len(rows) < _FEWEST_WORDS:
        return {}
    weights = _fit(np.array(rows), np.array(levels), height)
    drift = {id(word): float(np.dot(terms(word), weights)) for word in words}
    return drift if max(drift.values()) - min(drift.values()) > _LEVEL * height else {}


def _fit(rows: Vector, levels: Vector, height: float) -> Vector:
    """Least squares, twice: words that do not follow (another line, a stamp) are left out the second time."""
    keep = np.ones(len(levels), dtype=bool)
    weights: Vector = np.zeros(rows.shape[1])
    for _ in range(2):
        a, b = rows[keep], levels[keep]
        solved = np.linalg.solve(a.T @ a + _RIDGE * len(b) * np.eye(a.shape[1]), a.T @ b)
        weights = np.asarray(solved, dtype=np.float64)
        keep = np.abs(levels - rows @ weights) < 0.4 * height
        if keep.sum() < _FEWEST_WORDS:
            break
    return weights
