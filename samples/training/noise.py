"""What our readers do to printed words, learned from pages whose words are known, and done again to clean ones.

Thousands of clean pages cost little; with the noise of real readings they teach what an error looks like. Pages keep
their character: how much is lost or misread on a page, and how sure the reader was of right and of wrong words, are
drawn together from one real page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from random import Random

from samples.training.corpora import Sample
from schemas.geometry import Box, bound_points
from schemas.readings import PageReading, Source, Word

#: What the readers said of a word: confidence, whether they agreed, whose letters it has.
Mark = tuple[float, bool | None, Source | None]

_FEWEST_WORDS = 25
#: What every reader takes for each other now and then, counted once each so that few pages do not hide it.
_USUAL = ("0O", "0D", "0Q", "06", "08", "1I", "1l", "17", "14", "2Z", "27", "38", "35", "39", "49", "5S", "56", "58",
          "68", "6G", "79", "8B", "89", "gq", "ec", "eo", "ao", "nu", "il", "tl", "fr", "vy", "CG", "EF", "HN", "MN",
          "RK", "UV", "éè", "éê", "éÉ", "àa", "ée", "êe", "îi", "ôo", "çc")  # fmt: skip


@dataclass(frozen=True)
class PageNoise:
    """One real page.

    Attributes:
        lost: share of printed words that nobody saw.
        wrong: share of the words seen that were misread.
        of_right, of_wrong: what the readers said of those.
    """

    lost: float
    wrong: float
    of_right: tuple[Mark, ...]
    of_wrong: tuple[Mark, ...]


@dataclass(frozen=True)
class Noise:
    """Pages to draw from, and what letters are taken for, with counts."""

    pages: tuple[PageNoise, ...]
    confusions: dict[str, dict[str, int]]


def learn_noise(samples: Iterable[Sample]) -> Noise:
    """Compare what was read on pictures with what is printed there."""
    pages: list[PageNoise] = []
    confusions: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in _USUAL:
        one, other = pair[0], pair[1]
        confusions[one][other] += 1
        confusions[other][one] += 1
    for sample in samples:
        for page in sample.pages or ():
            printed = sample.printed.get(page.page, [])
            if page.source is Source.TEXT_LAYER or len(page.words) < _FEWEST_WORDS or len(printed) < _FEWEST_WORDS:
                continue
            noise = _compare(page, printed, confusions)
            if noise:
                pages.append(noise)
    return Noise(tuple(pages), {letter: dict(counts) for letter, counts in sorted(confusions.items())})


def _compare(
    page: PageReading, printed: Sequence[tuple[str, Box]], confusions: dict[str, Counter[str]]
) -> PageNoise | None:
    right: list[Mark] = []
    wrong: list[Mark] = []
    lost = 0
    seen = [(word, bound_points(word.polygon)) for word in page.words]
    for text, box in printed:
        best = max(seen, key=lambda pair: _shared(box, pair[1]))
        if _shared(box, best[1]) < 0.35:
            lost += 1
            continue
        word = best[0]
        mark = (word.confidence, word.agreed, word.source)
        if word.text == text:
            right.append(mark)
        else:
            wrong.append(mark)
            if abs(len(word.text) - len(text)) <= 2:
                _count_confusions(text, word.text, confusions)
    if not right:
        return None  # two papers on one photo, or nothing was read: nothing to learn
    return PageNoise(lost / len(printed), len(wrong) / (len(wrong) + len(right)), tuple(right), tuple(wrong))


def _shared(a: Box, b: Box) -> float:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0 or height <= 0:
        return 0.0
    area = width * height
    return area / max(1e-6, a.width * a.height + b.width * b.height - area)


def _count_confusions(printed: str, read: str, confusions: dict[str, Counter[str]]) -> None:
    matcher = SequenceMatcher(None, printed, read, autojunk=False)
    if matcher.ratio() < 0.5:
        return
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind == "equal" or a1 - a0 > 2 or b1 - b0 > 2:
            continue
        if kind == "replace" and a1 - a0 == b1 - b0:
            for old, new in zip(printed[a0:a1], read[b0:b1], strict=True):
                confusions[old][new] += 1
        elif a1 > a0:
            confusions[printed[a0:a1]][read[b0:b1]] += 1


def spoil_page(rng: Random, page: PageReading, noise: Noise) -> PageReading:
    """A clean page as our readers would have read a picture of it."""
    model = rng.choice(noise.pages)
    words: list[Word] = []
    for word in page.words:
        if rng.random() < model.lost:
            continue
        # longer words hold more letters to misread
        wrong = rng.random() < model.wrong * min(2.0, 0.4 + len(word.text) / 8)
        text = _misread(rng, word.text, noise.confusions) if wrong else word.text
        if not text:
            continue
        marks = (model.of_wrong if text != word.text else model.of_right) or model.of_right
        confidence, agreed, source = rng.choice(marks)
        words.append(
            word.model_copy(
                update={
                    "text": text,
                    "confidence": confidence,
                    "agreed": agreed,
                    "source": source,
                    "box": _shake(rng, word.box),
                }
            )
        )
    return page.model_copy(update={"words": tuple(words), "source": Source.TESSERACT})


def _misread(rng: Random, text: str, confusions: dict[str, dict[str, int]]) -> str:
    places = [
        (start, length)
        for length in (1, 2)
        for start in range(len(text) - length + 1)
        if text[start : start + length] in confusions
    ]
    if not places:
        return text
    # letters that are often misread are misread here
    weights = [sum(confusions[text[start : start + length]].values()) for start, length in places]
    start, length = rng.choices(places, weights)[0]
    options = confusions[text[start : start + length]]
    new = rng.choices(list(options), list(options.values()))[0]
    return text[:start] + new + text[start + length :]


def _shake(rng: Random, box: Box) -> Box:
    """Boxes of readers are a little off."""
    by = 0.06 * box.height
    x0, y0, x1, y1 = (value + rng.gauss(0.0, by) for value in box)
    return Box(min(x0, x1 - 0.1), min(y0, y1 - 0.1), x1, y1)
