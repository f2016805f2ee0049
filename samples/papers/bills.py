"""What all bills have in common: totals, shares, payment, dates and deliberate faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from samples.papers.request import Request, draw_number
from samples.papers.values import Bill, Line, Prescriber, Settlement, euros
from samples.people import Issuer, draw_practitioner
from schemas.vocabulary import DocumentType

METHODS = ("carte bancaire", "CB", "chèque", "espèces", "virement")


def draw_settlement(rng: Random, request: Request, issued: dt.date, owed: Decimal) -> Settlement:
    """What the paper says of its payment.

    Args:
        rng: source of chance.
        request: may impose the status.
        issued: date of the invoice.
        owed: what the patient had to pay.
    """
    status = request.settlement or rng.choices(("paid", "due", "silent"), (76, 10, 14))[0]
    if status == "paid":
        form = rng.choices(("mention", "stamp", "hand"), (68, 24, 8))[0]
        return Settlement("paid", form, issued, rng.choice(METHODS))
    if status == "due":
        part = owed if rng.random() < 0.6 else euros(owed * Decimal("0.5"))
        return Settlement("due", day=issued + dt.timedelta(days=30), still_due=part)
    return Settlement("silent", day=None)


def add_shares(line: Line, *, per_unit: bool = False) -> Line:
    """The line with its AMO share computed from base and rate (zero where the AMO pays nothing)."""
    if line.base is None or line.rate is None:
        return replace(line, amo=euros(0), base=line.base if line.base is not None else euros(0))
    factor = line.quantity if per_unit else 1
    amo = min(euros(line.base * line.rate / 100 * factor), line.amount)
    return replace(line, amo=amo)


def share_amc(lines: tuple[Line, ...], amc: Decimal) -> tuple[Line, ...]:
    """The lines with the AMC's share spread over what the AMO leaves of each; the shares add up to ``amc``."""
    left = [line.amount - (line.amo or Decimal(0)) for line in lines]
    whole, given = sum(left, Decimal(0)), Decimal(0)
    made = []
    for index, line in enumerate(lines):
        share = min(euros(amc * left[index] / whole), amc - given) if whole else Decimal(0)
        if index == len(lines) - 1:
            share = amc - given
        given += share
        made.append(replace(line, amc=euros(share)))
    return tuple(made)


def draw_prescriber(rng: Random, request: Request, speciality: str) -> Prescriber:
    """Who prescribed: the dossier's own prescriber when there is one."""
    if request.prescribed:
        issuer, day = request.prescribed
        return Prescriber(issuer.name, issuer.rpps or "", day)
    issuer = draw_practitioner(rng, "médecin", speciality)
    return Prescriber(issuer.name, issuer.rpps or "", request.day - dt.timedelta(days=rng.randint(2, 70)))


def choose_shown(rng: Random, chances: dict[str, float]) -> frozenset[str]:
    """Names of the optional parts that this paper prints."""
    return frozenset(name for name, chance in chances.items() if rng.random() < chance)


def finish_bill(
    rng: Random,
    request: Request,
    *,
    document_type: DocumentType,
    issuer: Issuer,
    title: str,
    lines: Sequence[Line],
    columns: Sequence[str],
    show: frozenset[str],
    shares: str,
    amc_rate: Decimal = Decimal(0),
    care: Sequence[dt.date] | None = None,
    issue_delay: tuple[int, int] = (0, 0),
    numbered: bool = True,
    quote: bool = False,
    prescriber: Prescriber | None = None,
    stay: bool = False,
    pages: int = 1,
    notes: Sequence[str] = (),
    correction: Sequence[tuple[str, ...]] = (),
    other_offer: Decimal | None = None,
) -> Bill:
    """A coherent bill from its lines.

    ``shares`` is "none" (nothing printed), "amo" (AMO share and remainder) or "all" (AMO, AMC and remainder);
    ``amc_rate`` is the part of what the AMO leaves that the AMC pays, 0 to 1; ``issue_delay`` the days between the last
    care and the invoice, lowest and highest; with ``quote``, no care was given yet and nothing was paid.
    """
    days = tuple(care or (() if quote else (request.day,)))
    last = max(days, default=request.day)
    issued = last + dt.timedelta(days=rng.randint(*issue_delay))
    if request.issued_before_care:
        issued = min(days, default=request.day) - dt.timedelta(days=rng.randint(6, 20))
    gross = sum((line.amount for line in lines), Decimal(0))
    discount = None
    if "discount" in show and not request.plain and gross > 120:
        discount = euros(rng.choice((10, 15, 20, 30)))
    total = gross - (discount or 0)
    faults: tuple[str, ...] = ()
    if request.fault == "sums":
        total += euros(rng.choice((9, 10, 27, 30, 50)))
        faults = ("sums",)
    amo = amc = due = None
    if shares != "none":
        amo = sum((line.amo or Decimal(0) for line in lines), Decimal(0))
        left = total - amo
        if shares == "all":
            amc = min(euros(left * amc_rate), left)
        due = left - (amc or 0)
        if request.fault == "shares":
            due += euros(rng.choice((8, 12, 20)))
            faults = ("shares",)
    lines = tuple(lines)
    if amc and not discount and not faults and not request.plain and "amo" in columns and rng.random() < 0.4:
        lines, columns = share_amc(lines, amc), (*columns, "amc")
    owed = due if due is not None else total
    deposit = None
    if "deposit" in show and not quote and not request.plain and owed > 100:
        deposit = euros(rng.choice((30, 50, 80, 100)))
    settlement = Settlement("silent") if quote else draw_settlement(rng, request, issued, owed - (deposit or 0))
    if settlement.status != "paid" and request.plain:
        deposit = None
    return Bill(
        type=document_type,
        issuer=issuer,
        patient=request.patient,
        member=request.member,
        issued=issued,
        care=days,
        lines=tuple(lines),
        total=total,
        settlement=settlement,
        title=title,
        columns=tuple(columns),
        number=draw_number(rng, issued, "D" if quote else "F") if numbered else None,
        amo=amo,
        amc=amc,
        due=due,
        discount=discount,
        deposit=deposit,
        prescriber=prescriber,
        stay=stay,
        stay_number=f"{rng.randint(10**7, 10**8 - 1)}" if stay else None,
        pages=request.pages or pages,
        show=show,
        notes=tuple(notes),
        correction=tuple(correction),
        other_offer=other_offer,
        valid_days=rng.choice((30, 60, 90, 180)) if quote else None,
        faults=faults,
    )


def within(total: Decimal, request: Request) -> bool:
    """True when a total respects the bounds that were asked for."""
    above = request.minimum is None or total > request.minimum
    return above and (request.maximum is None or total <= request.maximum)
