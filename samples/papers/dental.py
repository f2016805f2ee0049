"""Dental invoices and quotes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from samples.papers.bills import add_shares, choose_shown, finish_bill, within
from samples.papers.request import Request, draw_price, load_acts
from samples.papers.values import Bill, Line, euros
from samples.people import draw_practitioner
from schemas.vocabulary import DocumentType

_TEETH = [quadrant * 10 + place for quadrant in (1, 2, 3, 4) for place in range(1, 8)]


def _draw_lines(rng: Random, request: Request, *, dated: bool) -> list[Line]:
    acts = load_acts()["dentaire"]["acts"]
    count = rng.choice((1, 2, 2, 3, 4)) if request.minimum is None else rng.randint(5, 8)
    if request.pages == 2:
        count = max(count, 6)
    lines = []
    day = request.day
    for _ in range(count):
        act = rng.choice(acts)
        amount = draw_price(rng, act["price"])
        base = act.get("base")
        lines.append(
            add_shares(
                Line(
                    label=act["label"],
                    amount=amount,
                    code=act["code"],
                    unit_price=amount,
                    base=euros(base) if base is not None else None,
                    rate=act.get("rate"),
                    day=day if dated else None,
                    location=str(rng.choice(_TEETH)) if act["tooth"] else None,
                    detail=f"Panier {act['panier']}",
                )
            )
        )
        if dated and rng.random() < 0.3:
            day -= dt.timedelta(days=rng.choice((7, 14, 21)))
    return sorted(lines, key=lambda line: line.day or request.day)


def make_dental_bill(rng: Random, request: Request, *, quote: bool = False) -> Bill:
    """An invoice or a quote of a dental surgery."""
    while True:
        lines = _draw_lines(rng, request, dated=not quote)
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    columns = ["code", "label", "location", "amount"] if quote else ["date", "code", "label", "location", "amount"]
    if quote or rng.random() < 0.7:
        columns += ["base", "amo"]
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.DEVIS_DENTAIRE if quote else DocumentType.FACTURE_DENTAIRE,
        issuer=draw_practitioner(
            rng, "chirurgien-dentiste", rng.choice(("Chirurgien-dentiste", "Docteur en chirurgie dentaire"))
        ),
        title=rng.choice(("Devis pour traitements dentaires", "Devis"))
        if quote
        else rng.choice(("Facture", "Note d'honoraires dentaires", "Facture de soins dentaires")),
        lines=lines,
        columns=columns,
        show=choose_shown(
            rng,
            {
                "nir": 0.6,
                "rpps": 0.95,
                "siret": 0.6,
                "am_number": 0.6,
                "birth": 0.6,
                "care_date": 0.2,
                "member_number": 0.25,
                "mutuelle": 0.3,
                "address": 0.7,
                "tva": 0.4,
                "deposit": 0.1,
            },
        ),
        shares=rng.choice(("amo", "amo", "all")) if quote else rng.choice(("none", "amo", "all")),
        amc_rate=Decimal(rng.choice(("0.3", "0.5", "1"))),
        care=sorted({line.day for line in lines if line.day}) or None,
        issue_delay=(0, 12),
        quote=quote,
        numbered=quote or rng.random() < 0.85,
        pages=2 if not quote and len(lines) >= 4 and rng.random() < 0.3 else 1,
        notes=("Lieu de fabrication de la prothèse : France.",) if quote else (),
    )
