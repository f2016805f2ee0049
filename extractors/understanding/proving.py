"""Amounts that a reader broke, put right where arithmetic proves them.

The four amounts of a paper are one sum, and its lines are another. Where the others say what an amount must be, and
what stands at its place can be read so, it is read so. A lost comma or a rule taken for a figure is settled by one
sum; a figure taken for another only by both. An amount that is one as it stands is touched only where the reader
doubts it: papers that do not add up exist, and are to be found out, not mended. What was printed stays as the raw
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.understanding.candidates import Candidate, from_spot, from_words
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from schemas.readings import Check
from schemas.vocabulary import FieldName

#: Name of the check that a mended amount carries.
PROVED = "proved_by_sums"
#: A candidate under this score is nothing to count with; a tie over the second makes a number somebody else's.
_SURE, _TAKEN = 0.5, 0.3
#: A word that the reader is less sure of may hold a wrong figure.
_DOUBT = 0.6
_FIGURES = str.maketrans("OoQDIl|!ZzASsGbBgq", "000011112245566899")
_BROKEN = re.compile(r"(?<![\w.,/])[\dOolISBZ|][\dOolISBZ|.,:;'’ \t]{0,10}[\dOolISBZ|](?![\w/%]|[ \t]?%)")
#: What stands between a label and a broken amount.
_GAP = re.compile(r"^[ \t\n:.–=€-]*$")


@dataclass(frozen=True, slots=True)
class _Due:
    """What an amount must be by the others.

    Attributes:
        sums: how many sums say so.
    """

    value: Decimal
    sums: int


def prove_amounts(
    sheets: Sequence[Sheet],
    ranked: Mapping[FieldName, list[Candidate]],
    roles: Mapping[FieldName, str],
    lines: Decimal | None,
) -> dict[FieldName, list[Candidate]]:
    """The candidates with those put right in front that arithmetic proves.

    Args:
        sheets: pages of the paper; text layers have nothing to mend.
        ranked: candidates of the amounts, best first.
        roles: of the labels of each amount; the first amount is the sum of the others.
        lines: what the lines of the paper add up to, None where that is not known.
    """
    out = {name: list(found) for name, found in ranked.items()}
    if not any(sheet.ocr for sheet in sheets):
        return out
    for name, role in roles.items():
        due = _tell(name, out, lines)
        if due is None or any(candidate.value == due.value and candidate.score >= _SURE for candidate in out[name]):
            continue
        found = next(_find(sheets, name, role, due, out), None)
        if found is not None:
            rest = [
                candidate.with_bonus(-_SURE) if candidate.raw == found.raw else candidate for candidate in out[name]
            ]
            out[name] = [found, *(candidate for candidate in rest if candidate.value != found.value)]
    return out


def _tell(name: FieldName, ranked: Mapping[FieldName, list[Candidate]], lines: Decimal | None) -> _Due | None:
    """What an amount must be, None where the others do not say it."""
    total, amo, amc, rest = (_sure(ranked, other) for other in _PARTS)
    if name is FieldName.TOTAL_AMOUNT:
        shared = None if rest is None or (amo is None and amc is None) else rest + (amo or 0) + (amc or 0)
        if shared is not None and shared > 0:
            return _Due(shared, 1 + (lines == shared))
        return None
    parts = {FieldName.AMO_AMOUNT: amo, FieldName.AMC_AMOUNT: amc, FieldName.PATIENT_DUE: rest}
    others = [value for other, value in parts.items() if other is not name]
    known = [value for value in others if value is not None]
    if total is None or not known or (name is not FieldName.PATIENT_DUE and rest is None):
        return None
    value = total - sum(known, Decimal(0))
    return _Due(value, 1 + (lines == total)) if 0 <= value < total else None


_PARTS = (FieldName.TOTAL_AMOUNT, FieldName.AMO_AMOUNT, FieldName.AMC_AMOUNT, FieldName.PATIENT_DUE)


def _sure(ranked: Mapping[FieldName, list[Candidate]], name: FieldName) -> Decimal | None:
    best = ranked[name][0] if ranked.get(name) else None
    return best.value if best and best.score >= _SURE and isinstance(best.value, Decimal) else None


def _find(
    sheets: Sequence[Sheet],
    name: FieldName,
    role: str,
    due: _Due,
    ranked: Mapping[FieldName, list[Candidate]],
) -> Iterator[Candidate]:
    """The printed number that can be read as what is due: under the field's own label, else in the block of amounts."""
    for sheet in sheets:
        for spot in sheet.spots_of(SpotKind.AMOUNT):
            strength = spot.strength(role)
            open_to_doubt = spot.value == due.value or _is_doubted(spot)
            if strength >= _TAKEN and open_to_doubt and could_be(spot.raw, due.value, one_figure=due.sums >= 2):
                yield _from(sheet, spot, due, strength)
        yield from _behind_labels(sheet, role, due)
    if any(candidate.score >= _SURE for candidate in ranked.get(name, ())):
        return
    for sheet in sheets:
        for spot in sheet.spots_of(SpotKind.AMOUNT):
            alone = not any(tie.role.startswith("amount.") and tie.strength >= _TAKEN for tie in spot.ties)
            if alone and spot.value == due.value and _in_block(sheet, spot, name, ranked):
                yield _from(sheet, spot, due, 0.6)


def _is_doubted(spot: Spot) -> bool:
    """One reader is unsure of the figures, or two do not agree on them."""
    return spot.confidence < _DOUBT or any(word.agreed is False for word in spot.words)


def _from(sheet: Sheet, spot: Spot, due: _Due, strength: float) -> Candidate:
    """The number of a spot, read as what is due."""
    mended = spot.value != due.value
    candidate = from_spot(sheet, spot, label=max(0.6, strength), form=0.8, low=sheet.top_share(spot.row))
    proved = replace(candidate, value=due.value).with_checks(Check(name=PROVED, passed=True))
    return proved.with_features(repaired=float(mended or spot.repaired), times=1.0)


def _behind_labels(sheet: Sheet, role: str, due: _Due) -> Iterator[Candidate]:
    """Figures right behind a label that are no amount as they stand ("52:29")."""
    for hit in sheet.hits_of("label", role):
        row = sheet.rows[hit.row]
        match = _BROKEN.search(row.text, hit.end)
        if match is None or not _GAP.match(row.text[hit.end : match.start()]):
            continue
        if any(spot.start < match.end() and match.start() < spot.end for spot in sheet.spots_in(hit.row)):
            continue
        if could_be(match.group(), due.value):
            words = row.words_between(match.start(), match.end())
            candidate = from_words(
                sheet, words, due.value, label=hit.cue.weight, form=0.8, low=sheet.top_share(hit.row), repaired=1.0
            )
            yield candidate.with_checks(Check(name=PROVED, passed=True)).with_features(times=1.0)


def _in_block(sheet: Sheet, spot: Spot, name: FieldName, ranked: Mapping[FieldName, list[Candidate]]) -> bool:
    """An amount without a label stands in the block of the others: the total over them, a share among them."""
    rows = {
        other.row: field
        for field in _PARTS
        if field is not name
        for candidate in ranked.get(field, ())[:1]
        for other in sheet.spots_of(SpotKind.AMOUNT)
        if other.value == candidate.value and other.polygon == candidate.polygon
    }
    if not rows:
        return False
    over = spot.row < min(rows) and min(rows) - spot.row <= 2
    among = min(rows) < spot.row < max(rows)
    return over if name is FieldName.TOTAL_AMOUNT else among and spot.row not in rows


def could_be(raw: str, value: Decimal, *, one_figure: bool = False) -> bool:
    """Whether what was read can be the print of an amount.

    Args:
        raw: as read, with its currency or without.
        value: that arithmetic asks for.
        one_figure: one figure may be wrong, because two sums say so.
    """
    text = re.sub(r"(?i)[ \t]*(?:€|eur(?:os?)?)[ \t]*$", "", raw.strip()).translate(_FIGURES)
    if re.search(r"[^\d .,:;'’\t-]", text) or value < 0:
        return False
    read, wanted = re.sub(r"\D", "", text), f"{value:.2f}".replace(".", "")
    if read in (wanted, f"1{wanted}"):  # a lost comma; the rule of a table before it
        return True
    differing = sum(a != b for a, b in zip(read, wanted, strict=False))
    return one_figure and len(read) == len(wanted) >= 4 and differing == 1
