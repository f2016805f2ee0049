"""Cue lists, found by spaCy's phrase matcher.

The lists are data (data/*.yaml). The matcher is built once in a process, on first use: importing spaCy takes longer
than everything else here, so nothing imports it before a page is read. Pages and cues are cut into words by
``text.tokenize``; spaCy's French tokenizer is left out on purpose, because its exception tables alone take seconds
to load and cut "n°" and "d'honoraires" otherwise than these lists do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from extractors.understanding.layout import Row
from extractors.understanding.text import Token, fold, load_data, load_words, normalise_phrase, normalise_word, tokenize

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.vocab import Vocab

#: Shorter words are not looked at for two in one.
_SHORTEST_JOINED = 6
#: Shorter words may be the beginning of anything.
_SHORTEST_CUT = 7
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase stands for.

    Attributes:
        family: "label", "column", "payment", "nature" or "domain".
        role: name inside the family, for example "amount.total".
        weight: 1 for a strong label, less for a weak one; the weight of a type cue.
    """

    family: str
    role: str
    weight: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a row.

    Attributes:
        words: number of comparable words of the phrase: a longer phrase says more.
    """

    cue: Cue
    row: int
    start: int
    end: int
    words: int


@dataclass(slots=True)
class Lexicon:
    """The cue lists of this process, ready to match."""

    vocab: Vocab
    matcher: PhraseMatcher
    cues: dict[str, Cue]
    words: frozenset[str]
    long_words: tuple[str, ...]

    def find(self, rows: Sequence[Row], *, repair: bool) -> list[list[Hit]]:
        """Cues of every row; a phrase does not cross a cell border.

        Args:
            rows: of one page.
            repair: read a word that is one letter away from a word of the lists as that word (for OCR).
        """
        from spacy.tokens import Doc

        tokens: list[Token] = []
        places: list[tuple[int, int]] = []
        for row in rows:
            for cell in row.cells:
                text = row.text[cell.start : cell.end]
                found = tokenize(text)
                if repair:
                    found = [part for token in found for part in self._part(token, text)]
                    found = _mend_head(found, text)
                tokens.extend(found)
                places.extend((row.index, cell.start) for _ in found)
                tokens.append(Token("|", 0, 0))
                places.append((row.index, cell.start))
        hits: list[list[Hit]] = [[] for _ in rows]
        if not tokens:
            return hits
        norms = [self._repair(token.norm) if repair else token.norm for token in tokens]
        doc = Doc(self.vocab, words=norms)
        for key, start, end in self.matcher(doc):
            cue = self.cues[self.vocab.strings[key]]
            row_index, offset = places[start]
            hits[row_index].append(
                Hit(cue, row_index, offset + tokens[start].start, offset + tokens[end - 1].end, end - start)
            )
        return [_keep_longest(row_hits) for row_hits in hits]

    def name_column(self, text: str) -> frozenset[str]:
        """The roles of the longest column cue of two words or more in a phrase, none where it has none."""
        from spacy.tokens import Doc

        tokens = tokenize(text)
        found: dict[int, set[str]] = {}
        for key, start, end in self.matcher(Doc(self.vocab, words=[self._repair(token.norm) for token in tokens])):
            cue = self.cues[self.vocab.strings[key]]
            if cue.family == "column":
                found.setdefault(end - start, set()).add(cue.role)
        longest = max(found, default=0)
        return frozenset(found[longest]) if longest > 1 else frozenset()

    def read_labels(self, text: str) -> list[Hit]:
        """The label cues of a text that stands for itself, as if it were the one cell of row 0."""
        from spacy.tokens import Doc

        tokens = tokenize(text)
        found = []
        for key, start, end in self.matcher(Doc(self.vocab, words=[self._repair(token.norm) for token in tokens])):
            cue = self.cues[self.vocab.strings[key]]
            if cue.family == "label":
                found.append(Hit(cue, 0, tokens[start].start, tokens[end - 1].end, end - start))
        return _keep_longest(found)

    def _part(self, token: Token, text: str) -> list[Token]:
        """Two words of the lists that a reader saw as one ("Régléle 12/03"), else the token as it is."""
        if len(token.norm) < _SHORTEST_JOINED or token.norm in self.words or not token.norm.isalpha():
            return [token]
        for cut in range(token.end - 2, token.start + 3, -1):
            first, second = normalise_word(text[token.start : cut]), normalise_word(text[cut : token.end])
            if first in self.words and second in self.words:
                return [Token(first, token.start, cut), Token(second, cut, token.end)]
        return [token]

    def _repair(self, word: str) -> str:
        known = len(word) < 5 or word in self.words or word in load_words("first_names.txt")  # Adèle is no ADELI
        return word if known else _nearest(word)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Build the matcher from the cue lists.

    Raises:
        ConfigurationError: a list is not written as expected.
    """
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    vocab = Vocab()
    matcher = PhraseMatcher(vocab, attr="ORTH")
    cues: dict[str, Cue] = {}
    words: set[str] = set()
    for cue, phrases in _read_lists():
        key = f"{cue.family}:{cue.role}:{cue.weight}"
        cues[key] = cue
        docs = []
        for tokens in {tuple(normalise_phrase(phrase)) for text in phrases for phrase in expand(text)}:
            if tokens:
                docs.append(Doc(vocab, words=list(tokens)))
                words.update(tokens)
        matcher.add(key, docs)
    return Lexicon(vocab, matcher, cues, frozenset(words), _long_words(words))


_DATE_FIGURES = re.compile(r"[ \t]{0,2}:?[ \t]{0,2}\d\d?[ \t]?[/.\-][ \t]?\d\d?[ \t]?[/.\-]")


def _mend_head(tokens: list[Token], text: str) -> list[Token]:
    """Words of a cell, with a label at its head mended that is too short to be mended elsewhere.

    "Date" is one where a date follows; "Total" has no word like it on these papers.
    """
    if not tokens or text[: tokens[0].start].strip():
        return tokens
    first = tokens[0]
    word = fold(text[first.start : first.end])
    if len(word) == 4 and _is_near(word, "date") and _DATE_FIGURES.match(text, first.end):
        return [first._replace(norm="date"), *tokens[1:]]
    return [first._replace(norm="total"), *tokens[1:]] if _is_near(word, "total") else tokens


def _is_near(word: str, label: str) -> bool:
    return bool(OSA.distance(word, label) == 1)


def _long_words(words: set[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in words if len(word) >= 5 and word.isalpha()))


@lru_cache(maxsize=16384)
def _nearest(word: str) -> str:
    lexicon = load_lexicon()
    if not word.isalnum() or sum(char.isdigit() for char in word) > 1:
        return word
    if len(word) >= _SHORTEST_CUT:
        # narrow papers cut a label at the edge: "complementai" is "complementaire", not "complement"
        whole = [known for known in lexicon.long_words if known.startswith(word) and len(known) <= 1.4 * len(word)]
        if whole:
            return min(whole, key=len)
    allowed = 2 if len(word) >= 9 else 1
    best = process.extractOne(word, lexicon.long_words, scorer=OSA.distance, score_cutoff=allowed)
    return str(best[0]) if best else word


def expand(text: str) -> Iterator[str]:
    """Every phrase that a pattern with {a|b|} choices stands for."""
    match = _CHOICE.search(text)
    if not match:
        yield text
        return
    for choice in match.group(1).split("|"):
        yield from expand(f"{text[: match.start()]}{choice}{text[match.end() :]}")


def _read_lists() -> Iterator[tuple[Cue, list[str]]]:
    labels = load_data("labels.yaml")
    for role, groups in labels.items():
        yield Cue("label", role, 1.0), groups.get("strong", [])
        if groups.get("weak"):
            yield Cue("label", role, 0.5), groups["weak"]
    for role, phrases in load_data("columns.yaml").items():
        yield Cue("column", role, 1.0), phrases
    for role, groups in load_data("payment.yaml").items():
        yield Cue("payment", role, 1.0), groups["strong"]
        yield Cue("payment", role, 0.5), groups["weak"]
    for family, roles in load_data("types.yaml").items():
        for role, groups in roles.items():
            for weight, phrases in groups.items():
                yield Cue(family, role, float(weight)), phrases


def _keep_longest(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits of one family keep the longest; several roles of one phrase stay."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        inside = any(
            other.cue.family == hit.cue.family
            and other.start < hit.end
            and hit.start < other.end
            and (other.start, other.end) != (hit.start, hit.end)
            for other in kept
        )
        if not inside:
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))
