"""How dates, amounts, identifiers and sentences are written in French."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

#: No-break space (before a colon, a euro sign, inside guillemets) and its narrow form (before ; ! ? and thousands).
NBSP = "\u00a0"
NARROW = "\u202f"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def show_day(day: dt.date) -> str:
    """A date as people say it: ``3 mars 2026``, ``1er mars 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def show_moment(moment: dt.datetime) -> str:
    """A moment in the time of the site: ``3 mars 2026 à 14 h 05``."""
    local = timezone.localtime(moment)
    return f"{show_day(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def show_amount(amount: Decimal) -> str:
    """An amount in euros: ``1 234,56 €``."""
    sign = "-" if amount < 0 else ""
    whole, cents = f"{abs(amount):.2f}".split(".")
    groups = f"{int(whole):,}".replace(",", NARROW)
    return f"{sign}{groups},{cents}{NBSP}€"


def show_size(size: int) -> str:
    """A file size: ``350 ko``, ``2,4 Mo``."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}ko"
    return f"{size / 1_000_000:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f"{NBSP}Mo"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: ``0 papier``, ``1 papier``, ``2 papiers``."""
    return f"{number}{NBSP}{one if number < 2 else many}"


def enumerate_words(words: Sequence[str]) -> str:
    """Words in a row: ``a, b et c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def capitalise(text: str) -> str:
    """The same text with a capital first letter; the rest is left alone."""
    return text[:1].upper() + text[1:]


def typeset(text: str) -> str:
    """A sentence with the apostrophes and the no-break spaces of French typography.

    Sentences come from many places (rules, readings); this is the one place where they get their spaces.
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+(?=[;!?](?:\s|$))", NARROW, text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+(?=[:»€%](?:[\s.,;)]|$))", NBSP, text)
    return re.sub(r"«\s+", f"«{NBSP}", text)


def mask_nir(nir: str) -> str:
    """A social security number of which only the sex and the year of birth can be read."""
    digits = re.sub(r"\s", "", nir)
    return f"{digits[:1]} {digits[1:3]} ** ** *** *** **".replace(" ", NBSP)


def group_digits(identifier: str, sizes: Sequence[int]) -> str:
    """An identifier cut into groups, the last size repeating: SIRET ``(3, 3, 3, 5)``, IBAN ``(4,)``."""
    groups: list[str] = []
    rest = identifier
    index = 0
    while rest:
        size = sizes[min(index, len(sizes) - 1)]
        groups.append(rest[:size])
        rest = rest[size:]
        index += 1
    return NBSP.join(groups)


def name_pages(pages: Sequence[int]) -> str:
    """Pages of a file, as people name them."""
    if len(pages) == 1:
        return f"page {pages[0]}"
    if list(pages) == list(range(pages[0], pages[-1] + 1)) and len(pages) > 2:
        return f"pages {pages[0]} à {pages[-1]}"
    return f"pages {enumerate_words([str(page) for page in pages])}"
