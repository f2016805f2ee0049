"""How good a reading is, so that rivals can be compared without knowing the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.recognising.tesseract import SeenWord

#: The engine's confidence above which a word is more often right than wrong; measured on our samples.
_EVEN_ODDS = 0.5
_SOLID = 0.6


@dataclass(frozen=True, slots=True)
class ReadingScore:
    """What the engine says of its own reading, letter by letter.

    Attributes:
        letters: letters and digits in all words.
        solid_letters: those of words with good confidence.
        confidence: mean confidence, weighted by letters, 0 to 1.
        value: to compare rivals: sure letters count for, unsure ones against.
    """

    letters: int
    solid_letters: int
    confidence: float
    value: float


def score_reading(words: Sequence[SeenWord]) -> ReadingScore:
    """The score of some words."""
    letters = solid = 0
    total = value = 0.0
    for word in words:
        count = sum(character.isalnum() for character in word.text)
        letters += count
        total += count * word.confidence
        value += count * (word.confidence - _EVEN_ODDS)
        if word.confidence >= _SOLID:
            solid += count
    return ReadingScore(letters, solid, total / letters if letters else 0.0, value)
