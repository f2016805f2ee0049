"""``liasse read`` as a process of its own, on sample papers and hostile files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SET = Path(__file__).resolve().parents[2] / "samples" / "set"


def run_read(*arguments):
    command = [sys.executable, "-m", "liasse", "read", "--jobs", "1", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "160"}, timeout=200)


@pytest.fixture(scope="module")
def truth():
    return {entry["id"]: entry for entry in map(json.loads, (SET / "truth.jsonl").read_text().splitlines())}


@pytest.fixture
def folder(tmp_path, truth):
    """Two native PDFs, one of them deeper, and hostile files between them."""
    native = [entry for entry in truth.values() if entry["channel"] == "pdf_text" and len(entry["documents"]) == 1]
    (tmp_path / "deeper").mkdir()
    shutil.copy(SET / native[0]["file"], tmp_path)
    shutil.copy(SET / native[1]["file"], tmp_path / "deeper")
    for name in ("empty.pdf", "encrypted.pdf", "zip_renamed.pdf"):
        shutil.copy(SET / "bad" / name, tmp_path)
    return tmp_path, [entry["id"] for entry in native[:2]]


def test_every_file_of_a_folder_gets_its_line(folder, truth, tmp_path):
    papers, names = folder
    output = tmp_path / "out.jsonl"
    done = run_read(papers, "--output", output)
    assert done.returncode == 0, done.stderr
    lines = {line["id"]: line for line in map(json.loads, output.read_text().splitlines())}
    assert set(lines) == {*names, "empty", "encrypted", "zip_renamed"}
    assert {name: line["refusal"]["code"] for name, line in lines.items() if line["status"] == "refused"} == {
        "empty": "empty",
        "encrypted": "encrypted",
        "zip_renamed": "unsupported_type",
    }
    for name in names:
        (document,) = lines[name]["documents"]
        (expected,) = truth[name]["documents"]
        assert document["type"] == expected["type"]
        assert set(lines[name]["timings"]) >= {"open", "normalise", "read", "extract", "total"}
        for field in document["fields"].values():
            assert {"value", "raw_text", "confidence", "source", "page", "bbox", "checks", "alternatives"} <= set(field)


def test_lines_go_to_standard_output_and_nothing_else_does(folder):
    papers, names = folder
    done = run_read(papers / f"{names[0]}.pdf", "--output", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == names[0]


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path):
    done = run_read(tmp_path / "absent.pdf")
    assert done.returncode == 2
    assert "absent.pdf" in done.stderr
    assert "Traceback" not in done.stderr
