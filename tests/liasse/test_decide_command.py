import json
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from liasse.claim_files import find_files, load_claims
from liasse.decide import decide, decide_claims
from schemas.errors import ConfigurationError
from schemas.lines import reading_to_line
from schemas.rules import default_rules_path
from tests.dossiers.builders import dossier, invoice, prescription

app = typer.Typer()
app.command()(decide)
runner = CliRunner()


def write_lines(path: Path, lines: list[dict]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def case(tmp_path):
    """Three claims, given latest first: the second one to come in repeats the invoice of the first."""
    readings = [
        invoice(id="inv"),
        invoice(id="again", sha256="other"),
        prescription(id="presc"),
        invoice(id="unpaid", paid=None, document_number="B2", sha256="third"),
    ]
    first = dossier(readings[0], readings[2], id="first", upload_date=date(2026, 4, 1)).claim
    second = dossier(readings[1], readings[2], id="second", upload_date=date(2026, 4, 2)).claim
    third = dossier(readings[3], readings[2], id="third", upload_date=date(2026, 4, 3), member_number="2").claim
    folder = tmp_path / "files"
    folder.mkdir()
    for reading, suffix in zip(readings, (".pdf", ".heic", ".jpg", ""), strict=True):
        (folder / f"{reading.id}{suffix}").write_bytes(b"")
    claims = write_lines(tmp_path / "claims.jsonl", [claim.model_dump(mode="json") for claim in (third, second, first)])
    lines = write_lines(tmp_path / "readings.jsonl", [reading_to_line(reading) for reading in readings])
    return claims, folder, lines, tmp_path


def run(*arguments: object):
    return runner.invoke(app, [str(argument) for argument in arguments])


def test_claims_are_decided_in_order_of_upload(case):
    claims, folder, readings, tmp_path = case
    output = tmp_path / "out.jsonl"
    result = run(claims, "--files", folder, "--readings", readings, "--output", output)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["decision"], line["missing"], line["reasons"]) for line in lines] == [
        ("first", "complete", [], []),
        ("second", "to_review", [], ["doublon"]),
        ("third", "incomplete", ["facture_acquittee"], []),
    ]
    assert {"queue", "priority", "due", "findings", "message_fr"} <= set(lines[0])


def test_standard_output_and_another_insurer(case):
    claims, folder, readings, tmp_path = case
    rules = tmp_path / "mine.yaml"
    text = default_rules_path().read_text(encoding="utf-8")
    rules.write_text(
        text.replace("invoice_not_sent_before: blocking", "invoice_not_sent_before: info"), encoding="utf-8"
    )
    result = run(claims, "--files", folder, "--readings", readings, "--insurer", rules, "--output", "-")
    decisions = [json.loads(line)["decision"] for line in result.stdout.splitlines()]
    assert decisions == ["complete", "complete", "incomplete"]


def test_a_paper_that_is_not_there_is_named_with_its_claim(case):
    claims, folder, readings, tmp_path = case
    (folder / "again.heic").unlink()
    result = run(claims, "--files", folder, "--readings", readings, "--output", tmp_path / "out.jsonl")
    assert isinstance(result.exception, ConfigurationError)
    assert "again" in str(result.exception)
    assert "second" in str(result.exception)
    assert not (tmp_path / "out.jsonl").exists()


def test_two_files_of_one_name_are_refused(case):
    claims, folder, _, _ = case
    (folder / "inv.jpg").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="two files are named inv"):
        find_files(folder, ["inv"], load_claims(claims))


def test_a_reading_that_is_not_there_is_named(case):
    claims, folder, readings, tmp_path = case
    readings.write_text(readings.read_text().splitlines()[0] + "\n")
    result = run(claims, "--files", folder, "--readings", readings, "--output", tmp_path / "out.jsonl")
    assert isinstance(result.exception, ConfigurationError)
    assert "presc" in str(result.exception)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ":1: not a claim"),
        ('{"id": "x"}', "claim_type"),
    ],
)
def test_a_line_that_is_no_claim_is_named(tmp_path, line, said):
    path = tmp_path / "claims.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(ConfigurationError, match=said):
        load_claims(path)


def test_a_claim_given_twice_is_named(case):
    claims = case[0]
    claims.write_text(claims.read_text() * 2)
    with pytest.raises(ConfigurationError, match="claim third is there twice"):
        load_claims(claims)


def test_papers_are_read_when_no_readings_are_given(tmp_path):
    """An empty file is refused by the real readers; the member is asked for the invoice again."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "facture_soins.pdf").write_bytes(b"")
    claim = dossier(invoice("facture_soins"), kind="soins").claim
    claims = write_lines(tmp_path / "claims.jsonl", [claim.model_dump(mode="json")])
    result = run(claims, "--files", folder, "--output", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.exception
    line = json.loads((tmp_path / "out.jsonl").read_text())
    assert line["missing"] == ["piece_illisible"]
    assert "vide" in line["message_fr"]


# --- input that is not what it should be: one clean line, and nothing written ---


def refuse(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, ConfigurationError), repr(result.exception)
    said = str(result.exception)
    assert said.isprintable()
    return said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"upload_date": "9999-12-31"}, ":2: not a claim: upload_date"),
        ({"patient": {"first": "A", "last": "B", "birth_date": "9999-12-31"}}, ":2: not a claim: patient.birth_date"),
        ({"patient": {"first": "A", "last": "B", "birth_date": "0001-01-01"}}, ":2: not a claim: patient.birth_date"),
        ({"id": "a/../b"}, ":2: not a claim: id"),
        ({"id": "\ud800"}, ":2: not a claim: "),
        ({"un\nknown\x1b[31m": 1}, ":2: not a claim: un known"),
    ],
)
def test_an_absurd_claim_is_named_and_nothing_is_written(case, change, said):
    claims, folder, readings, tmp_path = case
    lines = [json.loads(line) for line in claims.read_text().splitlines() if line]
    claims.write_text("".join(json.dumps(line) + "\n" for line in [lines[0], lines[1] | change]))
    assert said in refuse(claims, "--files", folder, "--readings", readings, "--output", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_the_last_day_that_may_be_claimed_on_is_decided(case):
    claims, folder, readings, _ = case
    lines = [json.loads(line) | {"upload_date": "2100-12-31"} for line in claims.read_text().splitlines() if line]
    claims.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run(claims, "--files", folder, "--readings", readings, "--output", "-")
    assert result.exit_code == 0, result.exception
    assert all(json.loads(line)["due"].startswith("2101-01") for line in result.stdout.splitlines())


@pytest.mark.parametrize("which", ["claims", "readings"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "binary"])
def test_a_file_that_is_not_utf_8_is_named(case, which, encoding):
    claims, folder, readings, tmp_path = case
    path = {"claims": claims, "readings": readings}[which]
    if encoding == "binary":
        path.write_bytes(bytes(range(256)) * 64)
    else:
        line = json.dumps({"id": "é"}, ensure_ascii=False) + "\n"
        path.write_bytes(line.encode(encoding))
    said = refuse(claims, "--files", folder, "--readings", readings, "--output", tmp_path / "out.jsonl")
    assert said == f"{path}: not a text in UTF-8"
    assert not (tmp_path / "out.jsonl").exists()


def test_a_byte_order_mark_is_no_part_of_the_first_line(case):
    claims, folder, readings, _ = case
    for path in (claims, readings):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    result = run(claims, "--files", folder, "--readings", readings, "--output", "-")
    assert result.exit_code == 0, result.exception
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "null",
        "3",
        '"text"',
        "{",
        "{}",
        "[" * 200_000,
        '{"id": "inv", "pages": [3]}',
        '{"id": "inv", "documents": [[]]}',
        '{"id": "inv", "refusal": ["empty"]}',
        '{"id": "inv", "refusal": {"code": "boredom"}}',
        '{"id": "inv", "pages": [{"page": 1, "width": "\\n"}]}',
        '{"id": "inv", "documents": [{"type": "facture_optique", "pages": [1], "fields": {"total_amount": "abc"}}]}',
        '{"id": "inv", "documents": [{"type": "facture_optique", "pages": [1], "fields": {"total_amount": "NaN"}}]}',
        '{"id": "inv", "documents": [{"type": "facture_optique", "pages": [1], "fields": {"iban": "\\ud800"}}]}',
    ],
)
def test_a_line_that_is_no_reading_is_named(case, line):
    claims, folder, readings, tmp_path = case
    readings.write_text(readings.read_text() + line + "\n")
    said = refuse(claims, "--files", folder, "--readings", readings, "--output", tmp_path / "out.jsonl")
    assert said.startswith(f"{readings}:9: not a reading: ")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_place_that_cannot_be_written_is_named_before_anything_is_read(case):
    claims, folder, readings, tmp_path = case
    there = tmp_path / "nonexistent" / "out.jsonl"
    # without readings: the papers would have to be read
    assert refuse(claims, "--files", folder, "--output", there).startswith(f"{there}: cannot be written: ")
    assert refuse(claims, "--files", folder, "--output", folder).startswith(f"{folder}: cannot be written: ")
    long = tmp_path / ("x" * 300)
    said = refuse(claims, "--files", folder, "--readings", readings, "--output", long)
    assert said.startswith(f"{long}: cannot be written: ")


def test_a_full_disk_is_said(case):
    claims, folder, readings, _ = case
    said = refuse(claims, "--files", folder, "--readings", readings, "--output", "/dev/full")
    assert said.startswith("/dev/full: cannot be written: ")


def test_lines_appear_as_they_are_decided(case, monkeypatch):
    claims, folder, readings, tmp_path = case
    output = tmp_path / "out.jsonl"
    seen = []

    def watch(*arguments):
        for pair in decide_claims(*arguments):
            seen.append(len(output.read_text().splitlines()))
            yield pair

    monkeypatch.setattr("liasse.decide.decide_claims", watch)
    assert run(claims, "--files", folder, "--readings", readings, "--output", output).exit_code == 0
    assert seen == [0, 1, 2]


def test_what_an_earlier_run_wrote_stays_while_the_claims_are_wrong(case):
    claims, folder, readings, tmp_path = case
    output = tmp_path / "out.jsonl"
    output.write_text("earlier\n")
    claims.write_text(claims.read_text() + "{\n")
    refuse(claims, "--files", folder, "--readings", readings, "--output", output)
    assert output.read_text() == "earlier\n"
