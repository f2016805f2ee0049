"""Was this paper sent before?"""

from __future__ import annotations

from dossiers.facts import Facts
from dossiers.rules.base import Rule
from dossiers.same_paper import Likeness, compare_papers
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding

_WHY_FR = {
    Likeness.SAME_FILE: "le même fichier",
    Likeness.SAME_NUMBER: "mêmes numéro et montant",
    Likeness.SAME_SCAN: "une nouvelle image du même document",
    Likeness.SAME_CONTENT: "mêmes professionnel, dates et montant",
}


class NotSentBefore(Rule):
    """R11: the main paper is not the one of an earlier dossier of the member."""

    code = RuleCode.NOT_SENT_BEFORE

    def check(self, facts: Facts) -> Finding | None:
        """Compare the main papers with those of every earlier dossier."""
        if not facts.main_papers:
            return None
        unsure: list[Evidence] = []
        for past in facts.history:
            if past.id == facts.claim.id:
                continue  # decided anew: a dossier is no duplicate of itself
            for paper in facts.main_papers:
                for before in past.papers:
                    likeness = compare_papers(paper, before, facts.rules)
                    places = [*paper.point_to(), Evidence(file=before.file, dossier=past.id)]
                    if likeness.is_same:
                        return self.failed(
                            f"Déjà transmis dans le dossier {past.id} : {_WHY_FR[likeness]}.",
                            places,
                            member_fr="Ce document paraît nous avoir déjà été transmis : un gestionnaire le vérifie.",
                        )
                    if likeness is Likeness.UNSURE:
                        unsure += places
        if unsure:
            return self.inconclusive(
                "Peut-être déjà transmis : ce qui permettrait d’en être sûr n’a pas pu être lu.", unsure
            )
        return self.passed("Pas de document identique dans les dossiers précédents.")
