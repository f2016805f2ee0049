"""From candidates to fields: what is chosen, how probable it is, and what holds it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from extractors.understanding.candidates import Candidate
from extractors.understanding.choice import ANSWER
from extractors.understanding.dating import come_in_order
from extractors.understanding.features import ADDS_UP, IN_ORDER, IS_AMOUNT, Matrix, describe_candidates
from extractors.understanding.gathering import Evidence
from extractors.understanding.money import AMOUNTS, HAND_SCALE, Scale, settle_amounts
from extractors.understanding.trained import ChoiceModel, Vector
from schemas.readings import Alternative, Check, FieldValue, Source
from schemas.vocabulary import FieldName

#: Below this confidence of the reader the letters themselves are in doubt: illegible is the answer.
_LEGIBLE = 0.25
#: What one printed number standing for two amounts costs, in log-odds.
_SHARED = 4.0
#: Names of the checks of a total.
_SHARES, _LINES = "total_is_sum_of_shares", "sum_of_lines"

#: Columns of the log-odds of a candidate: the amounts do not add up, nobody can tell, they do.
_STATES = (-1.0, 0.0, 1.0)
_STATE_OF = {False: 0, None: 1, True: 2}


@dataclass(frozen=True, eq=False, slots=True)
class Described:
    """Candidates of one field with their features, one row for each; ``adds_up`` is left at 0."""

    ranked: Sequence[Candidate]
    rows: Matrix


def describe_evidence(evidence: Evidence) -> dict[FieldName, Described]:
    """Features of every candidate of a paper; what is trained on and what is judged are the same rows."""
    described = {}
    for name, ranked in evidence.ranked.items():
        if not ranked:
            continue
        rows = describe_candidates(
            name,
            ranked,
            kind=evidence.guess.type,
            type_confidence=evidence.guess.confidence,
            lines=evidence.lines,
            first_page=min(evidence.pages),
            tables=evidence.tables,
        )
        if name in (FieldName.ISSUE_DATE, FieldName.CARE_DATES):
            for index, candidate in enumerate(ranked):
                rows[index, IN_ORDER] = _order(name, candidate, evidence)
        described[name] = Described(ranked, rows)
    return described


def _order(name: FieldName, candidate: Candidate, evidence: Evidence) -> float:
    """Whether a date comes before or after the best-placed date of the other kind, as it should."""
    other = FieldName.CARE_DATES if name is FieldName.ISSUE_DATE else FieldName.ISSUE_DATE
    rivals = evidence.ranked.get(other) or ()
    if not rivals or rivals[0].score < ANSWER:
        return 0.0
    pair = {name: candidate.value, other: rivals[0].value}
    holds = _in_order(pair, evidence)
    return 0.0 if holds is None else 1.0 if holds else -1.0


def _in_order(values: Mapping[FieldName, object], evidence: Evidence) -> bool | None:
    issue, care = values.get(FieldName.ISSUE_DATE), values.get(FieldName.CARE_DATES)
    if not isinstance(issue, dt.date) or not isinstance(care, tuple):
        return None
    return come_in_order(issue, care, evidence.guess.type)


def decide_fields(evidence: Evidence, model: ChoiceModel) -> dict[FieldName, FieldValue]:
    """The fields of a paper.

    Args:
        evidence: what it might say.
        model: the trained choice.

    Returns:
        Only fields for which something on the paper answers. A value that is there but cannot be told is None, with the
        reason.
    """
    described = describe_evidence(evidence)
    logits = judge(described, model)
    chosen, adds_up = choose_candidates(evidence, described, logits, model)
    picked = {name: described[name].ranked[index].value for name, index in chosen.items()}
    in_order = _in_order(picked, evidence)
    fields: dict[FieldName, FieldValue] = {}
    for name in FieldName:
        if name not in chosen:
            continue
        checks: list[Check] = []
        if name in AMOUNTS and adds_up is not None:
            checks.append(Check(name=_SHARES, passed=adds_up))
        if name is FieldName.TOTAL_AMOUNT and evidence.lines is not None:
            checks.append(Check(name=_LINES, passed=picked[name] == evidence.lines))
        if name is FieldName.CARE_DATES and in_order is not None:
            checks.append(Check(name="care_before_issue", passed=in_order))
        if name is FieldName.CARE_DATES and evidence.stay_in_order is not None:
            checks.append(Check(name="entry_before_exit", passed=evidence.stay_in_order))
        state = _STATE_OF[adds_up if name in AMOUNTS else None]
        value = _state(name, described[name], logits[name][:, state], chosen[name], checks, model)
        if value is not None:
            fields[name] = value
    return fields


def judge(described: Mapping[FieldName, Described], model: ChoiceModel) -> dict[FieldName, Matrix]:
    """Log-odds of every candidate: one row each, one column for each of the states of the sum."""
    if not described:
        return {}
    stacked = np.concatenate([part.rows for part in described.values()])
    states = []
    for state in _STATES:
        rows = stacked.copy()
        rows[:, ADDS_UP] = state * rows[:, IS_AMOUNT].any(axis=1)
        states.append(rows)
    logits = model.trees.judge(np.concatenate(states)).reshape(len(_STATES), len(stacked)).T
    out, start = {}, 0
    for name, part in described.items():
        out[name] = logits[start : start + len(part.ranked)]
        start += len(part.ranked)
    return out


def choose_candidates(
    evidence: Evidence,
    described: Mapping[FieldName, Described],
    logits: Mapping[FieldName, Matrix],
    model: ChoiceModel,
) -> tuple[dict[FieldName, int], bool | None]:
    """The place of the chosen candidate of each field, and whether the amounts add up.

    The amounts are chosen together. Fields that the model does not order keep the hand-set order.
    """
    chosen: dict[FieldName, int] = {}
    for name, part in described.items():
        if name in AMOUNTS:
            continue
        best = 0
        if name in model.trained_order:
            best = int(np.argmax(logits[name][:, _STATE_OF[None]]))
        if part.ranked[best].score >= ANSWER:
            chosen[name] = best
    trained = FieldName.TOTAL_AMOUNT in model.trained_order
    places = {
        id(candidate): (name, index)
        for name in AMOUNTS
        if name in described
        for index, candidate in enumerate(described[name].ranked)
    }
    scale = Scale(partial(_trained_worth, logits, places), 0.0, 0.0, _SHARED) if trained else HAND_SCALE
    settled = settle_amounts(evidence.ranked, evidence.lines, scale)
    for name, candidate in settled.chosen.items():
        if candidate is not None and candidate.score >= ANSWER:
            chosen[name] = places[id(candidate)][1]
    return chosen, settled.adds_up


def _trained_worth(
    logits: Mapping[FieldName, Matrix],
    places: Mapping[int, tuple[FieldName, int]],
    name: FieldName,
    candidate: Candidate,
    *,
    adds_up: bool | None,
) -> float:
    return float(logits[name][places[id(candidate)][1], _STATE_OF[adds_up]])


def _state(
    name: FieldName,
    part: Described,
    logits: Vector,
    index: int,
    checks: Sequence[Check],
    model: ChoiceModel,
) -> FieldValue | None:
    best = part.ranked[index]
    confidence = model.calibrate(name, best.source, float(logits[index]))
    all_checks = (*best.checks, *checks)
    # a text layer leaves no doubt about letters, only about which value is meant: a person can settle that at a glance
    certain = best.source is Source.TEXT_LAYER
    answered = certain or (confidence >= model.answer[name] and not _is_unreadable(best))
    failed = _find_failed(all_checks, best.source)
    held = None
    if not answered:
        held = "unreadable"
    elif failed:
        held = f"check_failed:{failed}"
    elif confidence < model.accept[name]:
        held = "low_confidence"
    rest = [
        (other, logit) for place, (other, logit) in enumerate(zip(part.ranked, logits, strict=True)) if place != index
    ]
    rest.sort(key=lambda pair: -pair[1])
    return FieldValue(
        value=best.value if answered else None,
        raw_text=best.raw,
        confidence=confidence if answered else 0.0,
        source=best.source,
        page=best.page,
        polygon=best.polygon,
        checks=all_checks,
        alternatives=tuple(
            Alternative(
                value=other.value,
                confidence=round(min(1.0 - confidence, model.calibrate(name, other.source, float(logit))), 4),
            )
            for other, logit in rest[:3]
            if other.value != best.value
        ),
        held_back=held,
    )


def _find_failed(checks: Sequence[Check], source: Source) -> str | None:
    """The first check that holds a value back.

    On a picture a line is easily overlooked: lines that do not give the total say nothing against one that the shares
    prove. A text layer shows every line.
    """
    proved = source is not Source.TEXT_LAYER and any(check.name == _SHARES and check.passed for check in checks)
    held = (check.name for check in checks if not check.passed and not (proved and check.name == _LINES))
    return next(held, None)


def _is_unreadable(best: Candidate) -> bool:
    """The reader itself doubts the letters, and no check digits speak for them."""
    digits = best.letters_hold
    if digits is False and best.words < 0.7:
        return True
    return digits is not True and best.words < _LEGIBLE
