"""The checks that exist, by their stable names, and the weight that an insurer gives them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StringConstraints, model_validator

from schemas.decisions import Level
from schemas.readings import Frozen
from schemas.vocabulary import ReviewReason


class RuleCode(StrEnum):
    """Stable names of the rules that exist; an insurer weighs them or switches them off."""

    INVOICE_PRESENT = "invoice_present"
    QUOTE_PRESENT = "quote_present"
    PRESCRIPTION_PRESENT = "prescription_present"
    STATEMENT_PRESENT = "statement_present"
    BANK_DETAILS_PRESENT = "bank_details_present"
    CARE_AGREEMENT_PRESENT = "care_agreement_present"
    BIRTH_CERTIFICATE_PRESENT = "birth_certificate_present"
    MEMBERSHIP_FORM_PRESENT = "membership_form_present"
    RIGHTS_CERTIFICATE_PRESENT = "rights_certificate_present"
    NEEDS_NO_LOOK = "claim_needs_no_look"
    REPLACEMENT_VERIFIED = "replacement_needs_no_look"
    PIECES_LEGIBLE = "required_pieces_legible"
    PAGES_COMPLETE = "invoice_pages_complete"
    INVOICE_PAID = "invoice_is_paid"
    PATIENT_MATCHES = "patient_is_claims_patient"
    OTHER_PATIENT_MATCHES = "other_papers_are_patients"
    MEMBER_NUMBER_MATCHES = "member_number_is_claims"
    NIR_KNOWN = "nir_is_on_contract"
    CARE_DATES_COHERENT = "care_dates_are_coherent"
    PAPERS_NOT_AHEAD = "papers_are_not_dated_ahead"
    CARE_AFTER_BIRTH = "care_is_after_birth"
    CARE_COVERED = "care_is_within_coverage"
    WITHIN_CLAIM_LIMIT = "care_within_claim_limit"
    PRESCRIPTION_BEFORE_CARE = "prescription_is_before_care"
    PRESCRIPTION_VALID = "prescription_is_still_valid"
    RENEWAL_DUE = "equipment_renewal_is_due"
    QUOTE_BEFORE_INVOICE = "quote_is_before_invoice"
    STATEMENT_COVERS_CARE = "statement_is_of_same_care"
    NOT_SENT_BEFORE = "invoice_not_sent_before"
    STATEMENT_NOT_KNOWN = "statement_not_received_by_feed"
    NO_CARE_SHEET = "no_care_sheet_for_assurance_maladie"
    AMOUNTS_ADD_UP = "amounts_add_up"
    AMOUNT_USUAL = "amount_below_threshold"
    EXCESS_USUAL = "fee_excess_below_limit"
    ISSUER_IDENTIFIED = "issuer_is_identified"
    IDENTIFIERS_VALID = "identifiers_are_valid"
    IBAN_VALID = "iban_is_valid"
    BANK_DETAILS_UNCHANGED = "bank_details_unchanged"
    HOLDER_KNOWN = "account_holder_is_known"
    PAPERS_FROM_FRANCE = "papers_are_from_france"
    FIGURES_NOT_STRUCK = "figures_are_not_struck_out"
    FILES_AS_MADE = "files_are_as_made"
    NO_COMPLAINT = "message_is_no_complaint"
    NOT_URGENT = "message_is_not_urgent"
    MEMBER_AGREES = "member_agrees_with_reading"


#: Checks that ask the member for something; they need no reason.
ASKING_CHECKS = frozenset(
    {
        RuleCode.INVOICE_PRESENT,
        RuleCode.QUOTE_PRESENT,
        RuleCode.PRESCRIPTION_PRESENT,
        RuleCode.STATEMENT_PRESENT,
        RuleCode.BANK_DETAILS_PRESENT,
        RuleCode.CARE_AGREEMENT_PRESENT,
        RuleCode.BIRTH_CERTIFICATE_PRESENT,
        RuleCode.MEMBERSHIP_FORM_PRESENT,
        RuleCode.RIGHTS_CERTIFICATE_PRESENT,
        RuleCode.PIECES_LEGIBLE,
        RuleCode.PAGES_COMPLETE,
        RuleCode.INVOICE_PAID,
    }
)

#: Reasons that need not be named in a rule file; every other blocking check needs one that the insurer chooses.
USUAL_REASONS: dict[RuleCode, ReviewReason] = {
    RuleCode.PATIENT_MATCHES: ReviewReason.PATIENT_MISMATCH,
    RuleCode.CARE_DATES_COHERENT: ReviewReason.DATE_SOINS_INCOHERENTE,
    RuleCode.WITHIN_CLAIM_LIMIT: ReviewReason.PRESCRIPTION_2_ANS,
    RuleCode.NOT_SENT_BEFORE: ReviewReason.DOUBLON,
    RuleCode.AMOUNTS_ADD_UP: ReviewReason.MONTANTS_INCOHERENTS,
    RuleCode.AMOUNT_USUAL: ReviewReason.MONTANT_ELEVE,
    RuleCode.EXCESS_USUAL: ReviewReason.DEPASSEMENT_HONORAIRES,
    RuleCode.IBAN_VALID: ReviewReason.IBAN_INVALIDE,
    RuleCode.MEMBER_AGREES: ReviewReason.LECTURE_INCERTAINE,
}

#: Code of a reason to look at a dossier: one of ``ReviewReason``, or one that the insurer declares.
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,39}$")]
#: YAML takes an unquoted "off" for a no, and people write it unquoted.
Weight = Annotated[Level | Literal["off"], BeforeValidator(lambda value: "off" if value is False else value)]


class CheckRules(Frozen):
    """How much a check weighs.

    Attributes:
        level: only a blocking check asks for a piece or sends a dossier to a person; the others are shown. "off": not
            made.
        reason: why a person must look when it fails; None for the reason that the check always had, and for checks
            that ask for a piece.
    """

    level: Weight
    reason: ReasonCode | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, value: Any) -> Any:
        """A level alone is enough."""
        return value if isinstance(value, dict | CheckRules) else {"level": value}
