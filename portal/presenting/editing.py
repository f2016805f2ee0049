"""Values as a gestionnaire types them, and back."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from extractors.understanding.dates import find_dates
from portal.french import mask_nir
from schemas.readings import FieldContent
from schemas.vocabulary import AMOUNT_FIELDS, FieldName

_YES, _NO = frozenset({"oui", "o", "payee", "payée", "acquittee", "acquittée"}), frozenset({"non", "n"})
_IDENTIFIERS = frozenset(
    {FieldName.NIR, FieldName.FINESS, FieldName.RPPS, FieldName.SIRET, FieldName.IBAN, FieldName.BIC}
)


def write_content(name: FieldName, value: FieldContent | None) -> str:
    """A value as the input field shows it; typing the same again changes nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(_write_day(day) for day in value)
    if isinstance(value, dt.date):
        return _write_day(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    return mask_nir(value) if name is FieldName.NIR else value


def parse_content(name: FieldName, text: str, today: dt.date) -> FieldContent | None:
    """The value that somebody typed, or pointed at on the page; None for nothing.

    Raises:
        ValueError: it is none; the message is the French sentence to show.
    """
    text = " ".join(text.split())
    if not text:
        return None
    if name in AMOUNT_FIELDS:
        return _parse_amount(text)
    if name in (FieldName.ISSUE_DATE, FieldName.CARE_DATES):
        days = tuple(dict.fromkeys(found.value for found in find_dates(text, today=today)))
        if not days or (name is FieldName.ISSUE_DATE and len(days) > 1):
            raise ValueError("Écrivez la date comme 03/10/2026.")
        return days if name is FieldName.CARE_DATES else days[0]
    if name is FieldName.PAID:
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise ValueError("Répondez oui, non, ou laissez vide si rien n’est imprimé.")
    if name in _IDENTIFIERS:
        bare = re.sub(r"[\s.\-/\u00a0\u202f]", "", text).upper()
        if not bare.isalnum():
            raise ValueError("Cet identifiant ne compte que des lettres et des chiffres.")
        return bare
    return text[:200]


def _write_day(day: dt.date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _parse_amount(text: str) -> Decimal:
    bare = re.sub(r"[\s\u00a0\u202f€]|EUR(?:OS?)?", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d{2}", bare):
        bare = bare.replace(".", "")
    try:
        amount = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        raise ValueError("Écrivez le montant comme 1389,00.") from None
    if not amount.is_finite() or abs(amount) >= 10_000_000:
        raise ValueError("Écrivez le montant comme 1389,00.")
    return amount.quantize(Decimal("0.01"))
