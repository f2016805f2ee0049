from decimal import Decimal

import pytest

from bench.calibration import measure_calibration_error, sort_into_bins, tabulate_calibration
from bench.selective import find_coverage, find_lower_bound, tabulate_coverage
from tests.bench.builders import TOTAL, answer, file, judge, judge_totals, paper, read, reading


def test_answers_fall_into_the_bin_of_their_confidence():
    bins = sort_into_bins(judge_totals([(0.90, True), (0.94, False), (0.95, True), (1.0, True)]))
    assert [(part.low, part.count) for part in bins] == [(0.9, 2), (0.95, 1), (0.995, 1)]
    assert bins[0].confidence == pytest.approx(0.92)
    assert bins[0].right == 0.5


def test_the_calibration_error_weighs_each_bin_by_its_answers():
    bins = sort_into_bins(judge_totals([(0.92, True), (0.92, False), (0.85, True)]))
    assert measure_calibration_error(bins) == pytest.approx((2 * (0.92 - 0.5) + 1 * (1 - 0.85)) / 3)
    assert measure_calibration_error(()) is None


def test_no_answer_has_no_confidence_and_an_answer_to_nothing_is_wrong():
    missed = judge(file(paper({TOTAL: Decimal(1)})), reading(read()))[TOTAL]
    spurious = judge(file(paper()), reading(read({TOTAL: answer(Decimal(1), 0.97)})))[TOTAL]
    (only,) = sort_into_bins([missed, spurious])
    assert (only.low, only.count, only.right) == (0.95, 1, 0.0)


def test_the_tables_name_the_group_and_the_reader():
    tables = tabulate_calibration(judge_totals([(0.9, True), (0.7, False)]))
    assert tables["calibration"].rows["amounts"]["n"] == 2
    assert tables["calibration"].rows["read by tesseract"]["right"] == 0.5
    assert "dates" not in tables["calibration"].rows
    assert list(tables["reliability"].rows) == ["0.7 – 0.8", "0.9 – 0.95"]


def test_coverage_goes_down_to_the_lowest_threshold_that_reaches_the_precision():
    judged = judge_totals([(0.99, True), (0.95, True), (0.9, False), (0.8, True), (0.7, True)])
    half = find_coverage(judged, 0.8)
    assert (half.threshold, half.taken, half.share) == (0.7, 5, 0.8)
    sure = find_coverage(judged, 0.995)
    assert (sure.threshold, sure.taken, sure.share) == (0.95, 2, 0.4)


def test_answers_of_one_confidence_are_taken_together_or_not_at_all():
    coverage = find_coverage(judge_totals([(0.9, True), (0.9, False)]), 0.995)
    assert (coverage.threshold, coverage.share) == (None, 0.0)


def test_what_is_printed_and_not_answered_lowers_the_coverage():
    missed = judge(file(paper({TOTAL: Decimal(1)})), reading(read()))[TOTAL]
    assert find_coverage([missed, *judge_totals([(0.9, True)])], 0.995).share == 0.5


def test_the_lower_bound_is_wilsons():
    assert find_lower_bound(0, 0) is None
    assert find_lower_bound(10, 10) == pytest.approx(0.7225, abs=1e-4)
    assert find_lower_bound(50, 100) == pytest.approx(0.4038, abs=1e-4)


def test_as_shipped_only_what_is_not_held_back_is_taken():
    true = paper({TOTAL: Decimal(1)})
    kept = judge(file(true), reading(read({TOTAL: answer(Decimal(1))})))[TOTAL]
    held = judge(file(true), reading(read({TOTAL: answer(Decimal(2), held_back="low_confidence")})))[TOTAL]
    row = tabulate_coverage([kept, held])["accepted"].rows["total_amount"]
    assert (row["n printed"], row["taken"], row["precision"], row["coverage"]) == (2, 1, 1.0, 0.5)
