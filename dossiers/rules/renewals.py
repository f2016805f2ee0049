"""Is it time for the next pair of glasses, or the next hearing aids?"""

from __future__ import annotations

from datetime import date

from dossiers.calendar import add_months, count_years
from dossiers.facts import Facts
from dossiers.history import PastPaper
from dossiers.names import NameMatch, match_name
from dossiers.rules.base import Rule
from dossiers.rules.dates import dates_of, judge_care, papers_of_care
from dossiers.same_paper import compare_papers
from dossiers.wording import say_day
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.legal import Renewal
from schemas.vocabulary import FieldName


class RenewalDue(Rule):
    """The patient's last equipment of the kind is old enough, by dated data of the insurer.

    A changed correction allows it earlier; no reader tells that, so the finding says what to look at.
    """

    code = RuleCode.RENEWAL_DUE

    def check(self, facts: Facts) -> Finding | None:
        """Compare the care with that of the patient's earlier dossiers of the same kind."""
        papers = papers_of_care(facts)
        past = _find_past(facts)
        if not papers or not past:
            return None
        evidence = [place for paper in papers for place in paper.point_to(FieldName.CARE_DATES)]
        care = [judge_care(paper) for paper in papers]
        if not all(one.is_sure for one in care):
            return self.inconclusive(
                "Dates de soins lues sans certitude : le délai de renouvellement n’est pas vérifié.", evidence
            )
        first = min(day for one in care for day in dates_of(one))
        renewal = _find_renewal(facts, first)
        if renewal is None:
            return None
        last, dossier, paper = max(past, key=lambda found: found[0])
        due = add_months(last, renewal.months)
        if first >= due or last > first:
            return self.passed("Le délai de renouvellement de l’équipement est écoulé.", evidence)
        return self.failed(
            f"Équipement précédent du {say_day(last)} (dossier {dossier}), renouvelable à partir du {say_day(due)} "
            f"sauf changement de correction ({renewal.source}).",
            [*evidence, Evidence(file=paper.file, dossier=dossier)],
            member_fr="Un équipement récent est déjà connu : un gestionnaire vérifie si celui-ci peut être remboursé.",
        )


def _find_past(facts: Facts) -> list[tuple[date, str, PastPaper]]:
    """The patient's earlier equipment: last day, dossier and paper; not the paper itself, sent before."""
    found = []
    for past in facts.history:
        if past.id == facts.claim.id or past.claim_type is not facts.claim.claim_type:
            continue
        for before in past.papers:
            again = any(compare_papers(paper, before, facts.rules).is_same for paper in facts.main_papers)
            if before.care_dates and not again and _is_patients(facts, before):
                found.append((max(before.care_dates), past.id, before))
    return found


def _is_patients(facts: Facts, paper: PastPaper) -> bool:
    return paper.patient_name is not None and (
        match_name(paper.patient_name, facts.claim.patient, facts.rules.names) is NameMatch.SAME
    )


def _find_renewal(facts: Facts, day: date) -> Renewal | None:
    born = facts.claim.patient.birth_date
    entries = [
        entry
        for entry in facts.rules.renewals
        if entry.claim is facts.claim.claim_type
        and entry.effective_from <= day
        and born is not None
        and entry.from_age <= count_years(born, day) < entry.under_age
    ]
    return max(entries, key=lambda entry: entry.effective_from, default=None)
