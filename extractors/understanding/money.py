"""Candidates for the four amounts, and the sum that ties them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from extractors.understanding.candidates import Candidate, from_spot, rank
from extractors.understanding.named_values import read_named_values
from extractors.understanding.payment import is_balance
from extractors.understanding.proving import prove_amounts
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.table_parts import Table
from extractors.understanding.tables import is_left
from schemas.readings import LineItem
from schemas.vocabulary import DocumentType, FieldName

_CENT = Decimal("0.011")
_ROLES = {
    FieldName.TOTAL_AMOUNT: "amount.total",
    FieldName.AMO_AMOUNT: "amount.amo",
    FieldName.AMC_AMOUNT: "amount.amc",
    FieldName.PATIENT_DUE: "amount.due",
}
#: The amounts that are chosen together, in the order of their sum: total = AMO + AMC + remainder.
AMOUNTS = tuple(_ROLES)
#: Labels that say a value is something else than the field.
_AGAINST = (
    "amount.partial",
    "amount.tax",
    "amount.discount",
    "amount.deposit",
    "amount.paid",
    "amount.other",
    "amount.balance",
)


def collect_amounts(
    sheets: Sequence[Sheet],
    tables: Sequence[Sequence[Table]],
    kind: DocumentType,
    items: Sequence[LineItem],
    lines: Decimal | None,
) -> dict[FieldName, list[Candidate]]:
    """Ranked candidates for total, AMO, AMC and remainder; what the lines add up to is believed more."""
    sums = _sums(items)
    if lines is not None and len(items) >= 2:
        sums[FieldName.TOTAL_AMOUNT] = lines  # less a discount under them
    wholes = _find_wholes(sheets)
    if kind is DocumentType.DECOMPTE_AM:
        wholes = {**_find_largest(sheets), **wholes}
    found: dict[FieldName, list[Candidate]] = {name: [] for name in _ROLES}
    for sheet, page_tables in zip(sheets, tables, strict=True):
        inside = _rows_of_lines(page_tables) | _rows_under_lines(sheet)
        for spot in sheet.spots_of(SpotKind.AMOUNT):
            if spot.row in inside or is_left(sheet, spot.row):
                continue
            for name, candidate in _candidates_of(sheet, spot, kind, sums):
                parts = wholes.get(name)
                if parts is not None:
                    candidate = candidate.with_bonus(0.3 if spot.value == parts else -0.15).with_features(
                        whole=1.0 if spot.value == parts else -1.0
                    )
                found[name].append(candidate)
    ranked = {name: rank(candidates) for name, candidates in found.items()}
    ranked = prove_amounts(sheets, ranked, _ROLES, lines)
    if not ranked[FieldName.TOTAL_AMOUNT]:
        ranked[FieldName.TOTAL_AMOUNT] = _lone_amount(sheets)
    return ranked


def _find_wholes(sheets: Sequence[Sheet]) -> dict[FieldName, Decimal]:
    """For each amount, the value that is the sum of all the others under its label: the others are its parts.

    Statements and quotes name the share of every act as they name the sum of the shares.
    """
    wholes = {}
    for name, role in _ROLES.items():
        values = [
            spot.value
            for sheet in sheets
            for spot in sheet.spots_of(SpotKind.AMOUNT)
            if spot.strength(role) >= 0.4 and isinstance(spot.value, Decimal) and spot.value > 0
        ]
        largest = max(values, default=Decimal(0))
        if len(values) >= 3 and values.count(largest) == 1 and sum(values, Decimal(0)) == 2 * largest:
            wholes[name] = largest
    return wholes


def _find_largest(sheets: Sequence[Sheet]) -> dict[FieldName, Decimal]:
    """On a statement of reimbursements, the largest amount under each label: the sum of those of its acts."""
    largest = {}
    for name in (FieldName.TOTAL_AMOUNT, FieldName.AMO_AMOUNT):
        roles = (_ROLES[name], "amount.paid") if name is FieldName.TOTAL_AMOUNT else (_ROLES[name],)
        values = {
            spot.value
            for sheet in sheets
            for spot in sheet.spots_of(SpotKind.AMOUNT)
            if isinstance(spot.value, Decimal) and max(spot.strength(role) for role in roles) >= 0.4
        }
        if len(values) > 1:
            largest[name] = max(values)
    return largest


def _rows_of_lines(tables: Sequence[Table]) -> frozenset[int]:
    return frozenset(row for table in tables for line in table.lines for row in line.rows if row not in table.headings)


def _rows_under_lines(sheet: Sheet) -> frozenset[int]:
    """Rows that tell more of the act above them: "HBLD364 · Base 107,50 · Part AMO 64,50" has no share of the whole."""
    rows = (row for row in sheet.rows if any(hit.cue.role == "amount.other" for hit in sheet.hits[row.index]))
    return frozenset(row.index for row in rows if read_named_values(sheet, row).makes_part)


def _sums(items: Sequence[LineItem]) -> dict[FieldName, Decimal]:
    """What the columns of two lines or more add up to."""
    sums: dict[FieldName, Decimal] = {}
    for name, column in (
        (FieldName.TOTAL_AMOUNT, "amount"),
        (FieldName.AMO_AMOUNT, "amo"),
        (FieldName.AMC_AMOUNT, "amc"),
    ):
        values = [value for item in items if (value := getattr(item, column)) is not None]
        if len(values) >= 2 and len(values) == len(items) and sum(values) > 0:
            sums[name] = sum(values, Decimal(0))
    return sums


def _candidates_of(
    sheet: Sheet, spot: Spot, kind: DocumentType, sums: dict[FieldName, Decimal]
) -> list[tuple[FieldName, Candidate]]:
    statement = kind is DocumentType.DECOMPTE_AM
    against = max((spot.strength(role) for role in _AGAINST if not (statement and role == "amount.paid")), default=0.0)
    form = 0.6 + 0.2 * spot.currency + 0.2 * ("," in spot.raw or "." in spot.raw or "€" in spot.raw)
    low = sheet.top_share(spot.row)
    out = []
    for name, role in _ROLES.items():
        added_up = sums.get(name) == spot.value
        label = max(spot.strength(role), 0.55 if added_up else 0.0)
        if statement and name is FieldName.TOTAL_AMOUNT:
            label = max(label, 0.8 * spot.strength("amount.paid"))  # what was paid is what was spent
        if label < 0.15:
            continue
        if against > label or (name is FieldName.PATIENT_DUE and is_balance(sheet, spot)):
            continue
        bonus = 0.06 * low - (0.25 * against if against else 0.0) + (0.3 if added_up else 0.0)
        if name is FieldName.TOTAL_AMOUNT:
            bonus += _as_total(sheet, spot)
        elif spot.value < 0:  # type: ignore[operator]  # an amount is a Decimal
            bonus -= 0.3
        elif statement and name is FieldName.AMO_AMOUNT and "total" in _before(sheet, spot):
            bonus += 0.15
        out.append((name, from_spot(sheet, spot, label=label, form=form, bonus=bonus, low=low)))
    return out


def _before(sheet: Sheet, spot: Spot) -> str:
    return sheet.rows[spot.row].text[: spot.start].lower()


def _as_total(sheet: Sheet, spot: Spot) -> float:
    """A total in larger letters, or behind the word itself, is more of a total."""
    bonus = 0.0
    height = max(word.box.height for word in spot.words)
    if height > 1.15 * sheet.height:
        bonus += 0.05
    text = _before(sheet, spot)
    if "total" in text or "ttc" in text or "somme" in text:
        bonus += 0.08
    if spot.value <= 0:  # type: ignore[operator]  # an amount is a Decimal
        bonus -= 0.8
    return bonus


def _lone_amount(sheets: Sequence[Sheet]) -> list[Candidate]:
    """Receipts print one amount without a word: it is the total when no other amount stands beside it."""
    spots = [(sheet, spot) for sheet in sheets for spot in sheet.spots_of(SpotKind.AMOUNT)]
    values = {spot.value for _, spot in spots if not any(spot.strength(role) > 0.4 for role in _AGAINST)}
    if len(values) != 1:
        return []
    return [from_spot(sheet, spot, label=0.6, form=1.0) for sheet, spot in spots if spot.value in values][:1]


class Worth(Protocol):
    """How much choosing a candidate is worth; ``adds_up`` as in ``Settled``, of the choice that it is part of."""

    def __call__(self, name: FieldName, candidate: Candidate, *, adds_up: bool | None) -> float:
        """In the same unit as the other numbers of a ``Scale``."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What makes one choice of amounts better than another.

    Attributes:
        worth: of each amount chosen; leaving one out is worth 0.
        whole: of a choice that adds up.
        lines: of a total that is what the lines add up to.
        shared: cost of one printed number that stands for two amounts.
    """

    worth: Worth
    whole: float
    lines: float
    shared: float


def _hand_worth(name: FieldName, candidate: Candidate, *, adds_up: bool | None) -> float:  # noqa: ARG001 (of the protocol)
    return candidate.score


#: The hand-set scale, in scores of candidates.
HAND_SCALE = Scale(worth=_hand_worth, whole=0.35, lines=0.25, shared=0.6)


@dataclass(frozen=True, slots=True)
class Settled:
    """Amounts chosen together.

    Attributes:
        chosen: the candidate of each amount, None where none is chosen.
        adds_up: whether they add up, None where the paper does not print enough to tell.
    """

    chosen: dict[FieldName, Candidate | None]
    adds_up: bool | None


def settle_amounts(ranked: dict[FieldName, list[Candidate]], lines: Decimal | None, scale: Scale) -> Settled:
    """Choose the four amounts together, so that total = AMO + AMC + remainder where a likely choice does.

    Args:
        ranked: candidates for the four amounts, best first.
        lines: sum of the lines, None where it is not known.
        scale: what makes a choice better than another.
    """
    pools = [ranked.get(name, [])[:4] for name in AMOUNTS]
    options = [[*pool, None] if not pool or pool[0].score < 0.5 else pool for pool in pools]
    best: tuple[float, tuple[Candidate | None, ...]] | None = None
    for combo in itertools.product(*options):
        adds_up = _tell(combo)
        score = sum(
            scale.worth(name, candidate, adds_up=adds_up)
            for name, candidate in zip(AMOUNTS, combo, strict=True)
            if candidate
        )
        if adds_up:
            score += scale.whole
        if lines is not None and combo[0] and combo[0].value == lines:
            score += scale.lines
        used = [id(candidate.polygon) for candidate in combo if candidate]
        score -= scale.shared * (len(used) - len(set(used)))
        if best is None or score > best[0]:
            best = (score, combo)
    chosen = best[1] if best else (None,) * len(AMOUNTS)
    return Settled(dict(zip(AMOUNTS, chosen, strict=True)), _tell(chosen))


def _tell(combo: Sequence[Candidate | None]) -> bool | None:
    """Whether a choice adds up, None where it holds too little to tell."""
    total, amo, amc, due = (candidate.value if candidate else None for candidate in combo)
    if total is None or due is None or (amo is None and amc is None):
        return None
    return _adds_up(total, amo, amc, due)


def tell_sums(ranked: dict[FieldName, list[Candidate]], lines: Decimal | None) -> dict[FieldName, list[bool | None]]:
    """For every candidate, whether the amounts add up when it is taken and the others are chosen to go with it."""
    return {
        name: [
            settle_amounts({**ranked, name: [candidate]}, lines, HAND_SCALE).adds_up
            for candidate in ranked.get(name, [])
        ]
        for name in AMOUNTS
    }


def _adds_up(total: object, amo: object, amc: object, due: object) -> bool:
    if not isinstance(total, Decimal) or not isinstance(due, Decimal):
        return False
    shares = [share for share in (amo, amc) if isinstance(share, Decimal)]
    return bool(shares) and abs(total - due - sum(shares, Decimal(0))) < _CENT
