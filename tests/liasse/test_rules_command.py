import json
from datetime import date

import pytest
from typer.testing import CliRunner

from liasse.rules import app
from schemas.errors import ConfigurationError
from schemas.lines import reading_to_line
from schemas.rules import default_rules_path
from tests.dossiers.builders import dossier, invoice, prescription

runner = CliRunner()
FIRST = default_rules_path()
SECOND = FIRST.with_name("littoral.yaml")
TEXT = FIRST.read_text(encoding="utf-8")


def run(*arguments: object):
    return runner.invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def decided(tmp_path):
    """Two past dossiers of one member: a paid invoice, and an unpaid one."""
    readings = [invoice(id="inv"), prescription(id="presc"), invoice(id="unpaid", paid=None, document_number="B2")]
    first = dossier(readings[0], readings[1], id="first", upload_date=date(2026, 4, 1)).claim
    second = dossier(readings[2], readings[1], id="second", upload_date=date(2026, 4, 2)).claim
    claims = write_lines(tmp_path / "claims.jsonl", [claim.model_dump(mode="json") for claim in (second, first)])
    return claims, write_lines(tmp_path / "readings.jsonl", [reading_to_line(reading) for reading in readings])


def edit(tmp_path, old, new):
    assert old in TEXT
    path = tmp_path / "new.yaml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", [FIRST, SECOND], ids=lambda path: path.stem)
def test_a_right_file_is_summed_up(path):
    result = run("check", path)
    assert result.exit_code == 0, result.output
    assert "content" in result.stdout
    for word in ("optique", "ordonnance", "invoice_is_paid", "blocking"):
        assert word in result.stdout


def test_every_fault_is_a_line_of_its_own(tmp_path):
    path = edit(tmp_path, "high_amount: 1200", "high_amuont: 1200")
    path.write_text(path.read_text().replace("type_accept: 0.85", "type_accept: 85"))
    result = run("check", path)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    where = path.read_text().splitlines()
    for line, word in zip(lines[:2], ("high_amuont", "type_accept"), strict=True):
        number = int(line.removeprefix(f"{path}:").split(":")[0])
        assert word in line
        assert word in where[number - 1]
    assert "did you mean 'high_amount'?" in lines[0]
    assert lines[2] == "2 faults"


def test_past_dossiers_that_would_change_are_shown(tmp_path, decided):
    claims, readings = decided
    new = edit(tmp_path, "invoice_is_paid: blocking", "invoice_is_paid: warning")
    output = tmp_path / "out.jsonl"
    result = run("diff", FIRST, new, "--on", claims, "--readings", readings, "--output", output)
    assert result.exit_code == 0, result.output
    assert "checks.invoice_is_paid" in result.stdout
    assert "dossiers: 2, with a difference: 1, decided otherwise: 1" in result.stdout
    assert "incomplete -> complete: 1" in result.stdout
    (line,) = map(json.loads, output.read_text(encoding="utf-8").splitlines())
    changes = {change["what"]: (change["before"], change["after"]) for change in line["changes"]}
    assert line["id"] == "second"
    assert changes["missing"] == ("facture_acquittee", "")
    assert changes["check:invoice_is_paid"] == ("failed, blocking", "failed, warning")


def test_files_that_say_the_same_change_nothing(tmp_path, decided):
    claims, readings = decided
    new = edit(tmp_path, "# Rules of the example insurer.", "# Other remark.")
    result = run("diff", FIRST, new, "--on", claims, "--readings", readings)
    assert "say the same" in result.stdout
    assert "dossiers: 2, with a difference: 0, decided otherwise: 0" in result.stdout


def test_a_duplicate_is_judged_by_what_each_file_remembers(tmp_path, decided):
    claims, readings = decided
    lines = [json.loads(line) for line in claims.read_text().splitlines()]
    lines[0]["files"] = ["inv", "presc"]
    write_lines(claims, lines)
    new = edit(tmp_path, "invoice_not_sent_before: blocking", "invoice_not_sent_before: info")
    result = run("diff", FIRST, new, "--on", claims, "--readings", readings)
    assert "to_review -> complete: 1" in result.stdout


def test_claims_without_readings_are_refused(decided):
    result = run("diff", FIRST, SECOND, "--on", decided[0])
    assert isinstance(result.exception, ConfigurationError)
    assert "--readings" in str(result.exception)


def test_dossiers_of_the_database_are_decided_again(tmp_path, sqlite_database, folder_store):
    from tests.storage.build import add_piece, at, make_dossier, make_member
    from tests.storage.test_rules_of_decisions import FIRST as RULES
    from tests.storage.test_rules_of_decisions import decide_all, read_all

    add_piece(make_dossier("A", member=make_member("M-A"), message="Ceci est une réclamation"), folder_store)
    make_dossier("not-decided", member=make_member("M-N"))
    read_all()
    decide_all(RULES, at(3))
    late = make_dossier("B")
    add_piece(late, folder_store)
    read_all(at(4))
    decide_all(RULES, at(7))
    add_piece(late, folder_store)  # came in since: left out
    new = edit(
        tmp_path,
        "complaint_answer\n    effective_from: 2022-12-31\n    value: 2",
        "complaint_answer\n    effective_from: 2022-12-31\n    value: 1",
    )
    changed = run("diff", FIRST, new, "--on", "database")
    assert changed.exit_code == 0, changed.output
    assert "dossiers: 1, with a difference: 0" in changed.stdout
    assert "note:" not in changed.stdout
    other = run("diff", SECOND, FIRST, "--on", "database")
    assert "dossiers: 1, with a difference: 1" in other.stdout
    assert "note: decided by other rules than OLD: 1" in other.stdout
