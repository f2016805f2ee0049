"""Why a value is not right: which step lost it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from bench.scoring import JudgedPaper, Judgement, Scores, Verdict, fold_accents
from bench.tables import FigureTable, Kind, Row, divide
from schemas.vocabulary import FieldName


class Failure(StrEnum):
    """The first step that went wrong, as far as the words read and the truth tell."""

    REFUSED = "page refused: nothing was read of a legible paper"
    GROUPED = "pages put together wrong: no paper read on its pages"
    TYPE = "type wrong"
    UNREAD = "not among the words read, no answer"
    MISREAD = "not among the words read, answer wrong"
    NOT_TAKEN = "read, but not taken"
    OTHER_TAKEN = "read, but another value taken"
    SPURIOUS = "answer where nothing is printed"
    INVENTED = "answer on an illegible paper"


def classify_failure(judged: Judgement) -> Failure | None:
    """The step that lost a value, or made one up; None when all is right."""
    paper = judged.paper
    match judged.verdict:
        case Verdict.CORRECT | Verdict.RIGHTLY_ABSENT:
            return None
        case Verdict.INVENTED:
            return Failure.INVENTED
        case Verdict.SPURIOUS:
            return Failure.TYPE if _type_is_wrong(paper) else Failure.SPURIOUS
    if paper.reading is None or paper.reading.refusal or (paper.read and not paper.read.legible):
        return Failure.REFUSED
    if paper.read is None:
        return Failure.GROUPED
    if _type_is_wrong(paper):
        return Failure.TYPE
    if is_among_words(judged):
        return Failure.NOT_TAKEN if judged.verdict is Verdict.MISSED else Failure.OTHER_TAKEN
    return Failure.UNREAD if judged.verdict is Verdict.MISSED else Failure.MISREAD


def is_among_words(judged: Judgement) -> bool:
    """The value as printed stands among the words read on the pages of its paper.

    Spaces and punctuation do not count; of several dates all must be there, of several forms of a value one.
    """
    reading, document = judged.paper.reading, judged.paper.document
    forms = document.printed.get(judged.field, ())
    if reading is None or not forms:
        return False
    pages = [page for page in reading.pages if page.page in document.pages]
    text = " ".join(_fold(" ".join(word.text for word in page.words)) for page in pages)
    there = [_find(_fold(form), text) for form in forms]
    return all(there) if judged.field is FieldName.CARE_DATES else any(there)


def tabulate_failures(judgements: Sequence[Judgement]) -> dict[str, FigureTable]:
    """Failures by class and severity, and by field."""
    failures = [(judged, found) for judged in judgements if (found := classify_failure(judged))]
    severities = [s for s in ("clean", "usual", "hard", "illegible") if any(j.file.severity == s for j, _ in failures)]
    columns = {"n": Kind.COUNT, "share": Kind.SHARE} | dict.fromkeys(severities, Kind.COUNT)
    classes: dict[str, Row] = {}
    for failure in Failure:
        own = Counter(judged.file.severity for judged, found in failures if found is failure)
        if own:
            n = sum(own.values())
            classes[failure.value] = {"n": n, "share": divide(n, len(failures)), **{s: own[s] for s in severities}}
    short = {"not read": {Failure.REFUSED, Failure.UNREAD, Failure.MISREAD}, "not taken": {Failure.NOT_TAKEN}}
    short |= {"another taken": {Failure.OTHER_TAKEN}, "type or pages": {Failure.TYPE, Failure.GROUPED}}
    short |= {"made up": {Failure.SPURIOUS, Failure.INVENTED}}
    fields: dict[str, Row] = {}
    for name, count in Counter(judged.field for judged, _ in failures).most_common():
        own_classes = [found for judged, found in failures if judged.field is name]
        fields[name.value] = {"n": count, **{k: sum(f in v for f in own_classes) for k, v in short.items()}}
    return {
        "failures": FigureTable("Failures by class", "class", columns, classes),
        "failures by field": FigureTable(
            "Failures by field", "field", {"n": Kind.COUNT} | dict.fromkeys(short, Kind.COUNT), fields
        ),
    }


def list_failures(scores: Scores) -> dict[str, str]:
    """The class of each failure by the key of its field, of its paper's type, of its file's pages.

    No values: they may be somebody's.
    """
    found = {judged.key: failure.name.lower() for judged in scores.judgements if (failure := classify_failure(judged))}
    for paper in scores.papers:
        if paper.document.legible and _type_is_wrong(paper):
            found[f"{paper.key}/type"] = "type"
    return found | {f"{file.id}/pages": "grouped" for file, same in scores.grouped if not same}


def _type_is_wrong(paper: JudgedPaper) -> bool:
    return paper.read is not None and paper.read.type is not paper.document.type


def _fold(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", " ", fold_accents(text)).strip()


def _find(folded: str, text: str) -> bool:
    letters = folded.replace(" ", "")
    return bool(letters) and bool(re.search(rf"(?<![A-Z0-9]){' ?'.join(letters)}(?![A-Z0-9])", text))
