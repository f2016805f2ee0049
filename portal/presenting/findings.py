"""What the rules found in a dossier, with the places to look at."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.french import NBSP
from portal.presenting.examples import EXAMPLES_FR, ExampleView
from portal.presenting.papers import field_anchor
from schemas.decisions import Decision, Evidence, Level, Outcome
from schemas.readings import FileReading
from schemas.rules import installed_rules
from schemas.vocabulary import (
    DECISION_LABELS_FR,
    FIELD_LABELS_FR,
    MISSING_LABELS_FR,
    MissingPiece,
)
from storage.models import DecisionRecord, Piece

OUTCOME_WORDS_FR: dict[Outcome, str] = {
    Outcome.PASSED: "conforme",
    Outcome.FAILED: "non conforme",
    Outcome.INCONCLUSIVE: "impossible à dire",
}
LEVEL_WORDS_FR: dict[Level, str] = {Level.BLOCKING: "bloquant", Level.WARNING: "alerte", Level.INFO: "information"}


@dataclass(frozen=True)
class EvidenceView:
    """A place to look at: a row of this page, or another dossier.

    Attributes:
        where: file and page, said once for several fields in a row.
        label: the field, or the file where no field is meant.
    """

    label: str
    where: str = ""
    anchor: str = ""
    dossier: str = ""


@dataclass(frozen=True)
class FindingView:
    """The outcome of one rule."""

    code: str
    outcome: str
    outcome_fr: str
    level_fr: str
    sentence: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True)
class MissingView:
    """A paper that the member is asked for, with the sentence that explains it."""

    code: str
    label: str
    sentence: str
    example: ExampleView


@dataclass(frozen=True)
class DecisionView:
    """One decision of the history."""

    number: int
    at: dt.datetime
    label: str
    missing: tuple[MissingView, ...]
    reasons: tuple[str, ...]
    message: str
    rules_version: str
    reader_version: str
    findings: tuple[FindingView, ...]

    @property
    def open_findings(self) -> tuple[FindingView, ...]:
        """What failed or could not be told, worst first: what decided the dossier, then what is only shown."""
        order = {Outcome.FAILED.value: 0, Outcome.INCONCLUSIVE.value: 1}
        levels = list(LEVEL_WORDS_FR.values())
        found = (one for one in self.findings if one.outcome in order)
        return tuple(sorted(found, key=lambda one: (levels.index(one.level_fr), order[one.outcome])))

    @property
    def passed_findings(self) -> tuple[FindingView, ...]:
        """What is as it should be."""
        return tuple(one for one in self.findings if one.outcome == Outcome.PASSED.value)


def missing_labels(codes: list[str]) -> tuple[str, ...]:
    """French names of missing papers."""
    return tuple(MISSING_LABELS_FR[MissingPiece(code)] for code in codes)


def reason_labels(codes: Sequence[str]) -> tuple[str, ...]:
    """French words for the reasons of a review."""
    return tuple(installed_rules().name_reason(code) for code in codes)


def present_decision(
    record: DecisionRecord,
    pieces: Mapping[str, Piece],
    references: Mapping[str, str],
    readings: Mapping[str, FileReading],
) -> DecisionView:
    """One decision as people read it.

    Args:
        record: as stored.
        pieces: papers of the dossier by identifier, to name the evidence.
        references: identifier of other dossiers by the name that the evidence gives them.
        readings: of the papers, as corrected so far, by identifier.
    """
    decision = load_decision(record)
    return DecisionView(
        number=record.number,
        at=record.decided_at,
        label=DECISION_LABELS_FR[decision.decision],
        missing=_present_missing(decision),
        reasons=reason_labels(decision.reasons),
        message=decision.message_fr,
        rules_version=decision.rules_version,
        reader_version=decision.reader_version,
        findings=tuple(
            FindingView(
                code=finding.code,
                outcome=finding.outcome.value,
                outcome_fr=OUTCOME_WORDS_FR[finding.outcome],
                level_fr=LEVEL_WORDS_FR[finding.level],
                sentence=finding.handler_fr,
                evidence=_present_evidence(finding.evidence, pieces, references, readings),
            )
            for finding in decision.findings
        ),
    )


def load_decision(record: DecisionRecord) -> Decision:
    """The decision that was stored."""
    return Decision.model_validate(_known_keys(record.line))


def _known_keys(line: dict[str, Any]) -> dict[str, Any]:
    """The keys of a decision line that this version knows (a line may carry more)."""
    return {key: value for key, value in line.items() if key in Decision.model_fields}


def _present_missing(decision: Decision) -> tuple[MissingView, ...]:
    views = []
    for piece in decision.missing:
        said = [one.member_fr for one in decision.findings if piece in one.missing and one.member_fr]
        views.append(
            MissingView(
                code=piece.value,
                label=MISSING_LABELS_FR[piece],
                sentence=" ".join(dict.fromkeys(said)),
                example=EXAMPLES_FR[piece],
            )
        )
    return tuple(views)


def _present_evidence(
    places: Sequence[Evidence],
    pieces: Mapping[str, Piece],
    references: Mapping[str, str],
    readings: Mapping[str, FileReading],
) -> tuple[EvidenceView, ...]:
    views: list[EvidenceView] = []
    said = ""
    for place in places:
        if place.dossier:
            label = f"dossier {place.dossier}"
            views.append(EvidenceView(label=label, dossier=references.get(place.dossier, "")))
            continue
        piece = pieces.get(place.file or "")
        where = piece.name if piece else "document"
        if place.page:
            where = f"{where}, page{NBSP}{place.page}"
        anchor = f"papier-{piece.pk.hex[:12]}" if piece else ""
        if place.field and piece:
            anchor = _row_anchor(piece, place, readings.get(str(piece.pk))) or anchor
        label = FIELD_LABELS_FR[place.field] if place.field else where
        views.append(EvidenceView(label=label, where=where if place.field and where != said else "", anchor=anchor))
        said = where
    return tuple(views)


def _row_anchor(piece: Piece, evidence: Evidence, reading: FileReading | None) -> str:
    """The row of the field that the evidence names, in the paper that lies on its page."""
    if reading is None or evidence.field is None:
        return ""
    identifier = uuid.UUID(str(piece.pk))
    for index, document in enumerate(reading.documents):
        on_page = evidence.page is None or evidence.page in document.pages
        if on_page and evidence.field in document.fields:
            return field_anchor(identifier, index, evidence.field)
    return ""
