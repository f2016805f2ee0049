"""Cards of the models: what they learned from, when, and how well they do on looks that they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from extractors.understanding.trained import TEXT
from samples.training.corpora import Corpus
from samples.training.examples import FIELDS, Examples
from samples.training.fitting import TARGET_PRECISION, apply_calibration, choose, judge
from schemas.vocabulary import FieldName

_BANDS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0001)


def describe_types(
    corpora: Sequence[Corpus],
    version: str,
    day: str,
    model: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, float]],
) -> str:
    """The card of the type model."""
    lines = [
        "# Type of a paper",
        "",
        "A linear weighing of the cues that `classify` counts (softmax over the 17 types, L2), with one temperature",
        "fitted on the calibration layouts. It gives the probability of the hand-set choice, and takes another type",
        f"where that is more than {model['overrule']:g} times as probable.",
        "",
        *_data(corpora, version, day),
        "",
        "| papers of | n | right by hand | right | probability claimed |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {name} | {row['papers']:.0f} | {row['right_by_hand']:.1%} | {row['right']:.1%} | {row['claimed']:.1%} |"
            for name, row in figures.items()
        ),
        "",
        "Clean papers, noisy ones and pictures together. Known limits: invented papers only; a type that real papers",
        "name in words that no cue list knows is `autre`.",
    ]
    return "\n".join(lines) + "\n"


def describe_names(
    corpora: Sequence[Corpus],
    version: str,
    day: str,
    figures: Mapping[str, Mapping[str, tuple[int, int, int]]],
    pages: int,
) -> str:
    """The card of the pipeline for names."""
    lines = [
        "# Names of people",
        "",
        "A spaCy pipeline (hashed words and their shapes, four convolutions, transition-based tagger) fitted on",
        f"{pages} first pages. It tags patients, practitioners and account holders; the choice uses that as a feature.",
        "",
        *_data(corpora, version, day),
        "",
        "| layouts of | what | printed | tagged | exactly right |",
        "|---|---|--:|--:|--:|",
        *(
            f"| {name} | {label} | {printed} | {found} | {right} |"
            for name, rows in figures.items()
            for label, (printed, found, right) in rows.items()
        ),
        "",
        "A name that stands twice on a page counts twice. Known limits: invented names only; shops are tagged as",
        "practitioners.",
    ]
    return "\n".join(lines) + "\n"


def describe_choice(
    corpora: Sequence[Corpus],
    version: str,
    day: str,
    orders: Mapping[FieldName, tuple[int, int, int]],
    accept: Mapping[FieldName, float],
    lines: Mapping[FieldName, Any],
    trained: Sequence[FieldName],
    trees: Mapping[str, Any],
    sets: Mapping[str, Examples],
    rows: int,
    names: Mapping[str, tuple[int, float, float]],
) -> str:
    """The card of the choice model."""
    text = [
        "# Choice among candidates",
        "",
        f"{len(trees['trees'])} boosted trees over the features of `extractors.understanding.features`, fitted on",
        f"{rows} candidates. Features of known direction only move the belief that way. The calibration is one rising",
        "line for each field and kind of source, fitted on layouts that the trees have not seen; thin fields lean on",
        f"all. `accept` is the confidence above which {TARGET_PRECISION:.1%} of the values read on pictures are right,",
        "by the calibrated word of the model.",
        "",
        *_data(corpora, version, day),
        "",
    ]
    for name, examples in sets.items():
        text += _figures(name, examples, trees, lines, trained, accept)
    text += [
        "## What the language model adds",
        "",
        "Log-loss of the probability of the first candidate for a name, before calibration. The pipeline is used where",
        "it helps on the calibration layouts: "
        + ("it is." if names["calibration"][2] < names["calibration"][1] else "it is not."),
        "",
        "| layouts | names | without | with |",
        "|---|--:|--:|--:|",
        *(f"| {name} | {count} | {blind:.3f} | {seeing:.3f} |" for name, (count, blind, seeing) in names.items()),
        "",
        "## Order of candidates, calibration layouts",
        "",
        "Where the model orders more papers rightly than the hand-set scores, it orders; elsewhere it only says how",
        "probable the first one is.",
        "",
        "| field | papers | first is right, by hand | by the model | order |",
        "|---|--:|--:|--:|---|",
        *(
            f"| {name.value} | {count} | {hand} | {model} | {'model' if name in trained else 'hand'} |"
            for name, (count, hand, model) in orders.items()
            if count
        ),
        "",
        "Known limits: invented papers only; handwriting is drawn with fonts; probabilities hold for pictures like",
        "those of `samples.degrade`.",
    ]
    return "\n".join(text) + "\n"


def _data(corpora: Sequence[Corpus], version: str, day: str) -> list[str]:
    parts = ", ".join(
        f"{corpus.count} {'sent files' if corpus.pictures else 'clean papers'} ({corpus.split}, seed {corpus.seed})"
        for corpus in corpora
    )
    return [f"Data: {parts}.", f"Made on {day} by `liasse train`; version `{version}`."]


def _figures(
    title: str,
    examples: Examples,
    trees: Mapping[str, Any],
    lines: Mapping[FieldName, Any],
    trained: Sequence[FieldName],
    accept: Mapping[FieldName, float],
) -> list[str]:
    chosen = choose(examples, judge(dict(trees), examples), trained)
    claimed = apply_calibration(examples, chosen, dict(lines))
    right = examples.right[chosen.index].astype(bool)
    picture = examples.source[chosen.index] != TEXT
    field = examples.field[chosen.index]
    text = [f"## On {title} layouts", "", "| confidence | values of pictures | right |", "|---|--:|--:|"]
    for low, high in pairwise(_BANDS):
        inside = picture & (claimed >= low) & (claimed < high)
        if inside.any():
            text.append(f"| {low:g} to {min(high, 1):g} | {inside.sum()} | {right[inside].mean():.1%} |")
    text += [
        "",
        "| field | pictures: n | right | claimed | accepted | of those right | clean: n | right |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for number, name in enumerate(FIELDS):
        seen, clean = picture & (field == number), ~picture & (field == number)
        taken = seen & (claimed >= accept[name])
        if seen.any() or clean.any():
            text.append(
                f"| {name.value} | {seen.sum()} | {_share(right[seen])} | {_share(claimed[seen])} | "
                f"{_share(taken[seen])} | {_share(right[taken])} | {clean.sum()} | {_share(right[clean])} |"
            )
    taken = picture & (claimed >= np.array([accept[FIELDS[number]] for number in field]))
    text += [
        f"| all | {picture.sum()} | {_share(right[picture])} | {_share(claimed[picture])} | {_share(taken[picture])} | "
        f"{_share(right[taken])} | {(~picture).sum()} | {_share(right[~picture])} |",
        "",
    ]
    return text


def _share(values: Any) -> str:
    return f"{np.mean(values):.1%}" if len(values) else "-"
