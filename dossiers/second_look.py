"""Which decisions of one person a second one must agree to."""

from __future__ import annotations

from decimal import Decimal

from schemas.claims import Dossier
from schemas.four_eyes import FourEyes
from schemas.handling import Act, SecondLook
from schemas.vocabulary import INVOICE_TYPES, DocumentType, FieldName


def find_second_look(dossier: Dossier, act: Act, rules: FourEyes) -> tuple[SecondLook, ...]:
    """Why a second person must agree; empty where one is enough.

    Args:
        dossier: as corrected so far.
        act: what the first person wants to do.
        rules: of the insurer.
    """
    if act is Act.REFUSED:
        return (SecondLook.REFUSAL,) if rules.refusals else ()
    papers = [paper for reading in dossier.readings for paper in reading.documents]
    found: list[SecondLook] = []
    totals = [paper.value_of(FieldName.TOTAL_AMOUNT) for paper in papers if paper.type in INVOICE_TYPES]
    highest = max((total for total in totals if isinstance(total, Decimal)), default=Decimal(0))
    if rules.amount_above is not None and highest > rules.amount_above:
        found.append(SecondLook.AMOUNT)
    known = _bare(dossier.claim.member.iban_on_file or "")
    ibans = [paper.value_of(FieldName.IBAN) for paper in papers if paper.type is DocumentType.RIB]
    if rules.new_bank_details and any(iban is not None and _bare(str(iban)) != known for iban in ibans):
        found.append(SecondLook.BANK_DETAILS)
    return tuple(found)


def _bare(iban: str) -> str:
    return "".join(iban.split()).upper()
