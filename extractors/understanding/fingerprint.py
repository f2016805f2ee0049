"""A signature of the words of a paper, to find another scan of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from extractors.understanding.text import fold

#: Length of the signature; two papers alike in a share s of their shingles agree in about s of the places.
SIGNATURE_LENGTH = 32
_SHINGLE = 3
_PRIME = (1 << 61) - 1
#: Multipliers and offsets of the 32 hash functions: fixed, because signatures are kept and compared for years.
_FUNCTIONS = tuple(
    (6364136223846793005 * (index + 1) % _PRIME | 1, 1442695040888963407 * (index + 7) % _PRIME)
    for index in range(SIGNATURE_LENGTH)
)


def fingerprint_words(words: Iterable[str]) -> tuple[int, ...]:
    """MinHash of the word triples, 32 integers of 32 bits; empty for fewer than five words.

    Accents, case and punctuation do not count; words of one letter are left out, because OCR makes them up.
    """
    plain = [kept for word in words if len(kept := "".join(char for char in fold(word) if char.isalnum())) > 1]
    if len(plain) < 5:
        return ()
    shingles = {" ".join(plain[i : i + _SHINGLE]) for i in range(len(plain) - _SHINGLE + 1)}
    hashes = [zlib.crc32(shingle.encode()) for shingle in shingles]
    return tuple(min((a * value + b) % _PRIME for value in hashes) & 0xFFFFFFFF for a, b in _FUNCTIONS)


def compare_fingerprints(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Estimated share of word triples in common, 0 to 1."""
    if len(a) != len(b) or not a:
        return 0.0
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
