"""Small dossiers, readings and decisions for the tests of this room."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from schemas import claims
from schemas.decisions import Decision, Finding, Level, Outcome
from schemas.errors import RefusalCode
from schemas.geometry import Box
from schemas.readings import DocumentReading, FieldValue, FileReading, PageReading, Source, Word
from schemas.statuses import Door
from schemas.vocabulary import ClaimType, DecisionKind, DocumentType, FieldName, MissingPiece, ReviewReason
from storage.intake import open_claim, receive_piece

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SETTLE = timedelta(seconds=2)

_numbers = itertools.count(1)


def at(seconds: float) -> datetime:
    """A moment some seconds after ``NOW``."""
    return NOW + timedelta(seconds=seconds)


def make_person(first="Amélie", last="Nôtre", **more):
    return claims.Person(**{"first": first, "last": last, "birth_date": date(1990, 5, 17), **more})


def make_member(number="M-1", **more):
    return claims.Member(**{"member_number": number, "people": (make_person(),), **more})


def make_dossier(reference=None, *, member=None, now=NOW, email="amelie@exemple.invalid", **more):
    """An open dossier without papers."""
    claim = claims.Claim(
        **{
            "id": reference or f"D{next(_numbers):04d}",
            "claim_type": ClaimType.OPTIQUE,
            "upload_date": now.date(),
            "member": member or make_member(),
            "patient": make_person(),
            **more,
        }
    )
    return open_claim(claim, now=now, email=email, actor="test")


def add_piece(dossier, store, data=None, *, now=NOW, **more):
    """A further paper of a dossier, with bytes of its own unless some are given."""
    number = next(_numbers)
    arguments = {
        "data": f"paper {number}".encode() if data is None else data,
        "name": f"photo {number}.jpg",
        "door": Door.SITE,
        "door_key": f"drop-{number}",
        "now": now,
        "store": store,
        "settle": SETTLE,
        **more,
    }
    return receive_piece(dossier, **arguments)


def make_reading(claimed, *, refusal: RefusalCode | None = None, number="F-1") -> FileReading:
    """A reading of a claimed piece: one page with words, one invoice with a number."""
    if refusal:
        return FileReading(id="x", file="x.jpg", sha256=claimed.sha256, refusal=refusal)
    box = Box(10, 20, 60, 32)
    word = Word(text=number, box=box, polygon=box.to_polygon(), confidence=0.9, line=0)
    value = FieldValue(
        value=number, raw_text=number, confidence=0.99, source=Source.TESSERACT, page=1, polygon=box.to_polygon()
    )
    return FileReading(
        id="x",
        file="x.jpg",
        sha256=claimed.sha256,
        pages=(PageReading(page=1, width=1000, height=1400, unit="px", fingerprint="00ff00ff00ff00ff", words=(word,)),),
        documents=(
            DocumentReading(
                type=DocumentType.FACTURE_OPTIQUE,
                type_confidence=0.99,
                pages=(1,),
                fields={FieldName.DOCUMENT_NUMBER: value},
            ),
        ),
        timings={"total": 0.5},
    )


def make_decision(reference, kind=DecisionKind.COMPLETE) -> Decision:
    """A decision of a kind, with what goes with it."""
    return Decision(
        id=reference,
        decision=kind,
        missing=(MissingPiece.ORDONNANCE,) if kind is DecisionKind.INCOMPLETE else (),
        reasons=(ReviewReason.MONTANT_ELEVE,) if kind is DecisionKind.TO_REVIEW else (),
        queue="optique",
        priority=3,
        due=date(2026, 10, 15),
        findings=(
            Finding(code="invoice_present", outcome=Outcome.PASSED, level=Level.BLOCKING, handler_fr="Facture reçue."),
        ),
        message_fr="Il manque l’ordonnance de 389,00 € pour vos lunettes.",
        rules_version="exemple 1",
        reader_version="0.1.0",
    )
