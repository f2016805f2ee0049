"""Makes every shipped model from invented papers: corpora, reading, fitting, cards."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from spacy.language import Language

from extractors.understanding.features import FEATURES
from extractors.understanding.kinds import TYPE_FEATURES, TypeModel, read_type_model
from extractors.understanding.naming import LABELS, read_name_model
from samples.training.cards import describe_choice, describe_names, describe_types
from samples.training.corpora import Corpus, Sample, fingerprint_code, load_corpus
from samples.training.examples import Examples, Known, collect_examples, join_examples, match_papers
from samples.training.fitting import (
    ANSWER,
    TARGET_PRECISION,
    apply_calibration,
    calibrate,
    choose,
    compare_orders,
    find_thresholds,
    fit_trees,
    judge,
    measure_loss,
    without_names,
)
from samples.training.names import Marked, collect_marked, fit_names, save_names, score_names
from samples.training.noise import Noise, learn_noise, spoil_page
from samples.training.types import (
    TypeExamples,
    collect_type_examples,
    fit_types,
    join_type_examples,
    report_types,
)
from schemas.vocabulary import FieldName

#: Models by name, in the order in which they are made: each reads with those before it.
MODELS = ("type", "names", "choice")
_EPOCHS = 6
#: Told what is being done, how much is done, how much there is.
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Plan:
    """How much is made.

    Attributes:
        train, calibration, test: corpora of each split.
        names: what the pipeline for names learns from: training layouts too, but other papers. On papers that it has
            learned it is always right, and the choice would trust it too much.
        noisy: how many times the clean pages of training are read again with the noise of real readings.
    """

    train: tuple[Corpus, ...]
    calibration: tuple[Corpus, ...]
    test: tuple[Corpus, ...]
    names: tuple[Corpus, ...]
    noisy: int

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """All of them."""
        return (*self.train, *self.names, *self.calibration, *self.test)


def draw_plan(text: int, pictures: int, noisy: int) -> Plan:
    """A plan of a size: ``text`` clean papers and ``pictures`` sent files to train on, and others beside them."""
    return Plan(
        train=(Corpus("train", False, 1, text), Corpus("train", True, 11, pictures)),
        calibration=(Corpus("calibration", False, 2, text // 3), Corpus("calibration", True, 12, pictures * 5 // 4)),
        test=(Corpus("test", False, 3, text // 4), Corpus("test", True, 13, pictures * 3 // 4)),
        names=(Corpus("train", False, 21, text),),
        noisy=noisy,
    )


#: What the shipped models are made of; about twenty minutes on two cores.
FULL = Plan(
    train=(Corpus("train", False, 1, 600), Corpus("train", True, 11, 60)),
    calibration=(Corpus("calibration", False, 2, 200), Corpus("calibration", True, 12, 110)),
    test=(Corpus("test", False, 3, 120), Corpus("test", True, 13, 60)),
    names=(Corpus("train", False, 21, 600),),
    noisy=2,
)
#: A few minutes; the models are poor. To see that everything works.
QUICK = draw_plan(text=60, pictures=8, noisy=3)


def train_models(
    out: Path, cache: Path, plan: Plan, *, jobs: int, only: Sequence[str] = MODELS, report: Report
) -> list[Path]:
    """Make the models and their cards.

    Args:
        out: folder of the models; those that are not made anew are read from there.
        cache: folder that keeps what was read.
        plan: how much.
        jobs: processes that print and read papers.
        only: models to make.
        report: told of the progress.

    Returns:
        The files that were written.
    """
    out.mkdir(parents=True, exist_ok=True)
    for corpus in plan.corpora:
        for done, _ in enumerate(load_corpus(corpus, cache, jobs), start=1):
            report(f"papers: {corpus.name}", done, corpus.count)
    shop = _Workshop(cache, plan, report)
    written: list[Path] = []
    if "type" in only:
        written += _make_types(out, shop)
    if "names" in only:
        written += _make_names(out, shop, read_type_model(out / "type.json"))
    if "choice" in only:
        written += _make_choice(out, shop, read_type_model(out / "type.json"), read_name_model(out / "names"))
    return written


class _Workshop:
    """The corpora as they are needed."""

    def __init__(self, cache: Path, plan: Plan, report: Report) -> None:
        self.plan = plan
        self._cache = cache
        self.report = report
        pictures = [corpus for corpus in plan.train if corpus.pictures]
        self.noise: Noise = learn_noise(sample for corpus in pictures for sample in self.read(corpus))

    @property
    def version(self) -> str:
        """Names the training: the code that printed and read, and the corpora."""
        sizes = "-".join(str(corpus.count) for corpus in self.plan.corpora)
        return f"{fingerprint_code()}-{sizes}"

    def read(self, corpus: Corpus) -> Iterator[Sample]:
        return load_corpus(corpus, self._cache, 1)

    def spoiled(self, corpus: Corpus, turn: int) -> Iterator[Sample]:
        for sample in self.read(corpus):
            pages = tuple(
                spoil_page(Random(f"noise:{turn}:{sample.truth['id']}:{page.page}"), page, self.noise)
                for page in sample.pages or ()
            )
            yield replace(sample, pages=pages)

    def known(
        self, corpora: Sequence[Corpus], types: TypeModel | None, names: Language | None, *, noisy: bool
    ) -> Iterator[Iterator[Known]]:
        """The papers of each corpus, then those of the clean ones with noise."""
        for corpus in corpora:
            yield self._match(corpus.name, self.read(corpus), corpus.count, types, names)
        for turn in range(self.plan.noisy if noisy else 0):
            for corpus in corpora:
                if not corpus.pictures:
                    yield self._match(
                        f"{corpus.name}, noise {turn + 1}", self.spoiled(corpus, turn), corpus.count, types, names
                    )

    def _match(
        self, name: str, samples: Iterator[Sample], count: int, types: TypeModel | None, names: Language | None
    ) -> Iterator[Known]:
        for done, sample in enumerate(samples, start=1):
            self.report(f"understanding: {name}", done, count)
            yield from match_papers(sample, types, names)


def _make_types(out: Path, shop: _Workshop) -> list[Path]:
    def collect(corpora: Sequence[Corpus], *, noisy: bool) -> TypeExamples:
        return join_type_examples(
            [collect_type_examples(part) for part in shop.known(corpora, None, None, noisy=noisy)]
        )

    train = collect(shop.plan.train, noisy=True)
    calibration = collect(shop.plan.calibration, noisy=True)
    test = collect(shop.plan.test, noisy=False)
    model = fit_types(train, calibration)
    figures = {
        name: report_types(model, examples)
        for name, examples in (("train", train), ("calibration", calibration), ("test", test))
    }
    data = {"version": shop.version, "features": TYPE_FEATURES, **model}
    return _write(out, "type", data, describe_types(shop.plan.corpora, shop.version, _today(), model, figures))


def _make_names(out: Path, shop: _Workshop, types: TypeModel) -> list[Path]:
    def collect(corpora: Sequence[Corpus], *, noisy: bool) -> list[Marked]:
        return [page for part in shop.known(corpora, types, None, noisy=noisy) for page in collect_marked(part)]

    train = collect(shop.plan.names, noisy=True)
    pipeline = fit_names(
        train, epochs=_EPOCHS, report=lambda done, count: shop.report("learning names, epochs", done, count)
    )
    save_names(pipeline, out / "names")
    figures = {
        name: score_names(pipeline, collect(corpora, noisy=False))
        for name, corpora in (("calibration", shop.plan.calibration), ("test", shop.plan.test))
    }
    card = out / "names.md"
    card.write_text(describe_names(shop.plan.corpora, shop.version, _today(), figures, len(train)), encoding="utf-8")
    return [*sorted(path for path in (out / "names").rglob("*") if path.is_file()), card]


def _make_choice(out: Path, shop: _Workshop, types: TypeModel, names: Language | None) -> list[Path]:
    def collect(corpora: Sequence[Corpus], *, noisy: bool) -> Examples:
        return join_examples([collect_examples(part) for part in shop.known(corpora, types, names, noisy=noisy)])

    train = collect(shop.plan.train, noisy=True)
    calibration = collect(shop.plan.calibration, noisy=False)
    test = collect(shop.plan.test, noisy=False)
    trees, figures = fit_trees(train), {}
    blind = fit_trees(without_names(train))
    for name, examples in (("calibration", calibration), ("test", test)):
        count, seeing = measure_loss(examples, trees, list(LABELS))
        figures[name] = (count, measure_loss(without_names(examples), blind, list(LABELS))[1], seeing)
    uses_names = figures["calibration"][2] < figures["calibration"][1]
    if not uses_names:
        trees, calibration, test = blind, without_names(calibration), without_names(test)
    logits = judge(trees, calibration)
    orders = compare_orders(calibration, logits)
    trained = [name for name, (_, hand, model) in orders.items() if model > hand]
    chosen = choose(calibration, logits, trained)
    lines = calibrate(calibration, chosen)
    accept = find_thresholds(calibration, chosen, apply_calibration(calibration, chosen, lines))
    data: dict[str, Any] = {
        "version": shop.version,
        "features": list(FEATURES),
        "uses_names": uses_names,
        "target_precision": TARGET_PRECISION,
        "trained_order": [name.value for name in trained],
        "accept": {name.value: value for name, value in accept.items()},
        "answer": {name.value: ANSWER for name in FieldName},
        "calibration": {
            name.value: {kind: list(line) for kind, line in kinds.items()} for name, kinds in lines.items()
        },
        "trees": trees,
    }
    card = describe_choice(
        shop.plan.corpora, shop.version, _today(), orders, accept, lines, trained, trees,
        {"calibration": calibration, "test": test}, len(train), figures,
    )  # fmt: skip
    return _write(out, "choice", data, card)


def _write(out: Path, name: str, data: dict[str, Any], card: str) -> list[Path]:
    model, text = out / f"{name}.json", out / f"{name}.md"
    model.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    text.write_text(card, encoding="utf-8")
    return [model, text]


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
