"""How soon after one piece of equipment the next is paid for."""

from __future__ import annotations

from datetime import date

import pytest

from dossiers import remember
from dossiers.calendar import add_months
from tests.dossiers.builders import CHILD, PATIENT, RULES, dossier, field, finding_of, invoice, judge, outcome_of
from tests.dossiers.insurers import SECOND

CARE = date(2026, 3, 18)
BABY = PATIENT.model_copy(update={"first": "Zoé", "birth_date": date(2022, 1, 5)})


def past(day, patient=PATIENT, kind="optique", **changes):
    paper = invoice(
        "facture_audio" if kind == "audio" else "facture_optique",
        sha256="before", document_number="OLD-1", care_dates=(day,), issue_date=day,
        patient_name=f"{patient.first} {patient.last.upper()}", practitioner_name="Autre Opticien",
        lines=("150.00", "150.00"), **changes,
    )  # fmt: skip
    return remember(dossier(paper, id="D0", upload_date=day, kind=kind, patient=patient), RULES)


def decide_now(history, patient=PATIENT, kind="optique", rules=RULES, **changes):
    paper = invoice(
        "facture_audio" if kind == "audio" else "facture_optique",
        patient_name=f"{patient.first} {patient.last.upper()}",
        **changes,
    )
    people = (PATIENT, CHILD, BABY)
    return judge(paper, history=history, patient=patient, people=people, kind=kind, rules=rules)


@pytest.mark.parametrize(
    ("patient", "kind", "months"),
    [(PATIENT, "optique", 24), (CHILD, "optique", 12), (BABY, "optique", 6), (PATIENT, "audio", 48)],
)
def test_the_delay_is_that_of_age_and_kind(patient, kind, months):
    just = past(add_months(CARE, -months), patient, kind)
    assert outcome_of(decide_now([just], patient, kind), "equipment_renewal_is_due") == "passed"
    early = past(add_months(CARE, -months + 1), patient, kind)
    decision = decide_now([early], patient, kind)
    found = finding_of(decision, "equipment_renewal_is_due")
    assert found.outcome.value == "failed"
    assert "Arrêté" in found.handler_fr
    assert found.evidence[-1].dossier == "D0"


def test_other_people_and_other_care_do_not_count():
    recent = add_months(CARE, -3)
    assert outcome_of(decide_now([past(recent, CHILD)]), "equipment_renewal_is_due") is None
    assert outcome_of(decide_now([past(recent, kind="audio")]), "equipment_renewal_is_due") is None
    assert outcome_of(decide_now([]), "equipment_renewal_is_due") is None


def test_doubtful_dates_do_not_decide():
    doubtful = field((CARE,), 0.3)
    decision = decide_now([past(add_months(CARE, -3))], care_dates=doubtful)
    assert outcome_of(decision, "equipment_renewal_is_due") == "inconclusive"


def test_the_weight_is_the_insurers():
    history = [past(add_months(CARE, -3))]
    assert decide_now(history).reasons == decide_now([]).reasons
    assert "renouvellement_anticipe" in decide_now(history, rules=SECOND).reasons
