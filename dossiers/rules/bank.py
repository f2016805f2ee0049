"""Can money be sent to this account?"""

from __future__ import annotations

from stdnum import iban as stdnum_iban

from dossiers.facts import Facts, Paper
from dossiers.rules.base import Rule
from schemas.decisions import Finding
from schemas.rules import RuleCode
from schemas.vocabulary import DocumentType, FieldName, ReviewReason

_FRENCH_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


class IbanValid(Rule):
    """R13: the IBAN of a RIB that was sent passes its check digits, the French RIB key included."""

    code = RuleCode.IBAN_VALID

    def check(self, facts: Facts) -> Finding | None:
        """Check the IBAN of every RIB, asked for or not: an unasked one may announce a change of account."""
        accept = facts.rules.thresholds.type_accept
        papers = [
            paper
            for paper in facts.papers
            if paper.type is DocumentType.RIB and paper.document.type_confidence >= accept
        ]
        if not papers:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.IBAN)]
        verdicts = [_judge(paper) for paper in papers]
        if False in verdicts:
            return self.failed(
                "L’IBAN du RIB ne passe pas le contrôle de sa clé.",
                evidence,
                reason=ReviewReason.IBAN_INVALIDE,
                member_fr="L’IBAN de votre RIB paraît inexact : un gestionnaire le vérifie.",
            )
        if None in verdicts:
            return self.inconclusive("L’IBAN du RIB n’a pas pu être lu avec certitude.", evidence)
        known = facts.claim.member.iban_on_file
        if known and any(paper.document.value_of(FieldName.IBAN) != known for paper in papers):
            return self.passed("L’IBAN du RIB est valide. Il diffère de celui qui est connu.", evidence)
        return self.passed("L’IBAN du RIB est valide.", evidence)


def _judge(paper: Paper) -> bool | None:
    """True valid, False invalid, None unsure. Right check digits confirm what was read; wrong ones do not."""
    judged = paper.judge(FieldName.IBAN)
    if not isinstance(judged.value, str):
        return None
    if is_valid_iban(judged.value):
        return True if judged.is_sure_once_confirmed(paper.thresholds) else None
    return False if judged.is_sure else None


def is_valid_iban(iban: str) -> bool:
    """Check the check digits of an IBAN, and the key that a French account number has besides."""
    iban = "".join(iban.split()).upper()
    if not stdnum_iban.is_valid(iban):
        return False
    if not iban.startswith("FR"):
        return True
    digits = iban[4:].translate(_FRENCH_LETTERS)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return int(key) == 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
