"""How French papers print dates, amounts and names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from samples.people import Person

NBSP, NNBSP = "\u00a0", "\u202f"
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
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

DATE_FORMATS = ("slash", "slash", "slash", "dash", "dot", "short", "long", "spaced", "month")
AMOUNT_FORMATS = ("nbsp", "nbsp", "nbsp", "narrow", "bare", "dot", "point", "eur", "euro_inside")
NAME_FORMATS = ("first_last", "last_first", "civil_first_last", "civil_last_first", "capitals")


def print_date(day: dt.date, form: str) -> str:
    """A date in one of ``DATE_FORMATS`` (also "weekday", "abbreviated")."""
    first = "1er" if day.day == 1 else str(day.day)
    match form:
        case "slash":
            return f"{day:%d/%m/%Y}"
        case "dash":
            return f"{day:%d-%m-%Y}"
        case "dot":
            return f"{day:%d.%m.%Y}"
        case "short":
            return f"{day:%d/%m/%y}"
        case "unpadded":
            return f"{day.day}/{day.month}/{day:%y}"
        case "spaced":
            return f"{day:%d %m %Y}"
        case "long":
            return f"{first} {MONTHS[day.month - 1]} {day.year}"
        case "month":
            return f"{day.day:02d} {MONTHS[day.month - 1].upper()} {day.year}"
        case "weekday":
            return f"{WEEKDAYS[day.weekday()]} {first} {MONTHS[day.month - 1]} {day.year}"
        case "abbreviated":
            return f"{first} {SHORT_MONTHS[day.month - 1]} {day.year}"
    raise KeyError(form)


def print_amount(amount: Decimal, form: str) -> str:
    """An amount in one of ``AMOUNT_FORMATS``."""
    sign = "-" if amount < 0 else ""
    whole, cents = f"{abs(amount):.2f}".split(".")
    groups: list[str] = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    groups.insert(0, whole)
    plain, dotted, spaced, narrow = ("".join(groups), ".".join(groups), NBSP.join(groups), NNBSP.join(groups))
    match form:
        case "nbsp":
            return f"{sign}{spaced},{cents}{NBSP}€"
        case "narrow":
            return f"{sign}{narrow},{cents}{NBSP}€"
        case "bare":
            return f"{sign}{spaced},{cents}"
        case "dot":
            return f"{sign}{dotted},{cents}{NBSP}€"
        case "point":
            return f"{sign}{plain}.{cents}"
        case "eur":
            return f"{sign}{spaced},{cents}{NBSP}EUR"
        case "euro_inside":
            return f"{sign}{plain}€{cents}"
        case "glued":
            return f"{sign}{plain},{cents}€"
    raise KeyError(form)


def print_name(person: Person, form: str) -> str:
    """A name in one of ``NAME_FORMATS``."""
    last = person.last.upper()
    match form:
        case "first_last":
            return f"{person.first} {last}"
        case "last_first":
            return f"{last} {person.first}"
        case "civil_first_last":
            return f"{person.civility} {person.first} {last}"
        case "civil_last_first":
            return f"{person.civility} {last} {person.first}"
        case "capitals":
            return f"{last} {person.first.upper()}"
    raise KeyError(form)
