"""Requests that change a contract, and papers of a kind that no reader knows."""

from __future__ import annotations

import pytest

from schemas.vocabulary import CONTRACT_CLAIMS
from tests.dossiers.builders import RULES, finding_of, invoice, judge, outcome_of, prescription, reading, rib
from tests.dossiers.insurers import SECOND

CERTIFICATE = reading("attestation_droits")


def unknown(confidence=1.0, **changes):
    return reading("autre", type_confidence=confidence, **changes)


@pytest.mark.parametrize("kind", sorted(kind.value for kind in CONTRACT_CLAIMS))
@pytest.mark.parametrize("rules", [RULES, SECOND])
def test_nothing_in_a_contract_changes_without_a_person(kind, rules):
    pieces = [unknown(id="a"), unknown(id="b"), CERTIFICATE, rib()]
    decision = judge(*pieces, kind=kind, rules=rules)
    assert (decision.decision, decision.missing) == ("to_review", ())
    assert "controle_systematique" in decision.reasons
    assert len(finding_of(decision, "claim_needs_no_look").evidence) == 4


@pytest.mark.parametrize(
    ("kind", "sent", "missing"),
    [
        ("naissance", (), ("acte_naissance",)),
        ("beneficiaire", (), ("bulletin_adhesion", "attestation_droits")),
        ("beneficiaire", (unknown(),), ("attestation_droits",)),
        ("beneficiaire", (CERTIFICATE,), ("bulletin_adhesion",)),
        ("compte_bancaire", (), ("rib",)),
        ("compte_bancaire", (unknown(),), ("rib",)),
        ("droits", (), ("attestation_droits",)),
        ("cure", (invoice("facture_soins"),), ("prise_en_charge",)),
        ("lentilles", (invoice(),), ("ordonnance",)),
        ("accompagnant", (invoice("facture_hospitaliere"),), ("ordonnance",)),
    ],
)
def test_what_is_asked_for(kind, sent, missing):
    decision = judge(*sent, kind=kind)
    assert (decision.decision, decision.missing) == ("incomplete", missing)


def test_insurers_ask_for_other_papers():
    assert judge(unknown(), CERTIFICATE, kind="beneficiaire", rules=SECOND).missing == ()  # one letter may be either
    assert judge(kind="beneficiaire", rules=SECOND).missing == (
        "acte_naissance",
        "bulletin_adhesion",
        "attestation_droits",
    )
    assert judge(unknown(), kind="naissance", rules=SECOND).missing == ("rib",)
    assert judge(unknown(), kind="naissance").decision == "to_review"


def test_a_certificate_taken_for_something_else_is_not_asked_for_again():
    """A birth certificate that the reader surely takes for a prescription: a person looks first."""
    decision = judge(prescription(), kind="naissance")
    assert (decision.decision, decision.missing) == ("to_review", ())
    assert outcome_of(decision, "birth_certificate_present") == "inconclusive"
    assert "lecture_incertaine" in decision.reasons


def test_a_paper_that_another_piece_needs_is_not_the_certificate():
    assert judge(rib(), kind="naissance", rib_on_file=False).missing == ("acte_naissance",)


def test_contact_lenses_that_are_not_paid_back_need_no_statement():
    decision = judge(
        invoice(amo_amount=None, patient_due=None), prescription(), kind="lentilles", teletransmission=False
    )
    assert (decision.decision, decision.missing) == ("complete", ())
