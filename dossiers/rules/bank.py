"""Can money be sent to this account, and is it the member's?"""

from __future__ import annotations

from stdnum import iban as stdnum_iban

from dossiers.facts import Facts
from dossiers.names import NameMatch, find_people
from dossiers.papers import Paper
from dossiers.rules.base import Rule, pick_worst
from schemas.checks import RuleCode
from schemas.decisions import Finding
from schemas.vocabulary import DocumentType, FieldName

_FRENCH_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
#: An account may be in a family name ("M. OU MME VASSEUR") where an invoice may not.
_KNOWN = frozenset({NameMatch.SAME, NameMatch.MISREAD, NameMatch.INITIAL, NameMatch.LAST_NAME_ONLY})


class IbanValid(Rule):
    """R13: the IBAN of a RIB that was sent passes its check digits, the French RIB key included."""

    code = RuleCode.IBAN_VALID

    def check(self, facts: Facts) -> Finding | None:
        """Check the IBAN of every RIB, asked for or not: an unasked one may announce a change of account."""
        papers = facts.accepted(DocumentType.RIB)
        if not papers:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.IBAN)]
        verdicts = [_judge(paper) for paper in papers]
        if False in verdicts:
            return self.failed(
                "L’IBAN du RIB ne passe pas le contrôle de sa clé.",
                evidence,
                member_fr="L’IBAN de votre RIB paraît inexact : un gestionnaire le vérifie.",
            )
        if None in verdicts:
            return self.inconclusive("L’IBAN du RIB n’a pas pu être lu avec certitude.", evidence)
        return self.passed("L’IBAN du RIB est valide.", evidence)


class BankDetailsUnchanged(Rule):
    """A RIB that was sent names the account on file; a change is confirmed by somebody before money goes."""

    code = RuleCode.BANK_DETAILS_UNCHANGED

    def check(self, facts: Facts) -> Finding | None:
        """Compare the IBAN of every RIB with the one on file."""
        known = facts.claim.member.iban_on_file
        if not known:
            return None
        return pick_worst(self._judge(paper, _plain(known)) for paper in facts.accepted(DocumentType.RIB))

    def _judge(self, paper: Paper, known: str) -> Finding:
        evidence = paper.point_to(FieldName.IBAN)
        judged = paper.judge(FieldName.IBAN)
        is_same = isinstance(judged.value, str) and _plain(judged.value) == known
        if is_same and judged.is_sure_once_confirmed(paper.thresholds):
            return self.passed("Le RIB est celui du compte connu.", evidence)
        if not is_same and (judged.is_sure or _judge(paper)):
            return self.failed(
                "Le RIB n’est pas celui du compte connu : changement de coordonnées bancaires à confirmer.",
                evidence,
                member_fr="Votre RIB est différent de celui que nous connaissons : un gestionnaire le vérifie.",
            )
        return self.inconclusive("L’IBAN n’a pas pu être lu assez sûrement pour le comparer au compte connu.", evidence)


class HolderKnown(Rule):
    """The account of a RIB that was sent belongs to somebody on the contract."""

    code = RuleCode.HOLDER_KNOWN

    def check(self, facts: Facts) -> Finding | None:
        """Look for the holder among the people on the contract."""
        return pick_worst(self._judge(facts, paper) for paper in facts.accepted(DocumentType.RIB))

    def _judge(self, facts: Facts, paper: Paper) -> Finding:
        evidence = paper.point_to(FieldName.ACCOUNT_HOLDER)
        judged = paper.judge(FieldName.ACCOUNT_HOLDER)
        if not isinstance(judged.value, str):
            return self.inconclusive("Le titulaire du compte n’a pas été lu.", evidence)
        match, _ = find_people(judged.value, facts.claim.member.people, facts.rules.names)
        if match in _KNOWN and judged.is_sure_once_confirmed(paper.thresholds):
            return self.passed("Le titulaire du compte est au contrat.", evidence)
        if match is NameMatch.DIFFERENT and judged.is_sure:
            return self.failed(
                f"Compte au nom de {judged.value}, qui n’est pas au contrat.",
                evidence,
                member_fr="Le RIB paraît être au nom d’une autre personne : un gestionnaire le vérifie.",
            )
        return self.inconclusive("Le titulaire du compte n’est pas reconnu avec certitude.", evidence)


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
    iban = _plain(iban)
    if not stdnum_iban.is_valid(iban):
        return False
    if not iban.startswith("FR"):
        return True
    digits = iban[4:].translate(_FRENCH_LETTERS)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return int(key) == 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97


def _plain(iban: str) -> str:
    return "".join(iban.split()).upper()
