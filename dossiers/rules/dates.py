"""Do the dates make sense, and is the claim in time?"""

from __future__ import annotations

from datetime import date

from dossiers.calendar import add_months
from dossiers.facts import Facts
from dossiers.papers import Judged, Paper, Trust
from dossiers.rules.base import Rule, pick_worst
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.legal import CLAIM_LIMIT, LegalAmount, Unit
from schemas.vocabulary import QUOTE_TYPES, DocumentType, FieldName

#: Name of the reading's own check that a stay ends after it began.
ENTRY_BEFORE_EXIT = "entry_before_exit"


class CareDatesCoherent(Rule):
    """R9: no care after the invoice (stays excepted), none after the day of the upload; a stay ends after it began."""

    code = RuleCode.CARE_DATES_COHERENT

    def check(self, facts: Facts) -> Finding | None:
        """Compare the dates of care with the invoice's and with the upload's."""
        papers = papers_of_care(facts)
        for paper in papers:
            finding = self._judge(facts, paper)
            if finding is not None:
                return finding
        evidence = [place for paper in papers for place in paper.point_to(FieldName.CARE_DATES)]
        return self.passed("Les dates de soins sont cohérentes.", evidence) if papers else None

    def _judge(self, facts: Facts, paper: Paper) -> Finding | None:
        """A finding unless all is well."""
        care, issued = judge_care(paper), paper.judge(FieldName.ISSUE_DATE)
        upload = facts.claim.upload_date
        evidence = paper.point_to(FieldName.CARE_DATES, FieldName.ISSUE_DATE)
        if paper.fails(FieldName.CARE_DATES, ENTRY_BEFORE_EXIT):
            return self._fail("La date de sortie est antérieure à la date d’entrée.", evidence)
        if not care.is_sure:
            text = "Les dates de soins n’ont pas pu être lues avec certitude : leur cohérence n’est pas vérifiée."
            return self.inconclusive(text, evidence)
        late = max(dates_of(care))
        if late > upload:
            return self._fail(f"Soins datés du {say_day(late)}, après l’envoi du {say_day(upload)}.", evidence)
        if facts.claim_rules.care_may_follow_invoice:
            return None
        if issued.trust is Trust.DOUBTFUL:
            return self.inconclusive("La date de la facture n’a pas pu être lue avec certitude.", evidence)
        if isinstance(issued.value, date) and late > issued.value:
            text = f"Soins datés du {say_day(late)}, après la facture du {say_day(issued.value)}."
            return self._fail(text, evidence)
        return None

    def _fail(self, handler_fr: str, evidence: tuple[Evidence, ...]) -> Finding:
        return self.failed(
            handler_fr,
            evidence,
            member_fr="Une date de soins paraît incohérente : un gestionnaire la vérifie.",
        )


class WithinClaimLimit(Rule):
    """R10: the latest care is not older than the time that the law gives to claim."""

    code = RuleCode.WITHIN_CLAIM_LIMIT

    def check(self, facts: Facts) -> Finding | None:
        """Compare the latest care with the upload."""
        papers = papers_of_care(facts)
        if not papers:
            return None
        upload = facts.claim.upload_date
        limit = facts.rules.legal_amount(CLAIM_LIMIT, upload)
        if limit is None:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.CARE_DATES)]
        judged = [judge_care(paper) for paper in papers]
        if not all(care.is_sure for care in judged):
            text = "Les dates de soins n’ont pas pu être lues avec certitude : le délai de demande n’est pas vérifié."
            return self.inconclusive(text, evidence)
        # every invoice has its own limit: the oldest of them decides
        oldest = min(max(dates_of(care)) for care in judged)
        months, length = _measure(limit)
        if add_months(oldest, months) < upload:
            return self.failed(
                f"Derniers soins le {say_day(oldest)}, plus de {length} avant l’envoi du {say_day(upload)}.",
                evidence,
                member_fr="Les soins paraissent anciens : un gestionnaire vérifie s’ils peuvent être remboursés.",
            )
        return self.passed("Les soins sont dans le délai pour demander un remboursement.", evidence)


class PapersNotAhead(Rule):
    """No paper is dated after the day on which it was sent."""

    code = RuleCode.PAPERS_NOT_AHEAD

    def check(self, facts: Facts) -> Finding | None:
        """Compare the date of every recognised paper with the upload's."""
        return pick_worst(self._judge(facts, paper) for paper in facts.accepted(*DocumentType))

    def _judge(self, facts: Facts, paper: Paper) -> Finding | None:
        evidence = paper.point_to(FieldName.ISSUE_DATE)
        issued, upload = paper.judge(FieldName.ISSUE_DATE), facts.claim.upload_date
        if issued.trust is Trust.ABSENT:
            return None
        if not issued.is_sure or not isinstance(issued.value, date):
            return self.inconclusive("La date d’un document n’a pas pu être lue avec certitude.", evidence)
        if issued.value > upload:
            text = f"Document daté du {say_day(issued.value)}, après l’envoi du {say_day(upload)}."
            return self.failed(text, evidence)
        return self.passed("Aucun document n’est daté après l’envoi.", evidence)


class CareAfterBirth(Rule):
    """No care before the patient was born: the paper is somebody else's, or a year was misprinted."""

    code = RuleCode.CARE_AFTER_BIRTH

    def check(self, facts: Facts) -> Finding | None:
        """Compare the care with the patient's birth."""
        born = facts.claim.patient.birth_date
        return pick_worst(self._judge(paper, born) for paper in papers_of_care(facts)) if born else None

    def _judge(self, paper: Paper, born: date) -> Finding:
        care, evidence = judge_care(paper), paper.point_to(FieldName.CARE_DATES)
        if not care.is_sure:
            text = "Dates de soins lues sans certitude : elles ne sont pas comparées à la naissance du patient."
            return self.inconclusive(text, evidence)
        first = min(dates_of(care))
        if first < born:
            text = f"Soins datés du {say_day(first)}, avant la naissance du patient ({say_day(born)})."
            return self.failed(text, evidence)
        return self.passed("Les soins sont postérieurs à la naissance du patient.", evidence)


class CareCovered(Rule):
    """The care was given while the contract covered its people."""

    code = RuleCode.CARE_COVERED

    def check(self, facts: Facts) -> Finding | None:
        """Compare the care with the days between which the contract holds, as far as they are known."""
        member = facts.claim.member
        if member.covered_from is None and member.covered_until is None:
            return None
        first, last = member.covered_from or date.min, member.covered_until or date.max
        return pick_worst(self._judge(paper, first, last) for paper in papers_of_care(facts))

    def _judge(self, paper: Paper, first: date, last: date) -> Finding:
        care, evidence = judge_care(paper), paper.point_to(FieldName.CARE_DATES)
        if not care.is_sure:
            text = "Dates de soins lues sans certitude : elles ne sont pas comparées à la période du contrat."
            return self.inconclusive(text, evidence)
        outside = [day for day in dates_of(care) if not first <= day <= last]
        if outside:
            return self.failed(
                f"Soins du {say_day(outside[0])}, hors de la période du contrat.",
                evidence,
                member_fr="Les soins paraissent hors de la période de votre contrat : un gestionnaire le vérifie.",
            )
        return self.passed("Les soins sont dans la période du contrat.", evidence)


def judge_care(paper: Paper) -> Judged:
    """When the care was given: the dates printed as such, else the lines', else the day of the paper.

    A ticket of a pharmacy often prints one date only, which is the day of delivery.
    """
    care = paper.judge(FieldName.CARE_DATES)
    if care.trust is not Trust.ABSENT:
        return care
    lines = tuple(sorted({line.date for line in paper.document.line_items if line.date}))
    if lines and paper.shows_all:
        return Judged(Trust.SURE, lines)
    issued = paper.judge(FieldName.ISSUE_DATE)
    if lines and issued.is_sure and isinstance(issued.value, date) and any(day > issued.value for day in lines):
        return Judged(Trust.DOUBTFUL, lines)  # lines carry no confidence: they may warn, not settle
    return issued


def dates_of(judged: Judged) -> tuple[date, ...]:
    """The dates in a field that has some."""
    value = judged.value
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, date) else ()


def _measure(limit: LegalAmount) -> tuple[int, str]:
    """A delay in months, and as people say it."""
    count = int(limit.value)
    if limit.unit is Unit.YEARS:
        return 12 * count, f"{count} ans" if count > 1 else "un an"
    return count, f"{count} mois"


def papers_of_care(facts: Facts) -> tuple[Paper, ...]:
    """Main papers about care that was given; a quote is about care to come."""
    return tuple(paper for paper in facts.main_papers if paper.type not in QUOTE_TYPES)
