"""``liasse read``, run as people run it."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from liasse.read import find_files, read
from liasse.reading_table import format_content, show_reading
from schemas.advice import LEGIBILITY_ADVICE_FR
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.lines import reading_from_line
from schemas.readings import DocumentReading, FieldValue, FileReading, PageReading, Source
from schemas.vocabulary import FieldName, Legibility, LegibilityReason
from tests.extractors.papers import draw_page, save, write_text_page

runner = CliRunner()


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(read)
    return app


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "t1.pdf").write_bytes(write_text_page())
    (folder / "deep" / "t2.png").write_bytes(save(draw_page()))
    (folder / "deep" / "t3.pdf").write_bytes(b"")
    (folder / ".hidden" / "t4.pdf").write_bytes(b"")
    return folder


def test_every_file_gets_a_line_the_refused_one_too(command, papers, tmp_path):
    output = tmp_path / "out.jsonl"
    result = runner.invoke(command, [str(papers), "--output", str(output), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    lines = {line["id"]: line for line in map(json.loads, output.read_text().splitlines())}
    assert set(lines) == {"t1", "t2", "t3"}
    assert lines["t1"]["status"] == lines["t2"]["status"] == "read"
    assert lines["t1"]["pages"][0]["source"] == "text_layer"
    assert lines["t2"]["pages"][0] | {"width": 1240, "height": 1754, "unit": "px"} == lines["t2"]["pages"][0]
    assert lines["t3"]["refusal"] == {"code": "empty", "message_fr": REFUSAL_SENTENCES_FR[RefusalCode.EMPTY]}
    assert {"open", "normalise", "read", "extract", "total"} <= set(lines["t2"]["timings"])
    assert reading_from_line(lines["t2"]).pages[0].fingerprint == lines["t2"]["pages"][0]["fingerprint"]


def test_a_path_that_does_not_exist(command, tmp_path):
    assert runner.invoke(command, [str(tmp_path / "absent")]).exit_code == 2


def test_files_are_named_once(papers):
    once = find_files([papers, papers / "t1.pdf"])
    assert [path.name for path in once] == ["t2.png", "t3.pdf", "t1.pdf"]


def print_reading(reading):
    target = io.StringIO()
    show_reading(Console(file=target, width=100), reading)
    return target.getvalue()


def test_the_table_speaks_french():
    total = FieldValue(value=Decimal("1234.5"), confidence=0.99, source=Source.TESSERACT)
    unsure = FieldValue(value="Camille DURAND", confidence=0.42, source=Source.TESSERACT)
    page = PageReading(
        page=1, width=1, height=1, unit="px", legibility=Legibility.DOUBTFUL, reasons=(LegibilityReason.FLOU,)
    )
    document = DocumentReading(
        type="facture_optique",
        type_confidence=1.0,
        pages=(1,),
        fields={FieldName.TOTAL_AMOUNT: total, FieldName.PATIENT_NAME: unsure},
    )
    reading = FileReading(
        id="t1", file="t1.jpg", sha256="", pages=(page,), documents=(document,), timings={"total": 1.5}
    )
    text = print_reading(reading)
    assert "t1.jpg  1 page  peu lisible  1,5 s" in text
    assert "Facture d’optique" in text
    assert "1\u202f234,50\u00a0€" in text
    assert "sûre 99 %" in text
    assert "douteuse 42 %" in text
    assert LEGIBILITY_ADVICE_FR[LegibilityReason.FLOU][:30] in text


def test_the_table_says_why_a_file_is_refused():
    text = print_reading(FileReading(id="t", file="t.pdf", sha256="", refusal=RefusalCode.ENCRYPTED))
    assert "protégé par un mot de passe" in " ".join(text.split())


def test_values_as_they_are_written():
    assert format_content(FieldName.PAID, True) == "oui"
    assert format_content(FieldName.PAID, None) == "—"
