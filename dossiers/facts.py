"""The facts of a dossier: its papers, and which required piece each one is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from dossiers.calendar import count_years
from dossiers.history import PastDossier
from dossiers.papers import Paper, Unreadable
from dossiers.totals import sure_total
from schemas.claims import Claim, Dossier
from schemas.pieces import ClaimRules, Condition, Replacement, RequiredPiece
from schemas.readings import DocumentReading, FileReading, PageReading
from schemas.rules import InsurerRules, Thresholds
from schemas.sayings import Saying
from schemas.vocabulary import DocumentType, FieldName, Legibility, LegibilityReason, MissingPiece

#: Values that a paper of no known type should not carry: with one of these it may be the piece, misread.
_TELLING = {MissingPiece.RIB: FieldName.IBAN, MissingPiece.DECOMPTE_AM: FieldName.AMO_AMOUNT}
_AGE_OF_ADULT_PRESCRIPTIONS = 16


class Standing(Enum):
    """What is known of a required piece."""

    FOUND = "found"
    ABSENT = "absent"
    ILLEGIBLE = "illegible"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class PieceStanding:
    """A required piece and what there is of it.

    Attributes:
        papers: the papers found to be it; where doubtful, the papers that may be it.
        unreadable: what is illegible and is, or may be, it.
        replacement: what was taken in its place; ``papers`` are then that.
        need_unsure: whether the claim needs it depends on a total that could not be read for sure.
    """

    required: RequiredPiece
    standing: Standing
    papers: tuple[Paper, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    replacement: Replacement | None = None
    need_unsure: bool = False


@dataclass(frozen=True)
class Facts:
    """All that a rule may look at.

    Attributes:
        today: the day of the decision.
        history: earlier dossiers of the same member, and of nobody else.
        readings: of the files, of which ``papers`` are parts.
        sayings: what the member says of them.
    """

    claim: Claim
    rules: InsurerRules
    today: date
    history: tuple[PastDossier, ...]
    papers: tuple[Paper, ...]
    unreadable: tuple[Unreadable, ...]
    pieces: tuple[PieceStanding, ...]
    readings: tuple[FileReading, ...] = ()
    sayings: tuple[Saying, ...] = ()

    @property
    def claim_rules(self) -> ClaimRules:
        """The rules of this type of claim."""
        return self.rules.claims[self.claim.claim_type]

    def piece(self, piece: MissingPiece) -> PieceStanding | None:
        """The standing of a piece, None where the claim does not need it."""
        return next((standing for standing in self.pieces if standing.required.piece is piece), None)

    @property
    def main(self) -> PieceStanding | None:
        """The standing of the paper that the claim is about, None where it needs none."""
        return next((standing for standing in self.pieces if standing.required.main), None)

    @property
    def main_papers(self) -> tuple[Paper, ...]:
        """The papers that the claim is about, as far as they were surely found."""
        return self.main.papers if self.main and self.main.standing is Standing.FOUND else ()

    def accepted(self, *kinds: DocumentType) -> tuple[Paper, ...]:
        """The papers that surely are of one of these kinds, asked for or not."""
        return tuple(paper for paper in self.papers if paper.type in kinds and paper.is_accepted)


def gather_facts(dossier: Dossier, rules: InsurerRules, history: Sequence[PastDossier] = (), *, today: date) -> Facts:
    """Sort the papers of a dossier.

    Raises:
        ValueError: the claim names a file whose reading is not there; nothing is decided on half an upload.
    """
    claim = dossier.claim
    unread = set(claim.files) - {reading.id for reading in dossier.readings}
    if unread:
        raise ValueError(f"claim {claim.id}: no reading of {', '.join(sorted(unread))}")
    papers, unreadable = _sort_papers(dossier.readings, rules.thresholds)
    required = [piece for piece in rules.claims[claim.claim_type].pieces if _is_required(piece, claim)]
    return Facts(
        claim=claim,
        rules=rules,
        today=today,
        history=tuple(past for past in history if past.member_number == claim.member.member_number),
        papers=papers,
        unreadable=unreadable,
        pieces=tuple(_find_pieces(required, papers, unreadable, rules.thresholds)),
        readings=dossier.readings,
        sayings=dossier.sayings,
    )


def _is_required(piece: RequiredPiece, claim: Claim) -> bool:
    """Whether what is known of the member and the patient has the piece asked for; a birth day not known does not."""
    member, born = claim.member, claim.patient.birth_date
    holds = {
        Condition.NO_TELETRANSMISSION: not member.teletransmission,
        Condition.TELETRANSMISSION: member.teletransmission,
        Condition.NO_RIB_ON_FILE: not member.rib_on_file,
        Condition.PATIENT_UNDER_16: born is not None
        and count_years(born, claim.upload_date) < _AGE_OF_ADULT_PRESCRIPTIONS,
    }
    return all(holds[condition] for condition in piece.when)


def _sort_papers(
    readings: Sequence[FileReading], thresholds: Thresholds
) -> tuple[tuple[Paper, ...], tuple[Unreadable, ...]]:
    papers: list[Paper] = []
    unreadable: list[Unreadable] = []
    by_file = {reading.id: reading.pages for reading in readings}
    joined = {
        (other.file, page)
        for reading in readings
        for document in reading.documents
        for other in document.other_pages
        for page in other.pages
    }
    for reading in readings:
        if reading.refusal:
            unreadable.append(Unreadable(reading.id, refusal=reading.refusal))
            continue
        for document in (*reading.documents, *_wrap_loose_pages(reading, joined)):
            pages = tuple(
                page
                for file, numbers in _list_pages(reading, document)
                for page in by_file.get(file, ())
                if page.page in numbers
            )
            if document.legible:
                papers.append(Paper(reading.id, reading.sha256, document, pages, thresholds))
            elif not (_is_blank(pages) and len(reading.documents) > 1):
                sure = document.type is not DocumentType.AUTRE and document.type_confidence >= thresholds.type_accept
                reasons = tuple(dict.fromkeys(reason for page in pages for reason in page.reasons))
                first = document.pages[0] if document.pages else None
                unreadable.append(Unreadable(reading.id, first, document.type if sure else None, reasons))
    return tuple(papers), tuple(unreadable)


def _list_pages(reading: FileReading, document: DocumentReading) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return ((reading.id, document.pages), *((other.file, other.pages) for other in document.other_pages))


def _is_blank(pages: Sequence[PageReading]) -> bool:
    return bool(pages) and all(LegibilityReason.PAGE_BLANCHE in page.reasons for page in pages)


def _wrap_loose_pages(reading: FileReading, joined: Collection[tuple[str, int]]) -> Iterator[DocumentReading]:
    """Pages that are in no paper, as papers of unknown kind; the blank back of a sheet is none.

    Args:
        reading: of the file.
        joined: pages that a person put in a paper of another file.
    """
    held = {page for document in reading.documents for page in document.pages}
    loose = [page for page in reading.pages if page.page not in held and (reading.id, page.page) not in joined]
    for page in loose:
        if not (_is_blank((page,)) and (reading.documents or len(loose) > 1)):
            legible = page.legibility is not Legibility.ILLEGIBLE
            yield DocumentReading(type=DocumentType.AUTRE, type_confidence=0.0, pages=(page.page,), legible=legible)


def _find_pieces(
    required: Sequence[RequiredPiece],
    papers: Sequence[Paper],
    unreadable: Sequence[Unreadable],
    thresholds: Thresholds,
) -> Iterator[PieceStanding]:
    """Say of every required piece whether it is there.

    A piece is absent only when no paper sent can be it: neither one whose type is unsure nor an unreadable one, nor
    one that says what only this piece says, nor one from abroad of unknown kind. A piece of a kind that the reader
    does not know may be any paper that no other piece needs.
    """
    needed = {kind for piece in required for kind in piece.kinds}
    used = {id(paper) for paper in papers if paper.type in needed and paper.is_accepted}
    unsure = [
        paper
        for paper in papers
        if id(paper) not in used and (paper.document.type_confidence < thresholds.type_rule_out or _is_foreign(paper))
    ]
    unknown = [thing for thing in unreadable if thing.kind is None]
    idle = [paper for paper in papers if id(paper) not in used]
    standings = _drop_unneeded(
        [
            _find_piece(piece, papers, unreadable, idle if DocumentType.AUTRE in piece.kinds else unsure)
            for piece in required
        ]
    )
    absent = [standing for standing in standings if standing.standing is Standing.ABSENT]
    for standing in standings:
        if standing.standing is not Standing.ABSENT or not unknown:
            yield standing
        elif len(unknown) >= len(absent) and not any(thing.pending for thing in unknown):
            yield PieceStanding(standing.required, Standing.ILLEGIBLE, unreadable=tuple(unknown))
        else:  # fewer unreadable papers than absent pieces: which one was sent cannot be told
            yield PieceStanding(standing.required, Standing.DOUBTFUL, unreadable=tuple(unknown))


def _is_foreign(paper: Paper) -> bool:
    return paper.type is DocumentType.AUTRE and bool(paper.document.foreign_signs)


def _find_piece(
    piece: RequiredPiece, papers: Sequence[Paper], unreadable: Sequence[Unreadable], unsure: Sequence[Paper]
) -> PieceStanding:
    found = tuple(paper for paper in papers if paper.type in piece.kinds and paper.is_accepted)
    if found:
        return PieceStanding(piece, Standing.FOUND, found)
    illegible = tuple(thing for thing in unreadable if thing.kind in piece.kinds)
    if illegible:
        return PieceStanding(piece, Standing.ILLEGIBLE, unreadable=illegible)
    for other in piece.replaced_by:
        instead = tuple(paper for paper in papers if paper.type in other.kinds and paper.is_accepted)
        beside = [paper for paper in papers if paper.type in other.together_with and paper not in instead]
        if instead and (beside or not other.together_with):
            return PieceStanding(piece, Standing.FOUND, instead, replacement=other)
    telling = _TELLING.get(piece.piece)
    odd = [
        paper
        for paper in papers
        if paper.type is DocumentType.AUTRE and telling and paper.document.value_of(telling) and paper not in unsure
    ]
    if unsure or odd:
        return PieceStanding(piece, Standing.DOUBTFUL, (*unsure, *odd))
    return PieceStanding(piece, Standing.ABSENT)


def _drop_unneeded(standings: Sequence[PieceStanding]) -> list[PieceStanding]:
    """Leave out the pieces that are only needed above a total, where the main paper is not above it."""
    main = next((standing for standing in standings if standing.required.main), None)
    papers = main.papers if main and main.standing is Standing.FOUND else ()
    totals = [sure_total(paper) for paper in papers]
    kept = []
    for standing in standings:
        limit = standing.required.above
        if limit is None or any(total is not None and total > limit for total in totals):
            kept.append(standing)
        elif None in totals and standing.standing is not Standing.FOUND:
            kept.append(replace(standing, standing=Standing.DOUBTFUL, papers=papers, need_unsure=True))
        elif None in totals:
            kept.append(standing)
    return kept
