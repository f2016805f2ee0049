"""What French papers really call their values: many synonyms, dealt out so that every split has words of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_TURNS = ("train", "train", "calibration", "train", "test")

Words = dict[str, tuple[str, ...]]


@cache
def _load() -> dict[str, Words]:
    path = Path(__file__).parent.parent / "data" / "labels.yaml"
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {group: {key: tuple(words) for key, words in lists.items()} for group, lists in data.items()}


def deal(words: tuple[str, ...], split: str) -> tuple[str, ...]:
    """The words of a list that a split may use.

    Args:
        words: all of them, the two most common first.
        split: "train", "calibration" or "test".
    """
    own = tuple(word for index, word in enumerate(words[2:]) if _TURNS[index % len(_TURNS)] == split)
    return words[:2] + own + own


@cache
def words_of(group: str, split: str) -> Words:
    """The lists of a group of ``samples/data/labels.yaml`` as dealt to a split.

    Args:
        group: "labels", "titles" or "payment".
        split: "train", "calibration" or "test".
    """
    return {key: deal(words, split) for key, words in _load()[group].items()}
