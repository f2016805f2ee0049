"""What a field might be: a value, where it stands, and why it is believed.

``score`` is the hand-set order of candidates. The trained model (``trained``) reads the same numbers and the measured
``features``, see ``features.FEATURES``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.understanding.layout import join_polygon
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, min_confidence
from schemas.geometry import Polygon
from schemas.readings import NOT_STRUCK_OUT, Check, FieldContent, Source, Word

#: Check of an account whose boxes repeat it, figure for figure: its letters are not in doubt even where its key fails.
PRINTED_TWICE = "printed_twice"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible value of one field.

    Attributes:
        label: how plainly a label announces it, 0 to 1.
        form: how sure its form is by itself (check digits, currency, two decimals...), 0 to 1.
        words: confidence of the reader in its words, 0 to 1.
        features: everything else that was measured, under fixed names.
    """

    value: FieldContent
    raw: str
    page: int
    source: Source
    polygon: Polygon | None
    label: float
    form: float
    words: float
    checks: tuple[Check, ...] = ()
    features: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """How much it is believed before it is compared with others, 0 to 1."""
        bonus = self.features.get("bonus", 0.0)
        return max(0.0, min(1.0, self.label * (0.55 + 0.45 * self.form) + bonus))

    def outcome(self, check: str) -> bool | None:
        """Whether it passed a test, None where that was not made."""
        return next((made.passed for made in self.checks if made.name == check), None)

    @property
    def letters_hold(self) -> bool | None:
        """What check digits say of its letters; where they fail, a second print of the same number speaks for them."""
        held = self.outcome("check_digits")
        return held or self.outcome(PRINTED_TWICE) or held

    def with_bonus(self, bonus: float) -> Candidate:
        """The same, believed more or less."""
        features = {**self.features, "bonus": self.features.get("bonus", 0.0) + bonus}
        return replace(self, features=features)

    def with_features(self, **features: float) -> Candidate:
        """The same, with more measured."""
        return replace(self, features={**self.features, **features})

    def with_checks(self, *checks: Check) -> Candidate:
        """The same, with more tests."""
        return replace(self, checks=(*self.checks, *checks))


def from_spot(
    sheet: Sheet, spot: Spot, *, label: float, form: float = 1.0, checks: tuple[Check, ...] = (), **features: float
) -> Candidate:
    """A candidate out of a spotted value."""
    return Candidate(
        value=spot.value,
        raw=spot.raw,
        page=sheet.page.page,
        source=find_source(sheet, spot.words),
        polygon=spot.polygon,
        label=label,
        form=form,
        words=spot.confidence,
        checks=(*checks, *_find_strokes(spot.words)),
        features={**_measure(sheet, spot.words), "repaired": float(spot.repaired), **features},
    )


def from_words(
    sheet: Sheet, words: Sequence[Word], value: FieldContent, *, label: float, form: float = 1.0, **features: float
) -> Candidate:
    """A candidate out of words of a row."""
    return Candidate(
        value=value,
        raw=" ".join(word.text for word in words),
        page=sheet.page.page,
        source=find_source(sheet, words),
        polygon=join_polygon(words) if words else None,
        label=label,
        form=form,
        words=min_confidence(words),
        checks=_find_strokes(words),
        features={**_measure(sheet, words), **features},
    )


def _find_strokes(words: Sequence[Word]) -> tuple[Check, ...]:
    return (Check(name=NOT_STRUCK_OUT, passed=False),) if any(word.struck for word in words) else ()


def find_source(sheet: Sheet, words: Sequence[Word]) -> Source:
    """Who read the words of a value; of several readers the one that leaves most in doubt.

    A page whose text layer was completed has words that were read from its picture.
    """
    sources = {word.source or sheet.page.source for word in words}
    doubt = (Source.SECOND_READER, Source.TESSERACT)
    return next((source for source in doubt if source in sources), sheet.page.source)


#: What the second reader saw: the same, nothing, something else.
_AGREED = {True: 1.0, None: 0.0, False: -1.0}


def _measure(sheet: Sheet, words: Sequence[Word]) -> dict[str, float]:
    """What the reader and the page say of the words of a value."""
    if not words:
        return {}
    text = "".join(word.text for word in words)
    return {
        "conf_mean": sum(word.confidence for word in words) / len(words),
        "page_conf": sheet.sureness,
        "agreed": min(_AGREED[word.agreed] for word in words),
        "second": sum(word.source is Source.SECOND_READER for word in words) / len(words),
        "letters": float(len(text)),
        "digits": sum(char.isdigit() for char in text) / max(1, len(text)),
        "count": float(len(words)),
        "height": max(word.box.height for word in words) / sheet.height,
        "down": min(1.0, max(0.0, words[0].box.y0 / max(1.0, sheet.page.upright_size[1]))),
    }


def rank(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Best first, one for each value; a value seen twice is believed a little more, one struck out once is held back.

    The feature ``times`` counts how often the value was seen.
    """
    best: dict[object, Candidate] = {}
    seen: dict[object, int] = {}
    struck = {candidate.value for candidate in candidates if candidate.outcome(NOT_STRUCK_OUT) is False}
    for candidate in candidates:
        seen[candidate.value] = seen.get(candidate.value, 0) + 1
        held = best.get(candidate.value)
        if held is None or candidate.score > held.score:
            best[candidate.value] = candidate
    ranked = [
        (candidate.with_bonus(0.03 * min(2, seen[value] - 1)) if seen[value] > 1 else candidate).with_features(
            times=float(seen[value])
        )
        for value, candidate in best.items()
    ]
    ranked = [
        candidate.with_checks(Check(name=NOT_STRUCK_OUT, passed=False))
        if candidate.value in struck and candidate.outcome(NOT_STRUCK_OUT) is None
        else candidate
        for candidate in ranked
    ]
    return sorted(ranked, key=lambda candidate: -candidate.score)


def merge_spellings(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Names with the same letters as one: a stamp or a worn line loses the spaces ("LEGOFF"), it makes none.

    The spelling with the most words stays, in the place of the best.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in ranked:
        groups.setdefault("".join(str(candidate.value).upper().split()), []).append(candidate)
    merged = []
    for group in groups.values():
        spaced = max(group, key=lambda candidate: (len(str(candidate.value).split()), candidate.score))
        times = sum(candidate.features.get("times", 1.0) for candidate in group)
        missing = max(0.0, group[0].score - spaced.score)
        merged.append(spaced.with_bonus(missing).with_features(times=times))
    return sorted(merged, key=lambda candidate: -candidate.score)
