"""Members, accounts and read papers for the tests of the site."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from decimal import Decimal

from PIL import Image

from dossiers import decide
from portal.accounts import HANDLERS, OPERATORS, SUPERVISORS, create_account
from schemas import claims
from schemas.errors import RefusalCode
from schemas.geometry import Box
from schemas.readings import (
    Alternative,
    Check,
    DocumentReading,
    FieldValue,
    FileReading,
    LineItem,
    PageReading,
    Source,
)
from schemas.rules import load_rules
from schemas.statuses import Door
from schemas.vocabulary import ClaimType, DocumentType, FieldName, Legibility, LegibilityReason
from storage.intake import keep_member, open_dossier, receive_piece
from storage.objects import default_store, page_key
from storage.work import claim_dossiers, claim_pieces, load_dossier, save_decision, save_reading

PASSWORD = "un-long-secret-de-test"
NOW = dt.datetime(2026, 10, 12, 9, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=2)
NIR = "284053512345678"

_numbers = itertools.count(1)
_rules = load_rules()


def make_member(number: str, first: str, last: str, *, username: str | None = None):
    """A contract with two people, and an account for it where a user name is given."""
    people = (
        claims.Person(first=first, last=last, birth_date=dt.date(1984, 5, 17), role="adherent", nir=NIR),
        claims.Person(first="Tristan", last=last, birth_date=dt.date(2013, 9, 2), role="enfant"),
    )
    member = keep_member(claims.Member(member_number=number, mutuelle="Mutuelle Exemple", people=people))
    if username:
        create_account(username, PASSWORD, member=member, name=f"{first} {last}")
    return member


def make_handler(username: str = "odile", *, supervisor: bool = False):
    user = create_account(username, PASSWORD, group=HANDLERS, name="Odile Marchand")
    return create_account(username, PASSWORD, group=SUPERVISORS) if supervisor else user


def make_operator(username: str = "yann"):
    """Somebody who runs the installation and sees no dossier."""
    return create_account(username, PASSWORD, group=OPERATORS, name="Yann Kerbrat")


def make_dossier(member, claim_type=ClaimType.OPTIQUE, *, now=NOW, message="", reference=None):
    number = next(_numbers)
    return open_dossier(
        reference or f"2026-TEST-{number:04d}",
        claim_type,
        now.date(),
        member=member,
        patient=member.people.order_by("birth_date").first(),
        now=now,
        message=message,
        actor="test",
    )


def add_piece(dossier, *, data=None, name="facture lunettes.pdf", now=NOW):
    number = next(_numbers)
    return receive_piece(
        dossier, data or b"%%PDF-1.7 number %d" % number, name, Door.SITE, f"build-{number}", now, actor="test"
    )


def jpeg(width: int = 400, height: int = 600) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(picture, "JPEG")
    return picture.getvalue()


def field(value, raw, confidence=0.995, *, box=(100, 200, 300, 230), **more):
    return FieldValue(
        value=value,
        raw_text=raw,
        confidence=confidence,
        source=Source.TESSERACT,
        page=1,
        polygon=Box(*box).to_polygon(),
        **more,
    )


def invoice(**changes) -> DocumentReading:
    """A complete, paid optician's invoice whose social security number and number are not sure."""
    fields = {
        FieldName.DOCUMENT_NUMBER: field(
            "FA-0417",
            "FA-0417",
            0.62,
            alternatives=(Alternative(value="FA-0411", confidence=0.3),),
            held_back="low_confidence",
        ),
        FieldName.ISSUE_DATE: field(dt.date(2026, 10, 3), "03/10/2026"),
        FieldName.CARE_DATES: field((dt.date(2026, 10, 3),), "03/10/2026"),
        FieldName.TOTAL_AMOUNT: field(
            Decimal("1389.00"), "1 389,00 €", checks=(Check(name="sum_of_lines", passed=True),)
        ),
        FieldName.PAID: field(True, "Acquittée"),
        FieldName.PATIENT_NAME: field("Maëlys KERJEAN", "Maëlys KERJEAN"),
        FieldName.NIR: field(
            NIR,
            "2 84 05 35 123 456 78",
            0.4,
            checks=(Check(name="check_digits", passed=False),),
            held_back="check_failed:check_digits",
            alternatives=(Alternative(value="284053512345679", confidence=0.2),),
        ),
        FieldName.PRACTITIONER_NAME: field("Optique des Halles", "Optique des Halles"),
    }
    fields.update(changes)
    return DocumentReading(
        type=DocumentType.FACTURE_OPTIQUE,
        type_confidence=0.99,
        pages=(1,),
        fields={name: value for name, value in fields.items() if value is not None},
        line_items=(LineItem(date=dt.date(2026, 10, 3), label="Monture", quantity=Decimal(1), amount=Decimal(1389)),),
    )


def page(**changes) -> PageReading:
    return PageReading(**{"page": 1, "width": 800.0, "height": 1200.0, "unit": "px", **changes})


def blurred_page() -> PageReading:
    return page(legibility=Legibility.DOUBTFUL, reasons=(LegibilityReason.FLOU,))


def read_pieces(documents=None, pages=None, *, refusal: RefusalCode | None = None, now=NOW) -> None:
    """Read every waiting paper the same way, as a worker would write it down."""
    for claimed in claim_pieces("lecteur-1", 100, now, LEASE):
        reading = FileReading(
            id=str(claimed.id),
            file=claimed.name,
            sha256=claimed.sha256,
            refusal=refusal,
            pages=() if refusal else pages or (page(),),
            documents=() if refusal else documents or (invoice(),),
        )
        for number in {one.page for one in reading.pages}:
            default_store().put(page_key(claimed.sha256, number), jpeg(), content_type="image/jpeg")
        save_reading(claimed, reading, worker="lecteur-1", seconds=0.8, now=now)


def decide_dossiers(*, now=NOW) -> None:
    """Decide every dossier that is ready, with the example insurer's rules."""
    later = now + dt.timedelta(seconds=10)
    for claimed in claim_dossiers("lecteur-1", 100, later, LEASE):
        loaded = load_dossier(claimed.id, _rules)
        decision = decide(loaded.dossier, _rules, loaded.history, today=later.date())
        save_decision(claimed, decision, worker="lecteur-1", now=later)


def make_decided_dossier(member, **more):
    """A dossier with one read invoice, decided: the prescription is missing."""
    dossier = make_dossier(member, **more)
    piece = add_piece(dossier)
    read_pieces()
    decide_dossiers()
    dossier.refresh_from_db()
    return dossier, piece
