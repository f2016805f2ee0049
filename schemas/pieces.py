"""What each type of claim needs, as an insurer lays it down."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.readings import Frozen
from schemas.vocabulary import DocumentType, MissingPiece

#: Pieces that are papers of their own; the others are things that may be wrong with a paper.
REQUIRABLE_PIECES = frozenset(MissingPiece) - {
    MissingPiece.FACTURE_ACQUITTEE,
    MissingPiece.PAGE_MANQUANTE,
    MissingPiece.PIECE_ILLISIBLE,
}

Euros = Annotated[Decimal, Field(ge=0)]
Priority = Annotated[int, Field(ge=1, le=5)]


class Condition(StrEnum):
    """What must be true of the member, or of the patient, for a piece to be asked for."""

    NO_TELETRANSMISSION = "no_teletransmission"
    TELETRANSMISSION = "teletransmission"
    NO_RIB_ON_FILE = "no_rib_on_file"
    PATIENT_UNDER_16 = "patient_under_16"


class Replacement(Frozen):
    """Papers that an insurer takes in place of a piece.

    Attributes:
        kinds: any of these papers will do...
        together_with: ...if one of these is there too. A signed statement is no type of its own: it is read as
            "autre", and the check ``replacement_needs_no_look`` has a person see what it is.
    """

    kinds: tuple[DocumentType, ...] = Field(min_length=1)
    together_with: tuple[DocumentType, ...] = ()


class RequiredPiece(Frozen):
    """A paper that a claim needs.

    Attributes:
        piece: what the member is asked for when it is not there.
        kinds: any of these papers will do.
        when: all of these must hold, else the piece is not needed.
        above: the piece is needed only if the main paper's total is above this.
        main: the paper that the claim is about, on which patient, dates and amounts are checked.
        replaced_by: other papers that do, where none of ``kinds`` is there.
    """

    piece: MissingPiece
    kinds: tuple[DocumentType, ...] = Field(min_length=1)
    when: tuple[Condition, ...] = ()
    above: Euros | None = None
    main: bool = False
    replaced_by: tuple[Replacement, ...] = ()

    @model_validator(mode="after")
    def _check_piece(self) -> RequiredPiece:
        if self.piece not in REQUIRABLE_PIECES:
            raise ValueError(f"{self.piece.value!r} is no paper; use one of: {', '.join(sorted(REQUIRABLE_PIECES))}")
        if self.main and self.above is not None:
            raise ValueError("the main paper cannot depend on its own total: take 'above' away")
        return self


class ClaimRules(Frozen):
    """What one type of claim needs and where it goes.

    Attributes:
        must_be_paid: the main paper must say that it was paid.
        high_amount: total in euros above which a person looks; None for no limit.
        excess_limit_percent: fee excess, in percent of the base, above which a person looks; None for no limit.
        care_may_follow_invoice: care may be dated after the invoice (stays billed on the way, instalments).
        issuer_must_be_identified: the main paper must carry a number of whoever issued it (RPPS, FINESS or SIRET).
        always_seen: a person looks, whatever the papers say: the contract changes, or a paper is of a kind that no
            reader tells from another.
        queue: team that handles it.
        priority: 1 (first) to 5, instead of the general one.
    """

    pieces: tuple[RequiredPiece, ...] = ()
    must_be_paid: bool = False
    high_amount: Euros | None = None
    excess_limit_percent: Euros | None = None
    care_may_follow_invoice: bool = False
    issuer_must_be_identified: bool = False
    always_seen: bool = False
    queue: str = Field(min_length=1, max_length=40)
    priority: Priority | None = None

    @model_validator(mode="after")
    def _check_pieces(self) -> ClaimRules:
        if sum(piece.main for piece in self.pieces) > 1:
            raise ValueError("only one piece can be the main one")
        if any(piece.above is not None for piece in self.pieces) and not any(piece.main for piece in self.pieces):
            raise ValueError("a piece with 'above' needs a main piece, whose total is compared")
        if any(DocumentType.AUTRE in piece.kinds for piece in self.pieces) and not self.always_seen:
            raise ValueError("a piece that is read as 'autre' may be any paper: say 'always_seen: true'")
        names = [piece.piece for piece in self.pieces]
        if len(set(names)) < len(names):
            raise ValueError("the same piece is listed twice")
        return self
