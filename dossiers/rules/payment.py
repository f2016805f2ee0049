"""Was the invoice paid?"""

from __future__ import annotations

from dossiers.facts import Facts
from dossiers.papers import Paper, Trust
from dossiers.rules.base import Rule, pick_worst
from dossiers.rules.legibility import lacks_pages
from dossiers.same_paper import group_same_invoices
from dossiers.telling import say_piece
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.vocabulary import FieldName, MissingPiece


class InvoicePaid(Rule):
    """R2: the invoice carries a mention or a stamp of payment, and says of no amount that it is still due."""

    code = RuleCode.INVOICE_PAID

    def check(self, facts: Facts) -> Finding | None:
        """Look at the mention of payment of every invoice; one copy of an invoice that has it is enough."""
        if not facts.claim_rules.must_be_paid or facts.main is None or facts.main.replacement:
            return None
        return pick_worst(self._judge(facts, group) for group in group_same_invoices(facts.main_papers))

    def _judge(self, facts: Facts, copies: tuple[Paper, ...]) -> Finding | None:
        judged = [(paper, paper.judge(FieldName.PAID)) for paper in copies]
        evidence = [place for paper in copies for place in paper.point_to(FieldName.PAID)]
        if any(paid.is_sure and paid.value is True for _, paid in judged):
            return self.passed("La facture porte une mention de paiement.", evidence)
        if any(paid.trust is Trust.DOUBTFUL for _, paid in judged):
            return self.inconclusive("La mention de paiement n’a pas pu être lue avec certitude.", evidence)
        if any(paid.value is False for _, paid in judged):
            return self._ask(facts, "La facture annonce une somme restant due.", evidence)
        if any(lacks_pages(paper, facts.main_papers) for paper in copies):
            return None  # the mention may stand on the page that is not there yet
        if not all(paid.sure_absent for _, paid in judged):
            return self.inconclusive(
                "Aucune mention de paiement n’a été lue, mais un tampon ou une écriture a pu échapper à la lecture.",
                evidence,
            )
        return self._ask(facts, "La facture ne porte aucune mention de paiement.", evidence)

    def _ask(self, facts: Facts, handler_fr: str, evidence: list[Evidence]) -> Finding:
        assert facts.main  # noqa: S101
        return self.failed(
            handler_fr,
            evidence,
            missing=MissingPiece.FACTURE_ACQUITTEE,
            member_fr=say_piece(facts, facts.main.required, MissingPiece.FACTURE_ACQUITTEE),
        )
