"""The committed set covers what it should, and its truth fits its files."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pillow_heif
import pytest
import schwifty
from PIL import Image, ImageOps

import samples
from samples.claims import INVOICE_OF, strip_answers
from samples.degrade import BUNDLE_CHANNELS, SEVERITIES, SINGLE_CHANNELS
from samples.layouts import LAYOUTS, SPLITS
from schemas.claims import Claim
from schemas.geometry import Box
from schemas.pieces import REQUIRABLE_PIECES
from schemas.rules import load_rules
from schemas.vocabulary import DocumentType, FieldName, MissingPiece, ReviewReason
from tests.samples.places import squeeze, text_inside

SET = Path(samples.__file__).parent / "set"
pillow_heif.register_heif_opener()


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SET / name).read_text(encoding="utf-8").splitlines()]


TRUTH = read_lines("truth.jsonl")
DOSSIERS = read_lines("dossiers.jsonl")
NATIVE = [line for line in TRUTH if line["channel"] in ("pdf_text", "bundle_text")]


def test_size_and_counts() -> None:
    size = sum(path.stat().st_size for path in SET.rglob("*") if path.is_file())
    assert size <= 14_000_000
    assert len(TRUTH) >= 45
    assert len(DOSSIERS) >= 18
    assert {line["file"] for line in TRUTH} == {f"files/{path.name}" for path in (SET / "files").iterdir()}
    assert all(Path(line["file"]).stem == line["id"] for line in TRUTH)


def test_every_type_channel_severity_and_split_is_there() -> None:
    documents = [document for line in TRUTH for document in line["documents"]]
    assert {document["type"] for document in documents} == {kind.value for kind in DocumentType}
    assert {line["channel"] for line in TRUTH} == set(SINGLE_CHANNELS) | set(BUNDLE_CHANNELS)
    assert {line["severity"] for line in TRUTH} == set(SEVERITIES)
    assert {line["split"] for line in TRUTH} >= set(SPLITS)
    assert {line["rotation"] for line in TRUTH} >= {0, 90, 180, 270}
    assert any(line["exif"] for line in TRUTH)
    splits = {layout.name: layout.split for layout in LAYOUTS}
    for line in TRUTH:
        own = {splits[document["layout"]] for document in line["documents"]}
        assert line["split"] == (own.pop() if len(own) == 1 else "mixed" if own else "none")


@pytest.mark.parametrize("line", TRUTH, ids=lambda line: line["id"])
def test_pages_and_boxes_fit_the_file(line: dict[str, Any]) -> None:
    path = SET / line["file"]
    if path.suffix == ".pdf":
        with pikepdf.open(path) as document:
            sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in document.pages]
    else:
        with Image.open(path) as image:
            sizes = [ImageOps.exif_transpose(image).size]
    assert len(sizes) == len(line["pages"])
    for size, page in zip(sizes, line["pages"], strict=True):
        assert (page["width"], page["height"]) == pytest.approx(size, abs=0.2)
    whole = line["severity"] != "illegible"
    for document in line["documents"]:
        assert set(document["fields"]) == {name.value for name in FieldName}
        for name, field in document["fields"].items():
            if not document["legible"]:
                assert field["value"] is None
                assert field["expected"] == "illegible"
            for place in field["occurrences"]:
                page = line["pages"][place["page"] - 1]
                x0, y0, x1, y1 = place["bbox"]
                assert place["page"] in document["pages"]
                assert x0 < x1
                assert y0 < y1
                if whole and line["severity"] != "hard":
                    assert x0 >= -20
                    assert y0 >= -20
                    assert x1 <= page["width"] + 20, name
                    assert y1 <= page["height"] + 20, name


@pytest.mark.parametrize("line", NATIVE, ids=lambda line: line["id"])
def test_boxes_hold_what_they_say_on_native_pdfs(line: dict[str, Any]) -> None:
    checked = 0
    with pdfplumber.open(SET / line["file"]) as document:
        for paper in line["documents"]:
            for name, field in paper["fields"].items():
                for place in field["occurrences"]:
                    found = text_inside(document.pages[place["page"] - 1], Box(*place["bbox"]))
                    assert found == squeeze(place["printed"]), (name, place)
                    checked += 1
    assert checked or all(paper["type"] == "autre" for paper in line["documents"])


def test_printed_amounts_are_coherent_unless_meant() -> None:
    for line in TRUTH:
        for document in line["documents"]:
            fields = {name: field["value"] for name, field in document["fields"].items()}
            total, amo, due = (fields[name] for name in ("total_amount", "amo_amount", "patient_due"))
            if None in (total, amo, due) or {"sums", "shares"} & set(document["flags"]):
                continue
            assert Decimal(total) == Decimal(amo) + Decimal(fields["amc_amount"] or 0) + Decimal(due), line["id"]


def test_ibans_are_valid_unless_meant() -> None:
    seen = Counter()  # type: ignore[var-annotated]
    for line in TRUTH:
        for document in line["documents"]:
            iban = document["fields"]["iban"]["value"]
            if iban:
                valid = schwifty.IBAN(iban, allow_invalid=True).is_valid
                assert valid == ("iban" not in document["flags"])
                seen[valid] += 1
    assert seen[True]
    assert seen[False]


def test_dossiers_cover_the_rules_and_match_the_inputs() -> None:
    assert {line["expected"]["decision"] for line in DOSSIERS} == {"complete", "incomplete", "to_review"}
    assert Counter(line["expected"]["decision"] for line in DOSSIERS)["complete"] >= 8
    missing = {piece for line in DOSSIERS for piece in line["expected"]["missing"]}
    asked = {need.piece for claim in INVOICE_OF for need in load_rules().claims[claim].pieces}
    of_a_paper = set(MissingPiece) - REQUIRABLE_PIECES
    assert missing == asked | of_a_paper | {MissingPiece.DEVIS}
    reasons = {reason for line in DOSSIERS for reason in line["expected"]["reasons"]}
    assert reasons == {reason.value for reason in ReviewReason} - {"lecture_incertaine"}
    assert read_lines("dossiers_inputs.jsonl") == [strip_answers(line) for line in DOSSIERS]
    uploads = [line["upload_date"] for line in DOSSIERS]
    assert uploads == sorted(uploads)
    known = {line["id"] for line in TRUTH}
    for line in DOSSIERS:
        assert set(line["files"]) <= known
        expected = line["expected"]
        assert expected["decision"] == (
            "incomplete" if expected["missing"] else "to_review" if expected["reasons"] else "complete"
        )
        claim = Claim.model_validate(strip_answers(line) | {"files": tuple(line["files"])})
        assert claim.patient.nir


def test_duplicates_follow_what_they_double() -> None:
    by_id = {line["id"]: line for line in DOSSIERS}
    files = {line["id"]: SET / line["file"] for line in TRUTH}
    truth = {line["id"]: line for line in TRUTH}
    found = set()
    for line in DOSSIERS:
        if not line["duplicate"]:
            continue
        first = by_id[line["duplicate"]]
        assert first["upload_date"] < line["upload_date"]
        assert first["member"]["member_number"] == line["member"]["member_number"]
        a, b = first["files"][0], line["files"][0]
        same_bytes = files[a].read_bytes() == files[b].read_bytes()
        keys = [truth[i]["documents"][0]["key"] for i in (a, b)]
        found.add("exact" if same_bytes else "rescan" if keys[0] == keys[1] else "number")
    assert found == {"exact", "rescan", "number"}


def test_the_hostile_files_are_what_they_claim() -> None:
    bad = SET / "bad"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(bad / "encrypted.pdf")
    assert (bad / "zip_renamed.pdf").read_bytes().startswith(b"PK")
    assert (bad / "empty.pdf").stat().st_size == 0
    with pikepdf.open(bad / "500pages.pdf") as document:
        assert len(document.pages) == 500
    header = (bad / "huge.png").read_bytes()[16:24]
    assert int.from_bytes(header[:4]) == int.from_bytes(header[4:]) == 30000
    assert (bad / "huge.png").stat().st_size < 300_000
    with Image.open(bad / "truncated.jpg") as image, pytest.raises(OSError, match="truncated"):
        image.load()
