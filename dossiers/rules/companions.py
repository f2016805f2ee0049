"""Do the papers that came with the invoice go with it?"""

from __future__ import annotations

from datetime import date

from dossiers.facts import Facts
from dossiers.papers import Paper
from dossiers.rules.base import Rule
from dossiers.rules.dates import dates_of, judge_care, papers_of_care
from dossiers.telling import say_instead
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.vocabulary import INVOICE_TYPES, QUOTE_TYPES, DocumentType, FieldName


def _point_to(papers: tuple[Paper, ...], *names: FieldName) -> list[Evidence]:
    return [place for paper in papers for place in paper.point_to(*names)]


class QuoteBeforeInvoice(Rule):
    """A quote sent with the invoice is older than it."""

    code = RuleCode.QUOTE_BEFORE_INVOICE

    def check(self, facts: Facts) -> Finding | None:
        """Compare the dates of quotes and invoices; one quote that fits is enough."""
        quotes, invoices = facts.accepted(*QUOTE_TYPES), facts.accepted(*INVOICE_TYPES)
        if not quotes or not invoices:
            return None
        evidence = _point_to((*quotes, *invoices), FieldName.ISSUE_DATE)
        quoted = [paper.judge(FieldName.ISSUE_DATE) for paper in quotes]
        billed = [paper.judge(FieldName.ISSUE_DATE) for paper in invoices]
        first = min((one.value for one in quoted if one.is_sure and isinstance(one.value, date)), default=None)
        last = max((one.value for one in billed if one.is_sure and isinstance(one.value, date)), default=None)
        if first is not None and last is not None and first <= last:
            return self.passed("Le devis est antérieur à la facture.", evidence)
        if first is None or last is None or not all(one.is_sure for one in (*quoted, *billed)):
            return self.inconclusive("Les dates du devis et de la facture ne sont pas lues avec certitude.", evidence)
        return self.failed(f"Devis du {say_day(first)}, postérieur à la facture du {say_day(last)}.", evidence)


class StatementCoversCare(Rule):
    """The Assurance Maladie's statement is about the care of the invoice."""

    code = RuleCode.STATEMENT_COVERS_CARE

    def check(self, facts: Facts) -> Finding | None:
        """Look for a day that statement and invoice share."""
        invoices = tuple(paper for paper in papers_of_care(facts) if paper.type in INVOICE_TYPES)
        statements = facts.accepted(DocumentType.DECOMPTE_AM)
        if not invoices or not statements:
            return None
        evidence = _point_to((*statements, *invoices), FieldName.CARE_DATES)
        billed = [judge_care(paper) for paper in invoices]
        stated = [paper.judge(FieldName.CARE_DATES) for paper in statements]
        days = {day for one in billed if one.is_sure for day in dates_of(one)}
        if any(days & set(dates_of(one)) for one in stated if one.is_sure):
            return self.passed("Le décompte porte sur les mêmes soins que la facture.", evidence)
        if not all(one.is_sure for one in (*billed, *stated)):
            return self.inconclusive(
                "Les dates du décompte ou de la facture ne sont pas lues avec certitude.", evidence
            )
        return self.failed(
            "Le décompte et la facture n’ont aucune date de soins en commun.",
            evidence,
            member_fr="Le décompte envoyé paraît porter sur d’autres soins : un gestionnaire le vérifie.",
        )


class StatementNotKnown(Rule):
    """A statement was sent that the insurer receives by itself: nothing wrong, and nothing to count twice."""

    code = RuleCode.STATEMENT_NOT_KNOWN

    def check(self, facts: Facts) -> Finding | None:
        """Look for statements of a member with an active feed that no piece asked for."""
        papers = facts.accepted(DocumentType.DECOMPTE_AM)
        asked = any(paper in standing.papers for standing in facts.pieces for paper in papers)
        if not papers or not facts.claim.member.teletransmission or asked:
            return None
        return self.failed(
            "Décompte envoyé alors que la télétransmission est active : il fait sans doute double emploi.",
            _point_to(papers),
        )


class NoCareSheet(Rule):
    """A care sheet belongs to the Assurance Maladie: the member is told to send it there."""

    code = RuleCode.NO_CARE_SHEET

    def check(self, facts: Facts) -> Finding | None:
        """Look for care sheets."""
        papers = facts.accepted(DocumentType.FEUILLE_DE_SOINS)
        if not papers:
            return None
        told = say_instead(facts, papers)
        return self.failed(
            "Feuille de soins envoyée à la mutuelle : elle est destinée à la caisse d’Assurance Maladie.",
            _point_to(papers),
            member_fr=" ".join(told) or None,
        )
