"""Tables: headings, columns, lines, total rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from extractors.understanding.amounts import read_without_comma
from extractors.understanding.codes import find_codes
from extractors.understanding.layout import Row
from extractors.understanding.lexicon import Hit, load_lexicon
from extractors.understanding.named_values import read_named_values
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind, Tie, make_spot
from extractors.understanding.text import fold
from schemas.geometry import Box, bound_boxes

#: Columns that hold money.
MONEY_COLUMNS = frozenset({"unit_price", "amount", "base", "amo", "amc", "due", "excess"})
#: What the total row of a column tells.
_TOTAL_ROLES = {
    "amount": "amount.total",
    "amo": "amount.amo",
    "amc": "amount.amc",
    "due": "amount.due",
    "base": "amount.other",
    "excess": "amount.other",
}
#: So many known headings make a row of headings of one that was read badly.
_TELLING = 4
_TOTAL_LABELS = ("amount.total", "amount.partial", "amount.due", "amount.balance", "amount.paid", "amount.deposit")


@dataclass(slots=True)
class Column:
    """A column: what it holds and where its heading stands."""

    role: str
    box: Box
    roles: frozenset[str] = frozenset()


@dataclass(slots=True)
class Line:
    """A row of a table with the rows that belong to it.

    Attributes:
        above: rows over it that begin its wording.
        more: rows under it that continue it.
        cells: values by column index.
    """

    row: int
    above: list[int] = field(default_factory=list)
    more: list[int] = field(default_factory=list)
    cells: dict[int, list[Spot]] = field(default_factory=dict)

    @property
    def rows(self) -> list[int]:
        """All its rows, top to bottom."""
        return sorted([*self.above, self.row, *self.more])


@dataclass(slots=True)
class Table:
    """A table of one page.

    Attributes:
        headings: rows of the headings.
        lines: rows with money or dates, above the totals.
        totals: rows that add the columns up.
    """

    headings: list[int]
    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)


def find_tables(sheet: Sheet) -> list[Table]:
    """Tables of a page, by their headings; a grid of labels without money below is not one."""
    tables: list[Table] = []
    index = 0
    while index < len(sheet.rows):
        table = _read_headings(sheet, index)
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


def _read_headings(sheet: Sheet, index: int) -> Table | None:
    columns = _columns_of(sheet, index)
    if not _is_heading(sheet, index, columns):
        return None
    headings = [index]
    for other in (index - 1, index + 1):
        if not 0 <= other < len(sheet.rows):
            continue
        near = sheet.rows[other]
        gap = max(near.box.y0, sheet.rows[index].box.y0) - min(near.box.y1, sheet.rows[index].box.y1)
        if gap >= 0.7 * sheet.height or _has_value(sheet, other):
            continue
        stacked = gap < 0.1 * sheet.height and _continues(sheet, other, headings)
        if _mostly_columns(sheet, other, columns) or stacked:
            headings.append(other)
            columns = _merge(columns, _columns_of(sheet, other))
    columns = _name_stacked(sheet, sorted(headings), columns)
    if not any(column.role in MONEY_COLUMNS for column in columns):
        return None
    return Table(headings=sorted(headings), columns=sorted(columns, key=lambda column: column.box.x0))


def _is_heading(sheet: Sheet, index: int, columns: list[Column]) -> bool:
    if _has_value(sheet, index) or len(columns) < 2:
        return False
    row = sheet.rows[index]
    first = _find_first_letter(sheet, index)
    covered = _covered(sheet, index, first)
    letters = sum(char.isalnum() for char in row.text[first:])
    money = sum(column.role in MONEY_COLUMNS for column in columns)
    sums = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.family == "label" and hit.cue.role.startswith("amount.") and hit.cue.weight == 1
    ]
    summed = {sheet.rows[index].cell_of(hit.start) for hit in sums}
    boxes = [sheet.rows[index].cells[number].box for number in summed]
    named = any(
        column.role not in MONEY_COLUMNS
        and column.role != "other"
        and not any(_apart(box, column.box) < -0.8 * column.box.width for box in boxes)
        for column in columns
    )
    telling = sum(column.role != "other" for column in columns)
    enough = 0.5 if telling >= _TELLING and sheet.ocr else 0.6
    if covered < enough * letters or not money or not named:
        return False  # a row of nothing but amounts announces totals, not lines
    return len(columns) >= 3 or (len(row.cells) >= 2 and letters < 50)


def _covered(sheet: Sheet, index: int, first: int = 0) -> int:
    text = sheet.rows[index].text
    places: set[int] = set()
    for hit in sheet.hits[index]:
        if hit.cue.family == "column" and hit.start >= first:
            places.update(range(hit.start, hit.end))
    return sum(text[place].isalnum() for place in places)


def _has_value(sheet: Sheet, index: int) -> bool:
    return any(spot.kind in (SpotKind.AMOUNT, SpotKind.DATE) for spot in sheet.spots_in(index))


def _mostly_columns(sheet: Sheet, index: int, columns: list[Column]) -> bool:
    """A second row of headings: short cells, each above or below a heading or a heading itself."""
    row = sheet.rows[index]
    if len(row.text) > 80 or find_codes(row.text):
        return False
    letters = sum(char.isalnum() for char in row.text)
    return _covered(sheet, index) >= 0.5 * letters and len(row.cells) <= len(columns) + 2


def _continues(sheet: Sheet, index: int, headings: list[int]) -> bool:
    """Each of several cells stands right over or under a cell of a row of headings: the rest of a stacked heading."""
    cells = [cell for row in headings for cell in sheet.rows[row].cells]
    own = sheet.rows[index].cells
    if len(own) < 2 or find_codes(sheet.rows[index].text):
        return False
    near = 1.5 * sheet.height
    return all(any(_apart(cell.box, other.box) < near for other in cells) for cell in own)


def _apart(a: Box, b: Box) -> float:
    """How far two boxes stand apart from left to right; negative where they overlap."""
    return max(a.x0, b.x0) - min(a.x1, b.x1)


def _name_stacked(sheet: Sheet, headings: list[int], columns: list[Column]) -> list[Column]:
    """Headings over several rows, read as one phrase: "Tarif de", "responsabilité"."""
    if len(headings) < 2:
        return columns
    for column in columns:
        parts = [
            sheet.rows[index].cell_text(number)
            for index in headings
            for number, cell in enumerate(sheet.rows[index].cells)
            if _apart(cell.box, column.box) < 0
        ]
        roles = load_lexicon().name_column(" ".join(parts)) if len(parts) > 1 else frozenset()
        if roles:
            column.roles, column.role = roles, _first_role(roles)
    return columns


def _columns_of(sheet: Sheet, index: int) -> list[Column]:
    row = sheet.rows[index]
    first = _find_first_letter(sheet, index)
    hits = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.family == "column" and hit.start >= first and not _is_other_date(sheet, hit)
    ]
    spans: dict[tuple[int, int], set[str]] = {}
    for hit in hits:
        spans.setdefault((hit.start, hit.end), set()).add(hit.cue.role)
    columns = []
    for (start, end), roles in sorted(spans.items()):
        columns.append(Column(_first_role(roles), row.box_between(start, end), frozenset(roles)))
    columns.extend(
        Column("other", cell.box, frozenset({"other"}))
        for cell in row.cells
        if cell.start >= first and not any(start < cell.end and cell.start < end for start, end in spans)
    )
    return columns


#: Labels that no line of a table answers to, and words of the day of a paper.
_BESIDE = frozenset({"date.birth", "number.document", "number.member", "id.nir"})
_DAY_OF_PAPER = re.compile(r"factur|devis|emi[st]|etabli|edit|document")


def _find_first_letter(sheet: Sheet, index: int) -> int:
    """Where the headings begin in a row that also holds labels of a block at the left of the table."""
    row = sheet.rows[index]
    beside = [
        row.cell_of(hit.start)
        for hit in sheet.hits[index]
        if hit.cue.family == "label"
        and hit.cue.weight == 1
        and (
            (hit.cue.role in _BESIDE and (hit.words > 1 or hit.cue.role != "number.document"))
            or (hit.cue.role == "date.issue" and _DAY_OF_PAPER.search(fold(row.text[hit.start : hit.end])))
        )
    ]
    last = max(beside, default=-1)
    return row.cells[last + 1].start if 0 <= last < len(row.cells) - _FEWEST else 0


#: A table has so many columns at least.
_FEWEST = 3


def _is_other_date(sheet: Sheet, hit: Hit) -> bool:
    """The word belongs to a label of a date that no line of a table has: "Date de naissance"."""
    return hit.cue.role == "date" and any(
        other.cue.role in _NO_COLUMN and other.start <= hit.start and hit.end <= other.end
        for other in sheet.hits[hit.row]
    )


#: Dates that stand over a paper, never in the lines of its table.
_NO_COLUMN = frozenset({"date.birth", "date.prescription", "date.due", "date.other"})
_ORDER = ("date", "due", "amo", "amc", "base", "excess", "unit_price", "amount", "quantity", "location", "rate",
          "class", "code", "label", "serial", "other")  # fmt: skip


def _first_role(roles: set[str] | frozenset[str]) -> str:
    return min(roles, key=_ORDER.index)


def _merge(columns: list[Column], others: list[Column]) -> list[Column]:
    """Headings over two rows: a cell over another is one column, the more telling role wins."""
    merged = list(columns)
    for other in others:
        over = [column for column in merged if min(column.box.x1, other.box.x1) > max(column.box.x0, other.box.x0)]
        if not over:
            merged.append(other)
            continue
        column = over[0]
        column.box = bound_boxes([column.box, other.box])
        roles = (column.roles | other.roles) - {"other"} or frozenset({"other"})
        column.roles = roles
        column.role = _first_role(roles)
    return merged


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
        if index not in table.headings and _columns_of_heading(sheet, index):
            break
        _spot_round_amounts(sheet, table, row)
        spots = [spot for spot in sheet.spots_in(index) if spot.kind in (SpotKind.AMOUNT, SpotKind.DATE)]
        money = [spot for spot in spots if spot.kind is SpotKind.AMOUNT]
        if not money and _announces_totals(sheet, index):
            break
        if money and table.lines and not table.totals and read_named_values(sheet, row).makes_part:
            table.lines[-1].more.append(index)
            continue
        assigned = _assign(table, index, spots)
        if money and _is_total(sheet, row):
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
    _settle_roles(sheet, table)


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
        if match is None or column.role not in MONEY_COLUMNS or _apart(cell.box, column.box) > 0:
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


def _announces_totals(sheet: Sheet, index: int) -> bool:
    """Labels of totals without a value, which stands below: the lines of the table are over."""
    row = sheet.rows[index]
    totals = [
        hit
        for hit in sheet.hits[index]
        if hit.cue.role == "amount.total" and hit.cue.family == "label" and hit.cue.weight == 1
    ]
    if any(hit.end - hit.start >= 0.8 * len(row.text) for hit in totals):
        return True
    places = {
        (hit.start, hit.end)
        for hit in sheet.hits[index]
        if hit.cue.family == "label" and hit.cue.role.startswith("amount.") and hit.cue.weight == 1
    }
    return len(places) >= 2


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


def _columns_of_heading(sheet: Sheet, index: int) -> bool:
    return _is_heading(sheet, index, _columns_of(sheet, index)) and len(_columns_of(sheet, index)) >= 3


def _is_total(sheet: Sheet, row: Row) -> bool:
    """The row begins with a label of a total, with no code or date of an act."""
    hits = [hit for hit in sheet.hits[row.index] if hit.cue.family == "label"]
    if any(spot.kind is SpotKind.DATE and spot.start < 4 for spot in sheet.spots_in(row.index)):
        return False
    for hit in hits:
        cell = row.cells[row.cell_of(hit.start)]
        head = row.text[cell.start : hit.start].strip(" \t\n:–-*=>")
        if (
            not head
            and not find_codes(row.text[: hit.start])
            and (
                hit.cue.role in _TOTAL_LABELS
                or hit.cue.role in ("amount.amo", "amount.amc", "amount.tax", "amount.discount")
            )
        ):
            alone = not re.search(r"[^\W\d_]", re.sub(r"(?i)eur(?:os?)?\b", "", row.text[hit.end :]))
            if _names_a_fee(row, hit):
                continue
            if hit.cue.weight < 1 and hit.words < 2 and not (alone and len(sheet.spots_in(row.index)) == 1):
                continue
            spans = [(other.start, other.end) for other in hits if other.cue.role.startswith("amount.")]
            rest = "".join(
                char
                for place, char in enumerate(row.text[hit.end :], start=hit.end)
                if not any(start <= place < end for start, end in spans)  # several amounts said in one row
            )
            return sum(char.isalpha() for char in rest if char not in "€EURur") <= 30
    return False


_FEES = frozenset({"honoraires", "honoraire", "frais"})
#: What is said of fees as a whole.
_OF_ALL = re.compile(r"tota|percu|regle|paye|du|ttc|net|demande|facture|verse|a payer")


def _names_a_fee(row: Row, hit: Hit) -> bool:
    """The word begins the name of one fee among others: "Honoraires chirurgien"."""
    end = row.cells[row.cell_of(hit.start)].end
    rest = re.sub(r"[\W\d_]+|eur(?:os?)?\b", " ", fold(row.text[hit.end : end])).strip()
    return fold(row.text[hit.start : hit.end]) in _FEES and len(rest) >= 4 and not _OF_ALL.match(rest)


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


def _settle_roles(sheet: Sheet, table: Table) -> None:
    """A heading that may mean two things ("Acte": code or wording) is settled by what stands below."""
    for index, column in enumerate(table.columns):
        days = sum(any(spot.kind is SpotKind.DATE for spot in line.cells.get(index, ())) for line in table.lines)
        if column.role in ("other", "label") and days and days * 2 > len(table.lines):
            column.role = "date"
        if {"code", "label"} <= column.roles and column.role == "code":
            filled = [line.row for line in table.lines if _cell_under(sheet.rows[line.row], column)]
            below = Counter(_has_code_under(sheet, row, column) for row in filled)
            if below[True] * 2 < below[False] + below[True] or not below[True]:
                column.role = "label"
    _name_by_content(sheet, table)


#: What columns of codes and of sides hold, for the most part.
_LIKE_CODE = re.compile(r"[A-Z]{2,4}(?: ?\d{1,3}(?:[.,]\d{1,2})?)?|[A-Z]{4}\d{3}|\d{3,7}")
_LIKE_SIDE = re.compile(r"(?i)[o0]?[dg]|droite?|gauche|(?:[1-4][1-8]|[5-8][1-5])")


def _name_by_content(sheet: Sheet, table: Table) -> None:
    """Columns that their heading leaves open get the role that the cells under them speak for."""
    labels = [column for column in table.columns if column.role == "label"]
    codes = [column for column in table.columns if column.role == "code"]
    wordings = [column for column in codes if "label" in column.roles]
    if not labels and wordings:
        wordings[-1].role = "label"
    for column in table.columns:
        texts = [text for line in table.lines if (text := _cell_under(sheet.rows[line.row], column))]
        if not texts:
            continue
        if column.role == "label" and "code" in column.roles and len(labels) > 1 and not codes:
            if all(_LIKE_CODE.fullmatch(text) for text in texts):
                column.role = "code"
        elif column.role in ("other", "label") and all(_LIKE_SIDE.fullmatch(text) for text in texts):
            column.role = "location"


def _cell_under(row: Row, column: Column) -> str:
    """The cell that stands right under a heading, empty where there is none."""
    over = [number for number, cell in enumerate(row.cells) if _apart(cell.box, column.box) < 0]
    return row.cell_text(over[0]).strip() if len(over) == 1 else ""


def _has_code_under(sheet: Sheet, row: int, column: Column) -> bool:
    line = sheet.rows[row]
    return any(
        box.x0 < column.box.x1 + sheet.height and column.box.x0 - sheet.height < box.x1
        for code in find_codes(line.text)
        for box in [line.box_between(code.start, code.end)]
    )


def find_heading_places(sheet: Sheet, tables: Sequence[Table]) -> dict[int, int]:
    """Rows that are headings of some table, each with the letter at which the headings begin."""
    return {row: _find_first_letter(sheet, row) for table in tables for row in table.headings}
