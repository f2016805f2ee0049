"""The rules, one module per subject."""

from __future__ import annotations

from dossiers.rules.amounts import AmountsAddUp, AmountUsual, ExcessUsual
from dossiers.rules.bank import IbanValid
from dossiers.rules.base import Rule
from dossiers.rules.dates import CareDatesCoherent, WithinClaimLimit
from dossiers.rules.duplicates import NotSentBefore
from dossiers.rules.identity import PatientMatches
from dossiers.rules.legibility import PagesComplete, PiecesLegible
from dossiers.rules.payment import InvoicePaid
from dossiers.rules.pieces import (
    BankDetailsPresent,
    InvoicePresent,
    PrescriptionPresent,
    QuotePresent,
    StatementPresent,
)
from schemas.rules import InsurerRules

#: In the order in which people read the findings: what is there, then what it says.
ALL_RULES: tuple[type[Rule], ...] = (
    InvoicePresent,
    QuotePresent,
    PrescriptionPresent,
    StatementPresent,
    BankDetailsPresent,
    PiecesLegible,
    PagesComplete,
    InvoicePaid,
    PatientMatches,
    CareDatesCoherent,
    WithinClaimLimit,
    NotSentBefore,
    AmountsAddUp,
    AmountUsual,
    ExcessUsual,
    IbanValid,
)


def make_rules(rules: InsurerRules) -> tuple[Rule, ...]:
    """The rules that an insurer applies, with their weight."""
    return tuple(kind(level) for kind in ALL_RULES if (level := rules.level_of(kind.code)) is not None)


__all__ = ["ALL_RULES", "Rule", "make_rules"]
