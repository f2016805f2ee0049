"""Field values as people read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from portal.french import NBSP, enumerate_words, group_digits, mask_nir, show_amount, show_day
from schemas.readings import FieldContent
from schemas.vocabulary import FieldName

_GROUPS: dict[FieldName, tuple[int, ...]] = {
    FieldName.IBAN: (4,),
    FieldName.SIRET: (3, 3, 3, 5),
    FieldName.FINESS: (2, 7),
    FieldName.RPPS: (5, 6),
}


def show_content(name: FieldName, value: FieldContent | None) -> str:
    """A value in words; the social security number is always masked."""
    if value is None:
        return "illisible"
    if isinstance(value, bool):
        return "oui" if value else "non, une somme reste due"
    if isinstance(value, tuple):
        return show_days(value)
    if isinstance(value, dt.date):
        return show_day(value)
    if isinstance(value, Decimal):
        return show_amount(value)
    if name is FieldName.NIR:
        return mask_nir(value)
    if name in _GROUPS:
        return group_digits(value, _GROUPS[name])
    return value


def show_days(days: tuple[dt.date, ...]) -> str:
    """Several dates; beyond four, the first and the last with their number."""
    if len(days) <= 4:
        return enumerate_words([show_day(day) for day in days])
    return f"du {show_day(days[0])} au {show_day(days[-1])} ({len(days)}{NBSP}dates)"


def show_raw(name: FieldName, raw: str) -> str:
    """What was read letter by letter; masked where the value is."""
    return mask_nir(raw) if name is FieldName.NIR and raw else raw
