"""Does the member agree with what was read?"""

from __future__ import annotations

from collections.abc import Iterator

from dossiers.facts import Facts
from dossiers.rules.base import Rule, pick_worst
from dossiers.wording import say_content
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.readings import DocumentReading, FieldContent, Source
from schemas.sayings import Saying
from schemas.vocabulary import DOCUMENT_LABELS_FR, FIELD_LABELS_FR


class MemberAgrees(Rule):
    """What a member says of a paper is what it was read to say; else a person looks, and what they say counts."""

    code = RuleCode.MEMBER_AGREES

    def check(self, facts: Facts) -> Finding | None:
        """Compare every saying with the reading."""
        return pick_worst(self._judge_all(facts))

    def _judge_all(self, facts: Facts) -> Iterator[Finding]:
        papers = {(reading.id, index): one for reading in facts.readings for index, one in enumerate(reading.documents)}
        for saying in facts.sayings:
            paper = papers.get((saying.file, saying.document))
            if paper is not None:
                yield self._judge(saying, paper)

    def _judge(self, saying: Saying, paper: DocumentReading) -> Finding:
        page = paper.pages[0] if paper.pages else None
        evidence = (Evidence(file=saying.file, page=page, field=saying.field),)
        if saying.type is not None:
            # a type that a person gave is sure beyond what any reading is
            if saying.type is paper.type or paper.type_confidence == 1.0:
                return self.passed("L’adhérent et la lecture disent la même chose.", evidence)
            said, read = DOCUMENT_LABELS_FR[saying.type], DOCUMENT_LABELS_FR[paper.type]
            return self.inconclusive(f"L’adhérent dit que ce document est « {said} », et non « {read} ».", evidence)
        if saying.field is None:
            return self.passed("L’adhérent et la lecture disent la même chose.", evidence)
        field = paper.fields.get(saying.field)
        value = field.value if field else None
        if (field and field.source is Source.HANDLER) or _is_same(saying.value, value):
            return self.passed("L’adhérent et la lecture disent la même chose.", evidence)
        label = FIELD_LABELS_FR[saying.field]
        return self.inconclusive(
            f"{label} : l’adhérent dit « {say_content(saying.value)} », la lecture dit « {say_content(value)} ».",
            evidence,
        )


def _is_same(said: FieldContent | None, read: FieldContent | None) -> bool:
    if isinstance(said, str) and isinstance(read, str):
        return said.casefold().split() == read.casefold().split()
    return said == read
