"""Names as people write them.

A paper says "Mme MARTIN-DUPONT J." for the Jeanne Dupont on file who was born Martin; OCR turns an I into an L. Two
names are the same when the given name and one of the family names on file are there, in any order, whatever the
accents, hyphens and titles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from enum import Enum

from rapidfuzz.distance import OSA

from schemas.claims import Person
from schemas.rules import NameRules

# fmt: off
_TITLES = frozenset({
    "M", "MR", "MME", "MLLE", "MM", "MONSIEUR", "MADAME", "MADEMOISELLE", "DR", "DOCTEUR", "PR", "ENFANT", "BEBE",
    "PATIENT", "PATIENTE", "NE", "NEE", "NOM", "PRENOM", "EPOUSE", "EPOUX", "EP", "EPX", "VEUVE", "VVE", "USAGE",
    "NAISSANCE", "ET", "OU",
})
_PARTICLES = frozenset({"DE", "DU", "DES", "D", "LE", "LA", "L"})
# fmt: on
#: A shorter word is one slip of the OCR away from many others: it must be read exactly.
_SHORTEST_FUZZY = 4
_SHORTEST_TELLING = 3


class NameMatch(Enum):
    """How a printed name stands to a person."""

    SAME = "same"
    MISREAD = "misread"
    INITIAL = "initial"
    LAST_NAME_ONLY = "last_name_only"
    NEAR = "near"
    DIFFERENT = "different"


def split_name(text: str, keep: Collection[str] = ()) -> tuple[str, ...]:
    """The words of a name: capitals without accents, without titles; hyphens and apostrophes part words.

    Args:
        text: as read or on file.
        keep: words that are no titles here, because somebody on file bears them as a name.
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).upper()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = tuple(re.findall(r"[A-Z0-9]+", plain))
    return tuple(word for word in words if word not in _TITLES or word in keep)


def _keep_initials(printed: str, first: tuple[str, ...]) -> frozenset[str]:
    """The M of "M.-C. DURAND" is Marie-Claude's, where that of "M. DURAND" is a Monsieur's."""
    initials = first[0][0] + first[1][0] if len(first) > 1 else ""
    joined = re.search(r"\b(M)[. -]+(\w)\b", printed.upper())
    return frozenset({"M"}) if joined and "".join(joined.groups()) == initials else frozenset()


def match_name(printed: str, person: Person, rules: NameRules) -> NameMatch:
    """Whether a printed name is this person's.

    Args:
        printed: as read.
        person: on file, with the birth name where known.
        rules: how far a word may be from the one on file.
    """
    first = split_name(person.first, _TITLES)
    lasts = [split_name(last, _TITLES) for last in (person.last, person.birth_name) if last]
    words = split_name(printed, {*first, *(word for last in lasts for word in last), *_keep_initials(printed, first)})
    lasts += [(*lasts[0], *lasts[1]), (*lasts[1], *lasts[0])] if len(lasts) > 1 else []
    return min(
        (_match_words(words, first, last, rules) for last in lasts),
        key=list(NameMatch).index,
        default=NameMatch.DIFFERENT,
    )


def find_people(printed: str, people: Sequence[Person], rules: NameRules) -> tuple[NameMatch, tuple[Person, ...]]:
    """The people whom a printed name fits best, and how well."""
    matches = [(match_name(printed, person, rules), person) for person in people]
    best = min((match for match, _ in matches), key=list(NameMatch).index, default=NameMatch.DIFFERENT)
    return best, tuple(person for match, person in matches if match is best)


def are_other_people(one: str, other: str, rules: NameRules) -> bool:
    """Whether two printed names surely are those of two people: each has a word that the other has nothing like.

    Args:
        one: as read.
        other: as read.
        rules: how far two words may be from each other.
    """
    words, others = split_name(one), split_name(other)
    return _has_word_unlike(words, others, rules) and _has_word_unlike(others, words, rules)


def _has_word_unlike(words: Sequence[str], others: Sequence[str], rules: NameRules) -> bool:
    """Whether one of the words is like none of the others; an initial or a particle tells nothing."""
    return any(
        len(word) >= _SHORTEST_TELLING
        and all(OSA.normalized_similarity(word, other) <= rules.different for other in others)
        for word in words
    )


def _match_words(words: tuple[str, ...], first: tuple[str, ...], last: tuple[str, ...], rules: NameRules) -> NameMatch:
    last_worst, last_best, rest = _take(words, last, rules)
    first_worst, first_best, _ = _take(rest, first, rules)
    if last_worst >= rules.same:
        if first_worst >= rules.same:
            return NameMatch.SAME if last_worst == first_worst == 1.0 else NameMatch.MISREAD
        if _are_initials(rest, first):
            return NameMatch.INITIAL
        if all(word in _PARTICLES for word in rest):
            return NameMatch.LAST_NAME_ONLY
    # half of a double name, or a word too far from the one on file to be it and too near to be another
    near = last_best >= rules.different and first_best >= rules.different
    return NameMatch.NEAR if near else NameMatch.DIFFERENT


def _take(words: tuple[str, ...], wanted: tuple[str, ...], rules: NameRules) -> tuple[float, float, tuple[str, ...]]:
    """Take the wanted words out of the printed ones.

    Returns:
        The similarity of the worst and of the best wanted word (1.0 for exact), and the printed words left.
    """
    left = list(words)
    if "".join(wanted) in left:  # "JEANMARC", "LOPESRIBEIRO"
        left.remove("".join(wanted))
        return 1.0, 1.0, tuple(left)
    scores = []
    for word in wanted:
        if word in _PARTICLES and len(wanted) > 1:  # "DU MESNIL" and "MESNIL" are one
            if word in left:
                left.remove(word)
            continue
        score, best = max(((_compare_words(word, other), other) for other in left), default=(0.0, ""))
        scores.append(score)
        if score >= rules.different:
            left.remove(best)
    return min(scores, default=0.0), max(scores, default=0.0), tuple(left)


def _compare_words(one: str, other: str) -> float:
    """Similarity of two words; bounded so that MARTIN and MARTINE differ only where nobody else fits better."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < _SHORTEST_FUZZY:
        return 0.0
    return float(OSA.normalized_similarity(one, other))


def _are_initials(rest: tuple[str, ...], first: tuple[str, ...]) -> bool:
    """Whether "J", "J M" or "JM" stands for Jean-Marc."""
    letters = "".join(rest)
    initials = "".join(word[0] for word in first)
    return bool(letters) and len(letters) <= len(initials) and initials.startswith(letters)
