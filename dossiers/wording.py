"""French sentences made of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from dossiers.papers import Paper
from schemas.claims import Person
from schemas.pieces import RequiredPiece
from schemas.readings import FieldContent
from schemas.vocabulary import DOCUMENT_LABELS_FR, MISSING_LABELS_FR

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def say_day(day: date, *, weekday: bool = False) -> str:
    """A day in full letters: "mercredi 1er avril 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    text = f"{number} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_DAYS[day.weekday()]} {text}" if weekday else text


def say_euros(amount: Decimal) -> str:
    """An amount as French people write it: "1 234,50 €" with narrow no-break spaces."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def say_content(value: FieldContent | None) -> str:
    """A value as a person would read it out."""
    if value is None:
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return say_euros(value)
    if isinstance(value, tuple):
        return say_list([say_day(day) for day in value])
    return say_day(value) if isinstance(value, date) else value


def say_list(things: Sequence[str]) -> str:
    """An enumeration: "a, b et c"."""
    return " et ".join(filter(None, [", ".join(things[:-1]), things[-1]])) if things else ""


def say_person(person: Person) -> str:
    """A person's name, with the birth name where there is one."""
    return f"{person.full_name} (nom de naissance {person.birth_name})" if person.birth_name else person.full_name


def describe_kind(required: RequiredPiece) -> str:
    """What a person calls a required piece; one kind of paper has a name of its own."""
    if len(required.kinds) == 1:
        return DOCUMENT_LABELS_FR[required.kinds[0]]
    return MISSING_LABELS_FR[required.piece]


def say_kinds(papers: Iterable[Paper]) -> str:
    """The kinds of some papers, each once."""
    return ", ".join(dict.fromkeys(DOCUMENT_LABELS_FR[paper.type] for paper in papers))
