"""How sure a value is: three grades, each with a word, a shape and a colour."""

from __future__ import annotations

from enum import StrEnum

from schemas.readings import FieldValue, Source
from schemas.rules import installed_rules
from schemas.vocabulary import FieldName


class Grade(StrEnum):
    """A grade; the value is the name of its CSS class and of its shape."""

    SURE = "sure"
    CHECK = "check"
    DOUBTFUL = "doubtful"

    @property
    def word_fr(self) -> str:
        """The word that people read."""
        return _WORDS_FR[self]


_WORDS_FR = {Grade.SURE: "sûre", Grade.CHECK: "à vérifier", Grade.DOUBTFUL: "douteuse"}

#: Under this a value is more likely wrong than right.
DOUBTFUL_UNDER = 0.50


def grade_field(name: FieldName, field: FieldValue) -> Grade:
    """The grade of a value.

    Sure only when every check passed and it is accepted as the insurer's rules say, as for decisions.
    """
    if field.source is Source.HANDLER:
        return Grade.SURE
    if field.value is None or field.confidence < DOUBTFUL_UNDER:
        return Grade.DOUBTFUL
    sure = installed_rules().thresholds.accept(name, field) and field.source is not Source.MEMBER
    if not sure or not all(check.passed for check in field.checks):
        return Grade.CHECK
    return Grade.SURE


def grade_type(probability: float) -> Grade:
    """The grade of a document type, from its probability."""
    if probability < DOUBTFUL_UNDER:
        return Grade.DOUBTFUL
    return Grade.SURE if probability >= installed_rules().thresholds.type_accept else Grade.CHECK
