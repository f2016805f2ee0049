"""Are two papers the same one, sent twice?

Told from the bytes, from how the pages look together with what they say, and from number, amount, issuer and dates.
Never from the NIR: members of a family may share one, and the law does not allow it for this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from dossiers.history import PastPaper
from dossiers.names import are_other_people
from dossiers.papers import Paper, Trust
from schemas.rules import DuplicateRules, InsurerRules
from schemas.vocabulary import INVOICE_TYPES, QUOTE_TYPES, DocumentType, FieldName


class Likeness(Enum):
    """What makes two papers the same one, or not."""

    SAME_FILE = "same_file"
    SAME_NUMBER = "same_number"
    SAME_SCAN = "same_scan"
    SAME_CONTENT = "same_content"
    UNSURE = "unsure"
    DIFFERENT = "different"

    @property
    def is_same(self) -> bool:
        """The two are one paper."""
        return self not in (Likeness.UNSURE, Likeness.DIFFERENT)


def hash_distance(one: str, other: str) -> int:
    """Bits that differ between two perceptual hashes in hexadecimal."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def text_similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of the places at which two word signatures agree: an estimate of the words they share (MinHash)."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def compare_papers(paper: Paper, past: PastPaper, rules: InsurerRules) -> Likeness:
    """Whether a paper is one that was sent before.

    Args:
        paper: of the dossier being decided.
        past: of an earlier dossier of the same member.
        rules: how alike is alike, of papers and of names.
    """
    if paper.sha256 and paper.sha256 == past.sha256:
        return Likeness.SAME_FILE
    if _family(paper.type) != _family(past.type):
        return Likeness.DIFFERENT
    number = _compare(paper, FieldName.DOCUMENT_NUMBER, _simplify(past.document_number))
    total = _compare(paper, FieldName.TOTAL_AMOUNT, past.total_amount)
    issued = _compare(paper, FieldName.ISSUE_DATE, past.issue_date)
    care = _compare(paper, FieldName.CARE_DATES, past.care_dates)
    if number is True and total is True:
        return Likeness.SAME_NUMBER
    if number is False or total is False or issued is False or care is False:
        return Likeness.DIFFERENT  # two sessions of one series look alike and are two
    if _is_of_another(paper, past, rules):
        return Likeness.DIFFERENT  # two children at one osteopath on one day: the same form, the same price
    if _looks_same(paper, past, rules.duplicates):
        return Likeness.SAME_SCAN
    if total is True:
        issuer = _compare_issuers(paper, past)
        if issuer and (care or issued):
            return Likeness.SAME_CONTENT
        if issuer is None and care and issued:
            return Likeness.SAME_CONTENT
    # what agrees, agrees; what would settle it could not be read for sure
    unsettled = number is True or (total is True and _is_doubtful(paper))
    return Likeness.UNSURE if unsettled else Likeness.DIFFERENT


def group_same_invoices(papers: Sequence[Paper]) -> list[tuple[Paper, ...]]:
    """The papers, copies of one invoice together (a first photo and a better one)."""
    groups: dict[object, list[Paper]] = {}
    for rank, paper in enumerate(papers):
        number, total = paper.judge(FieldName.DOCUMENT_NUMBER), paper.judge(FieldName.TOTAL_AMOUNT)
        known = number.is_sure and total.is_sure
        key: object = (_simplify(str(number.value)), total.value) if known else rank
        groups.setdefault(key, []).append(paper)
    return [tuple(group) for group in groups.values()]


def _family(kind: DocumentType) -> str:
    """Types that one paper may be taken for in turn."""
    return "facture" if kind in INVOICE_TYPES else "devis" if kind in QUOTE_TYPES else kind.value


def _simplify(number: str | None) -> str | None:
    """A document number without the marks that people drop: "F-2026/012" and "f2026 012" are one."""
    return "".join(letter for letter in number.upper() if letter.isalnum()).lstrip("0") if number else None


def _compare(paper: Paper, name: FieldName, past: str | Decimal | date | tuple[date, ...] | None) -> bool | None:
    """True and False are certain; None when either side says nothing sure."""
    now = paper.judge(name)
    if not now.is_sure or not past:
        return None
    if isinstance(now.value, tuple):
        return set(now.value) == set(past) if isinstance(past, tuple) else None
    return (_simplify(now.value) if isinstance(now.value, str) else now.value) == past


def _is_of_another(paper: Paper, past: PastPaper, rules: InsurerRules) -> bool:
    patient = paper.judge(FieldName.PATIENT_NAME)
    if not patient.is_sure or not isinstance(patient.value, str) or not past.patient_name:
        return False
    return are_other_people(patient.value, past.patient_name, rules.names)


def _looks_same(paper: Paper, past: PastPaper, rules: DuplicateRules) -> bool:
    alike = text_similarity(paper.document.text_fingerprint, past.text_fingerprint)
    if alike >= rules.min_text_similarity_alone:
        return True
    hashes = [page.fingerprint for page in paper.pages if page.fingerprint]
    near = any(
        hash_distance(now, before) <= rules.max_hash_distance for now in hashes for before in past.page_fingerprints
    )
    return near and alike >= rules.min_text_similarity


def _compare_issuers(paper: Paper, past: PastPaper) -> bool | None:
    """True when they share an identifier or a name, None when one side has none."""
    names = (FieldName.SIRET, FieldName.FINESS, FieldName.RPPS, FieldName.PRACTITIONER_NAME)
    now = {str(judged.value).casefold() for name in names if (judged := paper.judge(name)).is_sure}
    before = {value.casefold() for value in past.issuer}
    return bool(now & before) if now and before else None


def _is_doubtful(paper: Paper) -> bool:
    """Something that tells papers apart was printed and could not be read for sure."""
    telling = (FieldName.DOCUMENT_NUMBER, FieldName.ISSUE_DATE, FieldName.CARE_DATES)
    return any(paper.judge(name).trust is Trust.DOUBTFUL for name in telling)
