import json

import numpy as np
import pytest

from extractors.understanding.features import FEATURES
from extractors.understanding.trained import read_trees
from samples.training.examples import FIELDS, Examples, judge_value
from samples.training.fitting import (
    apply_calibration,
    calibrate,
    choose,
    compare_orders,
    find_thresholds,
    fit_trees,
    judge,
)
from schemas.vocabulary import FieldName


@pytest.fixture(scope="module")
def examples():
    """Two candidates a paper; the surer word is right as often as its reader says."""
    rng = np.random.default_rng(5)
    count = 1500
    rows = np.zeros((2 * count, len(FEATURES)))
    sure = rng.uniform(0, 1, 2 * count)
    rows[:, list(FEATURES).index("conf_min")] = sure
    return Examples(
        rows=rows,
        right=(rng.uniform(0, 1, 2 * count) < sure).astype(np.int8),
        field=np.full(2 * count, FIELDS.index(FieldName.SIRET), np.int16),
        source=np.full(2 * count, "ocr"),
        paper=np.repeat(np.arange(count), 2).astype(np.int32),
        rank=np.tile([0, 1], count).astype(np.int16),
        severity=np.full(2 * count, "usual"),
    )


def test_trees_survive_the_file_and_never_fall_where_they_must_rise(examples):
    trees = json.loads(json.dumps(fit_trees(examples, rounds=20)))
    rows = np.zeros((50, len(FEATURES)))
    rows[:, list(FEATURES).index("conf_min")] = np.linspace(0, 1, 50)
    logits = read_trees(trees).judge(rows)
    assert (np.diff(logits) >= -1e-9).all()
    assert logits[-1] - logits[0] > 2


def test_confidence_is_the_share_of_right_values_and_thresholds_reach_their_target(examples):
    logits = judge(fit_trees(examples, rounds=40), examples)
    chosen = choose(examples, logits, FIELDS)
    assert len(chosen.index) == 1500
    claimed = apply_calibration(examples, chosen, calibrate(examples, chosen))
    right = examples.right[chosen.index]
    for low, high in ((0.3, 0.6), (0.6, 0.8), (0.8, 1.0)):
        inside = (claimed >= low) & (claimed < high)
        assert abs(claimed[inside].mean() - right[inside].mean()) < 0.06
    threshold = find_thresholds(examples, chosen, claimed, target=0.9)[FieldName.SIRET]
    assert abs(right[claimed >= threshold].mean() - 0.9) < 0.05


def test_the_model_orders_better_than_a_blind_hand(examples):
    _, hand, model = compare_orders(examples, judge(fit_trees(examples, rounds=20), examples))[FieldName.SIRET]
    assert model > hand


def test_names_and_numbers_are_compared_for_what_they_are():
    assert judge_value(FieldName.PATIENT_NAME, "Zoé DURAND", {"value": "Mme DURAND Zoe"})
    assert judge_value(FieldName.DOCUMENT_NUMBER, "F 12", {"value": "f12"})
    assert judge_value(FieldName.DOCUMENT_NUMBER, "F-12", {"value": "F12"}) is False
    assert judge_value(FieldName.PAID, value=False, entry={"value": None, "accept": [False]}) is None
    assert judge_value(FieldName.PAID, value=True, entry={"value": None, "accept": [False]}) is False
