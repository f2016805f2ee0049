"""Can a text layer be believed? Looks at letters only; needs no word list."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

#: Letters of French text in per cent, accents folded.
#: Source: Wikipédia, "Fréquence d'apparition des lettres", table for French (accented letters added to their base).
_FRENCH_LETTERS = {
    "a": 8.2, "b": 0.9, "c": 3.3, "d": 3.7, "e": 17.3, "f": 1.1, "g": 0.9, "h": 0.7, "i": 7.6, "j": 0.6, "k": 0.1,
    "l": 5.5, "m": 3.0, "n": 7.1, "o": 5.8, "p": 2.5, "q": 1.4, "r": 6.7, "s": 7.9, "t": 7.2, "u": 6.4, "v": 1.8,
    "w": 0.1, "x": 0.4, "y": 0.1, "z": 0.3,
}  # fmt: skip
#: UTF-8 read as Windows-1252: what accents become.
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf¨©ª«´®¯¹»‰ˆ¢§€]|â€.|Â[°\u00a0«»€]")

_LEAST_CHARACTERS = 24
_LEAST_LETTERS_FOR_STATISTICS = 60
_LEAST_LIKENESS = 0.80
_LEAST_CLEAN = 0.93
_LEAST_VOWELS, _MOST_VOWELS = 0.24, 0.66


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """What the characters of a page look like.

    Attributes:
        characters: that are not spaces.
        clean_share: letters, digits and usual signs among them, 0 to 1.
        likeness: cosine between the letters and those of French, 0 to 1; 1 when there are too few to tell.
        vowel_share: among the letters; 0.45 in French.
        mojibake: accents that were decoded wrongly.
    """

    characters: int
    clean_share: float
    likeness: float
    vowel_share: float
    mojibake: int

    @property
    def enough(self) -> bool:
        """There is a text at all."""
        return self.characters >= _LEAST_CHARACTERS

    @property
    def plausible(self) -> bool:
        """It may be what the page shows."""
        return (
            self.clean_share >= _LEAST_CLEAN
            and self.likeness >= _LEAST_LIKENESS
            and _LEAST_VOWELS <= self.vowel_share <= _MOST_VOWELS
            and self.mojibake < 2
        )


def examine_text(text: str) -> TextEvidence:
    """Measure the characters of a page."""
    solid = [character for character in text if not character.isspace()]
    if not solid:
        return TextEvidence(0, 1.0, 1.0, 0.45, 0)
    clean = sum(_is_usual(character) for character in solid)
    counts = dict.fromkeys(_FRENCH_LETTERS, 0)
    for character in unicodedata.normalize("NFD", text.lower()):
        if character in counts:
            counts[character] += 1
    letters = sum(counts.values())
    likeness, vowels = 1.0, 0.45
    if letters >= _LEAST_LETTERS_FOR_STATISTICS:
        dot = sum(counts[letter] * share for letter, share in _FRENCH_LETTERS.items())
        norm = math.sqrt(sum(n * n for n in counts.values()) * sum(s * s for s in _FRENCH_LETTERS.values()))
        likeness = dot / norm
        vowels = sum(counts[letter] for letter in "aeiouy") / letters
    return TextEvidence(len(solid), clean / len(solid), likeness, vowels, len(_MOJIBAKE.findall(text)))


def _is_usual(character: str) -> bool:
    """Letters of Latin scripts, digits and signs that papers carry; not private use, controls or other scripts."""
    category = unicodedata.category(character)
    if category[0] == "L":
        return ord(character) < 0x250 or 0x1E00 <= ord(character) < 0x1F00
    if category == "Nd":
        return character.isascii()
    return category[0] in "PSNM" and character != "\ufffd"
