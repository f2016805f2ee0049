"""Cheap papers, each different, and the claims they are sent for. Everybody in them is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flows.drops import CLAIM_FILE
from schemas.claims import Claim, Member, Person
from schemas.vocabulary import ClaimType
from tests.extractors.papers import LINES, write_text_page

PATIENT = Person(first="Camille", last="Durand", birth_date=date(1990, 5, 17))


def make_paper(number: int) -> bytes:
    """A born-digital invoice, read in some hundredths of a second."""
    lines = [f"Facture n° 2024-{number:06d}" if line.startswith("Facture n°") else line for line in LINES]
    return write_text_page(lines)


def make_member(number: int) -> Member:
    """A contract with one person on it."""
    return Member(member_number=f"M-{number:04d}", mutuelle="Mutuelle Exemple", people=(PATIENT,))


def make_claim(reference: str, member: Member, *files: str) -> Claim:
    """A claim for those files."""
    return Claim(
        id=reference,
        claim_type=ClaimType.SOINS,
        upload_date=date(2024, 3, 20),
        member=member,
        patient=PATIENT,
        files=files,
    )


def drop_claim(inbox: Path, claim: Claim, *papers: bytes) -> Path:
    """Drop a claim in a folder as the inbox asks for: papers first, the claim last and at once."""
    folder = inbox / claim.id
    folder.mkdir(parents=True)
    for name, data in zip(claim.files, papers, strict=True):
        (folder / name).write_bytes(data)
    draft = folder / f".{CLAIM_FILE}"
    draft.write_text(claim.model_dump_json())
    draft.rename(folder / CLAIM_FILE)
    return folder
