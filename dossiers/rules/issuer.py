"""Who issued the paper: is there a number, and can it be right?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stdnum import luhn
from stdnum.fr import siret as stdnum_siret

from dossiers.facts import Facts
from dossiers.papers import Paper, Trust
from dossiers.rules.base import Rule, pick_worst
from dossiers.wording import say_list
from schemas.checks import RuleCode
from schemas.decisions import Finding
from schemas.vocabulary import FIELD_LABELS_FR, FieldName


def _is_valid_finess(number: str) -> bool:
    """Nine signs; the key of those with a letter (Corsica) is not documented, so only their form counts."""
    return len(number) == 9 and number.isalnum() and (not number.isdigit() or luhn.is_valid(number))


def _is_valid_rpps(number: str) -> bool:
    return len(number) == 11 and number.isdigit() and luhn.is_valid(number)


_IS_VALID: dict[FieldName, Callable[[str], bool]] = {
    FieldName.RPPS: _is_valid_rpps,
    FieldName.FINESS: _is_valid_finess,
    FieldName.SIRET: stdnum_siret.is_valid,
}


class IssuerIdentified(Rule):
    """The main paper carries a number of the professional or the establishment, where the insurer wants one."""

    code = RuleCode.ISSUER_IDENTIFIED

    def check(self, facts: Facts) -> Finding | None:
        """Look for a number whose key is right."""
        if not facts.claim_rules.issuer_must_be_identified:
            return None
        return pick_worst(self._judge(paper) for paper in facts.main_papers)

    def _judge(self, paper: Paper) -> Finding:
        evidence = paper.point_to(*_IS_VALID)
        for name, value, is_sure in _read_numbers(paper):
            if _IS_VALID[name](value) and is_sure:
                return self.passed(f"Professionnel identifié ({FIELD_LABELS_FR[name]}).", paper.point_to(name))
        if all(paper.judge(name).sure_absent for name in _IS_VALID):
            return self.failed("Le document ne porte aucun numéro de professionnel (RPPS, FINESS ou SIRET).", evidence)
        return self.inconclusive("Aucun numéro de professionnel n’a été lu avec certitude.", evidence)


class IdentifiersValid(Rule):
    """RPPS, FINESS and SIRET on the main paper pass their keys."""

    code = RuleCode.IDENTIFIERS_VALID

    def check(self, facts: Facts) -> Finding | None:
        """Check the numbers of every main paper."""
        return pick_worst(self._judge(paper) for paper in facts.main_papers)

    def _judge(self, paper: Paper) -> Finding | None:
        numbers = list(_read_numbers(paper))
        wrong = [name for name, value, _ in numbers if not _IS_VALID[name](value)]
        names = say_list([FIELD_LABELS_FR[name] for name in wrong])
        if any(name in wrong and paper.judge(name).is_sure for name in wrong):
            return self.failed(f"Numéro qui ne passe pas le contrôle de sa clé : {names}.", paper.point_to(*wrong))
        unsure = [name for name, _, is_sure in numbers if not is_sure]
        if wrong or unsure:
            return self.inconclusive(
                "Un numéro de professionnel n’a pas pu être lu avec certitude.", paper.point_to(*wrong, *unsure)
            )
        read = [name for name, _, _ in numbers]
        return self.passed("Les numéros du professionnel passent leur clé.", paper.point_to(*read)) if read else None


def _read_numbers(paper: Paper) -> Iterator[tuple[FieldName, str, bool]]:
    """The numbers on a paper, and whether a decision may rest on them; a right key confirms what was read."""
    for name, is_valid in _IS_VALID.items():
        judged = paper.judge(name)
        if judged.trust is Trust.DOUBTFUL and judged.value is None:
            yield name, "", False
        elif isinstance(judged.value, str):
            confirmed = is_valid(judged.value) and judged.is_sure_once_confirmed(paper.thresholds)
            yield name, judged.value, judged.is_sure or confirmed
