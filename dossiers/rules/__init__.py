"""The rules, one module per subject."""

from __future__ import annotations

from dossiers.rules.amounts import AmountsAddUp, AmountUsual, ExcessUsual
from dossiers.rules.bank import BankDetailsUnchanged, HolderKnown, IbanValid
from dossiers.rules.base import Rule
from dossiers.rules.companions import (
    NoCareSheet,
    QuoteBeforeInvoice,
    StatementCoversCare,
    StatementNotKnown,
)
from dossiers.rules.dates import CareAfterBirth, CareCovered, CareDatesCoherent, PapersNotAhead, WithinClaimLimit
from dossiers.rules.duplicates import NotSentBefore
from dossiers.rules.identity import MemberNumberMatches, NirKnown, OtherPatientMatches, PatientMatches
from dossiers.rules.issuer import IdentifiersValid, IssuerIdentified
from dossiers.rules.legibility import PagesComplete, PiecesLegible
from dossiers.rules.message import NoComplaint, NotUrgent
from dossiers.rules.origin import FiguresNotStruck, FilesAsMade, PapersFromFrance
from dossiers.rules.payment import InvoicePaid
from dossiers.rules.pieces import (
    BankDetailsPresent,
    BirthCertificatePresent,
    CareAgreementPresent,
    InvoicePresent,
    MembershipFormPresent,
    NeedsNoLook,
    PrescriptionPresent,
    QuotePresent,
    ReplacementVerified,
    RightsCertificatePresent,
    StatementPresent,
)
from dossiers.rules.prescriptions import PrescriptionBeforeCare, PrescriptionValid
from dossiers.rules.renewals import RenewalDue
from dossiers.rules.sayings import MemberAgrees
from schemas.decisions import Level
from schemas.rules import InsurerRules

#: In the order in which people read the findings: what is there, then what it says.
ALL_RULES: tuple[type[Rule], ...] = (
    InvoicePresent,
    QuotePresent,
    PrescriptionPresent,
    StatementPresent,
    BankDetailsPresent,
    CareAgreementPresent,
    BirthCertificatePresent,
    MembershipFormPresent,
    RightsCertificatePresent,
    NeedsNoLook,
    ReplacementVerified,
    PiecesLegible,
    PagesComplete,
    InvoicePaid,
    PatientMatches,
    OtherPatientMatches,
    MemberNumberMatches,
    NirKnown,
    CareDatesCoherent,
    PapersNotAhead,
    CareAfterBirth,
    CareCovered,
    WithinClaimLimit,
    PrescriptionBeforeCare,
    PrescriptionValid,
    RenewalDue,
    QuoteBeforeInvoice,
    StatementCoversCare,
    NotSentBefore,
    StatementNotKnown,
    NoCareSheet,
    AmountsAddUp,
    AmountUsual,
    ExcessUsual,
    IssuerIdentified,
    IdentifiersValid,
    IbanValid,
    BankDetailsUnchanged,
    HolderKnown,
    PapersFromFrance,
    FiguresNotStruck,
    FilesAsMade,
    NoComplaint,
    NotUrgent,
    MemberAgrees,
)


def make_rules(rules: InsurerRules) -> tuple[Rule, ...]:
    """The rules that an insurer applies, with their weight and their reason."""
    return tuple(
        kind(Level(level), rules.reason_of(kind.code))
        for kind in ALL_RULES
        if (level := rules.checks[kind.code].level) != "off"
    )


__all__ = ["ALL_RULES", "Rule", "make_rules"]
