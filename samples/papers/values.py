"""Typed content of a paper. Amounts are euros with two digits; nothing here knows how it will be printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from samples.people import Issuer, Member, Person
from schemas.vocabulary import DocumentType

CENT = Decimal("0.01")


def euros(value: float | str | Decimal) -> Decimal:
    """An amount rounded to the cent, half up, as tills do."""
    return Decimal(str(value)).quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """One billed line.

    Attributes:
        location: tooth number, "OD"/"OG", "D"/"G".
        detail: brand, correction or serial number, printed under the label.
    """

    label: str
    amount: Decimal
    code: str | None = None
    quantity: int = 1
    unit_price: Decimal | None = None
    base: Decimal | None = None
    rate: int | None = None
    amo: Decimal | None = None
    amc: Decimal | None = None
    day: dt.date | None = None
    location: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Settlement:
    """What a paper says of its payment.

    Attributes:
        status: "paid", "due" (an amount is said to be still due) or "silent".
        form: "mention", "stamp" or "hand" when paid.
        still_due: the amount said to be due when ``status`` is "due".
    """

    status: str
    form: str = "mention"
    day: dt.date | None = None
    method: str = "carte bancaire"
    still_due: Decimal | None = None


@dataclass(frozen=True)
class Prescriber:
    """Who prescribed and when, as printed on an invoice (never the issuer)."""

    name: str
    rpps: str
    day: dt.date


@dataclass(frozen=True)
class Bill:
    """An invoice, a fee note or a quote.

    Attributes:
        total: gross total after discount, as printed (a fault may have changed it).
        amo, amc, due: shares as printed; None where the paper does not show them.
        stay: True when the two care dates are an entry and an exit.
        columns: keys of the table's columns, in order.
        pages: 1, or 2 when the lines go on overleaf.
        show: names of optional parts that are printed ("nir", "member_number", "rpps", "finess", "siret"...).
        valid_days: validity of a quote.
        faults: names of deliberate faults, kept for the truth ("sums", "shares").
    """

    type: DocumentType
    issuer: Issuer
    patient: Person
    member: Member
    issued: dt.date
    care: tuple[dt.date, ...]
    lines: tuple[Line, ...]
    total: Decimal
    settlement: Settlement
    title: str
    columns: tuple[str, ...]
    number: str | None = None
    amo: Decimal | None = None
    amc: Decimal | None = None
    due: Decimal | None = None
    discount: Decimal | None = None
    deposit: Decimal | None = None
    prescriber: Prescriber | None = None
    stay: bool = False
    stay_number: str | None = None
    pages: int = 1
    show: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    correction: tuple[tuple[str, ...], ...] = ()
    other_offer: Decimal | None = None
    valid_days: int | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prescription:
    """An ordonnance: who, for whom, when, what."""

    type: DocumentType
    issuer: Issuer
    patient: Person
    issued: dt.date
    items: tuple[str, ...]
    show: frozenset[str] = frozenset()
    correction: tuple[tuple[str, ...], ...] = ()
    renewals: int = 0


@dataclass(frozen=True)
class StatementRow:
    """One reimbursed act of a statement."""

    day: dt.date
    label: str
    paid: Decimal
    base: Decimal
    rate: int
    fixed: Decimal
    reimbursed: Decimal


@dataclass(frozen=True)
class Statement:
    """A décompte of the Assurance Maladie, for one person."""

    type: DocumentType
    member: Member
    patient: Person
    issued: dt.date
    fund: str
    rows: tuple[StatementRow, ...]
    transfer_day: dt.date
    spent: Decimal
    reimbursed: Decimal
    sent_to_mutuelle: bool = False
    show: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BankSlip:
    """A RIB; ``iban`` may carry a deliberate fault."""

    type: DocumentType
    member: Member
    iban: str
    issued: dt.date | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rights:
    """An attestation de droits."""

    type: DocumentType
    member: Member
    patient: Person
    issued: dt.date
    fund: str
    start: dt.date
    end: dt.date
    organism: str
    doctor: str | None = None


@dataclass(frozen=True)
class Other:
    """Any other paper: letter, card slip, leaflet, card, statement of the mutuelle.

    Attributes:
        kind: what it is.
        rows: label and value pairs.
        paragraphs: running text.
    """

    type: DocumentType
    kind: str
    title: str
    sender: str
    member: Member
    issued: dt.date
    amount: Decimal
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    issuer: Issuer | None = None
    extra: dict[str, str] = field(default_factory=dict)


Paper = Bill | Prescription | Statement | BankSlip | Rights | Other
