"""Which label a value answers to: on its left, or above it.

A label that already has its own value on its right does not also announce the value below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind, Tie
from schemas.geometry import Box, bound_boxes

_PREFIXES: dict[SpotKind, tuple[str, ...]] = {
    SpotKind.DATE: ("date.",),
    SpotKind.AMOUNT: ("amount.",),
    SpotKind.NIR: ("id.", "number."),
    SpotKind.SIRET: ("id.", "number."),
    SpotKind.RPPS: ("id.", "number."),
    SpotKind.FINESS: ("id.", "number."),
    SpotKind.ADELI: ("id.", "number."),
    SpotKind.IBAN: ("id.",),
    SpotKind.BIC: ("id.",),
}
#: How much words between a label and its value take away.
_BETWEEN = (1.0, 0.85, 0.7, 0.55, 0.45, 0.35)
#: An identifier hangs close to its label: a word between makes it somebody else's.
_BETWEEN_ID = (1.0, 0.6, 0.45, 0.2)
_WORD = re.compile(r"[^\W_]{2,}|\d")
#: Relation of a label that stands under its value.
CAPTION = "caption"
#: Rows above are looked at down to this many heights.
_REACH = 2.6


def tie_labels(sheet: Sheet, *, headings: Mapping[int, int] = MappingProxyType({})) -> None:
    """Give every spot of a page the labels it answers to.

    Args:
        sheet: the page; its spots are changed in place.
        headings: rows with headings of tables, each with the letter at which they begin; what stands below them is
            tied by column, not here.
    """
    used: set[tuple[int, int, int]] = set()
    by_row: dict[int, list[Spot]] = {}
    for spot in sheet.spots:
        by_row.setdefault(spot.row, []).append(spot)
    for row, spots in by_row.items():
        for spot in spots:
            for hit, tie in _left_ties(sheet, spot, spots, row):
                spot.ties.append(tie)
                if tie.strength >= 0.4:
                    used.add((hit.row, hit.start, hit.end))
        _link(spots)
    serving: set[tuple[int, int, int]] = set()
    for spot in sheet.spots:
        best = max((tie.strength for tie in spot.ties), default=0.0)
        if best < 0.45:
            spot.ties.extend(_above_ties(sheet, spot, used, serving, headings))
            if sheet.ocr and not spot.ties:
                spot.ties.extend(_beside_ties(sheet, spot, used, headings))
    for spot in sheet.spots:
        if not spot.ties:
            spot.ties.extend(_wrapped_ties(sheet, spot, used))
        if not spot.ties:
            spot.ties.extend(_caption_ties(sheet, spot, used | serving, headings))


def _left_ties(sheet: Sheet, spot: Spot, spots: list[Spot], row: int) -> list[tuple[Hit, Tie]]:
    text = sheet.rows[row].text
    prefixes = _PREFIXES[spot.kind]
    hits = [
        hit
        for hit in sheet.hits[row]
        if hit.cue.family == "label" and hit.cue.role.startswith(prefixes) and hit.end <= spot.start + 1
    ]
    if not hits:
        return []
    table = _BETWEEN if spot.kind in (SpotKind.DATE, SpotKind.AMOUNT) else _BETWEEN_ID
    nearest = max(hit.end for hit in hits)
    ties = []
    for hit in hits:
        between = text[hit.end : spot.start]
        plain = _drop_spots(between, hit.end, spots)
        if spot.kind is SpotKind.DATE:
            plain = _WEEKDAY.sub("", plain)
        words = len(_WORD.findall(plain))
        strength = hit.cue.weight * table[min(words, len(table) - 1)]
        if words == 0 and hit.words > 1:
            strength = min(1.0, strength * 1.1)
        breaks = between.count("\n")
        strength *= 1.0 if breaks == 0 else 0.93 if breaks == 1 else 0.8
        rivals = [other for other in spots if hit.end <= other.start and other.end <= spot.start and _same(other, spot)]
        if rivals:
            strength *= 0.35
        if hit.end < nearest:
            strength *= 0.3
        if re.search(r"[.;](?:\s|$)|[–—](?:\s|$)", between) and words:
            strength *= 0.6
        if strength >= 0.12:
            ties.append((hit, Tie(hit.cue.role, round(strength, 4), "left")))
    return ties


#: What the tie of a value that was pushed to the next line keeps of its label's weight.
_PUSHED = 0.85


def _wrapped_ties(sheet: Sheet, spot: Spot, used: set[tuple[int, int, int]]) -> list[Tie]:
    """The label at the end of the line above, where values follow each other and the last was pushed down."""
    row = sheet.rows[spot.row]
    cell = row.cells[row.cell_of(spot.start)]
    if row.text[cell.start : spot.start].strip():
        return []
    for above in reversed(sheet.rows[max(0, spot.row - 2) : spot.row]):
        if cell.box.y0 - above.box.y1 > 1.5 * sheet.height:
            continue
        columns = [(over.start, over.end, 1) for over in above.cells if _is_flush(sheet, over.box, cell.box)]
        if not row.text[: spot.start].strip() and _is_flush(sheet, above.box, row.box):
            columns.append((0, len(above.text), 2))
        for start, end, fewest in columns:
            others = [
                other
                for other in sheet.spots_in(above.index)
                if start <= other.start < end and _same(other, spot) and other.ties
            ]
            found = [
                Tie(hit.cue.role, _PUSHED * hit.cue.weight, "left")
                for hit in sheet.hits[above.index]
                if hit.cue.family == "label"
                and start <= hit.start < end
                and hit.cue.role.startswith(_PREFIXES[spot.kind])
                and (hit.row, hit.start, hit.end) not in used
                and not above.text[hit.end : end].strip(" \t\n:")
            ]
            if found and len(others) >= fewest:
                return found
    return []


def _is_flush(sheet: Sheet, over: Box, under: Box) -> bool:
    return abs(over.x0 - under.x0) <= sheet.height


def _drop_spots(between: str, offset: int, spots: list[Spot]) -> str:
    """Letters between a label and a value, without the other values that stand there."""
    letters = list(between)
    for spot in spots:
        for index in range(max(0, spot.start - offset), min(len(letters), spot.end - offset)):
            letters[index] = " "
    return "".join(letters)


def _same(a: Spot, b: Spot) -> bool:
    return a.kind == b.kind and a is not b


def _link(spots: list[Spot]) -> None:
    """Dates of one range or list share the labels of the first."""
    dates = [spot for spot in spots if spot.kind is SpotKind.DATE]
    for before, after in pairwise(dates):
        if before.linked and before.ties:
            roles = {tie.role for tie in after.ties if tie.strength > 0.5}
            after.ties = [tie for tie in after.ties if tie.role in roles and tie.relation != "left"]
            after.ties.extend(Tie(tie.role, tie.strength * 0.98, "linked") for tie in before.ties)


def _above_ties(
    sheet: Sheet,
    spot: Spot,
    used: set[tuple[int, int, int]],
    serving: set[tuple[int, int, int]],
    headings: Mapping[int, int],
) -> list[Tie]:
    prefixes = _PREFIXES[spot.kind]
    ties: list[Tie] = []
    row = sheet.rows[spot.row]
    unit = max(row.height, 0.7 * sheet.height)
    for index in range(spot.row - 1, max(-1, spot.row - 7), -1):
        above = sheet.rows[index]
        distance = (spot.box.y0 - above.box.y1) / unit
        if distance > _REACH:
            break
        for hit in sheet.hits[index]:
            if hit.cue.family != "label" or not hit.cue.role.startswith(prefixes):
                continue
            if hit.start >= headings.get(index, hit.start + 1):
                continue
            if (hit.row, hit.start, hit.end) in used:
                continue
            box = _with_head(sheet, hit)
            if not _stands_over(box, _with_weekday(row, spot), unit):
                continue
            strength = hit.cue.weight * max(0.2, 0.85 - 0.18 * max(0.0, distance))
            ties.append(Tie(hit.cue.role, round(strength, 4), "above"))
            serving.add((hit.row, hit.start, hit.end))
        if ties:
            break
        if _blocked(sheet, index, spot):
            break
    return ties


def _caption_ties(sheet: Sheet, spot: Spot, used: set[tuple[int, int, int]], headings: Mapping[int, int]) -> list[Tie]:
    """Forms print the label as a caption under the line on which the value is written.

    The label must be nobody else's, in a row without values.
    """
    below = sheet.rows[spot.row + 1] if spot.row + 1 < len(sheet.rows) else None
    row = sheet.rows[spot.row]
    unit = max(row.height, 0.7 * sheet.height)
    if below is None or below.index in headings or spot.row in headings or below.box.y0 - spot.box.y1 > 0.9 * unit:
        return []
    if sheet.spots_in(below.index):
        return []
    return [
        Tie(hit.cue.role, round(0.75 * hit.cue.weight, 4), CAPTION)
        for hit in sheet.hits[below.index]
        if hit.cue.family == "label"
        and hit.cue.role.startswith(_PREFIXES[spot.kind])
        and (hit.row, hit.start, hit.end) not in used
        and _stands_over(_with_head(sheet, hit), _with_weekday(row, spot), unit)
    ]


def _with_head(sheet: Sheet, hit: Hit) -> Box:
    """The place of a label with the words before it in its cell: "Équipement délivré le" stands over its value."""
    row = sheet.rows[hit.row]
    cell = row.cells[row.cell_of(hit.start)]
    head = row.text[cell.start : hit.start]
    others = any(
        other.cue.family == "label" and cell.start <= other.start and other.end <= hit.start
        for other in sheet.hits[hit.row]
    )
    plain = not others and not re.search(r"[\d:]", head)
    return row.box_between(cell.start, hit.end) if plain else sheet.box_of(hit)


_WEEKDAY = re.compile(r"(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,5}\.?[ \t]{1,3}$", re.IGNORECASE)


def _with_weekday(row: Row, spot: Spot) -> Box:
    """The place of a value; of a date with the weekday before it, which stands under the label's left edge."""
    match = _WEEKDAY.search(row.text[: spot.start]) if spot.kind is SpotKind.DATE else None
    return bound_boxes([spot.box, row.box_between(match.start(), spot.start)]) if match else spot.box


def _beside_ties(sheet: Sheet, spot: Spot, used: set[tuple[int, int, int]], headings: Mapping[int, int]) -> list[Tie]:
    """A label at the end of the row before or after, about as high: a line that bends has come apart in two rows."""
    row = sheet.rows[spot.row]
    if row.cells[0].start < spot.start and row.cells[row.cell_of(spot.start)].start != spot.start:
        return []
    ties: list[tuple[float, Tie]] = []
    for index in (spot.row - 1, spot.row + 1):
        if not 0 <= index < len(sheet.rows) or index in headings:
            continue
        near = sheet.rows[index]
        for hit in sheet.hits[index]:
            if hit.cue.family != "label" or not hit.cue.role.startswith(_PREFIXES[spot.kind]):
                continue
            box = sheet.box_of(hit)
            off = abs(box.center.y - spot.box.center.y) / max(row.height, near.height, 0.7 * sheet.height)
            alone = not near.text[hit.end :].strip(" :\t\n.") and (hit.row, hit.start, hit.end) not in used
            first = not any(word.box.x1 > box.x1 and word.box.x1 <= spot.box.x0 for word in row.words)
            if alone and first and box.x1 < spot.box.x0 and off < 1.1:
                ties.append((off, Tie(hit.cue.role, round(hit.cue.weight * (0.85 - 0.3 * off), 4), "beside")))
    least = min((off for off, _ in ties), default=0.0)
    return [tie for off, tie in ties if off <= least + 0.05]


def _stands_over(label: Box, value: Box, unit: float) -> bool:
    overlap = min(label.x1, value.x1) - max(label.x0, value.x0)
    return overlap > 0.3 * min(label.width, value.width) or abs(label.x0 - value.x0) < 1.2 * unit


def _blocked(sheet: Sheet, index: int, spot: Spot) -> bool:
    """Another value of the same kind stands between: the label above belongs to that one."""
    return any(
        other.kind == spot.kind and other.box.x0 < spot.box.x1 and spot.box.x0 < other.box.x1
        for other in sheet.spots
        if other.row == index
    )
