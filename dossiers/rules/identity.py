"""Is it about the right person?"""

from __future__ import annotations

from dossiers.facts import Facts, Paper, Trust
from dossiers.names import NameMatch, find_people, match_name
from dossiers.rules.base import Rule
from dossiers.wording import say_person
from schemas.claims import Person
from schemas.decisions import Evidence, Finding, Outcome
from schemas.rules import RuleCode
from schemas.vocabulary import FieldName, ReviewReason

_FIRM = frozenset({NameMatch.SAME, NameMatch.MISREAD})


class PatientMatches(Rule):
    """R8: the patient of the invoice or quote is the patient of the claim."""

    code = RuleCode.PATIENT_MATCHES

    def check(self, facts: Facts) -> Finding | None:
        """Compare the name printed on every main paper with the claim's patient and with the rest of the family."""
        findings = [self._judge(facts, paper) for paper in facts.main_papers]
        for outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.PASSED):
            for finding in findings:
                if finding.outcome is outcome:
                    return finding
        return None

    def _judge(self, facts: Facts, paper: Paper) -> Finding:
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
            reason=ReviewReason.PATIENT_MISMATCH,
            member_fr="Le document paraît être au nom d’une autre personne : un gestionnaire le vérifie.",
        )


def _order(match: NameMatch) -> int:
    return list(NameMatch).index(match)


def _is_same_person(one: Person, other: Person) -> bool:
    """The claim's patient is one of the people on the contract, written in the same way or not."""
    return (one.first, one.last, one.birth_date) == (other.first, other.last, other.birth_date)
