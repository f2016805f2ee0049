"""What a member says that one of their papers says; a claim of theirs, never a reading."""

from __future__ import annotations

from schemas.readings import FieldContent, Frozen
from schemas.vocabulary import DocumentType, FieldName

#: What a member is asked to confirm: who, when and how much. Numbers and accounts are read, not typed from memory.
SAID_BY_MEMBERS: tuple[FieldName, ...] = (FieldName.PRACTITIONER_NAME, FieldName.ISSUE_DATE, FieldName.TOTAL_AMOUNT)


class Saying(Frozen):
    """One thing that a member says of one paper: its type, or a value on it.

    Attributes:
        file: identifier of the file.
        document: which paper on it, from 0.
        type: set where it is about the type.
        field: set where it is about a value.
        value: normalised; None where the member says that it is not on the paper.
    """

    file: str
    document: int
    type: DocumentType | None = None
    field: FieldName | None = None
    value: FieldContent | None = None
