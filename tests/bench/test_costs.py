from decimal import Decimal
from pathlib import Path

import pytest

from bench.ablation import SHIPPED, VARIANTS, VariantRun, choose_files, tabulate_runs
from bench.costs import tabulate_costs
from bench.measured import MeasuredReading
from bench.papers import PaperSet, thin_out
from bench.speed import Cost, Pair, describe_pairs
from tests.bench.builders import TOTAL, answer, file, paper, read, reading

MB = 1_000_000


def test_a_picture_counts_with_the_median_of_its_pairs():
    def pair(ours, bare):
        return Pair(Cost(ours, 2 * ours), Cost(bare, bare))

    row = describe_pairs([[pair(2, 1), pair(9, 1), pair(3, 1)], [pair(1, 1)] * 3])
    assert (row["n pages"], row["ratio, median"], row["ratio, worst"]) == (2, 2.0, 3.0)
    assert row["processor ratio, median"] == 4.0


def test_costs_are_told_by_kind_of_file_and_page():
    photo, native = file(paper(pages=(1, 2)), channel="photo_jpg"), file(paper(), name="s2", channel="pdf_text")
    measured = {
        "s1": MeasuredReading(reading().model_copy(update={"timings": {"read": 3.0}}), 1.0, 800 * MB, 100 * MB),
        "s2": MeasuredReading(reading().model_copy(update={"timings": {"read": 0.1}}), 1.0, 200 * MB, 0),
    }
    tables = tabulate_costs([photo, native], measured, 1)
    assert tables["stages"].rows["photos: read"]["p50, s a page"] == 1.5
    assert tables["stages"].rows["born-digital: read"]["n files"] == 1
    assert tables["memory"].rows["all"]["both, worst"] == 900.0
    assert tables["memory"].rows["all"]["files over 700 MB"] == 1
    assert tables["memory"].rows["born-digital"]["files over 700 MB"] == 0


def test_the_ablation_takes_one_of_each_kind_before_a_second():
    files = [file(paper(), name=f"{c}{i}", channel=c) for c in ("pdf_text", "fax", "photo_jpg") for i in range(3)]
    assert [f.id for f in choose_files(files, 3)] == ["fax0", "photo_jpg0", "fax1"]
    assert choose_files(files[:3], 3) == []


def test_variants_are_set_against_what_is_shipped():
    true = file(paper({TOTAL: Decimal(5)}))
    runs = {name: VariantRun({"s1": reading(read())}, {"s1": 1.0}, {"s1": 1.0}) for name in VARIANTS}
    runs[SHIPPED] = VariantRun({"s1": reading(read({TOTAL: answer(Decimal(5))}))}, {"s1": 3.0}, {"s1": 2.0})
    rows = tabulate_runs("all", [true], runs).rows
    assert (rows[SHIPPED]["exact"], rows["first reader alone"]["exact"]) == (1.0, 0.0)
    assert rows["first reader alone"]["processor, against shipped"] == pytest.approx(0.5)
    assert rows[SHIPPED]["wall, s a file"] == 3.0


def test_a_thinned_set_is_taken_from_all_over_it():
    papers = PaperSet("some", Path(), tuple(file(paper(), name=f"s{i}") for i in range(10)))
    assert [f.id for f in thin_out(papers, 3).files] == ["s0", "s3", "s6"]
    assert thin_out(papers, 10) is papers
