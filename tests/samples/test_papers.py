"""Invented papers are coherent: sums, shares, dates, bounds, deliberate faults, printed forms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.formats import AMOUNT_FORMATS, print_amount, print_date
from samples.layouts import SPLITS, find_layouts
from samples.papers.fees import excess_of
from samples.papers.make import make_bill, make_paper
from samples.papers.request import Request, load_acts
from samples.papers.values import Bill, Statement
from samples.people import draw_member
from schemas.vocabulary import INVOICE_TYPES, QUOTE_TYPES, DocumentType

TODAY = dt.date(2026, 10, 15)
BILLS = sorted(INVOICE_TYPES | QUOTE_TYPES)


def request_for(seed: int, **particular: object) -> Request:
    rng = Random(seed)
    member = draw_member(rng, today=TODAY)
    return Request(member, rng.choice(member.people), dt.date(2026, 8, 3), **particular)  # type: ignore[arg-type]


@pytest.mark.parametrize("document_type", BILLS)
def test_lines_shares_and_dates_add_up(document_type: DocumentType) -> None:
    for seed in range(40):
        bill = make_bill(Random(seed), document_type, request_for(seed))
        gross = sum((line.amount for line in bill.lines), Decimal(0))
        assert bill.total == gross - (bill.discount or 0)
        if bill.amo is not None:
            assert bill.due is not None
            assert bill.total == bill.amo + (bill.amc or 0) + bill.due
            assert bill.due >= 0
            assert bill.amo == sum(line.amo or 0 for line in bill.lines)
        for line in bill.lines:
            assert line.amount > 0
            if line.unit_price is not None:
                assert line.amount == line.unit_price * line.quantity
        if bill.care:
            assert bill.care == tuple(sorted(bill.care))
            assert bill.issued >= bill.care[-1]
        if bill.prescriber:
            assert bill.prescriber.day <= bill.issued
        if document_type in QUOTE_TYPES:
            assert bill.settlement.status == "silent"
            assert not bill.care


@pytest.mark.parametrize(
    ("fault", "document_type"), [("sums", DocumentType.FACTURE_DENTAIRE), ("shares", DocumentType.FACTURE_HOSPITALIERE)]
)
def test_faults_are_faults(fault: str, document_type: DocumentType) -> None:
    bill = make_bill(Random(3), document_type, request_for(3, fault=fault, plain=True))
    assert bill.faults == (fault,)
    gross = sum((line.amount for line in bill.lines), Decimal(0))
    if fault == "sums":
        assert bill.total != gross
    else:
        assert bill.due is not None
        assert bill.amo is not None
        assert bill.total == gross
        assert bill.total != bill.amo + (bill.amc or 0) + bill.due


@pytest.mark.parametrize(
    ("document_type", "limit"),
    [
        (DocumentType.FACTURE_OPTIQUE, 1200),
        (DocumentType.FACTURE_AUDIO, 4500),
        (DocumentType.FACTURE_DENTAIRE, 3000),
        (DocumentType.FACTURE_HOSPITALIERE, 8000),
        (DocumentType.FACTURE_PHARMACIE, 600),
        (DocumentType.FACTURE_SOINS, 600),
        (DocumentType.NOTE_HONORAIRES, 250),
    ],
)
def test_totals_respect_bounds(document_type: DocumentType, limit: int) -> None:
    for seed in range(6):
        assert (
            make_bill(Random(seed), document_type, request_for(seed, minimum=Decimal(limit), plain=True)).total > limit
        )
        assert (
            make_bill(Random(seed), document_type, request_for(seed, maximum=Decimal(limit), plain=True)).total <= limit
        )


def test_settlement_and_order_can_be_imposed() -> None:
    for status in ("paid", "due", "silent"):
        bill = make_bill(Random(1), DocumentType.NOTE_HONORAIRES, request_for(1, settlement=status))
        assert bill.settlement.status == status
        assert (bill.settlement.still_due is not None) == (status == "due")
        if status != "paid":
            assert "Reçu" not in bill.title
    early = make_bill(Random(1), DocumentType.FACTURE_DENTAIRE, request_for(1, issued_before_care=True))
    assert early.issued < early.care[0]


def test_excess_of_quotes() -> None:
    for seed in range(30):
        high = make_bill(Random(seed), DocumentType.DEVIS_HONORAIRES, request_for(seed, excess_percent=(112, 210)))
        base = high.lines[0].base or Decimal(0)
        assert excess_of(high) > base
        usual = make_bill(Random(seed), DocumentType.DEVIS_HONORAIRES, request_for(seed))
        assert 0 < excess_of(usual) <= (usual.lines[0].base or Decimal(0))


def test_statement_sums() -> None:
    for seed in range(40):
        statement = make_paper(Random(seed), DocumentType.DECOMPTE_AM, request_for(seed))
        assert isinstance(statement, Statement)
        assert statement.spent == sum(row.paid for row in statement.rows)
        assert statement.reimbursed == sum(row.reimbursed for row in statement.rows)
        assert all(row.day <= statement.issued for row in statement.rows)


def test_daily_charge_follows_its_date() -> None:
    daily = load_acts()["hospitalisation"]["daily"]
    prices = set()
    for day in (dt.date(2026, 2, 20), dt.date(2026, 3, 20)):
        for seed in range(40):
            base = request_for(seed)
            bill = make_bill(Random(seed), DocumentType.FACTURE_HOSPITALIERE, Request(base.member, base.patient, day))
            prices |= {(line.unit_price, day >= daily["from"]) for line in bill.lines if line.code == "FJ"}
    assert prices == {(Decimal("20.00"), False), (Decimal("23.00"), True)}


def test_every_type_has_a_layout_of_every_split_and_none_is_shared() -> None:
    for document_type in DocumentType:
        for seed in range(12):
            paper = make_paper(Random(seed), document_type, request_for(seed))
            for split in SPLITS:
                assert find_layouts(paper, split), (document_type, split)
        templates = [(layout.template, layout.split) for layout in find_layouts(paper)]
        assert len({template for template, _ in templates}) >= 2
    every = {layout.template: set() for layout in find_layouts(paper)}  # type: ignore[var-annotated]
    for layout in find_layouts(paper):
        every[layout.template].add(layout.split)
    assert all(len(splits) == 1 for splits in every.values())


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(AMOUNT_FORMATS))
def test_printed_amounts_keep_their_digits(amount: Decimal, form: str) -> None:
    printed = print_amount(amount, form)
    assert "".join(c for c in printed if c.isdigit()) == f"{amount:.2f}".replace(".", "")


def test_printed_dates() -> None:
    day = dt.date(2026, 3, 1)
    assert print_date(day, "long") == "1er mars 2026"
    assert print_date(day, "month") == "01 MARS 2026"
    assert print_date(day, "unpadded") == "1/3/26"
    assert print_date(day, "weekday") == "dimanche 1er mars 2026"
    assert print_date(dt.date(2026, 2, 12), "abbreviated") == "12 févr. 2026"
    assert print_amount(Decimal("-1234.5"), "dot") == "-1.234,50\u00a0€"
    assert print_amount(Decimal("60"), "euro_inside") == "60€00"


def test_making_is_repeatable() -> None:
    for document_type in DocumentType:
        first = make_paper(Random(9), document_type, request_for(9))
        assert first == make_paper(Random(9), document_type, request_for(9))
        assert isinstance(first, Bill) == (document_type in set(BILLS) | {DocumentType.FEUILLE_DE_SOINS})
