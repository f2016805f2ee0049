"""Do the dates make sense, and is the claim in time?"""

from __future__ import annotations

from datetime import MAXYEAR, date

from dossiers.facts import Facts, Judged, Paper, Trust
from dossiers.rules.base import Rule
from dossiers.wording import say_day
from schemas.decisions import Evidence, Finding
from schemas.rules import CLAIM_LIMIT, RuleCode
from schemas.vocabulary import QUOTE_TYPES, FieldName, ReviewReason


class CareDatesCoherent(Rule):
    """R9: no care after the invoice (stays excepted), none after the day of the upload."""

    code = RuleCode.CARE_DATES_COHERENT

    def check(self, facts: Facts) -> Finding | None:
        """Compare the dates of care with the invoice's and with the upload's."""
        papers = _papers_of_care(facts)
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
            reason=ReviewReason.DATE_SOINS_INCOHERENTE,
            member_fr="Une date de soins paraît incohérente : un gestionnaire la vérifie.",
        )


class WithinClaimLimit(Rule):
    """R10: the latest care is not older than the time that the law gives to claim."""

    code = RuleCode.WITHIN_CLAIM_LIMIT

    def check(self, facts: Facts) -> Finding | None:
        """Compare the latest care with the upload."""
        papers = _papers_of_care(facts)
        if not papers:
            return None
        upload = facts.claim.upload_date
        years = facts.rules.legal_amount(CLAIM_LIMIT, upload)
        if years is None:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.CARE_DATES)]
        judged = [judge_care(paper) for paper in papers]
        if not all(care.is_sure for care in judged):
            text = "Les dates de soins n’ont pas pu être lues avec certitude : le délai de demande n’est pas vérifié."
            return self.inconclusive(text, evidence)
        # every invoice has its own limit: the oldest of them decides
        oldest = min(max(dates_of(care)) for care in judged)
        if add_years(oldest, int(years)) < upload:
            return self.failed(
                f"Derniers soins le {say_day(oldest)}, plus de {years} ans avant l’envoi du {say_day(upload)}.",
                evidence,
                reason=ReviewReason.PRESCRIPTION_2_ANS,
                member_fr="Les soins paraissent anciens : un gestionnaire vérifie s’ils peuvent être remboursés.",
            )
        return self.passed("Les soins sont dans le délai pour demander un remboursement.", evidence)


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


def add_years(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February. After the last day there is no other."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _papers_of_care(facts: Facts) -> tuple[Paper, ...]:
    """Main papers about care that was given; a quote is about care to come."""
    return tuple(paper for paper in facts.main_papers if paper.type not in QUOTE_TYPES)
