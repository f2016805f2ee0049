"""Names of people on a page, found by a small spaCy pipeline that is trained here (``extractors/models/names``).

It sees the words around a name as well as the name: a whole page is one text. What it finds is a feature of the
candidates for names, never a value by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.understanding.candidates import Candidate
from extractors.understanding.sheet import Sheet
from extractors.understanding.text import fold, tokenize
from extractors.understanding.trained import MODELS
from schemas.errors import ConfigurationError
from schemas.vocabulary import FieldName

if TYPE_CHECKING:
    from spacy.language import Language

#: What the pipeline tags, by field.
LABELS = {
    FieldName.PATIENT_NAME: "PATIENT",
    FieldName.PRACTITIONER_NAME: "PRACTITIONER",
    FieldName.ACCOUNT_HOLDER: "HOLDER",
}
#: Stands between two rows.
BREAK = "¶"
#: Rows after this many hold the small print.
_MOST_WORDS = 350


@dataclass(frozen=True, slots=True)
class TaggedName:
    """A name that was found: what it is, and its words, folded."""

    label: str
    words: frozenset[str]


def spell_page(sheet: Sheet) -> list[str]:
    """The words of a page as the pipeline sees them: cut as the cue lists are, with a mark after each cell and row."""
    words: list[str] = []
    for row in sheet.rows:
        for cell in row.cells:
            text = row.text[cell.start : cell.end]
            words.extend(text[token.start : token.end] for token in tokenize(text))
            words.append("|")
        words[-1:] = [BREAK]
        if len(words) > _MOST_WORDS:
            break
    return words


@lru_cache(maxsize=1)
def load_name_model() -> Language:
    """The shipped pipeline, once in a process.

    Raises:
        ConfigurationError: there is none.
    """
    return read_name_model(MODELS / "names")


def read_name_model(path: Path) -> Language:
    """A pipeline from a folder.

    Raises:
        ConfigurationError: there is none.
    """
    if not path.exists():
        message = f"{path} is missing: run `liasse train`"
        raise ConfigurationError(message)
    from spacy.util import load_model_from_path

    return load_model_from_path(path)


def tag_names(sheets: Sequence[Sheet], pipeline: Language) -> list[TaggedName]:
    """The names on the first page and the last, as the pipeline sees them."""
    from spacy.tokens import Doc

    pages = [sheets[0], *([sheets[-1]] if len(sheets) > 1 else [])]
    docs = [Doc(pipeline.vocab, words=words) for words in map(spell_page, pages) if words]
    return [
        TaggedName(entity.label_, frozenset(fold(token.text) for token in entity))
        for doc in docs
        for entity in pipeline(doc).ents
    ]


def mark_named(name: FieldName, ranked: Iterable[Candidate], tagged: Sequence[TaggedName]) -> list[Candidate]:
    """Candidates for a name with the feature ``named``.

    1 where the pipeline tags exactly these words so, 0.5 where it tags some of them so, -1 where it takes them for
    somebody else, 0 where it tags nothing of them.
    """
    out = []
    for candidate in ranked:
        words = {fold(token.norm) for token in tokenize(str(candidate.value))}
        spelled = {fold(word) for word in _words_of(str(candidate.value))}
        best = 0.0
        for tag in tagged:
            same = tag.words in (words, spelled)
            shared = bool(tag.words & spelled)
            if tag.label == LABELS[name]:
                best = max(best, 1.0 if same else 0.5 if shared else 0.0)
            elif same and best <= 0:
                best = -1.0
        out.append(replace(candidate, features={**candidate.features, "named": best}))
    return out


def _words_of(value: str) -> list[str]:
    return [value[token.start : token.end] for token in tokenize(value)]
