"""Candidates for the four amounts, and the sum that ties them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from extractors.understanding.candidates import Candidate, from_spot, rank
from extractors.understanding.sheet import Sheet, Spot, SpotKind
from extractors.understanding.tables import Table
from schemas.readings import Check, LineItem
from schemas.vocabulary import DocumentType, FieldName

_CENT = Decimal("0.011")
_ROLES = {
    FieldName.TOTAL_AMOUNT: "amount.total",
    FieldName.AMO_AMOUNT: "amount.amo",
    FieldName.AMC_AMOUNT: "amount.amc",
    FieldName.PATIENT_DUE: "amount.due",
}
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
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType, items: Sequence[LineItem]
) -> dict[FieldName, list[Candidate]]:
    """Ranked candidates for total, AMO, AMC and remainder; what the lines add up to is believed more."""
    sums = _sums(items)
    found: dict[FieldName, list[Candidate]] = {name: [] for name in _ROLES}
    for sheet, page_tables in zip(sheets, tables, strict=True):
        inside = _rows_of_lines(page_tables)
        for spot in sheet.spots_of(SpotKind.AMOUNT):
            if spot.row in inside:
                continue
            for name, candidate in _candidates_of(sheet, spot, kind, sums):
                found[name].append(candidate)
    ranked = {name: rank(candidates) for name, candidates in found.items()}
    if not ranked[FieldName.TOTAL_AMOUNT]:
        ranked[FieldName.TOTAL_AMOUNT] = _lone_amount(sheets)
    return ranked


def _rows_of_lines(tables: Sequence[Table]) -> frozenset[int]:
    return frozenset(
        row for table in tables for line in table.lines for row in (line.row, *line.more) if row not in table.headings
    )


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
    against = max((spot.strength(role) for role in _AGAINST), default=0.0)
    form = 0.6 + 0.2 * spot.currency + 0.2 * ("," in spot.raw or "." in spot.raw or "€" in spot.raw)
    low = sheet.top_share(spot.row)
    out = []
    for name, role in _ROLES.items():
        added_up = sums.get(name) == spot.value
        label = max(spot.strength(role), 0.55 if added_up else 0.0)
        if label < 0.15:
            continue
        if against > label:
            continue
        bonus = 0.06 * low - (0.25 * against if against else 0.0) + (0.3 if added_up else 0.0)
        if name is FieldName.TOTAL_AMOUNT:
            bonus += _as_total(sheet, spot)
        elif spot.value < 0:  # type: ignore[operator]  # an amount is a Decimal
            bonus -= 0.3
        elif kind is DocumentType.DECOMPTE_AM and name is FieldName.AMO_AMOUNT and "total" in _before(sheet, spot):
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
        bonus -= 0.5
    return bonus


def _lone_amount(sheets: Sequence[Sheet]) -> list[Candidate]:
    """Receipts print one amount without a word: it is the total when no other amount stands beside it."""
    spots = [(sheet, spot) for sheet in sheets for spot in sheet.spots_of(SpotKind.AMOUNT)]
    values = {spot.value for _, spot in spots if not any(spot.strength(role) > 0.4 for role in _AGAINST)}
    if len(values) != 1:
        return []
    return [from_spot(sheet, spot, label=0.6, form=1.0) for sheet, spot in spots if spot.value in values][:1]


def reconcile(
    ranked: dict[FieldName, list[Candidate]], lines: Decimal | None
) -> tuple[dict[FieldName, list[Candidate]], bool | None]:
    """Reorder the candidates so that total = AMO + AMC + remainder where a likely choice does.

    Args:
        ranked: candidates for the four amounts.
        lines: sum of the lines, None where it is not known.

    Returns:
        the candidates, best first, and whether the chosen ones add up (None where the paper does not print enough).
    """
    pools = [ranked[name][:4] for name in _ROLES]
    options = [[*pool, None] if not pool or pool[0].score < 0.5 else pool for pool in pools]
    best: tuple[float, tuple[Candidate | None, ...]] | None = None
    for combo in itertools.product(*options):
        score = sum(candidate.score for candidate in combo if candidate)
        total, amo, amc, due = (candidate.value if candidate else None for candidate in combo)
        if _adds_up(total, amo, amc, due):
            score += 0.35
        if lines is not None and total == lines:
            score += 0.25
        used = [id(candidate.polygon) for candidate in combo if candidate]
        score -= 0.6 * (len(used) - len(set(used)))
        if best is None or score > best[0]:
            best = (score, combo)
    if best is None:
        return ranked, None
    result = {}
    for name, pool, chosen in zip(_ROLES, pools, best[1], strict=True):
        rest = [candidate for candidate in ranked[name] if candidate is not chosen]
        head = [chosen] if chosen else []
        result[name] = [*head, *rest] if chosen or not pool else rest
    values = [candidate.value if candidate else None for candidate in best[1]]
    known = values[0] is not None and values[3] is not None and (values[1] is not None or values[2] is not None)
    return result, _adds_up(*values) if known else None


def _adds_up(total: object, amo: object, amc: object, due: object) -> bool:
    if not isinstance(total, Decimal) or not isinstance(due, Decimal):
        return False
    shares = [share for share in (amo, amc) if isinstance(share, Decimal)]
    return bool(shares) and abs(total - due - sum(shares, Decimal(0))) < _CENT


def check_sum(adds_up: bool | None) -> tuple[Check, ...]:
    """The arithmetic test as a check, nothing where it could not be made."""
    return () if adds_up is None else (Check(name="total_is_sum_of_shares", passed=adds_up),)
