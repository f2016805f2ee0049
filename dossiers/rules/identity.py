"""Is it about the right person?"""

from __future__ import annotations

from dossiers.facts import Facts
from dossiers.names import NameMatch, find_people, match_name
from dossiers.papers import Paper, Trust
from dossiers.rules.base import Rule, pick_worst
from dossiers.wording import say_person
from schemas.checks import RuleCode
from schemas.claims import Person
from schemas.decisions import Evidence, Finding
from schemas.vocabulary import DocumentType, FieldName

_FIRM = frozenset({NameMatch.SAME, NameMatch.MISREAD})
#: Without its key: what is the same on every paper of one person.
_NIR_WITHOUT_KEY = 13


class _PatientRule(Rule):
    """Compares the name printed on a paper with the claim's patient and with the rest of the family."""

    def judge_name(self, facts: Facts, paper: Paper) -> Finding:
        """Whose paper is it?"""
        patient, rules = facts.claim.patient, facts.rules.names
        evidence = paper.point_to(FieldName.PATIENT_NAME)
        judged = paper.judge(FieldName.PATIENT_NAME)
        if judged.trust is Trust.ABSENT or not isinstance(judged.value, str):
            return self.inconclusive("Le nom du patient n’a pas été lu.", evidence)
        match = match_name(judged.value, patient, rules)
        others = [person for person in facts.claim.member.people if not _is_same_person(person, patient)]
        best_other, _ = find_people(judged.value, others, rules)
        if match in _FIRM and judged.is_sure_once_confirmed(paper.thresholds):
            if _order(best_other) < _order(match):
                return self._fail(facts, judged.value, evidence)
            if best_other is match:
                return self.inconclusive("Le nom imprimé convient à deux personnes du contrat.", evidence)
            return self.passed(f"La pièce est bien au nom de {say_person(patient)}.", evidence)
        if not judged.is_sure:
            return self.inconclusive("Le nom du patient n’a pas pu être lu avec certitude.", evidence)
        if best_other in _FIRM or match is NameMatch.DIFFERENT:
            return self._fail(facts, judged.value, evidence)
        if match is NameMatch.INITIAL and _order(best_other) > _order(match):
            return self.passed(f"La pièce est bien au nom de {say_person(patient)} (initiale).", evidence)
        return self.inconclusive("Le nom imprimé ne suffit pas à reconnaître le patient.", evidence)

    def _fail(self, facts: Facts, printed: str, evidence: tuple[Evidence, ...]) -> Finding:
        return self.failed(
            f"Pièce au nom de {printed}, demande pour {say_person(facts.claim.patient)}.",
            evidence,
            member_fr="Le document paraît être au nom d’une autre personne : un gestionnaire le vérifie.",
        )


class PatientMatches(_PatientRule):
    """R8: the patient of the invoice or quote is the patient of the claim."""

    code = RuleCode.PATIENT_MATCHES

    def check(self, facts: Facts) -> Finding | None:
        """Judge the name on every main paper."""
        return pick_worst(self.judge_name(facts, paper) for paper in facts.main_papers)


class OtherPatientMatches(_PatientRule):
    """The prescription and the statement that came with the invoice are the patient's too, where they carry a name."""

    code = RuleCode.OTHER_PATIENT_MATCHES

    def check(self, facts: Facts) -> Finding | None:
        """Judge the name on every prescription and statement that is no main paper."""
        papers = [
            paper
            for paper in facts.accepted(DocumentType.ORDONNANCE, DocumentType.DECOMPTE_AM)
            if paper not in facts.main_papers and FieldName.PATIENT_NAME in paper.document.fields
        ]
        return pick_worst(self.judge_name(facts, paper) for paper in papers)


class MemberNumberMatches(Rule):
    """A member number printed on the main paper is the claim's."""

    code = RuleCode.MEMBER_NUMBER_MATCHES

    def check(self, facts: Facts) -> Finding | None:
        """Compare the numbers; zeros in front do not count."""
        return pick_worst(self._judge(facts, paper) for paper in facts.main_papers)

    def _judge(self, facts: Facts, paper: Paper) -> Finding | None:
        judged, evidence = paper.judge(FieldName.MEMBER_NUMBER), paper.point_to(FieldName.MEMBER_NUMBER)
        known = facts.claim.member.member_number.lstrip("0")
        if judged.trust is Trust.ABSENT or not known:
            return None
        if isinstance(judged.value, str):
            is_same = judged.value.lstrip("0") == known
            if is_same and judged.is_sure_once_confirmed(paper.thresholds):
                return self.passed("Le numéro d’adhérent imprimé est celui de la demande.", evidence)
            if not is_same and judged.is_sure:
                return self.failed("Le numéro d’adhérent imprimé n’est pas celui de la demande.", evidence)
        return self.inconclusive("Le numéro d’adhérent n’a pas pu être lu avec certitude.", evidence)


class NirKnown(Rule):
    """A NIR printed on a paper is that of somebody on the contract (children often carry a parent's).

    It says whose paper it is, which a mutuelle may ask; it never serves to find duplicates, and is never written out.
    """

    code = RuleCode.NIR_KNOWN

    def check(self, facts: Facts) -> Finding | None:
        """Look for every printed NIR on the contract."""
        people = (facts.claim.patient, *facts.claim.member.people)
        known = {person.nir[:_NIR_WITHOUT_KEY] for person in people if person.nir}
        if not known:
            return None
        papers = facts.accepted(*(kind for kind in DocumentType if kind is not DocumentType.AUTRE))
        return pick_worst(self._judge(paper, known) for paper in papers)

    def _judge(self, paper: Paper, known: set[str]) -> Finding | None:
        judged, evidence = paper.judge(FieldName.NIR), paper.point_to(FieldName.NIR)
        if judged.trust is Trust.ABSENT:
            return None
        if isinstance(judged.value, str):
            is_known = judged.value[:_NIR_WITHOUT_KEY] in known
            if is_known and judged.is_sure_once_confirmed(paper.thresholds):
                return self.passed("Le numéro de sécurité sociale imprimé est au contrat.", evidence)
            if not is_known and judged.is_sure:
                return self.failed("Le numéro de sécurité sociale imprimé n’est pas au contrat.", evidence)
        return self.inconclusive("Le numéro de sécurité sociale n’a pas pu être lu avec certitude.", evidence)


def _order(match: NameMatch) -> int:
    return list(NameMatch).index(match)


def _is_same_person(one: Person, other: Person) -> bool:
    """The claim's patient is one of the people on the contract, written in the same way or not."""
    return (one.first, one.last, one.birth_date) == (other.first, other.last, other.birth_date)
