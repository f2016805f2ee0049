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

#: Forms of dates, amounts and names that composed layouts use besides; the rarer ones are named once.
MORE_DATES = (*DATE_FORMATS, "slash", "slash", "unpadded", "abbreviated", "weekday", "dot_short", "space_short",
              "plain_month", "day_slash", "dash_short", "bare_month", "iso")  # fmt: skip
CELL_DATES = ("slash", "slash", "short", "dash", "dot", "unpadded", "dot_short", "dash_short", "abbreviated")
MORE_AMOUNTS = (
    *AMOUNT_FORMATS,
    "nbsp",
    "glued",
    "whole",
    "whole",
    "point_euro",
    "plain_eur",
    "words",
    "before",
    "space_bare",
)
CELL_AMOUNTS = ("bare", "bare", "nbsp", "glued", "point", "whole_bare")
MORE_NAMES = (
    *NAME_FORMATS,
    "title_last_first",
    "title_first_last",
    "born",
    "small_first_last",
    "small_last_first",
    "civil_capitals",
)


def print_date(day: dt.date, form: str) -> str:
    """A date in one of ``MORE_DATES``."""
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
        case "dot_short":
            return f"{day:%d.%m.%y}"
        case "dash_short":
            return f"{day:%d-%m-%y}"
        case "space_short":
            return f"{day:%d %m %y}"
        case "plain_month":
            return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"
        case "bare_month":
            return f"{day.day} {SHORT_MONTHS[day.month - 1].rstrip('.')} {day.year}"
        case "day_slash":
            return f"{WEEKDAYS[day.weekday()][:3]}. {day:%d/%m/%Y}"
        case "iso":
            return f"{day:%Y-%m-%d}"
    raise KeyError(form)


def print_amount(amount: Decimal, form: str) -> str:
    """An amount in one of ``MORE_AMOUNTS`` or ``CELL_AMOUNTS``."""
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
        case "point_euro":
            return f"{sign}{plain}.{cents}{NBSP}€"
        case "plain_eur":
            return f"{sign}{plain},{cents}{NBSP}EUR"
        case "words":
            return f"{sign}{spaced},{cents}{NBSP}euros"
        case "before":
            return f"€{NBSP}{sign}{spaced},{cents}"
        case "space_bare":
            return f"{sign}{spaced},{cents}€"
        case "whole":
            return f"{sign}{spaced}{NBSP}€" if cents == "00" else f"{sign}{spaced},{cents}{NBSP}€"
        case "whole_bare":
            return f"{sign}{plain}" if cents == "00" else f"{sign}{plain},{cents}"
    raise KeyError(form)


def print_name(person: Person, form: str) -> str:
    """A name in one of ``MORE_NAMES``."""
    last = person.last.upper()
    title = "Monsieur" if person.sex == "M" else "Madame"
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
        case "civil_capitals":
            return f"{person.civility} {last} {person.first.upper()}"
        case "title_first_last":
            return f"{title} {person.first} {last}"
        case "title_last_first":
            return f"{title} {last} {person.first}"
        case "born":
            born = f" (née {person.birth_name.upper()})" if person.birth_name else ""
            return f"{person.civility} {last}{born} {person.first}"
        case "small_first_last":
            return f"{person.first} {person.last}"
        case "small_last_first":
            return f"{person.last} {person.first}"
    raise KeyError(form)
