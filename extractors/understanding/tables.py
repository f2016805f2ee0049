"""Tables: headings, columns, lines, total rows."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from extractors.understanding.amounts import read_without_comma
from extractors.understanding.codes import find_codes
from extractors.understanding.column_roles import settle_roles
from extractors.understanding.headings import begins_table, read_headings
from extractors.understanding.layout import Row
from extractors.understanding.named_values import read_named_values
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind, Tie, make_spot
from extractors.understanding.table_parts import MONEY_COLUMNS, Line, Table, apart
from extractors.understanding.text import fold
from extractors.understanding.total_rows import announces_totals, is_total

#: What the total row of a column tells.
_TOTAL_ROLES = {
    "amount": "amount.total",
    "amo": "amount.amo",
    "amc": "amount.amc",
    "due": "amount.due",
    "base": "amount.other",
    "excess": "amount.other",
}


def find_tables(sheet: Sheet) -> list[Table]:
    """Tables of a page, by their headings; a grid of labels without money below is not one."""
    tables: list[Table] = []
    index = 0
    while index < len(sheet.rows):
        table = read_headings(sheet, index)
        if table is None:
            index += 1
            continue
        _fill(sheet, table)
        money = any(
            spot.kind is SpotKind.AMOUNT for line in table.lines for spots in line.cells.values() for spot in spots
        )
        if money:
            tables.append(table)
            last = max([*table.headings, *(line.row for line in (*table.lines, *table.totals))])
            index = last + 1
        else:
            index += 1
    return tables


#: What is said of an offer that was not chosen, in its total row; and what titles of offers say of the choice.
_LEFT = re.compile(r"non (?:choisi|retenu)|pour memoire|a titre indicatif")
_CHOICE = re.compile(r"(?P<left>non[ -]+)?(?:choisi|retenu)")


def is_left(sheet: Sheet, row: int) -> bool:
    """A row is said, in itself or in the row before, to belong to an offer that was not chosen."""
    return any(_LEFT.search(fold(sheet.rows[index].text)) for index in (row - 1, row) if index >= 0)


def tie_columns(sheet: Sheet, table: Table) -> None:
    """Tie the values of total rows to what their column adds up; an offer that was not chosen adds up to no amount."""
    left = _is_left(sheet, min(table.headings))
    for line in table.totals:
        if left or _LEFT.search(fold(sheet.rows[line.row].text)):
            for spots in line.cells.values():
                for spot in spots:
                    spot.ties = [Tie("amount.other", 1.0, "column")]
            continue
        money = [spot for spots in line.cells.values() for spot in spots if spot.kind is SpotKind.AMOUNT]
        if len(money) < 2 or sum(_is_announced(spot) for spot in money) >= _SENTENCE:
            continue  # each amount of a sentence has its own label: "Total : 80 € | Part AMO : 60 €"
        for index, spots in line.cells.items():
            role = _TOTAL_ROLES.get(table.columns[index].role)
            for spot in spots:
                if role and spot.kind is SpotKind.AMOUNT:
                    spot.ties = [Tie(tie.role, tie.strength * 0.4, tie.relation) for tie in spot.ties]
                    spot.ties.append(Tie(role, 0.92, "column"))


#: So many amounts of a row with a label of their own make a sentence of it.
_SENTENCE = 2


def _is_announced(spot: Spot) -> bool:
    """A label right before an amount says what it is."""
    return any(tie.relation == "left" and tie.strength >= 0.9 for tie in spot.ties)


def is_offer_left(sheet: Sheet, table: Table) -> bool:
    """A table shows an offer that was not chosen, by its title or by its total row."""
    return _is_left(sheet, min(table.headings)) or any(
        _LEFT.search(fold(sheet.rows[line.row].text)) for line in table.totals
    )


def _is_left(sheet: Sheet, heading: int) -> bool:
    """The title right above the headings says that this offer was not chosen."""
    for index in range(heading, max(-1, heading - 3), -1):
        match = _CHOICE.search(fold(sheet.rows[index].text))
        if match:
            return bool(match.group("left"))
    return False


def _fill(sheet: Sheet, table: Table) -> None:
    last = table.headings[-1]
    left = min(column.box.x0 for column in table.columns) - sheet.height
    plain: list[int] = []
    misses = 0
    for index in range(last + 1, len(sheet.rows)):
        row = sheet.rows[index]
        before = sheet.rows[index - 1]
        if row.box.y0 - before.box.y1 > 6 * sheet.height and table.lines:
            break
        if index not in table.headings and begins_table(sheet, index):
            break
        _spot_round_amounts(sheet, table, row)
        spots = [spot for spot in sheet.spots_in(index) if spot.kind in (SpotKind.AMOUNT, SpotKind.DATE)]
        money = [spot for spot in spots if spot.kind is SpotKind.AMOUNT]
        if not money and announces_totals(sheet, index):
            break
        if money and table.lines and not table.totals and read_named_values(sheet, row).makes_part:
            table.lines[-1].more.append(index)
            continue
        assigned = _assign(table, index, spots)
        if money and is_total(sheet, row):
            if not (table.totals and _join_split(sheet, table.totals[-1], assigned)):
                table.totals.append(assigned)
            if len(table.totals) >= 2:
                break
            continue
        if table.totals:
            if money and _join_split(sheet, table.totals[-1], assigned):
                continue
            break
        if money or (spots and _starts_line(row)) or (sheet.ocr and _holds_torn(table, row)):
            if not (table.lines and _join_split(sheet, table.lines[-1], assigned)):
                table.lines.append(assigned)
            misses = 0
        else:
            misses += 1
            if row.box.x1 > left:
                plain.append(index)
            if misses > 4:
                break
    _share_rows(sheet, table, plain)
    settle_roles(sheet, table)


#: An amount without cents, alone in its cell.
_ROUND = re.compile(r"(?P<value>\d{1,3}(?:[ \t]\d{3})?|\d{4,5})(?:[ \t]?(?:€|(?i:eur(?:os?)?)))?")


def _spot_round_amounts(sheet: Sheet, table: Table, row: Row) -> None:
    """Spot whole amounts of a row that has no other amount: figures alone in a cell right under a heading of money."""
    if any(spot.kind is SpotKind.AMOUNT for spot in sheet.spots_in(row.index)) or not re.search(
        r"[^\W\d_]{3}", row.text
    ):
        return
    for number, cell in enumerate(row.cells):
        match = _ROUND.fullmatch(row.cell_text(number).strip())
        column = min(table.columns, key=lambda column: abs(column.box.center.x - cell.box.center.x))
        if match is None or column.role not in MONEY_COLUMNS or apart(cell.box, column.box) > 0:
            continue
        value = Decimal(re.sub(r"\D", "", match.group("value")))
        sheet.spots.append(make_spot(row, SpotKind.AMOUNT, value, cell.start, cell.end))
    sheet.spots.sort(key=lambda spot: (spot.row, spot.start, spot.end))


def _join_split(sheet: Sheet, line: Line, part: Line) -> bool:
    """Put the values of a row to the line before where both are one line that bends: as high, in other columns."""
    upper, lower = sheet.rows[max(line.rows)], sheet.rows[part.row]
    if lower.box.center.y - upper.box.center.y > 0.9 * sheet.height or set(line.cells) & set(part.cells):
        return False
    line.cells |= part.cells
    line.more.append(part.row)
    return True


def _share_rows(sheet: Sheet, table: Table, plain: list[int]) -> None:
    """Give the rows without values to the line over or under them: the widest gap between two lines parts them."""
    ends = [table.headings[-1], *(line.row for line in table.lines), len(sheet.rows)]
    for number, (start, end) in enumerate(pairwise(ends)):
        run = [index for index in plain if start < index < end]
        before = table.lines[number - 1] if number else None
        after = table.lines[number] if number < len(table.lines) else None
        if not run:
            continue
        if after is None:
            if before is not None:
                before.more.extend(_near_under(sheet, before, run))
            continue
        if before is None:
            after.above.extend(index for index in run if _leads(sheet, index, after.row))
            continue
        chain = [max(before.rows), *run, after.row]
        gaps = [sheet.rows[b].box.center.y - sheet.rows[a].box.center.y for a, b in pairwise(chain)]
        widest = max(gaps[1:])
        # rows as far from both go with the line over them, as wrapped wording does
        cut = 0 if gaps[0] > _WIDER * widest else 1 + max(i for i, gap in enumerate(gaps[1:]) if gap == widest)
        before.more.extend(run[:cut])
        after.above.extend(run[cut:])


#: A gap is wider than another from this ratio on.
_WIDER = 1.15


def _near_under(sheet: Sheet, line: Line, run: list[int]) -> list[int]:
    """Up to two rows right under the last line."""
    out: list[int] = []
    for index in run[:2]:
        over = sheet.rows[(out or [max(line.rows)])[-1]]
        if sheet.rows[index].box.y0 - over.box.y1 > 1.2 * sheet.height:
            break
        out.append(index)
    return out


def _leads(sheet: Sheet, index: int, row: int) -> bool:
    """A row under the headings stands close over the first line: it begins its wording."""
    return sheet.rows[row].box.y0 - sheet.rows[index].box.y1 < 1.2 * sheet.height


def _starts_line(row: Row) -> bool:
    return bool(find_codes(row.text)) or len(row.cells) >= 3


def _holds_torn(table: Table, row: Row) -> bool:
    """Figures without their comma stand under the heading of an amount."""
    return any(
        read_without_comma(row.cell_text(number)) is not None
        and any(
            column.role == "amount" and min(column.box.x1, cell.box.x1) > max(column.box.x0, cell.box.x0)
            for column in table.columns
        )
        for number, cell in enumerate(row.cells)
    )


def _assign(table: Table, index: int, spots: list[Spot]) -> Line:
    line = Line(row=index)
    for spot in spots:
        column = _nearest_column(table, spot)
        if column is not None:
            line.cells.setdefault(column, []).append(spot)
    return line


def _nearest_column(table: Table, spot: Spot) -> int | None:
    wanted = MONEY_COLUMNS if spot.kind is SpotKind.AMOUNT else {"date"}
    best: tuple[float, int] | None = None
    unit = max(1e-6, spot.box.height)
    for index, column in enumerate(table.columns):
        overlap = min(column.box.x1, spot.box.x1) - max(column.box.x0, spot.box.x0)
        off = min(
            abs(column.box.x1 - spot.box.x1),
            abs(column.box.x0 - spot.box.x0),
            abs(column.box.center.x - spot.box.center.x),
        )
        cost = off / unit - (2.0 if overlap > 0 else 0.0)
        if overlap < -5 * unit:
            continue
        if not (column.roles & wanted or column.role == "other"):
            cost += 4.0
        if best is None or cost < best[0]:
            best = (cost, index)
    if best is None:
        return None
    return best[1]
