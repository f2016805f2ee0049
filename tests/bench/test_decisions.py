"""With readings that make no mistake, the rules decide the committed dossiers as they should."""

from __future__ import annotations

from bench.decisions import _count, _load_answers, _read_truly
from bench.papers import COMMITTED
from bench.truth import load_truth
from liasse.claim_files import load_claims


def test_the_rules_alone_make_no_mistake():
    claims = load_claims(COMMITTED / "dossiers_inputs.jsonl")
    answers = dict(_load_answers(COMMITTED / "dossiers.jsonl"))
    readings = {file.id: _read_truly(file) for file in load_truth(COMMITTED)}
    found = _count(claims, readings, answers)
    assert found["n"] == len(claims) >= 40
    assert (found["touchless"], found["wholly right, of these"]) == (1.0, 1.0)
    assert (found["let through"], found["asked in vain"]) == (0, 0)


def test_a_wrong_decision_is_counted():
    claims = load_claims(COMMITTED / "dossiers_inputs.jsonl")
    answers = dict(_load_answers(COMMITTED / "dossiers.jsonl"))
    readings = {file.id: _read_truly(file) for file in load_truth(COMMITTED)}
    complete = next(claim.id for claim in claims if answers[claim.id][0] == "complete")
    answers[complete] = ("to_review", frozenset(), frozenset({"doublon"}))
    found = _count(claims, readings, answers)
    assert found["let through"] == 1
    assert found["right, of these"] < 1
