"""Prints values into HTML and marks each printed value, so that the truth can be read back from the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from markupsafe import Markup, escape

from samples.formats import print_amount, print_date, print_name
from samples.identifiers import group_digits, make_iban
from samples.layouts.style import Style
from samples.layouts.wordings import DUE_MENTIONS, HAND_MENTIONS, PAID_MENTIONS, STAMP_MENTIONS
from samples.papers.values import Bill, Line
from samples.people import Issuer, Person


class Pen:
    """What a template writes with.

    Every method returns HTML. ``data-f`` marks a field of interfaces, ``data-i``/``data-k`` a cell of a line item,
    ``data-o`` another number or date that a reader might take for a field.
    """

    def __init__(self, style: Style) -> None:
        self.style = style

    def field(self, name: str, value: str, text: str, *, css: str = "") -> Markup:
        """A printed value of a field; ``value`` is what truth will say."""
        return Markup('<span class="m {}" data-f="{}" data-v="{}">{}</span>').format(css, name, value, text)

    def other(self, kind: str, value: str, text: str | None = None) -> Markup:
        """A printed value that is no field."""
        return Markup('<span class="m" data-o="{}" data-v="{}">{}</span>').format(kind, value, text or value)

    def amount(self, name: str, amount: Decimal, *, css: str = "") -> Markup:
        """An amount that is a field."""
        return self.field(name, f"{amount:.2f}", print_amount(amount, self.style.amount_format), css=css)

    def other_amount(self, kind: str, amount: Decimal) -> Markup:
        """An amount that is no field."""
        return self.other(kind, f"{amount:.2f}", print_amount(amount, self.style.amount_format))

    def day(self, name: str, day: dt.date, form: str | None = None) -> Markup:
        """A date that is a field."""
        return self.field(name, day.isoformat(), print_date(day, form or self.style.date_format))

    def other_day(self, kind: str, day: dt.date, form: str | None = None) -> Markup:
        """A date that is no field."""
        return self.other(kind, day.isoformat(), print_date(day, form or self.style.date_format))

    def boxed(self, name: str, value: str, text: str) -> Markup:
        """Characters in boxes, one each, as forms ask for dates and numbers."""
        cells = Markup("").join(Markup("<b>{}</b>").format(char) for char in text if char.strip())
        return Markup('<span class="m boxes" data-f="{}" data-v="{}" data-p="{}">{}</span>').format(
            name, value, text, cells
        )

    def boxed_day(self, name: str, day: dt.date, *, short: bool = False) -> Markup:
        """A date in boxes."""
        return self.boxed(name, day.isoformat(), f"{day:%d%m%y}" if short else f"{day:%d%m%Y}")

    def days(self, name: str, days: Sequence[dt.date]) -> Markup:
        """Several dates: all of them, or the first and last one when there are more than four."""
        if len(days) > 4:
            return Markup("du {} au {}").format(self.day(name, days[0]), self.day(name, days[-1]))
        return Markup(", ").join(self.day(name, day) for day in days)

    def person(self, person: Person, name: str = "patient_name", form: str | None = None) -> Markup:
        """A person's name that is a field."""
        return self.field(name, person.full_name, print_name(person, form or self.style.name_format))

    def adherent(self, bill: Bill) -> Markup:
        """The adhérent's name: the patient's own, or another one."""
        person = bill.member.adherent
        text = print_name(person, self.style.pick("adherent", ("civil_first_last", "civil_last_first", "last_first")))
        if person == bill.patient:
            return self.field("patient_name", person.full_name, text)
        return self.other("adherent_name", person.full_name, text)

    def issuer(self, issuer: Issuer, *, doctor: bool | None = None) -> Markup:
        """The name that the paper answers to."""
        text = issuer.name
        if issuer.is_place:
            if self.style.toss("sign", 0.4):
                text = text.upper()
        elif doctor if doctor is not None else issuer.kind in ("médecin", "chirurgien", "chirurgien-dentiste"):
            text = f"{self.style.pick('dr', ('Dr', 'Docteur', 'Dr', 'Docteur'))} {text}"
        return self.field("practitioner_name", issuer.name, text)

    def nir(self, nir: str) -> Markup:
        """A NIR, grouped as people group it."""
        form = self.style.pick("nir_form", ("full", "full", "glued", "key"))
        text = {
            "full": group_digits(nir, (1, 2, 2, 2, 3, 3, 2)),
            "glued": nir,
            "key": group_digits(nir[:13], (1, 2, 2, 2, 3, 3)) + " clé " + nir[13:],
        }[form]
        return self.field("nir", nir, text)

    def siret(self, siret: str) -> Markup:
        """A SIRET, glued or grouped."""
        return self.field("siret", siret, siret if self.style.toss("siret", 0.4) else group_digits(siret, (3, 3, 3, 5)))

    def rpps(self, rpps: str) -> Markup:
        """An RPPS number."""
        return self.field("rpps", rpps, rpps if self.style.toss("rpps", 0.75) else group_digits(rpps, (3, 4, 4)))

    def finess(self, finess: str) -> Markup:
        """A FINESS number."""
        return self.field(
            "finess", finess, finess if self.style.toss("finess", 0.7) else group_digits(finess, (2, 1, 6))
        )

    def phone(self, phone: str) -> Markup:
        """A phone number, which is no field."""
        return self.other("phone", phone, group_digits(phone, (2,), self.style.pick("phone", (" ", ".", " "))))

    def iban_of_issuer(self) -> Markup:
        """The IBAN to which a practitioner asks to be paid, which is no field."""
        iban = make_iban(Random(f"{self.style.seed}:iban"), "18429")
        return self.other("issuer_iban", iban, group_digits(iban, (4,)))

    def cell(self, index: int, key: str, line: Line) -> Markup:
        """One cell of a line; empty where the line has nothing there."""
        style = self.style
        if key == "excess":
            excess = max(Decimal(0), line.amount - (line.base or Decimal(0)))
            return self.other("excess", f"{excess:.2f}", print_amount(excess, style.cell_amount_format))
        name = "day" if key == "date" else key
        value = getattr(line, name)
        if value is None:
            return Markup("")
        if isinstance(value, dt.date):
            text, plain = print_date(value, style.cell_date_format), value.isoformat()
            return Markup('<span class="m" data-f="care_dates" data-v="{}" data-i="{}" data-k="date">{}</span>').format(
                plain, index, text
            )
        if isinstance(value, Decimal):
            text, plain = print_amount(value, style.cell_amount_format), f"{value:.2f}"
        elif key == "location" and value in ("D", "G") and style.toss("ear", 0.6):
            text, plain = {"D": "droite", "G": "gauche"}[value], str(value)
        else:
            text = plain = str(value)
        mark = Markup('<span class="{}" data-i="{}" data-k="{}" data-v="{}">{}</span>')
        return mark.format("" if key == "label" else "m", index, key, plain, text)

    def detail(self, index: int, line: Line) -> Markup:
        """What is printed under the wording of a line: brand, basket, serial number; empty where there is none."""
        if not line.detail:
            return Markup("")
        mark = '<div class="detail" data-i="{}" data-detail="{}">{}</div>'
        return Markup(mark).format(index, line.detail, line.detail)

    def row(self, index: int, key: str, value: dt.date | Decimal | str) -> Markup:
        """One cell of a statement's row; its dates are care dates too."""
        if isinstance(value, dt.date):
            plain, text, field = value.isoformat(), print_date(value, self.style.cell_date_format), "care_dates"
            mark = Markup('<span class="m" data-f="{}" data-v="{}" data-i="{}" data-k="{}">{}</span>')
            return mark.format(field, plain, index, key, text)
        text = print_amount(value, self.style.cell_amount_format) if isinstance(value, Decimal) else value
        plain = f"{value:.2f}" if isinstance(value, Decimal) else value
        mark = Markup('<span data-i="{}" data-k="{}" data-v="{}">{}</span>')
        return mark.format(index, key, plain, text)

    def plain(self, amount: Decimal) -> str:
        """An amount that nobody needs to find."""
        return print_amount(amount, self.style.cell_amount_format)

    def paid(self, bill: Bill) -> Markup:
        """The mention of payment, or of what is still due; nothing when the paper is silent."""
        style, settlement = self.style, bill.settlement
        if settlement.status == "silent":
            return Markup("")
        form = "due" if settlement.status == "due" else settlement.form
        pools = {"mention": PAID_MENTIONS, "stamp": STAMP_MENTIONS, "hand": HAND_MENTIONS, "due": DUE_MENTIONS}
        day = settlement.day or bill.issued
        kind = "due_date" if form == "due" else "payment_date"
        date_form = "unpadded" if form == "hand" else "slash" if form == "stamp" else None
        text = escape(style.pick("paid", pools[form])).replace("\n", Markup("<br>"))
        filled = text.format(
            day=self.other_day(kind, day, date_form),
            method=settlement.method,
            amount=self.other_amount("balance_due", settlement.still_due) if settlement.still_due is not None else "",
        )
        value = "false" if form == "due" else "true"
        tilt = f"transform: rotate({style.stamp_tilt if form == 'stamp' else style.stamp_tilt / 4:.1f}deg)"
        mark = Markup('<span class="paid {}" style="{}" data-f="paid" data-v="{}">{}</span>')
        return mark.format(form, tilt if form in ("stamp", "hand") else "", value, filled)
