"""Small dossiers for the tests: everybody is invented, every value can be changed by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from dossiers import decide
from schemas.claims import Claim, Dossier, Member, Person
from schemas.decisions import Decision, Finding
from schemas.readings import DocumentReading, FieldValue, FileReading, LineItem, PageReading, Source
from schemas.rules import DuplicateRules, Thresholds, load_rules
from schemas.vocabulary import ClaimType, DocumentType, FieldName, Legibility

#: The example insurer, with figures that stay where they are when the example's are tuned.
RULES = load_rules().model_copy(
    update={
        "thresholds": Thresholds(
            default=0.90,
            fields={FieldName.TOTAL_AMOUNT: 0.95, FieldName.PAID: 0.93, FieldName.IBAN: 0.97},
            confirmed=0.60,
            type_accept=0.85,
            type_rule_out=0.95,
        ),
        "duplicates": DuplicateRules(max_hash_distance=12, min_text_similarity=0.4, min_text_similarity_alone=0.6),
    }
)
UPLOAD = date(2026, 4, 15)
PATIENT = Person(first="Léa", last="Vasseur", birth_name="Quillien", birth_date=date(1985, 5, 4), sex="F")
CHILD = Person(first="Hugo", last="Vasseur", birth_date=date(2014, 9, 1), sex="M", role="enfant")
#: Both pass their check digits; the second one is the first with two figures changed.
IBAN, BAD_IBAN = "FR1420041010050500013M02606", "FR1420041010050500013M02660"


def field(value: Any, confidence: float = 1.0, source: Source = Source.TEXT_LAYER, **rest: Any) -> FieldValue:
    return FieldValue(value=value, confidence=confidence, source=source, page=1, **rest)


def invoice(kind: str = "facture_optique", source: Source = Source.TEXT_LAYER, **changes: Any) -> FileReading:
    """A paid invoice of 300 euros in two lines; ``changes`` replace fields (None takes one away)."""
    values: dict[str, Any] = {
        "document_number": "F2026-118",
        "issue_date": date(2026, 3, 20),
        "care_dates": (date(2026, 3, 18),),
        "total_amount": Decimal("300.00"),
        "amo_amount": Decimal("60.00"),
        "patient_due": Decimal("240.00"),
        "paid": True,
        "patient_name": "Léa VASSEUR",
        "practitioner_name": "Optique des Quais",
    }
    lines = changes.pop("lines", ("100.00", "200.00"))
    document = {name: changes.pop(name) for name in list(changes) if name in DocumentReading.model_fields}
    values |= {name: changes.pop(name) for name in list(changes) if name in set(FieldName)}
    fields = {
        FieldName(name): value if isinstance(value, FieldValue) else field(value, source=source)
        for name, value in values.items()
        if value is not None
    }
    items = tuple(line if isinstance(line, LineItem) else LineItem(amount=Decimal(line)) for line in lines)
    document = {"type": DocumentType(kind), "fields": fields, "line_items": items} | document
    return reading(source=source, **document, **changes)


def reading(kind: str | None = None, source: Source = Source.TEXT_LAYER, **changes: Any) -> FileReading:
    """A file of one paper."""
    name = changes.pop("id", None) or str(kind or changes.get("type"))
    sha = changes.pop("sha256", name)
    pages = changes.pop("page_readings", None)
    if kind:
        changes["type"] = DocumentType(kind)
    document = DocumentReading(**({"type_confidence": 1.0, "pages": (1,)} | changes))
    if pages is None:
        legibility = Legibility.LEGIBLE if document.legible else Legibility.ILLEGIBLE
        pages = tuple(
            PageReading(page=page, width=595, height=842, unit="pt", source=source, legibility=legibility)
            for page in document.pages
        )
    return FileReading(id=name, file=f"{name}.pdf", sha256=sha, pages=pages, documents=(document,))


def prescription(**changes: Any) -> FileReading:
    return reading("ordonnance", **changes)


def statement(**changes: Any) -> FileReading:
    return reading("decompte_am", **changes)


def rib(iban: Any = IBAN, **changes: Any) -> FileReading:
    value = iban if isinstance(iban, FieldValue) else field(iban)
    return reading("rib", fields={FieldName.IBAN: value}, **changes)


def dossier(*readings: FileReading, kind: str = "optique", patient: Person = PATIENT, **changes: Any) -> Dossier:
    member = {
        "member_number": "00417", "teletransmission": True, "rib_on_file": True, "people": (PATIENT, CHILD),
    }  # fmt: skip
    member |= {name: changes.pop(name) for name in list(changes) if name in Member.model_fields}
    claim = {
        "id": "D1", "claim_type": ClaimType(kind), "upload_date": UPLOAD, "patient": patient,
        "member": Member(**member), "files": tuple(reading.id for reading in readings),
    }  # fmt: skip
    return Dossier(claim=Claim(**(claim | changes)), readings=readings)


def judge(*readings: FileReading, history: Any = (), rules: Any = RULES, **changes: Any) -> Decision:
    return decide(dossier(*readings, **changes), rules, history, today=changes.get("upload_date", UPLOAD))


def finding_of(decision: Decision, code: str) -> Finding | None:
    return next((finding for finding in decision.findings if finding.code == code), None)


def outcome_of(decision: Decision, code: str) -> str | None:
    found = finding_of(decision, code)
    return found.outcome.value if found else None
