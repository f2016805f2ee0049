"""Which fields a kind of paper can carry at all."""

from __future__ import annotations

from schemas.vocabulary import QUOTE_TYPES, DocumentType, FieldName

#: Below this hand-set score a candidate is not an answer at all.
ANSWER = 0.3

_NO_MONEY = {FieldName.TOTAL_AMOUNT, FieldName.AMO_AMOUNT, FieldName.AMC_AMOUNT, FieldName.PATIENT_DUE, FieldName.PAID}
_ACCOUNT = {FieldName.IBAN, FieldName.BIC, FieldName.ACCOUNT_HOLDER}
#: Fields that a kind of paper never carries, from their definitions.
ABSENT: dict[DocumentType, frozenset[FieldName]] = {
    DocumentType.ORDONNANCE: frozenset(_NO_MONEY | _ACCOUNT | {FieldName.DOCUMENT_NUMBER, FieldName.CARE_DATES}),
    DocumentType.RIB: frozenset(set(FieldName) - _ACCOUNT - {FieldName.ISSUE_DATE}),
    DocumentType.ATTESTATION_DROITS: frozenset(
        _NO_MONEY
        | _ACCOUNT
        | {FieldName.DOCUMENT_NUMBER, FieldName.CARE_DATES, FieldName.PRACTITIONER_NAME, FieldName.RPPS}
        | {FieldName.FINESS, FieldName.SIRET}
    ),
    DocumentType.DECOMPTE_AM: frozenset(
        _ACCOUNT | {FieldName.PRACTITIONER_NAME, FieldName.PAID, FieldName.RPPS, FieldName.FINESS, FieldName.SIRET,
                    FieldName.AMC_AMOUNT}
    ),
    DocumentType.FEUILLE_DE_SOINS: frozenset(_ACCOUNT | {FieldName.DOCUMENT_NUMBER}),  # only the number of the form
    DocumentType.AUTRE: frozenset(FieldName),
    **{
        kind: frozenset(_ACCOUNT | {FieldName.PAID, FieldName.CARE_DATES})
        for kind in QUOTE_TYPES
    },
}  # fmt: skip


def is_possible(name: FieldName, kind: DocumentType) -> bool:
    """Whether a kind of paper can carry a field."""
    return name not in ABSENT.get(kind, frozenset(_ACCOUNT))
