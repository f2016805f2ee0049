"""Names of people: order, titles, hyphens, particles.

French papers print "Mme Éloïse DU PRÉ", "DU PRÉ Éloïse", "DU PRÉ ÉLOÏSE": the surname is the part in capitals, or
the part that is not a known first name, or else the first part after a label "Nom, prénom".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extractors.understanding.text import fold, load_words

_TITLES = frozenset(
    {
        "m", "mr", "mme", "mlle", "mle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "pr", "professeur",
        "me", "enfant", "melle", "mrs", "messieurs", "mesdames", "dre", "doct",
    }
)  # fmt: skip
_DOCTOR = frozenset({"dr", "docteur", "pr", "professeur", "dre", "doct"})
_PARTICLES = frozenset({"de", "du", "des", "d", "la", "le", "les", "van", "von", "der", "den", "da", "dos", "di", "el",
                        "ben", "al", "saint", "st", "ste", "y", "e"})  # fmt: skip
_NAME_WORD = re.compile(r"^(?:[^\W\d_]+['’])?[^\W\d_]+(?:[-'’.][^\W\d_]+)*[.,]?$")
#: "DUPRÉÉloïse": a surname in capitals that lost the space before the first name.
_CAPITAL = r"[^\W\d_a-zà-ÿ]"
_GLUED = re.compile(rf"^({_CAPITAL}(?:{_CAPITAL}|[-'’](?={_CAPITAL}))*{_CAPITAL})({_CAPITAL}[a-zà-ÿ]{{2,}}.*)$")
#: "DUPRÉ (née LOPES) Éloïse": the first name may follow.
BIRTH_NAME = re.compile(r"\((?:n[ée]e?|[ée]pouse|[ée]p\.?|dite?|veuve|vve)[ \t][^)\n]{2,40}\)", re.IGNORECASE)
_BORN = frozenset({"nee", "ne", "epouse", "ep", "veuve", "vve", "née"})


@dataclass(frozen=True, slots=True)
class FoundName:
    """A person's name at the beginning of a text.

    Attributes:
        end: length of the text that it takes.
        first: first names, may be empty.
        last: surname, may be empty when only one word is printed.
        titled: a civil or professional title stands before it.
        doctor: that title is a doctor's.
        known: one of its words is a common first name.
        ordered: what is first and what is last name was seen, not supposed.
    """

    start: int
    end: int
    first: str
    last: str
    titled: bool
    doctor: bool
    known: bool
    ordered: bool

    @property
    def value(self) -> str:
        """The normalised form: first name as a title, surname in capitals."""
        return f"{self.first} {self.last}".strip()


@lru_cache(maxsize=1)
def load_first_names() -> frozenset[str]:
    """Folded common first names (data/first_names.txt)."""
    return load_words("first_names.txt")


def is_first_name(word: str) -> bool:
    """Whether a word, or each part of a compound ("Jean-Marc"), is a common first name."""
    folded = fold(word).strip(".,")
    names = load_first_names()
    return folded in names or ("-" in folded and all(part in names for part in folded.split("-") if part))


def capitalise(word: str) -> str:
    """A first name in title case, hyphens kept."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def parse_name(text: str, *, surname_first: bool | None = None, stop: frozenset[str] = frozenset()) -> FoundName | None:
    """The person's name that a text begins with.

    Args:
        text: what stands after a label, or a line of its own.
        surname_first: what the label promises ("Nom, prénom"), None where it says nothing.
        stop: folded words that end a name.

    Returns:
        None when the text does not begin with two words of a name (or a title and one).
    """
    text = BIRTH_NAME.sub(lambda match: " " * len(match.group()), text)
    titled = doctor = False
    words: list[str] = []
    end = 0
    start: int | None = None
    for match in re.finditer(r"[^\s]+", text):
        if "\n" in text[end : match.start()]:
            break
        raw = match.group()
        if not words and raw in {":", "-", "–", "·", "•", ".", "/", "(", "|"}:
            continue
        word = raw.lstrip(":.(") if not words else raw
        if not word:
            continue
        folded = fold(word).rstrip(".,;:")
        if folded in _TITLES and (not words or (len(folded) > 1 and len(words) < 1)):
            titled = True
            doctor = doctor or folded in _DOCTOR
            start = match.start() if start is None else start
            end = match.end()
            continue
        if folded in {"et", "ou"} and titled and not words:
            continue
        if folded in {"ou", "et"} or folded in stop or folded in _BORN or (folded in _TITLES and len(folded) > 1):
            break
        closed = word[-1] in ",;:)" and len(word) > 1
        word = word.rstrip(",;:.)") if len(word) > 2 else word.rstrip(",;:)")
        if not word or not _NAME_WORD.match(word):
            break
        particle = fold(word) in _PARTICLES
        if not particle and not word[0].isupper():
            break
        if len(word) == 1 and not words and not titled:
            break
        start = match.start() if start is None else start
        words.extend(_GLUED.sub(r"\1 \2", word).split())
        end = match.end() - (1 if closed else 0)
        if closed or len(words) >= 6:
            break
    while words and words[-1].islower():
        words.pop()
    if start is None or not words or (len(words) < 2 and not titled) or len(words) > 5:
        return None
    if sum(len(word) for word in words) < 4:
        return None
    return _order(words, start, end, titled, doctor, surname_first)


def _order(words: list[str], start: int, end: int, titled: bool, doctor: bool, surname_first: bool | None) -> FoundName:
    known = [is_first_name(word) for word in words]
    if len(words) == 1:
        return FoundName(start, end, "", words[0].upper(), titled, doctor, any(known), ordered=True)
    upper = [word.isupper() and len(word.replace(".", "")) > 1 for word in words]
    firsts, lasts, ordered = _split(words, upper, known, surname_first)
    first = " ".join(capitalise(word) for word in firsts)
    last = " ".join(lasts).upper()
    return FoundName(start, end, first, last, titled, doctor, any(known), ordered)


def _split(
    words: list[str], upper: list[bool], known: list[bool], surname_first: bool | None
) -> tuple[list[str], list[str], bool]:
    """First names, surnames, and whether their order was seen."""
    count = len(words)
    if any(upper) and not all(upper):
        # The capitals are the surname; a particle in front of them belongs to it.
        lasts = [i for i in range(count) if upper[i]]
        low = min(lasts)
        while low > 0 and fold(words[low - 1]) in _PARTICLES:
            low -= 1
        last_set = set(range(low, max(lasts) + 1))
        return (
            [words[i] for i in range(count) if i not in last_set],
            [words[i] for i in sorted(last_set)],
            True,
        )
    head, tail = known[0], known[-1]
    if head != tail:
        if head:
            cut = 1
            while cut < count - 1 and known[cut] and fold(words[cut]) not in _PARTICLES:
                cut += 1
            return words[:cut], words[cut:], True
        return words[-1:], words[:-1], True
    if surname_first:
        return words[-1:], words[:-1], False
    return words[:1], words[1:], False
