"""Figures fixed by law or agreement: dated, with their source, because they change and somebody will ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.readings import Frozen
from schemas.vocabulary import ClaimType


class Unit(StrEnum):
    """What a figure counts.

    ``ouvrable_days`` are Monday to Saturday without public holidays, ``working_days`` Monday to Friday without them.
    """

    EUROS = "euros"
    YEARS = "years"
    MONTHS = "months"
    WORKING_DAYS = "working_days"
    OUVRABLE_DAYS = "ouvrable_days"


#: Figures that the checks look up, with the units in which they may be given.
CLAIM_LIMIT = "claim_limit"
COMPLAINT_ACKNOWLEDGEMENT = "complaint_acknowledgement"
COMPLAINT_ANSWER = "complaint_answer"
_DELAYS = frozenset({Unit.MONTHS, Unit.WORKING_DAYS, Unit.OUVRABLE_DAYS})
KNOWN_UNITS: dict[str, frozenset[Unit]] = {
    CLAIM_LIMIT: frozenset({Unit.YEARS, Unit.MONTHS}),
    COMPLAINT_ACKNOWLEDGEMENT: _DELAYS,
    COMPLAINT_ANSWER: _DELAYS,
}


class LegalAmount(Frozen):
    """A figure fixed by law or agreement, from a day on.

    Attributes:
        source: where the figure stands.
    """

    name: str = Field(min_length=1)
    effective_from: date
    value: Annotated[Decimal, Field(gt=0)]
    unit: Unit = Unit.EUROS
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_unit(self) -> LegalAmount:
        units = KNOWN_UNITS.get(self.name)
        if units and self.unit not in units:
            raise ValueError(f"{self.name} is counted in {' or '.join(sorted(units))}, not in {self.unit.value}")
        if self.unit is not Unit.EUROS and self.value != int(self.value):
            raise ValueError(f"a whole number of {self.unit.value} is expected, not {self.value}")
        return self


class PrescriptionValidity(Frozen):
    """How long a prescription of a kind of goods may be used, for prescriptions made from a day on.

    Attributes:
        goods: words of which one stands on a line of the invoice where the entry holds ("lentille"); none: it holds
            for every invoice that no other entry names.
        from_age, under_age: of the patient, on the day of the prescription.
        months: from the prescription to the delivery.
    """

    claim: ClaimType
    goods: tuple[str, ...] = ()
    from_age: int = Field(default=0, ge=0, le=150)
    under_age: int = Field(default=151, ge=1, le=151)
    months: int = Field(ge=1, le=240)
    effective_from: date
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_ages(self) -> PrescriptionValidity:
        if self.under_age <= self.from_age:
            raise ValueError(f"no age is both at least {self.from_age} and under {self.under_age}")
        return self


class Renewal(Frozen):
    """How long after one piece of equipment the next is paid for.

    Attributes:
        from_age, under_age: of the patient, on the day of the new one.
        months: from the last care of the one to the first of the other.
    """

    claim: ClaimType
    from_age: int = Field(default=0, ge=0, le=150)
    under_age: int = Field(default=151, ge=1, le=151)
    months: int = Field(ge=1, le=240)
    effective_from: date
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_ages(self) -> Renewal:
        if self.under_age <= self.from_age:
            raise ValueError(f"no age is both at least {self.from_age} and under {self.under_age}")
        return self


def find_amount(amounts: Sequence[LegalAmount], name: str, day: date) -> LegalAmount | None:
    """The figure in force on a day, None where none is known."""
    known = [amount for amount in amounts if amount.name == name and amount.effective_from <= day]
    return max(known, key=lambda amount: amount.effective_from) if known else None
