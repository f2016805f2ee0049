"""Bank details: IBAN with the French RIB key inside, BIC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_GAP = r"[ \t.\-|\u00a0]{0,2}"
_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])(?P<n>[A-Z]{{2}}{_GAP}[0-9OoIlSB]{{1}}{_GAP}[0-9OoIlSB](?:{_GAP}[0-9A-Za-z|]){{11,30}})"
)
_BIC = re.compile(r"(?<!\w)(?P<n>[A-Z]{4}[ ]?[A-Z]{2}[ ]?[A-Z0-9]{2}(?:[ ]?[A-Z0-9]{3})?)(?!\w)")
_ACCENTS = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "AAACEEEEIIOOUUU")
_CONFUSED = str.maketrans({"O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8"})
#: Lengths of the IBANs of neighbours and of the countries whose banks French members use most (ISO 13616 register).
_LENGTHS = {
    "FR": 27,
    "MC": 27,
    "BE": 16,
    "DE": 22,
    "LU": 20,
    "ES": 24,
    "IT": 27,
    "PT": 25,
    "NL": 18,
    "CH": 21,
    "GB": 22,
}


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An IBAN or a BIC in a text.

    Attributes:
        valid: check digits hold (IBAN: mod 97 and, for France, the RIB key; BIC: form and country).
        repaired: letters were read as digits, proven by the check digits.
    """

    start: int
    end: int
    value: str
    valid: bool
    repaired: bool = False


@lru_cache(maxsize=1024)
def iban_holds(value: str) -> bool:
    """Whether an IBAN without spaces passes mod 97 and, where the country has one, its national key."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        IBAN(value, validate_bban=True)
    except SchwiftyException:
        return False
    return True


@lru_cache(maxsize=1024)
def bic_holds(value: str) -> bool:
    """Whether a BIC has the form of ISO 9362 and an existing country."""
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    try:
        BIC(value)
    except SchwiftyException:
        return False
    return True


def find_ibans(text: str) -> list[FoundAccount]:
    """Every IBAN of a line, whether its check digits hold or not; accents that a reader put on letters are dropped."""
    found = []
    for match in _IBAN.finditer(text.translate(_ACCENTS)):
        compact = [(char, match.start("n") + index) for index, char in enumerate(match.group("n")) if char.isalnum()]
        letters = "".join(char for char, _ in compact)
        length = _LENGTHS.get(letters[:2])
        if length is None or len(letters) < length:
            continue
        end = compact[length - 1][1] + 1
        if text[end : end + 1].isalnum():
            continue
        value = letters[:length].upper()
        if iban_holds(value):
            found.append(FoundAccount(match.start("n"), end, value, valid=True))
            continue
        mended = _mend_iban(letters[:length])
        if mended is not None:
            found.append(FoundAccount(match.start("n"), end, mended, valid=True, repaired=True))
        elif value[2:12].isdigit():
            found.append(FoundAccount(match.start("n"), end, value, valid=False))
    return found


def _mend_iban(value: str) -> str | None:
    """The only reading of confused letters that passes both keys; the account part may hold real letters."""
    if value[:2] != "FR":
        mended = value[:2] + value[2:].translate(_CONFUSED)
        return mended if mended != value and iban_holds(mended) else None
    head = value[:2] + value[2:14].translate(_CONFUSED)
    tail = value[25:].translate(_CONFUSED)
    account = value[14:25]
    readings = {head + middle + tail for middle in (account.upper(), account.translate(_CONFUSED).upper())}
    passing = [reading for reading in readings if iban_holds(reading)]
    return passing[0] if len(passing) == 1 else None


def rib_to_iban(bank: str, branch: str, account: str, key: str) -> str | None:
    """The IBAN of a French RIB whose key holds, None otherwise."""
    bban = f"{bank}{branch}{account}{key}".upper()
    if not re.fullmatch(r"\d{10}[0-9A-Z]{11}\d{2}", bban):
        return None
    digits = "".join(str(int(char, 36)) for char in bban + "FR00")
    value = f"FR{98 - int(digits) % 97:02d}{bban}"
    return value if iban_holds(value) else None


def find_bics(text: str) -> list[FoundAccount]:
    """Every word of a line that has the form of a BIC of an existing country."""
    found = []
    for match in _BIC.finditer(text):
        value = match.group("n").replace(" ", "")
        if bic_holds(value):
            found.append(FoundAccount(match.start(), match.end(), value, valid=True))
    return found
