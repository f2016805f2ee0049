"""Words made comparable: accents, case, abbreviations, plurals.

Cue lists and pages go through the same function, so that a cue is written once and found in every spelling.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from schemas.errors import ConfigurationError

#: Abbreviated initials first ("R.O.", "S.S."), then "n°", then runs of letters, then runs of digits.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W\d_]))?|\b[nN]\s?[°º*](?![^\W_])|\b[nN][°º*]|[^\W\d_]+|\d+|[€%]",
)

#: Abbreviations that the trade writes every day, after folding.
_ABBREVIATIONS = {
    "no": "numero",
    "num": "numero",
    "nr": "numero",
    "nro": "numero",
    "ref": "reference",
    "fact": "facture",
    "mt": "montant",
    "mtt": "montant",
    "qte": "quantite",
    "qt": "quantite",
    "mut": "mutuelle",
    "benef": "beneficiaire",
    "hono": "honoraire",
    "honor": "honoraire",
    "rembt": "remboursement",
    "remb": "remboursement",
    "secu": "securite",
    "dr": "docteur",
    "pr": "professeur",
    "mle": "mademoiselle",
    "mlle": "mademoiselle",
    "mme": "madame",
    "mr": "monsieur",
    "cpte": "compte",
    "immat": "immatriculation",
    "adh": "adherent",
    "ident": "identifiant",
    "id": "identifiant",
    "presta": "prestation",
    "regl": "reglement",
    "chq": "cheque",
}


#: Endings that forms print in brackets: "né(e)", "assuré(e)(s)".
_OPTIONAL = frozenset({"e", "es", "s", "ne", "trice", "E", "S"})


class Token(NamedTuple):
    """A comparable word and the place of its letters in the text it was found in."""

    norm: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, without accents or ligatures, straight apostrophes."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def normalise_word(text: str) -> str:
    """The comparable form of one word: folded, abbreviation spelled out, plural and feminine endings dropped."""
    folded = fold(text).replace(".", "")
    if "°" in folded or "º" in folded or "*" in folded or folded == "no":
        return "numero"
    folded = _ABBREVIATIONS.get(folded, folded)
    if len(folded) >= 4 and folded.isalpha():
        if not folded.endswith("ss"):  # "finess" is no plural of "fine"
            folded = folded.rstrip("s")
        if folded.endswith("ee"):
            folded = folded[:-1]
    return folded


def tokenize(text: str) -> list[Token]:
    """Comparable words of a text, punctuation left out, with their places."""
    return [
        Token(normalise_word(match.group()), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if not (match.group() in _OPTIONAL and text[match.start() - 1 : match.start()] == "(")
    ]


def normalise_phrase(text: str) -> list[str]:
    """Comparable words of a cue."""
    return [token.norm for token in tokenize(text)]


_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=8)
def load_words(name: str) -> frozenset[str]:
    """Folded words of a list in data/; lines that begin with # are left out."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def compile_words(name: str, key: str, *, whole: bool = False) -> re.Pattern[str]:
    """One pattern out of a list of fragments in a YAML file of data/, to search in folded text.

    Args:
        name: of the file.
        key: of the list in it.
        whole: the fragments are whole words.
    """
    body = "|".join(load_data(name)[key])
    return re.compile(rf"\b(?:{body})\b" if whole else body)


def load_data(name: str) -> dict[str, Any]:
    """One of the YAML files of data/.

    Raises:
        ConfigurationError: it is no mapping.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load((_DATA / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
    if not isinstance(data, dict):
        message = f"{name}: a mapping of roles is expected"
        raise ConfigurationError(message)
    return data
