"""The papers of a dossier, and how far their values can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from schemas.decisions import Evidence
from schemas.errors import RefusalCode
from schemas.readings import DocumentReading, FieldContent, PageReading, Source
from schemas.rules import Thresholds
from schemas.vocabulary import DocumentType, FieldName, LegibilityReason


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
    def is_accepted(self) -> bool:
        """It is surely what it was read as."""
        return self.document.type_confidence >= self.thresholds.type_accept

    @property
    def shows_all(self) -> bool:
        """What was not found on it is not printed on it."""
        seeing = self.thresholds.sources_that_see_all
        return bool(self.pages) and all(page.source in seeing and not page.completed for page in self.pages)

    def fails(self, name: FieldName, check: str) -> bool:
        """Whether a field fails a check of the reading's that no misread letter explains: it stands in a text layer."""
        field = self.document.fields.get(name)
        if field is None or field.source is not Source.TEXT_LAYER:
            return False
        return any(one.name == check and not one.passed for one in field.checks)

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
