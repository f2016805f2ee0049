"""Hospital stays, pharmacies and laboratories, nurses and physiotherapists."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from samples import names
from samples.identifiers import make_cip, make_lpp
from samples.papers.bills import add_shares, choose_shown, draw_prescriber, finish_bill, within
from samples.papers.request import Request, draw_price, load_acts
from samples.papers.values import Bill, Line, euros
from samples.people import draw_place, draw_practitioner
from schemas.vocabulary import DocumentType


def _draw_stay(rng: Random, request: Request) -> tuple[list[Line], list[dt.date]]:
    acts = load_acts()["hospitalisation"]
    stays = acts["stays"] if request.minimum is None else acts["stays"][3:4]
    stay = rng.choice(stays)
    nights = rng.randint(*stay["nights"])
    leave = request.day
    entry = leave - dt.timedelta(days=nights)
    price = draw_price(rng, stay["price"])
    if request.minimum is not None:
        price = max(price, euros(request.minimum))
    daily = acts["daily"]
    per_day = euros(daily["price_from"] if leave >= daily["from"] else daily["price_before"])
    lines = [Line(stay["label"], price, code="GHS", unit_price=price, base=price, rate=80, day=entry)]
    if nights:
        days = nights + 1
        lines.append(Line(daily["label"], per_day * days, code="FJ", quantity=days, unit_price=per_day, day=entry))
        if rng.random() < 0.6:
            room = draw_price(rng, acts["room"]["price"])
            lines.append(
                Line(acts["room"]["label"], room * nights, code="CP", quantity=nights, unit_price=room, day=entry)
            )
        if rng.random() < 0.5:
            extra = rng.choice(acts["extras"])
            each = draw_price(rng, extra["price"])
            lines.append(Line(extra["label"], each * nights, quantity=nights, unit_price=each, day=entry))
    for fee in acts["fees"][: rng.choice((0, 1, 2))]:
        amount = draw_price(rng, fee["price"])
        lines.append(
            Line(fee["label"], amount, code=fee["code"], unit_price=amount, base=euros(fee["base"]), rate=80, day=entry)
        )
    return [add_shares(line) for line in lines], sorted({entry, leave})


def make_hospital_bill(rng: Random, request: Request) -> Bill:
    """A bordereau or invoice of a clinic or a hospital, with its stay."""
    while True:
        lines, days = _draw_stay(rng, request)
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.FACTURE_HOSPITALIERE,
        issuer=draw_place(rng, "établissement", names.CLINICS),
        title=rng.choice(("Bordereau de facturation", "Facture d'hospitalisation", "Facture de séjour")),
        lines=lines,
        columns=rng.choice(
            (
                ("code", "label", "quantity", "unit_price", "amount", "amo"),
                ("label", "quantity", "amount", "base", "amo"),
                ("code", "label", "quantity", "amount", "amo"),
            )
        ),
        show=choose_shown(
            rng,
            {
                "nir": 0.95,
                "member_number": 0.6,
                "mutuelle": 0.8,
                "finess": 0.98,
                "siret": 0.8,
                "birth": 0.8,
                "care_date": 1.0,
                "address": 0.8,
                "stay_number": 0.9,
            },
        ),
        shares=rng.choice(("amo", "all", "all")),
        amc_rate=Decimal(rng.choice(("0", "0.5", "0.7", "0.9"))),
        care=days,
        issue_delay=(0, 9),
        stay=True,
        pages=2 if len(lines) >= 4 and rng.random() < 0.35 else 1,
    )


def _draw_medicines(rng: Random) -> list[Line]:
    acts = load_acts()["pharmacie"]
    lines = []
    for act in rng.sample(acts["medicines"][:-1], rng.randint(2, 5)):
        price = draw_price(rng, act["price"])
        quantity = rng.choice((1, 1, 1, 2, 3))
        amount = price * quantity
        lines.append(
            add_shares(
                Line(
                    act["label"],
                    amount,
                    code=make_cip(rng),
                    quantity=quantity,
                    unit_price=price,
                    base=amount,
                    rate=act["rate"],
                )
            )
        )
    fee = acts["medicines"][-1]
    price = draw_price(rng, fee["price"])
    lines.append(add_shares(Line(fee["label"], price, code="HD", unit_price=price, base=price, rate=fee["rate"])))
    if rng.random() < 0.35:
        extra = rng.choice(acts["otc"])
        price = draw_price(rng, extra["price"])
        lines.append(add_shares(Line(extra["label"], price, code=make_cip(rng), unit_price=price)))
    return lines


def make_pharmacy_bill(rng: Random, request: Request) -> Bill:
    """An invoice of a pharmacy, a laboratory or a shop of medical equipment."""
    acts = load_acts()["pharmacie"]
    lines: list[Line]
    places: tuple[str, ...]
    while True:
        kind = rng.choices(("pharmacie", "laboratoire", "matériel médical"), (70, 15, 15))[0]
        if request.minimum is not None:
            kind = "matériel médical"
        if kind == "pharmacie":
            lines, places = _draw_medicines(rng), names.PHARMACIES
        elif kind == "laboratoire":
            lines, places = [], names.LABORATORIES
            for act in rng.sample(acts["laboratory"][:-1], rng.randint(2, 4)) + acts["laboratory"][-1:]:
                price = draw_price(rng, act["price"])
                lines.append(
                    add_shares(
                        Line(
                            act["label"],
                            price,
                            code=act["code"],
                            unit_price=price,
                            base=price if act.get("rate") else None,
                            rate=act.get("rate"),
                        )
                    )
                )
        else:
            lines, places = [], names.EQUIPMENT_SHOPS
            count = rng.randint(1, 2) if request.minimum is None else len(acts["equipment"])
            for act in rng.sample(acts["equipment"], count):
                price = draw_price(rng, act["price"])
                quantity = 1 if request.minimum is None else rng.randint(2, 5)
                lines.append(
                    add_shares(
                        Line(
                            act["label"],
                            price * quantity,
                            code=make_lpp(act["lpp"]),
                            quantity=quantity,
                            unit_price=price,
                            base=euros(act["base"]),
                            rate=act["rate"],
                        )
                    )
                )
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    columns = rng.choice(
        (
            ("code", "label", "quantity", "unit_price", "amount"),
            ("label", "quantity", "amount", "base", "amo"),
            ("code", "label", "quantity", "unit_price", "amount", "amo"),
            ("label", "quantity", "amount"),
        )
    )
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.FACTURE_PHARMACIE,
        issuer=draw_place(rng, kind, places),
        title=rng.choice(("Facture", "Facture subrogatoire", "Duplicata de facture", "Ticket-facture")),
        lines=lines,
        columns=columns,
        show=choose_shown(
            rng,
            {
                "nir": 0.7,
                "member_number": 0.4,
                "mutuelle": 0.5,
                "finess": 0.75,
                "siret": 0.8,
                "birth": 0.5,
                "care_date": 0.45,
                "rcs": 0.3,
            },
        ),
        shares=rng.choice(("none", "amo", "all", "all")),
        amc_rate=Decimal(rng.choice(("0", "0", "1", "0.5"))),
        prescriber=draw_prescriber(rng, request, "Médecin généraliste"),
    )


def make_care_bill(rng: Random, request: Request) -> Bill:
    """An invoice of a nurse or a physiotherapist: one line for each session."""
    acts = load_acts()["soins"]
    while True:
        nurse = rng.random() < 0.5
        act = rng.choice(acts["nurse" if nurse else "physio"])
        count = rng.randint(2, 7) if request.minimum is None else 40
        if request.pages == 2:
            count = max(count, 12)
        step = rng.choice((1, 2)) if nurse else rng.choice((2, 3, 7))
        days = [request.day - dt.timedelta(days=step * back) for back in reversed(range(count))]
        price = euros(act["price"])
        lines = [
            add_shares(
                Line(act["label"], price, code=act["code"], unit_price=price, base=price, rate=acts["rate"], day=day)
            )
            for day in days
        ]
        if nurse and rng.random() < 0.6:
            fee = euros(acts["travel"]["price"])
            travel = Line(
                acts["travel"]["label"],
                fee * count,
                code=acts["travel"]["code"],
                quantity=count,
                unit_price=fee,
                base=fee * count,
                rate=acts["rate"],
            )
            lines.append(add_shares(travel))
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    kind = "infirmier" if nurse else "masseur-kinésithérapeute"
    speciality = rng.choice(("Infirmière libérale", "Infirmier D.E.")) if nurse else "Masseur-kinésithérapeute D.E."
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.FACTURE_SOINS,
        issuer=draw_practitioner(rng, kind, speciality),
        title=rng.choice(("Facture", "Note d'honoraires", "Facture de soins")),
        lines=lines,
        columns=rng.choice(
            (
                ("date", "code", "label", "amount"),
                ("date", "code", "label", "amount", "base", "amo"),
                ("date", "label", "code", "quantity", "amount"),
            )
        ),
        show=choose_shown(
            rng,
            {
                "nir": 0.7,
                "rpps": 0.95,
                "am_number": 0.7,
                "siret": 0.5,
                "birth": 0.4,
                "care_date": 0.3,
                "member_number": 0.2,
                "mutuelle": 0.2,
                "address": 0.5,
            },
        ),
        shares=rng.choice(("none", "amo", "amo", "all")),
        amc_rate=Decimal(rng.choice(("0", "1"))),
        care=days,
        issue_delay=(0, 6),
        prescriber=draw_prescriber(rng, request, "Médecin généraliste"),
        pages=2 if count >= 20 else 1,
    )
