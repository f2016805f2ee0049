"""How long what is kept: dated schedules."""

from datetime import date

import pytest

from schemas.errors import ConfigurationError
from schemas.retention import DataKind, load_retention, months_before

RULE = "{{months: {months}, why: because it is so, source: own decision}}"


def write(tmp_path, *schedules):
    text = "version: test\nschedules:\n"
    for day, papers, dossiers in schedules:
        months = {**dict.fromkeys(DataKind, 3), DataKind.PAPERS: papers, DataKind.DOSSIERS: dossiers}
        rules = ", ".join(f"{kind.value}: {RULE.format(months=number)}" for kind, number in months.items())
        text += f"  - valid_from: {day}\n    rules: {{{rules}}}\n"
    path = tmp_path / "retention.yaml"
    path.write_text(text)
    return path


def test_the_shipped_schedule_names_a_source_for_every_kind():
    schedule = load_retention().on(date(2026, 11, 26))
    assert set(schedule.rules) == set(DataKind)
    assert all(rule.source and rule.why for rule in schedule.rules.values())


def test_the_schedule_in_force_counts(tmp_path):
    found = load_retention(write(tmp_path, ("2020-01-01", 60, 120), ("2027-01-01", 24, 120)))
    assert found.on(date(2026, 12, 31)).rules[DataKind.PAPERS].months == 60
    assert found.on(date(2027, 1, 1)).rules[DataKind.PAPERS].months == 24
    with pytest.raises(ConfigurationError, match="no retention schedule"):
        found.on(date(2019, 12, 31))


def test_papers_do_not_outlive_their_dossier(tmp_path):
    with pytest.raises(ConfigurationError, match=r"retention.yaml:3: schedules.0.*papers cannot be kept longer"):
        load_retention(write(tmp_path, ("2020-01-01", 60, 24)))


def test_every_kind_needs_a_rule(tmp_path):
    path = tmp_path / "retention.yaml"
    path.write_text("version: test\nschedules:\n  - valid_from: 2020-01-01\n    rules: {}\n")
    with pytest.raises(
        ConfigurationError,
        match="no rule for contracts, dossiers, messages, papers, searches, sendings, sights, sign_ins, webhooks",
    ):
        load_retention(path)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 26), 12, date(2025, 11, 26)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 30), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_calendar_months(day, months, expected):
    assert months_before(day, months) == expected
