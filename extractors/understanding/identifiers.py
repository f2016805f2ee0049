"""Numbers that identify people and professionals: NIR, SIRET, RPPS, FINESS, ADELI.

A letter is read as a digit only where the check digits then prove it. A number that fails its check is still
returned: only a label beside it can tell whether it is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn
from stdnum.fr import nir as stdnum_nir
from stdnum.fr import siret as stdnum_siret

_CONFUSED = str.maketrans(
    {"O": "0", "o": "0", "©": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8"}
)
_D = r"[0-9OoQDIl|SB©]"
_S = r"[ \t.\-–/|\u00a0]{0,2}"


class IdentifierKind(StrEnum):
    """Which register a number belongs to."""

    NIR = "nir"
    SIRET = "siret"
    RPPS = "rpps"
    FINESS = "finess"
    ADELI = "adeli"


@dataclass(frozen=True, slots=True)
class FoundIdentifier:
    """A number in a text that has the form of an identifier.

    Attributes:
        value: without spaces.
        valid: its check digits hold.
        repaired: letters were read as digits (only where ``valid``).
    """

    start: int
    end: int
    kind: IdentifierKind
    value: str
    valid: bool
    repaired: bool = False


def _spaced(count: int) -> str:
    return rf"{_D}(?:{_S}{_D}){{{count - 1}}}"


_PATTERNS: tuple[tuple[IdentifierKind, re.Pattern[str]], ...] = (
    (
        IdentifierKind.NIR,
        re.compile(
            rf"(?<!\w)(?<!\d[.,/-])(?P<n>[1-478Il|]{_S}{_spaced(4)}{_S}{_D}{_S}[0-9OoQDIl|SB©Aab](?:{_S}{_D}){{6}}"
            rf"(?P<key>(?:[ \t/.\-–|]{{0,3}}(?:\(|cl[ée][ \t]?:?[ \t]?)?){_D}[ \t|]?{_D})?)(?!\w)"
        ),
    ),
    (IdentifierKind.SIRET, re.compile(rf"(?<!\w)(?<!\d[.,/-])(?P<n>{_spaced(14)})(?!\w)")),
    (IdentifierKind.RPPS, re.compile(rf"(?<!\w)(?<!\d[.,/-])(?P<n>{_spaced(11)})(?!\w)")),
    (IdentifierKind.FINESS, re.compile(rf"(?<!\w)(?<!\d[.,/-])(?P<n>\d{_S}[0-9OoQDIl|SB©Aab](?:{_S}{_D}){{7}})(?!\w)")),
)


#: Two columns of amounts: no number of a register is written with both marks.
_AMOUNTS = re.compile(r"\d[.,]\d\d[ \t]+\d")


def find_identifiers(text: str) -> list[FoundIdentifier]:
    """Every run of a line that has the form of an identifier; runs may overlap, one for each register.

    A nine-digit number is returned as FINESS: only its label tells FINESS from ADELI.
    """
    found = []
    for kind, pattern in _PATTERNS:
        position = 0
        while match := pattern.search(text, position):
            raw = match.group("n")
            if not _AMOUNTS.search(raw) and sum(char.isdigit() for char in raw) >= 0.7 * len(re.sub(r"[^\w]", "", raw)):
                item = _judge(kind, raw)
                if item is not None:
                    value, valid, repaired = item
                    found.append(FoundIdentifier(match.start(), match.end(), kind, value, valid, repaired))
            position = _next_word(text, match.start())
    return found


def _next_word(text: str, start: int) -> int:
    match = re.compile(r"[ \t\n.\-–/|]").search(text, start)
    return match.end() if match else len(text)


def _judge(kind: IdentifierKind, raw: str) -> tuple[str, bool, bool] | None:
    plain = re.sub(r"cl[ée]", "", raw, flags=re.IGNORECASE)
    plain = re.sub(r"[^\w|©]", "", plain)
    bare = re.sub(r"[|©]", "", plain)
    for text in dict.fromkeys((bare, plain)):
        if is_valid(kind, text.upper()):
            return text.upper(), True, False
    fixed = plain.translate(_CONFUSED)
    if kind is IdentifierKind.NIR and re.fullmatch(r"\w{6}[ABab]\w+", bare):
        letter = bare[6].upper()
        mended = bare[:6].translate(_CONFUSED) + letter + bare[7:].translate(_CONFUSED)
        if is_valid(kind, mended):
            return mended, True, mended != bare.upper()
    if fixed != bare and fixed.isdigit() and is_valid(kind, fixed):
        return fixed, True, True
    if not bare.isdigit():
        return None
    return bare, False, False


def is_valid(kind: IdentifierKind, value: str) -> bool:
    """Whether a number without spaces has the form and the check digits of its register.

    An NIR of 13 characters (printed without its key) has nothing to check and is not valid.
    """
    if kind is IdentifierKind.NIR:
        return _nir_holds(value)
    if kind is IdentifierKind.SIRET:
        return value.isdigit() and len(value) == 14 and bool(stdnum_siret.is_valid(value)) and len(set(value)) > 2
    if kind is IdentifierKind.RPPS:
        return value.isdigit() and len(value) == 11 and value.startswith("1") and bool(luhn.is_valid(value))
    if kind in (IdentifierKind.FINESS, IdentifierKind.ADELI):
        return _nine_hold(value)
    return False


def _nir_holds(value: str) -> bool:
    if len(value) != 15 or not re.fullmatch(r"[1-478]\d{5}[0-9AB]\d{8}", value):
        return False
    if value[6] in "AB" and value[5] != "2":
        return False
    month = int(value[3:5])
    # Months above 12 exist for people whose civil status is incomplete (20 and beyond); 13 to 19 do not.
    return not 12 < month < 20 and month > 0 and bool(stdnum_nir.is_valid(value))


def _nine_hold(value: str) -> bool:
    if not re.fullmatch(r"\d[0-9AB]\d{7}", value):
        return False
    if value[1] in "AB":  # Corsican departments: no published rule, so nothing is proven
        return False
    return bool(luhn.is_valid(value)) and value[:2] != "00"
