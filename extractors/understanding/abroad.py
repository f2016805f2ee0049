"""Papers from abroad, told by what papers from France do not print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from stdnum import iban as stdnum_iban
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat
from stdnum.fr import tva as french_vat

from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import fold, load_data

#: Numbers that only professionals established in France have.
_FRENCH = (SpotKind.SIRET, SpotKind.FINESS, SpotKind.RPPS)
#: Another country's currency or number of value added tax tells by itself, the rest only together.
_STRONG, _WEAK = 2, 1
#: Words of one language that tell something, and that tell by themselves.
_SOME_WORDS, _MANY_WORDS = 2, 4
#: No space after the country's letters: "de" and "es" are French words.
_VAT = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2}[0-9A-Z][0-9A-Z.\-]{6,13})(?![A-Za-z0-9])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \t]?[0-9A-Z]{4}){2,7}(?:[ \t]?[0-9A-Z]{1,3})?\b")
_SWISS_VAT = re.compile(r"\bCHE[-\s]?\d{3}[.\s]?\d{3}[.\s]?\d{3}(?:\s?(?:MWST|TVA|IVA))?", re.IGNORECASE)
_FRENCH_VAT = re.compile(r"\bFR\s?[0-9A-Z]{2}(?:[ \t.]?\d{3}){3}(?!\d)")


def find_foreign_signs(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """What says that a paper was made out abroad, as printed; nothing where too little says so.

    A paper that prints a valid French number of its issuer is French, whatever else it says.

    Args:
        sheets: pages of the paper.
    """
    if any(_is_french(sheet) for sheet in sheets):
        return ()
    signs = dict(sign for sheet in sheets for sign in _find_in_sheet(sheet))
    words, weight = _find_words(sheets)
    if weight:
        signs[" ".join(words)] = weight
    return tuple(signs) if sum(signs.values()) >= _STRONG else ()


def _is_french(sheet: Sheet) -> bool:
    if any(spot.valid for spot in sheet.spots_of(*_FRENCH)):
        return True
    return any(french_vat.is_valid(found.group()) for row in sheet.rows for found in _FRENCH_VAT.finditer(row.text))


def _find_in_sheet(sheet: Sheet) -> Iterator[tuple[str, int]]:
    for row in sheet.rows:
        yield from ((found.group().strip(), _STRONG) for found in _currency_pattern().finditer(row.text))
        for found in _SWISS_VAT.finditer(row.text):
            if swiss_vat.is_valid(found.group()) or swiss_vat.is_valid(found.group() + " TVA"):
                yield found.group(), _STRONG
        for found in _VAT.finditer(row.text):
            number = found.group(1)
            if number[:2] != "FR" and european_vat.is_valid(number):
                yield number, _STRONG
        yield from ((found.group(1), _WEAK) for found in _postcode_pattern().finditer(row.text))
        for found in _IBAN.finditer(row.text):
            if found.group()[:2] not in ("FR", "MC") and stdnum_iban.is_valid(found.group(), check_country=False):
                yield found.group().strip(), _WEAK


def _find_words(sheets: Sequence[Sheet]) -> tuple[list[str], int]:
    """The words of the one foreign language that has most of them, and what they weigh."""
    printed = {word for sheet in sheets for row in sheet.rows for word in re.findall(r"[a-z]+", fold(row.text))}
    found = max((sorted(printed & set(words)) for words in _load()["words"].values()), key=len)
    weight = _STRONG if len(found) >= _MANY_WORDS else _WEAK if len(found) >= _SOME_WORDS else 0
    return found, weight


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    return load_data("abroad.yaml")


@lru_cache(maxsize=1)
def _currency_pattern() -> re.Pattern[str]:
    codes = "|".join(_load()["currencies"])
    number = r"\d[\d' \u00a0\u202f]*[.,]\d{2}"
    return re.compile(rf"\b(?:{codes})[ \t]?{number}(?!\d)|(?<!\d){number}[ \t]?(?:{codes})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _postcode_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,])((?:{'|'.join(_load()['postcodes']).upper()})-\d{{4,5}})(?=\s+[A-ZÀ-Ý])")
