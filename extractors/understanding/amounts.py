"""Amounts of money as French papers write them.

The last separator followed by exactly two digits is the decimal one; every other separator must be a thousands mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

#: Spaces that may part thousands: plain, no-break, narrow no-break, thin.
_S = r"[ \u00a0\u202f\u2009]"
#: ... and the Swiss mark for them, never beside a space.
_T = rf"(?:{_S}|['’](?=\d))"
_SIGN = r"(?:€|EUR(?:OS?)?\b|euros?\b)"
#: A lone E counts only behind cents: "8690E" is the trade of a dentist.
_CURRENCY = rf"(?:{_SIGN}|E(?![\w]))"
_NUMBER = (
    rf"\d{{1,3}}(?:{_T}\d{{3}})+{_S}?[.,]{_S}?\d{{2}}"  # 1 234,56  1'234,56
    r"|\d{1,3}(?:\.\d{3})+,\d{2}"  # 1.234,56
    r"|\d{1,3}(?:,\d{3})+\.\d{2}"  # 1,234.56
    rf"|\d{{1,9}}{_S}?,{_S}?\d{{2}}|\d{{1,9}}\.\d{{2}}"  # 1234,56  12 , 50
)
_AMOUNT = re.compile(
    rf"(?<![\w/])(?<![\d][.,'’])(?P<sign>[-−–](?={_S}?\d))?{_S}?"
    rf"(?:(?P<split>\d{{1,3}}(?:{_T}\d{{3}})*|\d{{1,9}}){_S}?€{_S}?(?P<cents>\d{{2}})(?!\d)"
    rf"|(?P<number>{_NUMBER})(?![\d])(?![.,]\d)(?![\w/])?(?:[ \t\u00a0\u202f]{{0,2}}(?P<currency>{_CURRENCY}))?"
    rf"|(?P<whole>\d{{1,3}}(?:{_T}\d{{3}})+|\d{{1,9}})(?:,-)?[ \t\u00a0\u202f]{{0,2}}(?P<unit>{_SIGN}))",
    re.IGNORECASE,
)
_AFTER_RATE = re.compile(r"^[ \t\u00a0\u202f]{0,2}%")
#: Money that is not ours: what a foreign amount comes to is not printed, so it is no amount of the paper.
_FOREIGN_AFTER = re.compile(r"^[ \t\u00a0\u202f]{0,2}(?:[$£¥]|(?:CHF|USD|GBP|CAD|MAD|DZD|TND|XPF|F ?CFA|FCFP)\b)", re.I)
_FOREIGN_BEFORE = re.compile(r"(?:[$£¥]|\b(?:CHF|USD|GBP|CAD|MAD|DZD|TND|XPF))[ \t\u00a0\u202f]{0,2}$", re.I)


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount in a text.

    Attributes:
        currency: a sign of the currency is printed.
        cents: two decimals are printed.
    """

    start: int
    end: int
    value: Decimal
    currency: bool
    cents: bool


def parse_amount(text: str) -> Decimal | None:
    """The amount that a text is, with or without its currency, or None when it is not exactly one amount."""
    stripped = text.strip()
    found = find_amounts(stripped)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(stripped):
        return found[0].value
    return None


def find_amounts(text: str) -> list[FoundAmount]:
    """Every amount of a text, left to right: with two decimals, or whole with the currency printed after it.

    Rates ("20,00 %") and pieces of dates or of longer numbers are left out.
    """
    found = []
    for match in _AMOUNT.finditer(text):
        if _AFTER_RATE.match(text[match.end() :]) or _runs_on(text, match) or _is_foreign(text, match):
            continue
        sign = -1 if match.group("sign") else 1
        if match.group("split"):
            value = Decimal(_strip(match.group("split"))) + Decimal(match.group("cents")) / 100
            currency = cents = True
        elif match.group("number"):
            value = _decimal(match.group("number"))
            currency, cents = bool(match.group("currency")), True
        else:
            value = Decimal(_strip(match.group("whole")))
            currency, cents = True, False
        start = match.start("sign") if match.group("sign") else _first(match)
        found.append(FoundAmount(start, match.end(), (sign * value).quantize(Decimal("0.01")), currency, cents))
    return found


def _first(match: re.Match[str]) -> int:
    return min(match.start(name) for name in ("split", "number", "whole") if match.group(name))


def _runs_on(text: str, match: re.Match[str]) -> bool:
    """True for a piece of something longer: a date, a reference, a phone number."""
    after = text[match.end() : match.end() + 1]
    if match.group("currency") or match.group("unit") or match.group("split"):
        return False
    return after.isalnum() or after == "/"


def _is_foreign(text: str, match: re.Match[str]) -> bool:
    if match.group("currency") or match.group("unit") or match.group("split"):
        return False
    return bool(_FOREIGN_AFTER.match(text[match.end() :]) or _FOREIGN_BEFORE.search(text[: _first(match)]))


def _strip(text: str) -> str:
    return re.sub(r"[^\d]", "", text)


def _decimal(text: str) -> Decimal:
    digits = _strip(text)
    return Decimal(f"{digits[:-2]}.{digits[-2:]}")


_WITHOUT_COMMA = re.compile(r"(\d{1,4})[ \t](\d{2})(?:[ \t]?€)?")


def read_without_comma(text: str) -> Decimal | None:
    """The amount that lost its comma in some figures ("57 16" for 57,16); None where they are nothing of the kind."""
    match = _WITHOUT_COMMA.fullmatch(text.strip())
    return Decimal(f"{match[1]}.{match[2]}") if match else None
