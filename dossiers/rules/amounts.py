"""Do the amounts add up, and are they usual?"""

from __future__ import annotations

from decimal import Decimal

from dossiers.facts import Facts
from dossiers.papers import Paper, Trust
from dossiers.rules.base import Rule, pick_worst
from dossiers.rules.legibility import lacks_pages
from dossiers.totals import SHARES, TOLERANCE, add_shares, lines_explain, read_amount, shares_explain, sure_total
from dossiers.wording import say_euros
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.vocabulary import INVOICE_TYPES, QUOTE_TYPES, DocumentType, FieldName

_ALL = (FieldName.TOTAL_AMOUNT, *SHARES)
#: Name of the reading's own test of the lines; it sees discounts and subtotals that are no lines.
_SUM_CHECK = "sum_of_lines"


class AmountsAddUp(Rule):
    """R12: the lines add up to the total, and the total is AMO + AMC + remainder."""

    code = RuleCode.AMOUNTS_ADD_UP

    def check(self, facts: Facts) -> Finding | None:
        """Add up the amounts of every main paper."""
        papers = [paper for paper in _with_total_to_judge(facts) if paper.type in INVOICE_TYPES | QUOTE_TYPES]
        return pick_worst(self._judge(paper) for paper in papers)

    def _judge(self, paper: Paper) -> Finding:
        evidence = paper.point_to(*(name for name in _ALL if name in paper.document.fields))
        total = sure_total(paper)
        doubtful = [name for name in SHARES if paper.judge(name).trust is Trust.DOUBTFUL]
        if total is None:
            text = "Le total n’a pas pu être lu avec certitude : l’addition des montants n’est pas vérifiée."
            return self.inconclusive(text, evidence)
        if doubtful and not shares_explain(paper, total):
            return self.inconclusive("Une part du total n’a pas pu être lue avec certitude.", evidence)
        return (
            self._judge_shares(paper, total, evidence)
            or self._judge_lines(paper, total, evidence)
            or self.passed(f"Les montants donnent bien {say_euros(total)}.", evidence)
        )

    def _judge_shares(self, paper: Paper, total: Decimal, evidence: tuple[Evidence, ...]) -> Finding | None:
        amo, amc, due = (read_amount(paper, name) for name in SHARES)
        if due is None or (amo is None and amc is None):
            known = (amo or 0) + (amc or 0)
            if known > total + TOLERANCE:
                return self._fail(f"Les parts ({say_euros(Decimal(known))}) dépassent le total.", evidence)
            return None
        gap = total - (amo or 0) - (amc or 0) - due
        if abs(gap) <= TOLERANCE:
            return None
        if gap > 0 and not paper.shows_all and (amo is None or amc is None):
            return self.inconclusive(
                f"Il manque {say_euros(gap)} aux parts : l’une n’a peut-être pas été lue.", evidence
            )
        return self._fail(
            f"Le total diffère de {say_euros(abs(gap))} de la somme AMO + AMC + reste à charge.", evidence
        )

    def _judge_lines(self, paper: Paper, total: Decimal, evidence: tuple[Evidence, ...]) -> Finding | None:
        field = paper.document.fields.get(FieldName.TOTAL_AMOUNT)
        if field and any(check.name == _SUM_CHECK and check.passed for check in field.checks):
            return None
        if paper.document.missing_pages:
            return None  # the other lines are on the page that is not there
        amounts = [line.amount for line in paper.document.line_items]
        if not amounts:
            return None if paper.shows_all or shares_explain(paper, total) else self._miss_lines(evidence)
        gap = total - sum((amount for amount in amounts if amount is not None), Decimal(0))
        if abs(gap) <= TOLERANCE:
            return None
        if None in amounts:
            return self._miss_lines(evidence)
        if gap < 0:
            if shares_explain(paper, total):
                return None  # a discount: the shares confirm the total after it
            text = f"Les lignes dépassent le total de {say_euros(-gap)} : remise, ou erreur."
            return self.inconclusive(text, evidence)
        shares = add_shares(paper)
        contradicted = shares is not None and abs(shares + gap - total) <= TOLERANCE  # lines and shares against total
        if paper.shows_all or contradicted:
            return self._fail(f"Le total dépasse la somme des lignes de {say_euros(gap)}.", evidence)
        return self._miss_lines(evidence)

    def _miss_lines(self, evidence: tuple[Evidence, ...]) -> Finding:
        return self.inconclusive("Les lignes lues ne permettent pas de retrouver le total.", evidence)

    def _fail(self, handler_fr: str, evidence: tuple[Evidence, ...]) -> Finding:
        return self.failed(
            handler_fr,
            evidence,
            member_fr="Les montants de la facture sont à vérifier : un gestionnaire s’en charge.",
        )


def _with_total_to_judge(facts: Facts) -> list[Paper]:
    """Main papers, without those whose total stands on a page that is not there yet: nothing to doubt in them."""
    return [
        paper
        for paper in facts.main_papers
        if FieldName.TOTAL_AMOUNT in paper.document.fields or not lacks_pages(paper, facts.main_papers)
    ]


class AmountUsual(Rule):
    """R14: a total above the threshold of its type goes to a person."""

    code = RuleCode.AMOUNT_USUAL

    def check(self, facts: Facts) -> Finding | None:
        """Compare the total with the threshold."""
        limit = facts.claim_rules.high_amount
        papers = _with_total_to_judge(facts)
        if limit is None or not papers:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.TOTAL_AMOUNT)]
        totals = [sure_total(paper) for paper in papers]
        high = max((total for total in totals if total is not None), default=Decimal(0))
        if high > limit:
            return self.failed(
                f"Total de {say_euros(high)}, au-dessus du seuil de {say_euros(limit)}.",
                evidence,
            )
        if None in totals:
            text = f"Le total n’a pas pu être lu avec certitude : il n’est pas comparé au seuil de {say_euros(limit)}."
            return self.inconclusive(text, evidence)
        return self.passed(f"Total sous le seuil de {say_euros(limit)}.", evidence)


class ExcessUsual(Rule):
    """R15: fees whose excess is above the limit, in percent of the base: on a quote of fees, or on an invoice.

    The bases of other quotes (glasses, teeth, hearing aids) are symbolic: they say nothing of an excess.
    """

    code = RuleCode.EXCESS_USUAL

    def check(self, facts: Facts) -> Finding | None:
        """Compare the excess over the base with the base."""
        limit = facts.claim_rules.excess_limit_percent
        papers = [paper for paper in facts.main_papers if _may_show_excess(paper)]
        if limit is None or not papers:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.TOTAL_AMOUNT)]
        excesses = [_excess_percent(paper) for paper in papers]
        high = max((excess for excess in excesses if excess is not None), default=Decimal(0))
        if high > limit:
            return self.failed(
                f"Dépassement de {high:.0f} % de la base, au-dessus de la limite de {limit:.0f} %.",
                evidence,
            )
        if None in excesses:
            return self.inconclusive("La base de remboursement n’a pas pu être lue avec certitude.", evidence)
        return self.passed(f"Dépassement sous la limite de {limit:.0f} % de la base.", evidence)


def _may_show_excess(paper: Paper) -> bool:
    """A quote of fees must print its bases; an invoice may print none, and then says nothing of an excess."""
    if paper.type in QUOTE_TYPES:
        return paper.type is DocumentType.DEVIS_HONORAIRES
    return not paper.shows_all or any(line.base is not None for line in paper.document.line_items)


def _excess_percent(paper: Paper) -> Decimal | None:
    """Fee excess in percent of the base; None where total or base is not sure."""
    total = sure_total(paper)
    bases = [line.base for line in paper.document.line_items]
    if total is None or not bases or None in bases or not (paper.shows_all or lines_explain(paper, total)):
        return None
    base = sum((base for base in bases if base is not None), Decimal(0))
    return (total - base) / base * 100 if base > 0 else None
