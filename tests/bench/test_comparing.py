import io

import pytest
from rich.console import Console

from bench.compare import describe_change, find_changes, find_moved, print_comparison
from bench.report import fill_figures, join_runs
from bench.tables import FigureTable, Kind, find_percentile, format_figure, write_markdown

COLUMNS = {"n": Kind.COUNT, "exact": Kind.SHARE, "seconds": Kind.SECONDS}


def run(exact, seconds=1.0, failures=None):
    rows = {"clean": {"n": 10, "exact": exact, "seconds": seconds}}
    table = FigureTable("Fields", "severity", COLUMNS, rows, "A note.").to_json()
    return {
        "at": "2026-10-15T10:00:00",
        "reader": "0.1.0",
        "parts": ["accuracy"],
        "sets": {"committed": 3},
        "tables": {"committed/severity": table},
        "failures": {"committed": failures or {}},
    }


def test_a_table_survives_its_json():
    table = FigureTable("Fields", "severity", COLUMNS, {"clean": {"n": 1, "exact": None, "seconds": 0.5}})
    assert FigureTable.from_json(table.to_json()) == table


def test_only_what_changed_is_found():
    (change,) = find_changes(run(0.9), run(0.95))
    assert (change.table, change.row, change.column) == ("committed/severity", "clean", "exact")
    assert describe_change(change) == "+5.0 points"


@pytest.mark.parametrize(("after", "told"), [(1.04, None), (1.5, "+50%"), (0.5, "-50%")])
def test_times_must_change_by_more_than_noise(after, told):
    changes = find_changes(run(0.9), run(0.9, after))
    assert [describe_change(change) for change in changes] == ([told] if told else [])


def test_rows_that_came_or_went_are_told():
    before, after = run(0.9), run(0.9)
    after["tables"]["committed/severity"]["rows"]["hard"] = {"n": 4, "exact": 0.5, "seconds": 2.0}
    assert {describe_change(change) for change in find_changes(before, after)} == {"new"}
    assert {describe_change(change) for change in find_changes(after, before)} == {"gone"}


def test_fields_that_moved_are_named():
    before = run(0.9, failures={"s1/1/nir": "unread", "s2/1/nir": "unread"})
    after = run(0.9, failures={"s2/1/nir": "misread", "s3/1/iban": "type"})
    assert find_moved(before, after) == {"committed": (["s1/1/nir (was: unread)"], ["s3/1/iban (type)"])}


def test_the_comparison_is_printed():
    console = Console(file=io.StringIO(), width=100)
    print_comparison(run(0.9), run(0.95, failures={"s3/1/iban": "type"}), console)
    text = console.file.getvalue()
    assert "90.0%" in text
    assert "+5.0 points" in text
    assert "0 fields repaired, 1 broken" in text


def test_the_page_gets_the_tables_between_its_markers_and_nothing_else_changes():
    page = "Before\n<!-- figures: committed/severity -->\nold\n<!-- end of figures -->\nAfter\n"
    filled, missing = fill_figures(page, run(0.9))
    assert missing == []
    assert filled.startswith("Before\n<!-- figures: committed/severity -->\n**Fields**")
    assert "| clean | 10 | 90.0% | 1.00 |" in filled
    assert filled.endswith("A note.\n<!-- end of figures -->\nAfter\n")
    assert fill_figures(filled, run(0.9))[0] == filled


def test_a_table_that_the_run_does_not_have_stays():
    page = "<!-- figures: speed/ratios -->\nold\n<!-- end of figures -->\n"
    assert fill_figures(page, run(0.9)) == (page, ["speed/ratios"])


def test_the_run_is_described():
    page = "<!-- figures: run {} -->\n<!-- end of figures -->"
    assert "committed (3 files)" in fill_figures(page.format("accuracy"), run(0.9))[0]
    assert fill_figures(page.format("speed"), run(0.9)) == (page.format("speed"), ["run speed"])


def test_figures_are_written_for_people():
    assert format_figure(None, Kind.SHARE) == "–"
    assert format_figure(0.9951, Kind.SHARE) == "99.5%"
    table = FigureTable("Fields", "severity", {"n": Kind.COUNT}, {"clean": {"n": 1}})
    assert write_markdown(table).splitlines()[2:] == ["| severity | n |", "|---|--:|", "| clean | 1 |"]


def test_percentiles():
    assert find_percentile([], 0.5) is None
    assert find_percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert find_percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert find_percentile([1.0], 0.95) == 1.0


def test_runs_of_other_papers_are_put_together():
    columns = {"exact": Kind.SHARE}
    first, second = run(0.9), run(0.8) | {"sets": {"dev": 7}, "parts": ["speed"]}
    first["tables"]["sets/summary"] = FigureTable("All", "papers", columns, {"committed": {"exact": 0.9}}).to_json()
    second["tables"]["sets/summary"] = FigureTable("All", "papers", columns, {"dev": {"exact": 0.8}}).to_json()
    joined = join_runs([first, second])
    assert joined["sets"] == {"committed": 3, "dev": 7}
    assert joined["parts"] == ["accuracy", "speed"]
    assert list(joined["tables"]["sets/summary"]["rows"]) == ["committed", "dev"]
    assert joined["tables"]["committed/severity"] == second["tables"]["committed/severity"]
