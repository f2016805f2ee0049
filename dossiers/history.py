"""What is remembered of an earlier dossier, to recognise a paper that comes back.

Only what tells one paper from another is kept; the NIR is not part of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from schemas.claims import Dossier
from schemas.readings import DocumentReading, FieldContent, FileReading, Frozen
from schemas.rules import InsurerRules
from schemas.vocabulary import ClaimType, DocumentType, FieldName


class PastPaper(Frozen):
    """A main paper (invoice, quote, statement) of an earlier dossier; only values that were sure are kept.

    Attributes:
        page_fingerprints: perceptual hashes of its pages.
        issuer: SIRET, FINESS, RPPS and name of who issued it, as far as they were read.
    """

    file: str
    sha256: str
    type: DocumentType
    page_fingerprints: tuple[str, ...] = ()
    text_fingerprint: tuple[int, ...] = ()
    document_number: str | None = None
    total_amount: Decimal | None = None
    issue_date: date | None = None
    care_dates: tuple[date, ...] = ()
    patient_name: str | None = None
    issuer: tuple[str, ...] = ()


class PastDossier(Frozen):
    """An earlier dossier of a member."""

    id: str
    member_number: str
    claim_type: ClaimType
    upload_date: date
    papers: tuple[PastPaper, ...] = ()


def remember(dossier: Dossier, rules: InsurerRules) -> PastDossier:
    """What to keep of a dossier that was decided."""
    claim = dossier.claim
    kinds = {kind for piece in rules.claims[claim.claim_type].pieces if piece.main for kind in piece.kinds}
    return PastDossier(
        id=claim.id,
        member_number=claim.member.member_number,
        claim_type=claim.claim_type,
        upload_date=claim.upload_date,
        papers=tuple(
            describe_paper(reading, document, rules)
            for reading in dossier.readings
            for document in reading.documents
            if document.type in kinds
        ),
    )


def describe_paper(reading: FileReading, document: DocumentReading, rules: InsurerRules) -> PastPaper:
    """What tells this paper from another."""

    def sure(name: FieldName) -> FieldContent | None:
        field = document.fields.get(name)
        if field is None or not rules.thresholds.accept(name, field):
            return None
        return field.value

    number, total, issued = sure(FieldName.DOCUMENT_NUMBER), sure(FieldName.TOTAL_AMOUNT), sure(FieldName.ISSUE_DATE)
    care, patient = sure(FieldName.CARE_DATES), sure(FieldName.PATIENT_NAME)
    issuer = (FieldName.SIRET, FieldName.FINESS, FieldName.RPPS, FieldName.PRACTITIONER_NAME)
    return PastPaper(
        file=reading.id,
        sha256=reading.sha256,
        type=document.type,
        page_fingerprints=tuple(
            page.fingerprint for page in reading.pages if page.page in document.pages and page.fingerprint
        ),
        text_fingerprint=document.text_fingerprint,
        document_number=number if isinstance(number, str) else None,
        total_amount=total if isinstance(total, Decimal) else None,
        issue_date=issued if isinstance(issued, date) else None,
        care_dates=care if isinstance(care, tuple) else (),
        patient_name=patient if isinstance(patient, str) else None,
        issuer=tuple(value for name in issuer if isinstance(value := sure(name), str)),
    )
