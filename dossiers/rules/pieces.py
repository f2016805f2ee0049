"""Is every paper there that the claim needs?"""

from __future__ import annotations

from typing import ClassVar

from dossiers.facts import Facts, PieceStanding, Standing
from dossiers.papers import Paper
from dossiers.rules.base import Rule
from dossiers.telling import say_instead, say_piece
from dossiers.wording import describe_kind, say_kinds
from schemas.checks import RuleCode
from schemas.decisions import Finding
from schemas.vocabulary import (
    INVOICE_TYPES,
    QUOTE_TYPES,
    DocumentType,
    FieldName,
    MissingPiece,
)

#: Papers that members take for an invoice.
_INSTEAD_OF_INVOICE = QUOTE_TYPES | {DocumentType.FEUILLE_DE_SOINS, DocumentType.DECOMPTE_AM, DocumentType.AUTRE}


class PiecePresent(Rule):
    """A required paper was sent; the illegible ones are the business of another rule."""

    piece: ClassVar[MissingPiece]
    instead: ClassVar[frozenset[DocumentType]] = frozenset()

    def check(self, facts: Facts) -> Finding | None:
        """Look for the piece among the papers."""
        standing = facts.piece(self.piece)
        if standing is None:
            return None
        label = describe_kind(standing.required)
        if standing.standing is Standing.FOUND:
            evidence = [place for paper in standing.papers for place in paper.point_to()]
            if standing.replacement:
                taken = say_kinds(standing.papers)
                return self.passed(f"Pièce remplacée : {label}. Pris à la place : {taken}.", evidence)
            return self.passed(f"Pièce présente : {label}.", evidence)
        if standing.standing is Standing.ILLEGIBLE:
            evidence = [place for thing in standing.unreadable for place in thing.point_to()]
            return self.passed(f"Pièce envoyée, mais illisible : {label}.", evidence)
        if standing.standing is Standing.DOUBTFUL:
            return self._tell_doubt(standing, label)
        return self._tell_absence(facts, standing, label)

    def _tell_doubt(self, standing: PieceStanding, label: str) -> Finding:
        evidence = [place for paper in standing.papers for place in paper.point_to()]
        evidence += [place for thing in standing.unreadable for place in thing.point_to()]
        if standing.need_unsure:
            return self.inconclusive(
                f"Le total n’a pas pu être lu avec certitude : on ne peut dire s’il faut la pièce {label}.", evidence
            )
        return self.inconclusive(
            f"Aucune pièce reconnue avec certitude comme {label}, mais un document envoyé peut l’être.", evidence
        )

    def _tell_absence(self, facts: Facts, standing: PieceStanding, label: str) -> Finding:
        others = [paper for paper in facts.papers if paper.type in self.instead]
        odd = [paper for paper in facts.papers if _looks_like_an_invoice(paper)]
        if odd:
            evidence = [place for paper in odd for place in paper.point_to()]
            return self.inconclusive(
                f"Pièce non reconnue : {label}. Un autre document porte pourtant une mention de paiement.", evidence
            )
        sentences = [say_piece(facts, standing.required, self.piece), *say_instead(facts, others)]
        found = say_kinds(facts.papers)
        return self.failed(
            f"Pièce absente : {label}. Documents reçus : {found or 'aucun document lisible'}.",
            [place for paper in others for place in paper.point_to()],
            missing=self.piece,
            member_fr=" ".join(sentences),
        )


def _looks_like_an_invoice(paper: Paper) -> bool:
    """A paper of another kind that says what was paid for whom: a person looks before the member is asked.

    A card slip names no patient. An invoice of another kind is left out: members do send those of other care, and are
    told so.
    """
    if paper.type in INVOICE_TYPES or paper.document.value_of(FieldName.PAID) is not True:
        return False
    named = (FieldName.TOTAL_AMOUNT, FieldName.PATIENT_NAME)
    return paper.type in QUOTE_TYPES or all(paper.document.value_of(name) is not None for name in named)


class ReplacementVerified(Rule):
    """What an insurer takes in place of a piece only with another paper beside it is looked at by a person.

    The other paper is a signed statement, which no reader tells from any other letter.
    """

    code = RuleCode.REPLACEMENT_VERIFIED

    def check(self, facts: Facts) -> Finding | None:
        """Look for pieces that something else stands for."""
        replaced = [standing for standing in facts.pieces if standing.replacement]
        if not replaced:
            return None
        evidence = [place for standing in replaced for paper in standing.papers for place in paper.point_to()]
        beside = {kind for standing in replaced if standing.replacement for kind in standing.replacement.together_with}
        evidence += [place for paper in facts.papers if paper.type in beside for place in paper.point_to()]
        if not beside:
            return self.passed("Les pièces reçues à la place d’une autre se suffisent.", evidence)
        return self.failed(
            "Une pièce est remplacée par une autre accompagnée d’un document : vérifier que c’est bien une déclaration "
            "signée de l’adhérent.",
            evidence,
        )


class InvoicePresent(PiecePresent):
    """R1: an itemised invoice of the right kind; a quote, a card slip or a care sheet does not replace it."""

    code = RuleCode.INVOICE_PRESENT
    piece = MissingPiece.FACTURE
    instead = _INSTEAD_OF_INVOICE


class QuotePresent(PiecePresent):
    """R1: a request about a quote needs the quote."""

    code = RuleCode.QUOTE_PRESENT
    piece = MissingPiece.DEVIS


class PrescriptionPresent(PiecePresent):
    """R3: the prescription, where the insurer asks for it."""

    code = RuleCode.PRESCRIPTION_PRESENT
    piece = MissingPiece.ORDONNANCE


class StatementPresent(PiecePresent):
    """R4: the Assurance Maladie's statement, where it does not come by itself."""

    code = RuleCode.STATEMENT_PRESENT
    piece = MissingPiece.DECOMPTE_AM
    instead = frozenset({DocumentType.FEUILLE_DE_SOINS})


class BankDetailsPresent(PiecePresent):
    """R5: a RIB, where no bank details are known."""

    code = RuleCode.BANK_DETAILS_PRESENT
    piece = MissingPiece.RIB


class CareAgreementPresent(PiecePresent):
    """The agreement of the Assurance Maladie to a cure, where the insurer asks for it."""

    code = RuleCode.CARE_AGREEMENT_PRESENT
    piece = MissingPiece.PRISE_EN_CHARGE


class BirthCertificatePresent(PiecePresent):
    """A paper that proves a birth or an adoption."""

    code = RuleCode.BIRTH_CERTIFICATE_PRESENT
    piece = MissingPiece.ACTE_NAISSANCE


class MembershipFormPresent(PiecePresent):
    """The signed form that adds somebody to the contract."""

    code = RuleCode.MEMBERSHIP_FORM_PRESENT
    piece = MissingPiece.BULLETIN_ADHESION


class RightsCertificatePresent(PiecePresent):
    """The Assurance Maladie's certificate of rights."""

    code = RuleCode.RIGHTS_CERTIFICATE_PRESENT
    piece = MissingPiece.ATTESTATION_DROITS


class NeedsNoLook(Rule):
    """Nothing in this kind of request is a person's to see whatever the papers say."""

    code = RuleCode.NEEDS_NO_LOOK

    def check(self, facts: Facts) -> Finding | None:
        """Ask the rules of the insurer."""
        if not facts.claim_rules.always_seen:
            return None
        evidence = [place for paper in facts.papers for place in paper.point_to()]
        return self.failed("Demande toujours vue par un gestionnaire : vérifier ce qu’est chaque document.", evidence)
