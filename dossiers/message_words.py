"""What a member's message is about, by its words: a complaint, haste.

Words decide who looks first, not what is granted: a person reads the message in any case, and the words found are
shown. "Ce n'est pas une réclamation" and "rien d'urgent" are what they say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]|\bmais\b")
_NOT = frozenset({"pas", "aucun", "aucune", "aucunement", "sans", "ni", "non", "rien", "nullement"})
#: "Ce n'est pas du tout une réclamation": words between the denial and what it denies.
_REACH = 4


def find_words(message: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted words that a message says, in the order in which they are wanted.

    Args:
        message: as the member wrote it.
        wanted: words or phrases; ``*`` at the end of a word stands for any ending. Capitals, accents and hyphens do
            not count. A phrase that itself denies ("pas content") is taken as it is.
    """
    clauses = [_split(clause) for clause in _CLAUSE_ENDS.split(_fold(message))]
    return tuple(phrase for phrase in wanted if any(_says(clause, _split(_fold(phrase))) for clause in clauses))


def _says(clause: list[str], phrase: list[str]) -> bool:
    if not phrase:
        return False
    denies = phrase[0] in _NOT
    for start in range(len(clause) - len(phrase) + 1):
        if all(_fits(word, asked) for word, asked in zip(clause[start:], phrase, strict=False)):
            before = clause[max(0, start - _REACH) : start]
            if denies or not _NOT & set(before):
                return True
    return False


def _fits(word: str, asked: str) -> bool:
    return word.startswith(asked[:-1]) if asked.endswith("*") else word == asked


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _split(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+\*?", text)
