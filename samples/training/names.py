"""Fits the spaCy pipeline that finds names of patients, practitioners and account holders on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import spacy
from rapidfuzz import fuzz
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import fix_random_seed

from extractors.understanding.naming import LABELS, spell_page
from extractors.understanding.text import fold
from samples.training.examples import Known

#: A small network: hashed words and their shapes, three layers that see four words to each side.
_CONFIG: dict[str, Any] = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 48,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 64,
            "depth": 4,
            "embed_size": 1500,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }
}
_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "dr", "docteur", "pr", "professeur"})
_ALIKE = 75
_BATCH = 8

#: Words of a page, and the spans of words that are names: first, last (excluded), label.
Marked = tuple[list[str], list[tuple[int, int, str]]]


def collect_marked(known: Iterable[Known]) -> list[Marked]:
    """First pages with the places of the true names on them."""
    out = []
    for paper in known:
        words = spell_page(paper.found.group.sheets[0])
        spans: list[tuple[int, int, str]] = []
        for name, label in LABELS.items():
            entry = paper.truth["fields"][name.value]
            values = [entry.get("value"), *(entry.get("accept") or ())] if entry.get("value") else []
            for value in values:
                spans.extend((start, end, label) for start, end in find_name(words, str(value)))
        out.append((words, _without_overlap(spans)))
    return out


def find_name(words: Sequence[str], value: str) -> list[tuple[int, int]]:
    """Where the words of a name stand together, in any order, each about as it should be."""
    wanted = [fold(part) for part in value.replace("-", " ").replace("’", " ").replace("'", " ").split()]
    wanted = [part for part in wanted if part not in _TITLES]
    count = len(wanted)
    found = []
    for start in range(len(words) - count + 1):
        left = list(wanted)
        for word in words[start : start + count]:
            best = max(left, key=lambda part: fuzz.ratio(part, fold(word)))
            if fuzz.ratio(best, fold(word)) < _ALIKE:
                break
            left.remove(best)
        if not left and count:
            found.append((start, start + count))
    return found


def _without_overlap(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
            kept.append(span)
    return sorted(kept)


def fit_names(marked: Sequence[Marked], *, epochs: int, report: Callable[[int, int], None]) -> Any:
    """The trained pipeline."""
    fix_random_seed(1)
    pipeline = spacy.blank("xx")
    tagger = pipeline.add_pipe("ner", config=_CONFIG)
    for label in LABELS.values():
        tagger.add_label(label)  # type: ignore[attr-defined]
    examples = [_make_example(pipeline, words, spans) for words, spans in marked if words]
    pipeline.initialize(lambda: examples[:50])
    rng = Random(1)
    for epoch in range(epochs):
        rng.shuffle(examples)
        for start in range(0, len(examples), _BATCH):
            pipeline.update(examples[start : start + _BATCH], drop=0.25)
        report(epoch + 1, epochs)
    return pipeline


def _make_example(pipeline: Any, words: list[str], spans: list[tuple[int, int, str]]) -> Example:
    true = Doc(pipeline.vocab, words=words)
    true.ents = [Span(true, start, end, label=label) for start, end, label in spans]
    return Example(Doc(pipeline.vocab, words=words), true)


def score_names(pipeline: Any, marked: Sequence[Marked]) -> dict[str, tuple[int, int, int]]:
    """For each label: names printed, found, found exactly."""
    counts = {label: [0, 0, 0] for label in LABELS.values()}
    for words, spans in marked:
        if not words:
            continue
        found = {
            (entity.start, entity.end, entity.label_) for entity in pipeline(Doc(pipeline.vocab, words=words)).ents
        }
        for span in spans:
            counts[span[2]][0] += 1
            counts[span[2]][2] += span in found
        for span in found:
            counts[span[2]][1] += 1
    return {label: (printed, found, right) for label, (printed, found, right) in counts.items()}


def save_names(pipeline: Any, path: Path) -> None:
    """Write the pipeline to a folder."""
    pipeline.to_disk(path)
