"""Was the prescription there before the care, and could it still be used?"""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import ClassVar

from dossiers.calendar import add_months, count_years
from dossiers.facts import Facts
from dossiers.rules.base import Rule
from dossiers.rules.dates import dates_of, judge_care, papers_of_care
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.legal import PrescriptionValidity
from schemas.vocabulary import DocumentType, FieldName

#: Bounds of an entry that asks for no age.
_ANY_AGE = (0, 151)


class _PrescriptionRule(Rule):
    """What compares prescriptions with the care that they are for."""

    #: What is left unchecked when a date is in doubt.
    unchecked_fr: ClassVar[str]

    def check(self, facts: Facts) -> Finding | None:
        """Compare every prescription with every invoice; one that fits is enough."""
        papers = facts.accepted(DocumentType.ORDONNANCE)
        invoices = papers_of_care(facts)
        if not papers or not invoices:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.ISSUE_DATE)]
        evidence += [place for paper in invoices for place in paper.point_to(FieldName.CARE_DATES)]
        judged = [paper.judge(FieldName.ISSUE_DATE) for paper in papers]
        written = [one.value for one in judged if one.is_sure and isinstance(one.value, date)]
        care = [judge_care(paper) for paper in invoices]
        if not all(one.is_sure for one in care):
            return self.inconclusive(f"Dates de soins lues sans certitude : {self.unchecked_fr}.", evidence)
        days = [day for one in care for day in dates_of(one)]
        return self._compare(facts, written, len(written) < len(papers), days, evidence)

    @abstractmethod
    def _compare(
        self, facts: Facts, written: list[date], some_unsure: bool, care: list[date], evidence: list[Evidence]
    ) -> Finding | None:
        """Judge the days on which prescriptions were written, and whether there are others nobody could read."""


class PrescriptionBeforeCare(_PrescriptionRule):
    """A prescription is older than what was delivered on it."""

    code = RuleCode.PRESCRIPTION_BEFORE_CARE
    unchecked_fr = "l’ordre de l’ordonnance et des soins n’est pas vérifié"

    def _compare(
        self,
        facts: Facts,  # noqa: ARG002  # the other rule needs it
        written: list[date],
        some_unsure: bool,
        care: list[date],
        evidence: list[Evidence],
    ) -> Finding | None:
        last = max(care)
        if any(day <= last for day in written):
            return self.passed("L’ordonnance est antérieure aux soins.", evidence)
        if some_unsure:
            return self.inconclusive(f"Date de l’ordonnance lue sans certitude : {self.unchecked_fr}.", evidence)
        return self.failed(
            f"Ordonnance du {say_day(min(written))}, postérieure aux soins du {say_day(last)}.",
            evidence,
            member_fr="L’ordonnance paraît postérieure aux soins : un gestionnaire le vérifie.",
        )


class PrescriptionValid(_PrescriptionRule):
    """The prescription could still be used on the day of the care: by claim, goods and age, from dated data."""

    code = RuleCode.PRESCRIPTION_VALID
    unchecked_fr = "la validité de l’ordonnance n’est pas vérifiée"

    def _compare(
        self, facts: Facts, written: list[date], some_unsure: bool, care: list[date], evidence: list[Evidence]
    ) -> Finding | None:
        born = facts.claim.patient.birth_date
        first = min(care)
        applicable = [(day, find_validity(facts, day, first, born)) for day in written]
        known = [(day, entry) for day, entry in applicable if entry is not None]
        if any(first <= add_months(day, entry.months) for day, entry in known):
            return self.passed("L’ordonnance était encore valable.", evidence)
        if some_unsure:
            return self.inconclusive(f"Date de l’ordonnance lue sans certitude : {self.unchecked_fr}.", evidence)
        if born is None and any(entry.claim is facts.claim.claim_type for entry in facts.rules.prescriptions):
            return self.inconclusive("Date de naissance inconnue : la durée de l’ordonnance en dépend.", evidence)
        if len(known) < len(applicable) or not known:
            return None  # no rule for this kind of care, or none in force on the day of use
        day, entry = max(known, key=lambda pair: pair[0])
        return self.failed(
            f"Ordonnance du {say_day(day)}, valable {entry.months} mois, pour des soins du {say_day(first)} "
            f"({entry.source}).",
            evidence,
            member_fr="L’ordonnance paraît trop ancienne pour ces soins : un gestionnaire le vérifie.",
        )


def find_validity(facts: Facts, written: date, used: date, born: date | None) -> PrescriptionValidity | None:
    """The entry for a prescription, None where the insurer's file has none or the age is not known.

    What is in force on the day of use counts: an entry newer than the prescription ends old ones too. Age is that on
    the day of writing.
    """
    labels = " ".join(
        (line.label or "").casefold() for paper in facts.main_papers for line in paper.document.line_items
    )
    entries = [
        entry
        for entry in facts.rules.prescriptions
        if entry.claim is facts.claim.claim_type
        and entry.effective_from <= used
        and (not entry.goods or any(word.casefold() in labels for word in entry.goods))
        and _fits_age(entry, written, born)
    ]
    return max(entries, key=lambda entry: (bool(entry.goods), entry.effective_from), default=None)


def _fits_age(entry: PrescriptionValidity, written: date, born: date | None) -> bool:
    """Whether an entry holds for somebody's age on the day of the prescription; one for all ages holds for anybody."""
    if born is None:
        return (entry.from_age, entry.under_age) == _ANY_AGE
    return entry.from_age <= count_years(born, written) < entry.under_age
