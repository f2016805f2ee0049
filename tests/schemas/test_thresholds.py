"""A threshold of the insurer's takes the place of the reader's own."""

import pytest

from schemas.readings import FieldValue, Source
from schemas.rules import Thresholds
from schemas.vocabulary import FieldName


def make(confidence, held_back=None):
    return FieldValue(value="x", confidence=confidence, source=Source.TESSERACT, held_back=held_back)


def make_rules(**asked):
    return Thresholds(confirmed=0.6, type_accept=0.85, type_rule_out=0.95, **asked)


@pytest.mark.parametrize(
    ("asked", "field", "accepted"),
    [
        ({}, make(0.7), True),
        ({}, make(0.99, "low_confidence"), False),
        ({"default": 0.9}, make(0.95, "low_confidence"), True),
        ({"default": 0.9}, make(0.85), False),
        ({"default": 0.9}, make(0.99, "check_failed:check_digits"), False),
        ({"fields": {FieldName.IBAN: 0.999}}, make(0.99), False),
        ({"fields": {FieldName.BIC: 0.999}}, make(0.99), True),
    ],
)
def test_whether_a_decision_may_rest_on_a_value(asked, field, accepted):
    assert make_rules(**asked).accept(FieldName.IBAN, field) is accepted


@pytest.mark.parametrize(
    ("confidence", "held_back", "accepted"),
    [(0.7, None, True), (0.7, "low_confidence", True), (0.5, None, False), (0.99, "unreadable", False)],
)
def test_a_confirmed_value_needs_less(confidence, held_back, accepted):
    assert make_rules().accept_confirmed(confidence, held_back) is accepted
