"""What is wrong with a rule file as a whole, though each of its parts is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holidays.countries.france import France

from schemas.checks import ASKING_CHECKS, USUAL_REASONS, RuleCode
from schemas.decisions import Level
from schemas.legal import CLAIM_LIMIT, COMPLAINT_ACKNOWLEDGEMENT
from schemas.vocabulary import ClaimType, MissingPiece, ReviewReason

if TYPE_CHECKING:
    from schemas.rules import InsurerRules

#: A place in the file (names and ranks) and what is wrong there.
Fault = tuple[tuple[str | int, ...], str]

_CHECK_OF_PIECE = {
    MissingPiece.FACTURE: RuleCode.INVOICE_PRESENT,
    MissingPiece.DEVIS: RuleCode.QUOTE_PRESENT,
    MissingPiece.ORDONNANCE: RuleCode.PRESCRIPTION_PRESENT,
    MissingPiece.DECOMPTE_AM: RuleCode.STATEMENT_PRESENT,
    MissingPiece.RIB: RuleCode.BANK_DETAILS_PRESENT,
    MissingPiece.PRISE_EN_CHARGE: RuleCode.CARE_AGREEMENT_PRESENT,
    MissingPiece.ACTE_NAISSANCE: RuleCode.BIRTH_CERTIFICATE_PRESENT,
    MissingPiece.BULLETIN_ADHESION: RuleCode.MEMBERSHIP_FORM_PRESENT,
    MissingPiece.ATTESTATION_DROITS: RuleCode.RIGHTS_CERTIFICATE_PRESENT,
}


def find_faults(rules: InsurerRules) -> Iterator[Fault]:
    """Everything that contradicts something else, or is left unsaid."""
    for where, names, given in (("claims", ClaimType, rules.claims), ("checks", RuleCode, rules.checks)):
        absent = [name.value for name in names if name not in given]
        if absent:
            yield (where,), f"says nothing of: {', '.join(absent)}"
    yield from _find_reason_faults(rules)
    yield from _find_unused_settings(rules)
    yield from _find_absent_data(rules)
    if rules.uploads.max_file_bytes > rules.uploads.max_total_bytes:
        yield ("uploads", "max_file_bytes"), "one file may be heavier than all files together (max_total_bytes)"
    subdivision = rules.delays.holidays_subdivision
    known = (*France.subdivisions, *France.subdivisions_aliases)
    if subdivision is not None and subdivision not in known:
        yield ("delays", "holidays_subdivision"), f"{subdivision!r} is not known; allowed: {', '.join(known)}"


def _find_reason_faults(rules: InsurerRules) -> Iterator[Fault]:
    known = {reason.value for reason in ReviewReason} | set(rules.reasons)
    allowed = f"allowed: {', '.join(sorted(known))}, or a new one declared under 'reasons'"
    for code, check in rules.checks.items():
        if check.reason is not None and check.reason not in known:
            yield ("checks", code.value, "reason"), f"the reason {check.reason!r} is not declared; {allowed}"
        elif check.reason is not None and code in ASKING_CHECKS:
            yield ("checks", code.value, "reason"), "this check asks the member for something and takes no reason"
        elif check.level == Level.BLOCKING and check.reason is None and code not in ASKING_CHECKS | set(USUAL_REASONS):
            yield (
                ("checks", code.value),
                f"a blocking check needs a reason: {{level: blocking, reason: ...}}; {allowed}",
            )
    for rank, route in enumerate(rules.routing.routes):
        if route.reason not in known:
            yield ("routing", "routes", rank, "reason"), f"the reason {route.reason!r} is not declared; {allowed}"


def _find_unused_settings(rules: InsurerRules) -> Iterator[Fault]:
    """What is laid down for a check that is switched off, and would be passed over in silence."""

    def is_off(code: RuleCode) -> bool:
        return code in rules.checks and rules.checks[code].level == "off"

    for claim, needs in rules.claims.items():
        place = ("claims", claim.value)
        for rank, piece in enumerate(needs.pieces):
            check = _CHECK_OF_PIECE[piece.piece]
            if is_off(check):
                yield (*place, "pieces", rank), f"never asked for, because the check {check.value!r} is off"
            if any(other.together_with for other in piece.replaced_by) and is_off(RuleCode.REPLACEMENT_VERIFIED):
                yield (
                    (*place, "pieces", rank, "replaced_by"),
                    f"nobody would see the other paper: the check {RuleCode.REPLACEMENT_VERIFIED.value!r} is off",
                )
        for setting, given, check in (
            ("must_be_paid", needs.must_be_paid, RuleCode.INVOICE_PAID),
            ("high_amount", needs.high_amount is not None, RuleCode.AMOUNT_USUAL),
            ("excess_limit_percent", needs.excess_limit_percent is not None, RuleCode.EXCESS_USUAL),
            ("issuer_must_be_identified", needs.issuer_must_be_identified, RuleCode.ISSUER_IDENTIFIED),
            ("always_seen", needs.always_seen, RuleCode.NEEDS_NO_LOOK),
        ):
            if given and is_off(check):
                yield (*place, setting), f"without effect, because the check {check.value!r} is off"


def _find_absent_data(rules: InsurerRules) -> Iterator[Fault]:
    """Checks that are switched on and have nothing to work with."""
    figures = {amount.name for amount in rules.legal_amounts}
    needed = {
        RuleCode.WITHIN_CLAIM_LIMIT: (CLAIM_LIMIT in figures, f"legal_amounts needs {CLAIM_LIMIT!r}"),
        RuleCode.NO_COMPLAINT: (
            COMPLAINT_ACKNOWLEDGEMENT in figures and bool(rules.words.complaint),
            f"legal_amounts needs {COMPLAINT_ACKNOWLEDGEMENT!r}, and words needs 'complaint'",
        ),
        RuleCode.NOT_URGENT: (bool(rules.words.urgent), "words needs 'urgent'"),
        RuleCode.PRESCRIPTION_VALID: (bool(rules.prescriptions), "prescriptions needs at least one entry"),
    }
    for code, (is_there, text) in needed.items():
        if code in rules.checks and rules.checks[code].level != "off" and not is_there:
            yield ("checks", code.value), f"{text}; or switch this check off"
