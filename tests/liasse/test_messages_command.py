import json

import pytest
from typer.testing import CliRunner

from liasse.messages import app
from schemas.errors import ConfigurationError
from schemas.lines import reading_to_line
from schemas.rules import default_rules_path
from tests.dossiers.builders import dossier, invoice, judge

runner = CliRunner()
SECOND = default_rules_path().with_name("littoral.yaml")


@pytest.fixture
def claims(tmp_path):
    reading = invoice(paid=None)
    claim = dossier(reading).claim
    (tmp_path / "claims.jsonl").write_text(claim.model_dump_json() + "\n", encoding="utf-8")
    (tmp_path / "readings.jsonl").write_text(json.dumps(reading_to_line(reading)) + "\n", encoding="utf-8")
    return ("--claims", tmp_path / "claims.jsonl", "--readings", tmp_path / "readings.jsonl")


def run(*arguments: object):
    return runner.invoke(app, ["preview", *map(str, arguments)])


def test_a_text_is_shown_on_a_claim(claims):
    result = run("incomplete", "--on", "D1", *claims)
    assert result.exit_code == 0, result.output
    decision = judge(invoice(paid=None))
    assert "facture acquittée" in result.stdout
    assert result.stdout.splitlines()[0] == decision.message_fr.splitlines()[0]
    other = run("incomplete", "--on", "D1", "--insurer", SECOND, *claims)
    assert "Prévoyance du Littoral" in other.stdout


def test_all_texts_are_shown_one_after_the_other(claims):
    result = run("all", "--on", "D1", *claims)
    names = [line.removeprefix("--- ") for line in result.stdout.splitlines() if line.startswith("--- ")]
    assert {"complete", "emails.to_review", "pieces.rib", "instead.autre"} <= set(names)
    assert "{{" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("incomplet", "--on", "D1"), "no text is named"), (("incomplete", "--on", "D2"), "no claim is named 'D2'")],
)
def test_what_is_not_there_is_named(claims, arguments, said):
    result = run(*arguments, *claims)
    assert isinstance(result.exception, ConfigurationError)
    assert said in str(result.exception)
