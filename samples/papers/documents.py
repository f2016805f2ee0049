"""Papers that go with a bill: ordonnance, décompte, feuille de soins, RIB, attestation de droits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random

from samples.identifiers import break_iban, draw_digits
from samples.papers.bills import add_shares, choose_shown, finish_bill
from samples.papers.devices import draw_correction
from samples.papers.request import Request, load_acts
from samples.papers.values import BankSlip, Bill, Line, Prescription, Rights, Statement, StatementRow, euros
from samples.people import Issuer, Member, Person, draw_practitioner
from schemas.vocabulary import DocumentType

_POSOLOGY = (
    "1 comprimé matin et soir pendant 7 jours",
    "1 gélule le matin, QSP 1 mois",
    "2 bouffées si besoin",
    "1 comprimé par jour, QSP 3 mois",
    "1 application locale 2 fois par jour pendant 10 jours",
    "5 gouttes le matin, QSP 1 mois",
)


def draw_prescribing(rng: Random, claim_kind: str) -> Issuer:
    """A doctor who may prescribe what a claim is about."""
    speciality = {
        "optique": "Ophtalmologiste",
        "audio": "Médecin ORL",
    }.get(claim_kind) or rng.choice(("Médecin généraliste", "Médecine générale", "Rhumatologue"))
    return draw_practitioner(rng, "médecin", speciality)


def make_prescription(rng: Random, issuer: Issuer, patient: Person, day: dt.date, claim_kind: str) -> Prescription:
    """An ordonnance for glasses, hearing aids, care or medicines.

    ``claim_kind`` is "optique", "audio", "soins", or anything else for medicines.
    """
    correction: tuple[tuple[str, ...], ...] = ()
    if claim_kind == "optique":
        correction = draw_correction(rng, rng.random() < 0.5)
        items: tuple[str, ...] = (
            rng.choice(("Une paire de lunettes, verres correcteurs", "Équipement optique vision de loin et de près")),
        )
    elif claim_kind == "audio":
        items = ("Appareillage auditif bilatéral", "Perte auditive mesurée en conditions de silence et de bruit")
    elif claim_kind == "soins":
        items = (
            rng.choice(
                (
                    "15 séances de masso-kinésithérapie, rééducation du genou",
                    "Faire pratiquer par une infirmière à domicile : pansement quotidien pendant 10 jours",
                    "10 séances de rééducation du rachis lombaire",
                )
            ),
        )
    else:
        acts = load_acts()["pharmacie"]["medicines"][:-1]
        items = tuple(f"{a['label']} : {rng.choice(_POSOLOGY)}" for a in rng.sample(acts, rng.randint(1, 4)))
    return Prescription(
        type=DocumentType.ORDONNANCE,
        issuer=issuer,
        patient=patient,
        issued=day,
        items=items,
        show=choose_shown(rng, {"rpps": 0.9, "am_number": 0.6, "birth": 0.6, "age": 0.4, "finess": 0.15, "nir": 0.1}),
        correction=correction,
        renewals=rng.choice((0, 0, 0, 1, 2, 3)),
    )


def fund_of(member: Member) -> str:
    """The Assurance Maladie fund of a member."""
    return f"CPAM de {member.address.town}"


def statement_rows_of(bill: Bill) -> tuple[StatementRow, ...]:
    """The rows by which the Assurance Maladie answers a bill."""
    rows = []
    for line in bill.lines:
        if line.base is None or not line.base:
            continue
        rate = line.rate or 60
        base = min(line.base, line.amount)
        paid = line.amo if line.amo is not None else euros(base * rate / 100)
        rows.append(StatementRow(line.day or bill.care[-1], line.label, line.amount, base, rate, euros(0), paid))
    return tuple(rows[:9])


def make_statement(
    rng: Random, member: Member, patient: Person, day: dt.date, *, bill: Bill | None = None, consultation: bool = False
) -> Statement:
    """A décompte: of a bill, of one consultation, or of some ordinary acts.

    ``day`` is that of the latest care; ``bill`` is what it answers; with ``consultation``, one visit only.
    """
    rows = statement_rows_of(bill) if bill else ()
    if not rows:
        acts = load_acts()["consultations"]
        drawn = []
        for back in range(1 if consultation else rng.randint(1, 4)):
            act = rng.choice(acts)
            base, fixed = euros(act["base"]), euros(act["fixed"])
            if fixed and (day - dt.timedelta(days=9 * back)).year - patient.birth.year < 18:
                fixed = euros(0)
            reimbursed = euros(base * act["rate"] / 100) - fixed
            drawn.append(
                StatementRow(
                    day - dt.timedelta(days=9 * back),
                    act["label"],
                    euros(act["price"]),
                    base,
                    act["rate"],
                    fixed,
                    reimbursed,
                )
            )
        rows = tuple(reversed(drawn))
    issued = day + dt.timedelta(days=rng.randint(3, 16))
    return Statement(
        type=DocumentType.DECOMPTE_AM,
        member=member,
        patient=patient,
        issued=issued,
        fund=fund_of(member),
        rows=rows,
        transfer_day=issued - dt.timedelta(days=rng.randint(0, 2)),
        spent=sum((row.paid for row in rows), Decimal(0)),
        reimbursed=sum((row.reimbursed for row in rows), Decimal(0)),
        sent_to_mutuelle=rng.random() < 0.4,
        show=choose_shown(rng, {"nir": 0.95, "address": 0.8}),
    )


def make_care_sheet(rng: Random, request: Request) -> Bill:
    """A feuille de soins filled in by a doctor."""
    act = rng.choice(load_acts()["consultations"])
    line = add_shares(
        Line(
            act["label"],
            euros(act["price"]),
            code=act["code"],
            base=euros(act["base"]),
            rate=act["rate"],
            day=request.day,
        )
    )
    bill = finish_bill(
        rng,
        replace(request, settlement="silent", fault=None),
        document_type=DocumentType.FEUILLE_DE_SOINS,
        issuer=draw_practitioner(rng, "médecin", "Médecine générale"),
        title="Feuille de soins",
        lines=[line],
        columns=("date", "code", "amount"),
        show=choose_shown(
            rng, {"nir": 0.95, "rpps": 0.6, "am_number": 0.9, "birth": 0.9, "address": 0.7, "total": 1.0}
        ),
        shares="none",
        numbered=False,
    )
    return replace(bill, pages=1, deposit=None, discount=None)


def make_bank_slip(rng: Random, member: Member, day: dt.date, *, broken: bool = False) -> BankSlip:
    """A RIB of the member's account.

    When ``broken``, its IBAN fails its check digits.
    """
    iban = break_iban(rng, member.bank.iban) if broken else member.bank.iban
    return BankSlip(DocumentType.RIB, member, iban, day if rng.random() < 0.6 else None, ("iban",) if broken else ())


def make_rights(rng: Random, member: Member, patient: Person, day: dt.date) -> Rights:
    """An attestation de droits valid for a year."""
    start = day.replace(day=1)
    doctor = draw_practitioner(rng, "médecin")
    return Rights(
        type=DocumentType.ATTESTATION_DROITS,
        member=member,
        patient=patient,
        issued=day,
        fund=fund_of(member),
        start=start,
        end=start + dt.timedelta(days=364),
        organism=f"01 {draw_digits(rng, 3)} {draw_digits(rng, 4)}",
        doctor=f"Dr {doctor.name}" if rng.random() < 0.5 else None,
    )
