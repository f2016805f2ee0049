from datetime import date
from decimal import Decimal

import pytest

from bench.failures import Failure, classify_failure, list_failures, tabulate_failures
from bench.scoring import judge_set
from schemas.vocabulary import DocumentType, FieldName
from tests.bench.builders import TOTAL, answer, file, judge, paper, read, reading

TRUE = paper({TOTAL: Decimal("1234.50")}, printed={TOTAL: ("1 234,50 €",)})


def classify(true, got, name=TOTAL):
    return classify_failure(judge(file(true), got)[name])


@pytest.mark.parametrize("text", ["Total : 1 234,50 EUR", "Total 1234,50", "TOTAL: 1.234,50€"])
def test_a_value_among_the_words_was_read_but_not_taken(text):
    assert classify(TRUE, reading(read(), text=text)) is Failure.NOT_TAKEN
    other = read({TOTAL: answer(Decimal(7))})
    assert classify(TRUE, reading(other, text=text)) is Failure.OTHER_TAKEN


@pytest.mark.parametrize("text", ["Total 1 284,50", "Total 11 234,50", "1234,507", ""])
def test_a_value_that_is_not_among_the_words_was_not_read(text):
    assert classify(TRUE, reading(read(), text=text)) is Failure.UNREAD
    other = read({TOTAL: answer(Decimal(7))})
    assert classify(TRUE, reading(other, text=text)) is Failure.MISREAD


def test_all_the_dates_of_care_must_be_among_the_words():
    name = FieldName.CARE_DATES
    days = (date(2026, 1, 2), date(2026, 1, 9))
    true = paper({name: days}, printed={name: ("02/01/2026", "09/01/2026")})
    got = read({name: answer(days[:1])})
    assert classify(true, reading(got, text="le 02/01/2026 et le 09/01/2026"), name) is Failure.OTHER_TAKEN
    assert classify(true, reading(got, text="le 02/01/2026 et le 0g/01/2026"), name) is Failure.MISREAD


def test_what_is_right_is_no_failure():
    assert classify(TRUE, reading(read({TOTAL: answer(Decimal("1234.50"))}))) is None
    assert classify(paper(), reading(read())) is None


def test_refusals_types_and_pages_come_before_words():
    assert classify(TRUE, reading(read(legible=False), text="1234,50")) is Failure.REFUSED
    assert classify(TRUE, reading(read(kind=DocumentType.RIB), text="1234,50")) is Failure.TYPE
    assert classify(TRUE, reading(read(pages=(2,)), text="1234,50")) is Failure.GROUPED


def test_answers_that_nobody_printed():
    given = reading(read({TOTAL: answer(Decimal(7))}))
    assert classify(paper(), given) is Failure.SPURIOUS
    assert classify(paper(legible=False), given) is Failure.INVENTED


def test_failures_are_counted_by_class_and_listed_without_values():
    scores = judge_set([file(TRUE, severity="usual")], {"s1": reading(read(), text="1234,50")})
    assert tabulate_failures(scores.judgements)["failures"].rows[Failure.NOT_TAKEN.value] == {
        "n": 1,
        "share": 1.0,
        "usual": 1,
    }
    assert list_failures(scores) == {"s1/1/total_amount": "not_taken"}


def test_wrong_types_and_pages_are_listed_too():
    other = paper(kind=DocumentType.AUTRE)
    assert list_failures(judge_set([file(other)], {"s1": reading(read())})) == {"s1/1/type": "type"}
    together = judge_set([file(other)], {"s1": reading(read(kind=DocumentType.AUTRE, pages=(1, 2)))})
    assert list_failures(together) == {"s1/pages": "grouped"}
