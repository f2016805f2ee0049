"""Rows of the database as the values that the other rooms understand.

The bounds of ``schemas.claims`` are for what comes in. They are not put to rows again (``model_construct``): a dossier
that grew to more papers than one claim may send, or whose member nobody knows yet, must be decided all the same.
"""

from __future__ import annotations

from schemas import claims
from schemas.errors import UnattachedError
from schemas.lines import reading_from_line
from schemas.readings import FileReading
from schemas.statuses import PieceState
from schemas.vocabulary import ClaimType
from storage.amending import amend_reading, list_judgements, standing_corrections, standing_sayings
from storage.models import Dossier, Member, Person, Reading


def to_person(row: Person | None) -> claims.Person:
    """A person; empty names for nobody known, which no rule takes for a match."""
    if row is None:
        return claims.Person(first="", last="")
    return claims.Person.model_construct(
        first=row.first,
        last=row.last,
        birth_name=row.birth_name or None,
        birth_date=row.birth_date,
        sex=row.sex or None,
        role=row.role,
        nir=row.nir or None,
    )


def to_member(row: Member | None) -> claims.Member:
    """A member with everybody on the contract; an empty number for nobody known."""
    if row is None:
        return claims.Member.model_construct(member_number="")
    return claims.Member.model_construct(
        member_number=row.member_number,
        mutuelle=row.mutuelle,
        teletransmission=row.teletransmission,
        rib_on_file=row.rib_on_file,
        iban_on_file=row.iban_on_file or None,
        holder=row.holder or None,
        covered_from=row.covered_from,
        covered_until=row.covered_until,
        people=tuple(to_person(person) for person in row.people.all()),
    )


def to_reading(row: Reading) -> FileReading:
    """A reading, without the words of its pages (they are in the object store)."""
    return reading_from_line(row.line)


def to_dossier(row: Dossier) -> claims.Dossier:
    """A claim with the readings of its papers, in the order in which they came.

    A paper that is not read yet is named in the claim's files and has no reading; one that was erased is not named.
    What a gestionnaire corrected is in the readings (``storage.amending``).

    Raises:
        UnattachedError: these are papers that came without a request: nothing is asked for yet.
    """
    if not row.claim_type:
        raise UnattachedError(f"dossier {row.pk} holds papers without a request")
    pieces = [piece for piece in row.pieces.all() if piece.state != PieceState.ERASED.value]
    corrections = standing_corrections(row)
    return claims.Dossier(
        claim=claims.Claim.model_construct(
            id=row.reference,
            claim_type=ClaimType(row.claim_type),
            upload_date=row.upload_date,
            member=to_member(row.member),
            patient=to_person(row.patient),
            files=tuple(str(piece.pk) for piece in pieces),
            message=row.message or None,
        ),
        readings=tuple(
            amend_reading(to_reading(piece.reading), piece.pk, corrections)
            for piece in pieces
            if hasattr(piece, "reading")
        ),
        judgements=list_judgements(corrections),
        sayings=standing_sayings(row),
        contested=any(contest.settled_at is None for contest in row.contests.all()),
    )
