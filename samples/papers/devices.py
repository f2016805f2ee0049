"""Glasses and hearing aids: invoices and quotes."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from samples import names
from samples.identifiers import draw_digits, make_lpp
from samples.papers.bills import add_shares, choose_shown, draw_prescriber, finish_bill, within
from samples.papers.request import Request, draw_price, load_acts
from samples.papers.values import Bill, Line, euros
from samples.people import draw_place
from schemas.vocabulary import DocumentType


def draw_correction(rng: Random, progressive: bool) -> tuple[tuple[str, ...], ...]:
    """Rows eye, sphere, cylinder, axis, addition as opticians write them."""
    rows = []
    addition = f"+{rng.choice((100, 125, 150, 175, 200, 225)) / 100:.2f}" if progressive else ""
    for eye in ("OD", "OG"):
        sphere = rng.randint(-18, 14) / 4
        cylinder = rng.randint(-7, 0) / 4
        axis = f"{rng.randrange(0, 180, 5)}°" if cylinder else ""
        rows.append((eye, f"{sphere:+.2f}", f"{cylinder:+.2f}" if cylinder else "", axis, addition))
    return tuple(rows)


def _draw_glasses(rng: Random, request: Request, quality: str) -> tuple[list[Line], bool]:
    acts = load_acts()["optique"]
    frame = next(f for f in acts["frames"] if f["class"] == quality)
    lens = rng.choice([v for v in acts["lenses"] if v["class"] == quality])
    brand = rng.choice(names.FRAME_BRANDS)
    reference = (
        f"{brand} {rng.choice('ABCKLMRT')}{rng.randint(100, 999)} {rng.choice(('noir', 'écaille', 'bleu', 'doré'))}"
    )
    price = draw_price(rng, lens["price"])
    if request.minimum is not None:
        price = max(price, euros(request.minimum / 2))
    lines = [_line(rng, frame, detail=reference)]
    lines += [_line(rng, lens, detail=rng.choice(names.LENS_BRANDS), location=eye, price=price) for eye in ("OD", "OG")]
    if rng.random() < 0.5:
        lines.append(_line(rng, rng.choice(acts["extras"])))
    return lines, "progressif" in lens["label"]


def _line(
    rng: Random,
    act: dict[str, object],
    *,
    detail: str | None = None,
    location: str | None = None,
    price: Decimal | None = None,
) -> Line:
    amount = price if price is not None else draw_price(rng, act["price"])  # type: ignore[arg-type]
    base, rate = act.get("base"), act.get("rate")
    lpp = act.get("lpp")
    line = Line(
        label=str(act["label"]),
        amount=amount,
        code=make_lpp(str(lpp)) if lpp else None,
        unit_price=amount,
        base=euros(str(base)) if base is not None else None,
        rate=int(str(rate)) if rate is not None else None,
        location=location,
        detail=detail,
    )
    return add_shares(line)


def make_optical_bill(rng: Random, request: Request, *, quote: bool = False) -> Bill:
    """An invoice or a quote of an optician, whose total respects the request's bounds."""
    while True:
        quality = "A" if rng.random() < 0.25 and request.minimum is None else "B"
        lines, progressive = _draw_glasses(rng, request, quality)
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    columns = ["label", "location", "amount"]
    if rng.random() < 0.6:
        columns.insert(0, "code")
    if quote or rng.random() < 0.5:
        columns += ["base", "amo"]
    other = euros(sum((x.amount for x in lines), Decimal(0)) * Decimal("0.42")) if quote else None
    prescriber = draw_prescriber(rng, request, "Ophtalmologiste")
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.DEVIS_OPTIQUE if quote else DocumentType.FACTURE_OPTIQUE,
        issuer=draw_place(rng, "opticien", names.OPTICIANS),
        title=rng.choice(("Devis normalisé optique", "Devis", "Devis n°"))
        if quote
        else rng.choice(("Facture", "Facture optique")),
        lines=lines,
        columns=columns,
        show=choose_shown(
            rng,
            {
                "nir": 0.75,
                "member_number": 0.6,
                "mutuelle": 0.6,
                "finess": 0.8,
                "siret": 0.95,
                "birth": 0.6,
                "rcs": 0.5,
                "deposit": 0.15,
                "discount": 0.15,
                "care_date": 0.75,
                "address": 0.8,
                "class": 1.0,
            },
        ),
        shares="all"
        if quote and rng.random() < 0.4
        else rng.choice(("amo", "all"))
        if quote
        else rng.choice(("none", "amo", "all")),
        amc_rate=Decimal(rng.choice(("0.5", "0.6", "0.75", "1"))),
        issue_delay=(0, 2),
        quote=quote,
        prescriber=prescriber,
        notes=("Les offres de la classe A (100 % Santé) sont prises en charge intégralement.",) if quote else (),
        correction=draw_correction(rng, progressive),
        other_offer=other,
    )


def make_hearing_bill(rng: Random, request: Request, *, quote: bool = False) -> Bill:
    """An invoice or a quote of a hearing-aid specialist."""
    acts = load_acts()["audio"]
    while True:
        aid = rng.choice(acts["aids"])
        if request.minimum is not None:
            aid = acts["aids"][1]
        model = f"{rng.choice(('Mini', 'Plus', 'R7', 'Sky', 'One'))} {rng.randint(2, 9)}0"
        brand = f"{rng.choice(names.HEARING_BRANDS)} {model}"
        price = draw_price(rng, aid["price"])
        if request.minimum is not None:
            price = max(price, euros(request.minimum / 2 + 110))
        sides = ("D", "G") if rng.random() < 0.8 or request.minimum is not None else (rng.choice("DG"),)
        lines = [
            _line(
                rng, aid, detail=f"{brand} n° série {rng.choice('ABH')}{draw_digits(rng, 7)}", location=s, price=price
            )
            for s in sides
        ]
        if rng.random() < 0.5:
            lines.append(_line(rng, rng.choice(acts["extras"])))
        if within(sum((x.amount for x in lines), Decimal(0)), request):
            break
    columns = ["label", "location", "amount"]
    if rng.random() < 0.6:
        columns.insert(0, "code")
    if quote or rng.random() < 0.6:
        columns += ["base", "amo"]
    return finish_bill(
        rng,
        request,
        document_type=DocumentType.DEVIS_AUDIO if quote else DocumentType.FACTURE_AUDIO,
        issuer=draw_place(rng, "audioprothésiste", names.AUDIO_SHOPS),
        title=rng.choice(("Devis normalisé audioprothèse", "Devis"))
        if quote
        else rng.choice(("Facture", "Facture audioprothèse")),
        lines=lines,
        columns=columns,
        show=choose_shown(
            rng,
            {
                "nir": 0.8,
                "member_number": 0.5,
                "mutuelle": 0.5,
                "finess": 0.8,
                "siret": 0.95,
                "birth": 0.6,
                "rcs": 0.5,
                "deposit": 0.1,
                "care_date": 0.8,
                "address": 0.8,
            },
        ),
        shares=rng.choice(("amo", "all")) if quote else rng.choice(("none", "amo", "all")),
        amc_rate=Decimal(rng.choice(("0.4", "0.6", "1"))),
        issue_delay=(0, 5),
        quote=quote,
        prescriber=draw_prescriber(rng, request, "Médecin ORL"),
        notes=("Période d'essai de 30 jours. Garantie 4 ans. Suivi inclus.",),
        other_offer=euros(950 * len(sides)) if quote else None,
    )
