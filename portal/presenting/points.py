"""What a person still has to look at before a dossier can be settled: nothing that the decision does not rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.presenting.grades import Grade, grade_field
from schemas.decisions import Decision, Evidence, Finding, Level, Outcome
from schemas.readings import DocumentReading, FileReading
from schemas.rules import installed_rules
from schemas.vocabulary import FieldName


@dataclass(frozen=True)
class Point:
    """One thing to look at.

    Attributes:
        file: identifier of the piece; empty for a finding.
        document: which of the papers on it, from 0.
        field: the value to look at; None for the type of the paper, or for a finding.
        finding: code of the finding to judge, or of the one that a value holds up.
    """

    finding: str
    file: str = ""
    document: int = 0
    field: FieldName | None = None


def find_points(decision: Decision, readings: Mapping[str, FileReading]) -> tuple[Point, ...]:
    """What holds a dossier up: doubtful values and types that open findings rest on, then findings without doubt left.

    Args:
        decision: the last one.
        readings: of the papers as corrected so far, by identifier of the piece.
    """
    values: dict[tuple[str, int, FieldName | None], Point] = {}
    findings = []
    for finding in decision.findings:
        if finding.outcome is Outcome.PASSED or finding.level is not Level.BLOCKING:
            continue
        doubtful = list(_find_doubts(finding, readings))
        for point in doubtful:
            values.setdefault((point.file, point.document, point.field), point)
        if not doubtful and not finding.missing:
            findings.append(Point(finding=finding.code))
    return (*values.values(), *findings)


def _find_doubts(finding: Finding, readings: Mapping[str, FileReading]) -> Iterator[Point]:
    for place in finding.evidence:
        reading = readings.get(place.file or "")
        if reading is None:
            continue
        for index, document in enumerate(reading.documents):
            if not document.legible or (place.page is not None and place.page not in document.pages):
                continue
            if place.field is None:
                if finding.outcome is Outcome.INCONCLUSIVE and _type_is_doubtful(document):
                    yield Point(finding.code, reading.id, index)
            elif _value_is_doubtful(document, place, finding):
                yield Point(finding.code, reading.id, index, place.field)


def _type_is_doubtful(document: DocumentReading) -> bool:
    return document.type_confidence < installed_rules().thresholds.type_rule_out


def _value_is_doubtful(document: DocumentReading, place: Evidence, finding: Finding) -> bool:
    if place.field is None:
        return False
    field = document.fields.get(place.field)
    if field is None:  # nothing was read there: only where the rule cannot tell is it a question
        return finding.outcome is Outcome.INCONCLUSIVE
    return grade_field(place.field, field) is not Grade.SURE
