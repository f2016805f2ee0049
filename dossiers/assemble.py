"""Which open claim a paper belongs to, when it arrives without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from dossiers.names import NameMatch, find_people, match_name
from schemas.claims import Claim
from schemas.readings import DocumentReading, FileReading
from schemas.rules import InsurerRules
from schemas.vocabulary import DocumentType, FieldName, MissingPiece

#: What speaks for a claim, and how much of the score it is (docs/rules.md tells insurers); all together 1.2.
_NUMBER, _NAMED_BY_SENDER, _PERSON, _INITIAL, _ASKED, _FITTING, _SAME_DAY = 0.35, 0.2, 0.35, 0.2, 0.35, 0.15, 0.15
#: What is left of the score of a paper whose date, or whose care, is far from the claim's.
_FAR = 0.7

#: Pieces that answer a request whatever their type: another copy of what was already sent.
_COPIES = frozenset({MissingPiece.PIECE_ILLISIBLE, MissingPiece.PAGE_MANQUANTE, MissingPiece.FACTURE_ACQUITTEE})


@dataclass(frozen=True)
class OpenClaim:
    """A claim that still takes papers.

    Attributes:
        asked: what its member was asked for.
        sent_for: whoever sent the paper said that it is this member's.
        care_days: of the papers that it holds already.
    """

    claim: Claim
    asked: tuple[MissingPiece, ...] = ()
    sent_for: bool = False
    care_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class ClaimGuess:
    """A claim that a file may belong to.

    Attributes:
        score: from 0 to 1.2, to rank guesses; not a probability.
        reasons_fr: what speaks for it, for the gestionnaire.
    """

    claim_id: str
    score: float
    reasons_fr: tuple[str, ...]


def find_care_days(readings: Iterable[FileReading]) -> frozenset[date]:
    """The days of care that papers tell; nothing is decided on them here, so those of little confidence count too."""
    documents = [document for reading in readings for document in reading.documents if document.legible]
    return frozenset(day for document in documents for day in _care_days(document))


def find_claim(
    reading: FileReading, open_claims: Sequence[OpenClaim], rules: InsurerRules, *, today: date
) -> ClaimGuess | None:
    """The claim that a file surely belongs to, or None: then a person chooses among ``rank_claims``.

    Args:
        reading: of the file.
        open_claims: where it may go.
        rules: what each type of claim takes, and how sure is sure enough.
        today: the day it arrived.
    """
    guesses = rank_claims(reading, open_claims, rules, today=today)
    if not guesses or guesses[0].score < rules.assembly.enough:
        return None
    if len(guesses) > 1 and guesses[0].score - guesses[1].score < rules.assembly.lead:
        return None
    return guesses[0]


def rank_claims(
    reading: FileReading, open_claims: Sequence[OpenClaim], rules: InsurerRules, *, today: date
) -> list[ClaimGuess]:
    """The claims that a file may belong to, best first; those that it contradicts are left out."""
    papers = [document for document in reading.documents if document.legible]
    guesses = []
    for candidate in open_claims:
        scored = [guess for paper in papers if (guess := _score(paper, candidate, rules, today)) is not None]
        if scored and len(scored) == len(papers):
            guesses.append(max(scored, key=lambda guess: guess.score))
    return sorted(guesses, key=lambda guess: (-guess.score, guess.claim_id))


def _score(paper: DocumentReading, candidate: OpenClaim, rules: InsurerRules, today: date) -> ClaimGuess | None:
    """How well one paper fits a claim; None where it contradicts it."""
    claim, member = candidate.claim, candidate.claim.member
    score = 0.0
    reasons: list[str] = []
    number = paper.value_of(FieldName.MEMBER_NUMBER)
    if isinstance(number, str):
        if number.lstrip("0") != member.member_number.lstrip("0"):
            return None
        score, reasons = score + _NUMBER, [*reasons, "numéro d’adhérent"]
    elif candidate.sent_for:
        score, reasons = score + _NAMED_BY_SENDER, [*reasons, "envoyé pour cet adhérent"]
    if paper.type is DocumentType.RIB:
        holder = paper.value_of(FieldName.ACCOUNT_HOLDER)
        if isinstance(holder, str):
            match, _ = find_people(holder, member.people, rules.names)
            if match in (NameMatch.SAME, NameMatch.MISREAD):
                score, reasons = score + _PERSON, [*reasons, "titulaire du compte"]
    else:
        name = paper.value_of(FieldName.PATIENT_NAME)
        if isinstance(name, str):
            match = match_name(name, claim.patient, rules.names)
            if match is NameMatch.DIFFERENT:
                return None
            if match in (NameMatch.SAME, NameMatch.MISREAD, NameMatch.INITIAL):
                score, reasons = score + (_INITIAL if match is NameMatch.INITIAL else _PERSON), [*reasons, "patient"]
    pieces = [piece for piece in rules.claims[claim.claim_type].pieces if paper.type in piece.kinds]
    if not pieces:
        return None if paper.type is not DocumentType.AUTRE else ClaimGuess(claim.id, round(score, 2), tuple(reasons))
    answers = any(piece.piece in candidate.asked for piece in pieces)
    if answers or (any(piece.main for piece in pieces) and _COPIES & set(candidate.asked)):
        score, reasons = score + _ASKED, [*reasons, "pièce demandée"]
    else:
        score, reasons = score + _FITTING, [*reasons, "type de demande"]
    days = _care_days(paper)
    if days & candidate.care_days:
        score, reasons = score + _SAME_DAY, [*reasons, "mêmes jours de soins"]
    weight = _weigh_date(paper, rules, today) * _weigh_care(days, candidate.care_days, rules)
    return ClaimGuess(claim.id, round(weight * score, 2), tuple(reasons))


def _care_days(paper: DocumentReading) -> set[date]:
    days = paper.value_of(FieldName.CARE_DATES)
    return {day for day in days if isinstance(day, date)} if isinstance(days, tuple) else set()


def _weigh_care(days: Set[date], known: Set[date], rules: InsurerRules) -> float:
    """A paper about care far from that of the claim's papers is less likely to belong to it."""
    if not days or not known:
        return 1.0
    apart = min(abs((day - other).days) for day in days for other in known)
    return 1.0 if apart <= rules.assembly.same_care_days else _FAR


def _weigh_date(paper: DocumentReading, rules: InsurerRules, today: date) -> float:
    """A paper from long ago, or from the future, is less likely to belong to a claim of now."""
    issued = paper.value_of(FieldName.ISSUE_DATE)
    if not isinstance(issued, date):
        return 1.0
    return 1.0 if 0 <= (today - issued).days <= rules.assembly.long_ago_days else _FAR
