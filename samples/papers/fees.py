"""Fee notes of those who are not reimbursed, and quotes of surgeons' and anaesthetists' fees."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random

from samples.papers.bills import choose_shown, finish_bill, within
from samples.papers.request import Request, draw_price, load_acts
from samples.papers.values import Bill, Line, euros
from samples.people import draw_practitioner
from schemas.vocabulary import DocumentType


def make_fee_note(rng: Random, request: Request) -> Bill:
    """A note d'honoraires of one to four sessions."""
    while True:
        trade = rng.choice(load_acts()["note_honoraires"])
        sessions = rng.choice((1, 1, 1, 1, 2, 3)) if request.minimum is None else 5
        price = euros(round(float(draw_price(rng, trade["price"])) / 5) * 5)
        if within(price * sessions, request):
            break
    days = [request.day - dt.timedelta(days=7 * back) for back in reversed(range(sessions))]
    detailed = sessions > 1 or rng.random() < 0.5
    if detailed:
        lines = [Line(trade["label"], price, quantity=1, unit_price=price, day=day) for day in days]
    else:
        lines = [Line(trade["label"], price * sessions, quantity=sessions, unit_price=price, day=days[0])]
    columns = ("date", "label", "amount") if detailed else ("label", "quantity", "unit_price", "amount")
    adeli = rng.random() < 0.2
    bill = finish_bill(
        rng,
        request,
        document_type=DocumentType.NOTE_HONORAIRES,
        issuer=draw_practitioner(rng, trade["kind"], trade["speciality"], adeli=adeli),
        title=rng.choice(("Note d'honoraires", "Note d'honoraires", "Reçu", "Facture", "Reçu d'honoraires")),
        lines=lines,
        columns=columns,
        show=choose_shown(
            rng,
            {
                "rpps": 0.75,
                "siret": 0.85,
                "tva": 0.8,
                "birth": 0.25,
                "address": 0.4,
                "iban": 0.2,
                "care_date": 1.0 if not detailed else 0.3,
                "adeli": 1.0,
            },
        ),
        shares="none",
        care=days,
        issue_delay=(0, 1),
        numbered=rng.random() < 0.6,
    )
    if bill.settlement.status != "paid" and "Reçu" in bill.title:
        return replace(bill, title="Note d'honoraires")
    return bill


def make_fee_quote(rng: Random, request: Request) -> Bill:
    """A quote of a surgeon's fees with an excess over the base."""
    act = rng.choice(load_acts()["surgery_quotes"])
    low, high = request.excess_percent or (15, 95)
    base = euros(act["base"])
    price = euros(round(float(base) * (1 + rng.randint(low, high) / 100) / 5) * 5)
    if request.excess_percent and (price - base) * 100 <= base * low:
        price += 10
    if request.excess_percent and (price - base) * 100 >= base * high:
        price -= 10
    lines = [Line(act["label"], price, code=act["code"], unit_price=price, base=base, rate=100, amo=base)]
    speciality = rng.choice(
        ("Chirurgien orthopédiste", "Chirurgien viscéral", "Ophtalmologiste", "Anesthésiste-réanimateur")
    )
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.DEVIS_HONORAIRES,
        issuer=draw_practitioner(rng, "chirurgien", speciality),
        title=rng.choice(("Devis d'honoraires", "Information préalable sur les honoraires", "Devis chirurgical")),
        lines=lines,
        columns=("code", "label", "amount", "base", "excess"),
        show=choose_shown(
            rng, {"nir": 0.5, "rpps": 0.95, "am_number": 0.6, "birth": 0.7, "address": 0.5, "excess": 1.0}
        ),
        shares=rng.choice(("none", "amo")),
        numbered=rng.random() < 0.5,
        quote=True,
        notes=("Secteur 2. Le dépassement n'est pas remboursé par l'Assurance Maladie.",),
    )


def excess_of(bill: Bill) -> Decimal:
    """Excess of a quote of fees over its base, in euros."""
    base = sum((line.base or Decimal(0) for line in bill.lines), Decimal(0))
    return bill.total - base
