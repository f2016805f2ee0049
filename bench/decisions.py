"""What becomes of dossiers, by our own reading and by the true one: errors of rules and of reading told apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from bench.tables import FigureTable, Kind, Row
from bench.truth import TrueDocument, TrueFile, load_truth
from dossiers import decide
from extractors.pool import ReaderPool
from extractors.results import ReadFile
from liasse.claim_files import find_files, follow_claims, load_claims
from schemas.claims import Claim
from schemas.decisions import Decision
from schemas.readings import DocumentReading, FieldValue, FileReading, PageReading, Source
from schemas.rules import load_rules
from schemas.settings import load_settings
from schemas.vocabulary import DecisionKind, Legibility, ReviewReason

#: What should become of a dossier: decision, pieces and reasons.
Expected = tuple[str, frozenset[str], frozenset[str]]


def measure_decisions(folder: Path, jobs: int) -> FigureTable:
    """Decide the dossiers of a set twice.

    Args:
        folder: with ``dossiers_inputs.jsonl``, ``dossiers.jsonl`` (the answers), ``truth.jsonl`` and the files.
        jobs: reader processes.
    """
    claims = load_claims(folder / "dossiers_inputs.jsonl")
    answers = dict(_load_answers(folder / "dossiers.jsonl"))
    truth = {file.id: file for file in load_truth(folder)}
    names = list(dict.fromkeys(file for claim in claims for file in claim.files))
    true = {name: _read_truly(truth[name]) for name in names}
    rows: dict[str, Row] = {
        "our own reading": _count(claims, _read(find_files(folder / "files", names, claims), jobs), answers),
        "the true readings": _count(claims, true, answers),
    }
    columns = {
        "n": Kind.COUNT,
        "touchless": Kind.SHARE,
        "right, of these": Kind.SHARE,
        "wholly right, of these": Kind.SHARE,
        "let through": Kind.COUNT,
        "asked in vain": Kind.COUNT,
    }
    note = (
        "Touchless: not handed to a person for a doubtful reading. Right: the decision; wholly: every piece and reason "
        "too. Let through: complete, and should not be. Asked in vain: for a piece that is not missing."
    )
    return FigureTable("What becomes of dossiers", "by", columns, rows, note)


def _load_answers(path: Path) -> Iterator[tuple[str, Expected]]:
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            said = line["expected"]
            yield line["id"], (said["decision"], frozenset(said["missing"]), frozenset(said["reasons"]))


def _read(places: Mapping[str, Path], jobs: int) -> dict[str, FileReading]:
    with ReaderPool.from_settings(load_settings(), jobs) as pool:
        waiting: dict[str, Future[ReadFile]] = {
            name: pool.submit(path, name, previews=False) for name, path in places.items()
        }
        return {name: future.result().reading for name, future in waiting.items()}


def _count(claims: Sequence[Claim], readings: dict[str, FileReading], answers: Mapping[str, Expected]) -> Row:
    rules = load_rules()
    decided: list[tuple[Decision, Expected]] = [
        (decide(dossier, rules, history, today=dossier.claim.upload_date), answers[dossier.claim.id])
        for dossier, history in follow_claims(claims, readings, rules)
    ]
    touchless = [pair for pair in decided if ReviewReason.LECTURE_INCERTAINE.value not in pair[0].reasons]
    right = [(one, said) for one, said in touchless if one.decision == said[0]]
    wholly = [1 for one, said in right if (frozenset(one.missing), frozenset(one.reasons)) == said[1:]]
    return {
        "n": len(decided),
        "touchless": len(touchless) / len(decided),
        "right, of these": len(right) / len(touchless) if touchless else None,
        "wholly right, of these": len(wholly) / len(touchless) if touchless else None,
        "let through": sum(one.decision == DecisionKind.COMPLETE != said[0] for one, said in decided),
        "asked in vain": sum(not frozenset(one.missing) <= said[1] for one, said in decided),
    }


def _read_truly(file: TrueFile) -> FileReading:
    """A file as a reader would read it who makes no mistake and has no doubt."""
    numbers = sorted({page for document in file.documents for page in document.pages}) or [1]
    illegible = {page for document in file.documents if not document.legible for page in document.pages}
    pages = tuple(
        PageReading(
            page=number, width=595, height=842, unit="pt", source=Source.TEXT_LAYER,
            legibility=Legibility.ILLEGIBLE if number in illegible else Legibility.LEGIBLE,
        )
        for number in numbers
    )  # fmt: skip
    digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    documents = tuple(_read_paper(document) for document in file.documents)
    return FileReading(id=file.id, file=str(file.path), sha256=digest, pages=pages, documents=documents)


def _read_paper(paper: TrueDocument) -> DocumentReading:
    fields = {
        name: FieldValue(value=value, confidence=1.0, source=Source.TEXT_LAYER, page=paper.pages[0])
        for name, value in paper.fields.items()
    }
    return DocumentReading(
        type=paper.type,
        type_confidence=1.0,
        pages=paper.pages,
        legible=paper.legible,
        missing_pages=paper.pages_of_original > len(paper.pages),
        fields=fields if paper.legible else {},
        line_items=paper.items if paper.legible else (),
    )
