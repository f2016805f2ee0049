"""Claims with their papers, and what should be decided of them: the values, and how a claim is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from samples.degrade import Piece, Recipe
from samples.people import Member, Person
from schemas.vocabulary import ClaimType, DocumentType, MissingPiece, ReviewReason

#: Which invoice each kind of claim needs (reference insurer, R1).
INVOICE_OF = {
    ClaimType.OPTIQUE: DocumentType.FACTURE_OPTIQUE,
    ClaimType.DENTAIRE: DocumentType.FACTURE_DENTAIRE,
    ClaimType.AUDIO: DocumentType.FACTURE_AUDIO,
    ClaimType.MEDECINE_DOUCE: DocumentType.NOTE_HONORAIRES,
    ClaimType.HOSPITALISATION: DocumentType.FACTURE_HOSPITALIERE,
    ClaimType.PHARMACIE: DocumentType.FACTURE_PHARMACIE,
    ClaimType.SOINS: DocumentType.FACTURE_SOINS,
}

#: Thresholds of the reference insurer in euros (R14), used only to stay below or to go above them.
THRESHOLDS = {
    ClaimType.OPTIQUE: 1200,
    ClaimType.DENTAIRE: 3000,
    ClaimType.AUDIO: 4500,
    ClaimType.MEDECINE_DOUCE: 250,
    ClaimType.HOSPITALISATION: 8000,
    ClaimType.PHARMACIE: 600,
    ClaimType.SOINS: 600,
}

PRESCRIPTION_NEEDED = frozenset({ClaimType.OPTIQUE, ClaimType.AUDIO, ClaimType.PHARMACIE})
STATEMENT_NEEDED = frozenset(INVOICE_OF) - {ClaimType.MEDECINE_DOUCE} | {ClaimType.CONSULTATION}


@dataclass(frozen=True)
class Parcel:
    """One file of a claim before it is made.

    Attributes:
        pieces: papers in the file.
        recipe: how it is sent.
        same_as: index of the file of the earlier claim whose very bytes are sent again, or None.
    """

    pieces: tuple[Piece, ...]
    recipe: Recipe
    same_as: int | None = None


@dataclass
class PlannedClaim:
    """A claim, its files, and what should be decided.

    Attributes:
        expected: pieces and reasons with the rule that asks for them.
        duplicate_of: position (-1: the claim before) of the claim of which this is a duplicate, or None.
    """

    scenario: str
    claim_type: ClaimType
    member: Member
    patient: Person
    upload: dt.date
    parcels: list[Parcel]
    missing: list[tuple[MissingPiece, str, str]] = field(default_factory=list)
    reasons: list[tuple[ReviewReason, str, str]] = field(default_factory=list)
    duplicate_of: int | None = None

    @property
    def decision(self) -> str:
        """What follows from what is missing and from the reasons."""
        return "incomplete" if self.missing else "to_review" if self.reasons else "complete"


def write_person(person: Person) -> dict[str, Any]:
    """A person as a claim gives it."""
    return {
        "first": person.first,
        "last": person.last.upper(),
        "birth_name": person.birth_name.upper() if person.birth_name else None,
        "birth_date": person.birth.isoformat(),
        "sex": person.sex,
        "role": person.role,
        "nir": person.nir,
    }


def write_claim(identifier: str, claim: PlannedClaim, files: list[str], duplicate: str | None) -> dict[str, Any]:
    """The line of ``dossiers.jsonl``: the claim and what is expected."""
    member = claim.member
    rules = [
        {"rule": rule, "effect": f"missing:{piece.value}", "detail": detail} for piece, rule, detail in claim.missing
    ]
    rules += [
        {"rule": rule, "effect": f"reason:{reason.value}", "detail": detail} for reason, rule, detail in claim.reasons
    ]
    return {
        "id": identifier,
        "scenario": claim.scenario,
        "claim_type": claim.claim_type.value,
        "upload_date": claim.upload.isoformat(),
        "member": {
            "member_number": member.number,
            "mutuelle": member.mutuelle,
            "teletransmission": member.teletransmission,
            "rib_on_file": member.rib_on_file,
            "iban_on_file": member.bank.iban if member.rib_on_file else None,
            "holder": member.bank.holder,
            "people": [write_person(person) for person in member.people],
        },
        "patient": write_person(claim.patient),
        "files": files,
        "duplicate": duplicate,
        "expected": {
            "decision": claim.decision,
            "missing": [piece.value for piece, _, _ in claim.missing],
            "reasons": [reason.value for reason, _, _ in claim.reasons],
            "rules": rules,
        },
    }


def strip_answers(line: dict[str, Any]) -> dict[str, Any]:
    """The claim as the insurer receives it."""
    return {key: value for key, value in line.items() if key not in ("scenario", "duplicate", "expected")}
