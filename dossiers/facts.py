"""The facts of a dossier: its papers, which required piece each one is, and how far its values can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from dossiers.history import PastDossier
from schemas.claims import Claim, Dossier
from schemas.decisions import Evidence
from schemas.errors import RefusalCode
from schemas.readings import DocumentReading, FieldContent, FileReading, PageReading, Source
from schemas.rules import ClaimRules, Condition, InsurerRules, RequiredPiece, Thresholds
from schemas.vocabulary import DocumentType, FieldName, Legibility, LegibilityReason, MissingPiece


class Trust(Enum):
    """How far a value can be believed."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    ABSENT = "absent"


@dataclass(frozen=True)
class Judged:
    """A field of a paper, with our belief in it.

    Attributes:
        value: set when ``trust`` is sure; what was read, or nothing, when doubtful.
        sure_absent: True when ``trust`` is absent and nothing can have been overlooked.
        confidence: of the reading; 0 without value.
        held_back: why the reading does not accept the value by itself.
    """

    trust: Trust
    value: FieldContent | None = None
    sure_absent: bool = False
    confidence: float = 0.0
    held_back: str | None = None

    @property
    def is_sure(self) -> bool:
        """A value that a decision may rest on."""
        return self.trust is Trust.SURE

    def is_sure_once_confirmed(self, thresholds: Thresholds) -> bool:
        """A value that a decision may rest on, given that something independent confirms it."""
        return self.is_sure or (self.value is not None and thresholds.accept_confirmed(self.confidence, self.held_back))


@dataclass(frozen=True)
class Paper:
    """One legible paper of the dossier."""

    file: str
    sha256: str
    document: DocumentReading
    pages: tuple[PageReading, ...]
    thresholds: Thresholds

    @property
    def type(self) -> DocumentType:
        """What it was read as."""
        return self.document.type

    def judge(self, name: FieldName) -> Judged:
        """What a field says, and whether a decision may rest on it."""
        field = self.document.fields.get(name)
        if field is None:
            return Judged(Trust.ABSENT, sure_absent=self.shows_all)
        sure = field.source is Source.HANDLER or self.thresholds.accept(name, field)
        if field.value is None:
            # A reader that says "nothing there" with a confidence has looked; otherwise something is unreadable.
            return Judged(Trust.ABSENT, sure_absent=True) if sure else Judged(Trust.DOUBTFUL)
        trust = Trust.SURE if sure else Trust.DOUBTFUL
        return Judged(trust, field.value, confidence=field.confidence, held_back=field.held_back)

    @property
    def shows_all(self) -> bool:
        """What was not found on it is not printed on it."""
        seeing = self.thresholds.sources_that_see_all
        return bool(self.pages) and all(page.source in seeing and not page.completed for page in self.pages)

    def point_to(self, *names: FieldName) -> tuple[Evidence, ...]:
        """Evidence: these fields of the paper, or its first page."""
        if not names:
            return (Evidence(file=self.file, page=self.document.pages[0] if self.document.pages else None),)
        found = []
        for name in names:
            field = self.document.fields.get(name)
            page = field.page if field and field.page else (self.document.pages[0] if self.document.pages else None)
            found.append(Evidence(file=self.file, page=page, field=name))
        return tuple(found)


@dataclass(frozen=True)
class Unreadable:
    """Something that was sent and that nobody can read: an illegible paper, a lone bad page, a refused file.

    Attributes:
        kind: what it surely is, None where that cannot be told either.
        pending: it may become readable without the member (a time limit was hit).
    """

    file: str
    page: int | None = None
    kind: DocumentType | None = None
    reasons: tuple[LegibilityReason, ...] = ()
    refusal: RefusalCode | None = None

    @property
    def pending(self) -> bool:
        """A person will look at it: the member must not be asked for it again."""
        return self.refusal is RefusalCode.TIMEOUT

    def point_to(self) -> tuple[Evidence, ...]:
        """Evidence: the file and the page."""
        return (Evidence(file=self.file, page=self.page),)


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
    """

    required: RequiredPiece
    standing: Standing
    papers: tuple[Paper, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that a rule may look at.

    Attributes:
        today: the day of the decision.
        history: earlier dossiers of the same member, and of nobody else.
    """

    claim: Claim
    rules: InsurerRules
    today: date
    history: tuple[PastDossier, ...]
    papers: tuple[Paper, ...]
    unreadable: tuple[Unreadable, ...]
    pieces: tuple[PieceStanding, ...]

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
    )


def _is_required(piece: RequiredPiece, claim: Claim) -> bool:
    member = claim.member
    holds = {
        Condition.NO_TELETRANSMISSION: not member.teletransmission,
        Condition.TELETRANSMISSION: member.teletransmission,
        Condition.NO_RIB_ON_FILE: not member.rib_on_file,
    }
    return all(holds[condition] for condition in piece.when)


def _sort_papers(
    readings: Sequence[FileReading], thresholds: Thresholds
) -> tuple[tuple[Paper, ...], tuple[Unreadable, ...]]:
    papers: list[Paper] = []
    unreadable: list[Unreadable] = []
    for reading in readings:
        if reading.refusal:
            unreadable.append(Unreadable(reading.id, refusal=reading.refusal))
            continue
        for document in (*reading.documents, *_wrap_loose_pages(reading)):
            pages = tuple(page for page in reading.pages if page.page in document.pages)
            if document.legible:
                papers.append(Paper(reading.id, reading.sha256, document, pages, thresholds))
            elif not (_is_blank(pages) and len(reading.documents) > 1):
                sure = document.type is not DocumentType.AUTRE and document.type_confidence >= thresholds.type_accept
                reasons = tuple(dict.fromkeys(reason for page in pages for reason in page.reasons))
                first = document.pages[0] if document.pages else None
                unreadable.append(Unreadable(reading.id, first, document.type if sure else None, reasons))
    return tuple(papers), tuple(unreadable)


def _is_blank(pages: Sequence[PageReading]) -> bool:
    return bool(pages) and all(LegibilityReason.PAGE_BLANCHE in page.reasons for page in pages)


def _wrap_loose_pages(reading: FileReading) -> Iterator[DocumentReading]:
    """Pages that the reading put in no paper, as papers of unknown kind; the blank back of a sheet is none."""
    held = {page for document in reading.documents for page in document.pages}
    loose = [page for page in reading.pages if page.page not in held]
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

    A piece is absent only when no paper sent can be it: neither one whose type is unsure nor an unreadable one.
    """
    needed = {kind for piece in required for kind in piece.kinds}
    used = {id(paper) for paper in papers if paper.type in needed and _is_accepted(paper, thresholds)}
    unsure = [
        paper for paper in papers if id(paper) not in used and paper.document.type_confidence < thresholds.type_rule_out
    ]
    unknown = [thing for thing in unreadable if thing.kind is None]
    standings = [_find_piece(piece, papers, unreadable, unsure, thresholds) for piece in required]
    absent = [standing for standing in standings if standing.standing is Standing.ABSENT]
    for standing in standings:
        if standing.standing is not Standing.ABSENT or not unknown:
            yield standing
        elif len(unknown) >= len(absent) and not any(thing.pending for thing in unknown):
            yield PieceStanding(standing.required, Standing.ILLEGIBLE, unreadable=tuple(unknown))
        else:  # fewer unreadable papers than absent pieces: which one was sent cannot be told
            yield PieceStanding(standing.required, Standing.DOUBTFUL, unreadable=tuple(unknown))


def _is_accepted(paper: Paper, thresholds: Thresholds) -> bool:
    return paper.document.type_confidence >= thresholds.type_accept


def _find_piece(
    piece: RequiredPiece,
    papers: Sequence[Paper],
    unreadable: Sequence[Unreadable],
    unsure: Sequence[Paper],
    thresholds: Thresholds,
) -> PieceStanding:
    found = tuple(paper for paper in papers if paper.type in piece.kinds and _is_accepted(paper, thresholds))
    if found:
        return PieceStanding(piece, Standing.FOUND, found)
    illegible = tuple(thing for thing in unreadable if thing.kind in piece.kinds)
    if illegible:
        return PieceStanding(piece, Standing.ILLEGIBLE, unreadable=illegible)
    if unsure:
        return PieceStanding(piece, Standing.DOUBTFUL, tuple(unsure))
    return PieceStanding(piece, Standing.ABSENT)
