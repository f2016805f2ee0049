"""Words printed with their letters apart ("P H A R M A C I E"), put together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from schemas.geometry import bound_boxes, bound_points
from schemas.readings import Word

#: Fewer pieces in a row are initials or marks; pieces are letters, or a few that stand so close that they are one
#: ("LABOR ATO IRE").
_FEWEST, _LONGEST = 5, 4
#: A gap this much wider than the usual one between letters parts two words; one this many heights wide parts cells.
_WORD_GAP, _CELL_GAP = 1.45, 3.0


def join_spaced(words: Sequence[Word]) -> list[Word]:
    """The words of a row from left to right, with those whose letters stand apart as one word each."""
    out: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and _is_piece(word) and (not run or _is_near(run[-1], word)):
            run.append(word)
            continue
        out.extend(_join(run) if _is_spaced(run) else run)
        run = [word] if word is not None and _is_piece(word) else []
        if word is not None and not run:
            out.append(word)
    return out


def _is_piece(word: Word) -> bool:
    return len(word.text) <= _LONGEST and (word.text.isalpha() or word.text in "-'’&.")


def _is_near(left: Word, right: Word) -> bool:
    height = max(left.box.height, right.box.height)
    return right.box.x0 - left.box.x1 < _CELL_GAP * height and abs(left.box.center.y - right.box.center.y) < height / 2


def _is_spaced(run: Sequence[Word]) -> bool:
    letters = sum(len(word.text) for word in run)
    return len(run) >= _FEWEST and sum(len(word.text) == 1 for word in run) >= 0.6 * len(run) and letters >= _FEWEST


def _join(run: Sequence[Word]) -> list[Word]:
    gaps = [right.box.x0 - left.box.x1 for left, right in pairwise(run)]
    usual = median(gaps)
    parts: list[list[Word]] = [[run[0]]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > max(_WORD_GAP * usual, usual + 0.15 * word.box.height):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [_as_one(part) for part in parts]


def _as_one(part: Sequence[Word]) -> Word:
    if len(part) == 1:
        return part[0]
    agreed = [word.agreed for word in part if word.agreed is not None]
    return part[0].model_copy(
        update={
            "text": "".join(word.text for word in part),
            "box": bound_boxes(word.box for word in part),
            "polygon": bound_points(corner for word in part for corner in word.polygon).to_polygon(),
            "confidence": min(word.confidence for word in part),
            "agreed": all(agreed) if agreed else None,
        }
    )
