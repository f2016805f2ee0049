"""Ways to show the lines of a bill, and its totals: every split has its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Row, div, join, span, table, tag
from samples.layouts.composed.quill import SHOPS, Quill
from samples.papers.values import Bill

TABLE_KINDS = {
    "train": (
        "grid",
        "rules",
        "dark_head",
        "small_caps",
        "stacked",
        "list_leader",
        "columns_only",
        "soft_head",
        "bare",
    ),
    "calibration": ("striped", "cards", "boxed_rows"),
    "test": ("double_rule", "two_tier", "dashed", "left_bar"),
}
TOTAL_KINDS = {
    "train": ("right", "full", "left_lines", "boxes", "big", "head_row", "leader", "centred"),
    "calibration": ("quarters", "sentence", "side_card"),
    "test": ("bar", "ladder", "dotted_box"),
}
_NUMBERS = frozenset({"amount", "base", "amo", "amc", "unit_price", "quantity", "excess"})


def render_lines(
    choose: Chooser, pen: Quill, bill: Bill, start: int, stop: int, *, kind: str = ""
) -> tuple[Markup, str]:
    """Some of the lines of a bill, and the way in which they are shown (to be used again overleaf)."""
    kind = kind or choose.part("table", TABLE_KINDS)
    made = _LISTS[kind](pen, bill, start, stop) if kind in _LISTS else _grid(pen, bill, start, stop, kind)
    return made, kind


def head_of(pen: Quill, bill: Bill, key: str) -> str:
    """The heading of a column."""
    if key == "location":
        key = "side" if "optique" in bill.type.value else "ear" if "audio" in bill.type.value else "location"
    elif key == "amount" and bill.type in SHOPS:
        key = "price"
    return pen.label(f"col_{key}")


def _cell(pen: Quill, bill: Bill, index: int, key: str) -> Markup:
    line = bill.lines[index]
    made = pen.cell(index, key, line)
    if key == "label" and line.detail and pen.style.toss("detail", 0.8):
        made = join((made, pen.detail(index, line)))
    return made


def _grid(pen: Quill, bill: Bill, start: int, stop: int, kind: str) -> Markup:
    def heading(key: str) -> Markup:
        return tag("th", head_of(pen, bill, key), cls="n" if key in _NUMBERS else "")

    def content(index: int, key: str) -> Markup:
        return tag("td", _cell(pen, bill, index, key), cls="n" if key in _NUMBERS else "")

    columns = columns_of(pen, bill)
    rows = [[content(index, key) for key in columns] for index in range(start, stop)]
    made = table(rows, head=[heading(key) for key in columns], cls=f"t t-{kind}")
    if kind == "columns_only":
        filler = tag("tr", *(tag("td", "") for _ in columns), cls="fill")
        made = Markup(made.replace("</tbody>", filler + Markup("</tbody>")))
    return made


def columns_of(pen: Quill, bill: Bill) -> list[str]:
    """The columns of a bill, sometimes in another order."""
    columns = list(bill.columns)
    if "code" in columns and "label" in columns and pen.style.toss("code_after", 0.3):
        columns.remove("code")
        columns.insert(columns.index("label") + 1, "code")
    if "date" in columns and columns[0] == "date" and pen.style.toss("date_later", 0.15):
        columns.remove("date")
        columns.insert(1, "date")
    if "amount" in columns and "amo" in columns and pen.style.toss("amount_last", 0.25):
        columns.remove("amount")
        columns.append("amount")
    return columns


def _rest(pen: Quill, bill: Bill, index: int, *, skip: frozenset[str]) -> Markup:
    line = bill.lines[index]
    made = []
    for key in bill.columns:
        if key in skip:
            continue
        cell = pen.cell(index, key, line)
        if not cell:
            continue
        if key == "quantity":
            made.append(span(pen.style.pick("times", ("x ", "Qté ", "Quantité : ")), cell))
        elif key in ("code", "date"):
            made.append(cell)
        else:
            made.append(span(head_of(pen, bill, key), " ", cell))
    return join(made, pen.style.pick("between", (" – ", "   ", " · ", " / ")))


def _stacked(pen: Quill, bill: Bill, start: int, stop: int, kind: str) -> Markup:
    def one(index: int) -> Markup:
        leader = tag("u") if kind in ("list_leader", "dashed") else ""
        first = div(
            pen.cell(index, "label", bill.lines[index]), leader, pen.cell(index, "amount", bill.lines[index]), cls="two"
        )
        shown = pen.style.toss("detail", 0.6)
        return div(
            first,
            pen.detail(index, bill.lines[index]) if shown else "",
            div(_rest(pen, bill, index, skip=frozenset({"label", "amount"})), cls="small"),
        )

    return div(*(one(index) for index in range(start, stop)), cls=f"t t-{kind}")


def _two_tier(pen: Quill, bill: Bill, start: int, stop: int) -> Markup:
    top = [key for key in bill.columns if key in ("date", "label", "amount")]
    rest = [key for key in bill.columns if key not in top]
    parts = [tag("tr", *(tag("th", head_of(pen, bill, key), cls="n" if key in _NUMBERS else "") for key in top))]
    for index in range(start, stop):
        parts.append(
            tag("tr", *(tag("td", _cell(pen, bill, index, key), cls="n" if key in _NUMBERS else "") for key in top))
        )
        below = join(
            (
                span(head_of(pen, bill, key), " ", cell)
                for key in rest
                if (cell := pen.cell(index, key, bill.lines[index]))
            ),
            "    ",
        )
        parts.append(Markup('<tr class="b"><td colspan="{}">{}</td></tr>').format(len(top), below))
    return tag("table", *parts, cls="t t-two_tier")


_LISTS: dict[str, Callable[[Quill, Bill, int, int], Markup]] = {
    "stacked": lambda p, b, i, j: _stacked(p, b, i, j, "stacked"),
    "list_leader": lambda p, b, i, j: _stacked(p, b, i, j, "list_leader"),
    "cards": lambda p, b, i, j: _stacked(p, b, i, j, "cards"),
    "dashed": lambda p, b, i, j: _stacked(p, b, i, j, "dashed"),
    "two_tier": _two_tier,
}


def total_rows(pen: Quill, bill: Bill) -> list[tuple[Row, str]]:
    """The sums of a bill with their labels; the second value names which one it is."""
    gross = sum((line.amount for line in bill.lines), Decimal(0))
    total_key = "total_fees" if bill.type.value in ("note_honoraires", "devis_honoraires") else "total"
    rows: list[tuple[Row, str]] = []
    if bill.discount:
        if pen.style.toss("gross", 0.6):
            rows.append((Row(pen.label("subtotal"), pen.other_amount("gross", gross)), ""))
        rows.append((Row(pen.label("discount"), pen.other_amount("discount", -bill.discount)), ""))
    if bill.type in SHOPS and bill.type.value != "facture_pharmacie" and pen.style.toss("vat", 0.35):
        rows += [(row, "") for row in pen.before_tax(bill.total)]
    rows.append((Row(pen.label(total_key), pen.amount("total_amount", bill.total), strong=True), "grand"))
    if bill.amo is not None:
        rows.append((Row(pen.label("amo"), pen.amount("amo_amount", bill.amo)), "amo"))
    if bill.amc is not None:
        rows.append((Row(pen.label("amc"), pen.amount("amc_amount", bill.amc)), "amc"))
    if bill.due is not None:
        rows.append((Row(pen.label("due"), pen.amount("patient_due", bill.due)), "due"))
    if bill.deposit:
        rows.append((Row(pen.label("deposit"), pen.other_amount("deposit", bill.deposit)), ""))
        if bill.settlement.status != "silent":
            owed = (bill.due if bill.due is not None else bill.total) - bill.deposit
            rows.append((Row(pen.label("net"), pen.other_amount("net", owed)), ""))
    if len(rows) > 1 and rows[-1][1] == "due" and pen.style.toss("total_last", 0.12):
        rows.insert(len(rows) - 1, rows.pop(next(i for i, row in enumerate(rows) if row[1] == "grand")))
    return rows


def render_totals(choose: Chooser, pen: Quill, bill: Bill) -> Markup:
    """The sums of a bill in one of the ways of the split."""
    return _TOTALS[choose.part("totals", TOTAL_KINDS)](pen, total_rows(pen, bill))


Sums = Sequence[tuple[Row, str]]


def _as_table(kind: str) -> Callable[[Quill, Sums], Markup]:
    def render(pen: Quill, rows: Sums) -> Markup:
        made = join(
            tag("tr", tag("td", row.label, pen.style.colon), tag("td", row.value, cls="n"), cls=name)
            for row, name in rows
        )
        return tag("table", made, cls=f"s s-{kind}")

    return render


def _as_lines(kind: str, separator: str = "", leader: str = "") -> Callable[[Quill, Sums], Markup]:
    def render(pen: Quill, rows: Sums) -> Markup:
        middle = tag("u") if leader else separator
        return div(
            *(div(span(row.label, pen.style.colon), " ", middle, span(row.value), cls=name) for row, name in rows),
            cls=f"s s-{kind}",
        )

    return render


def _as_cells(kind: str) -> Callable[[Quill, Sums], Markup]:
    def render(_: Quill, rows: Sums) -> Markup:
        return div(*(div(tag("i", row.label), row.value, cls=name) for row, name in rows), cls=f"s s-{kind}")

    return render


def _head_row(_: Quill, rows: Sums) -> Markup:
    return table([[row.value for row, _ in rows]], head=[row.label for row, _ in rows], cls="s s-head_row")


def _sentence(pen: Quill, rows: Sums) -> Markup:
    made = (span(row.label, pen.style.colon, " ", row.value, cls=name) for row, name in rows)
    return div(join(made, pen.style.pick("sums", (" – ", " ; ", " | "))), cls="s s-sentence")


def _bar(_: Quill, rows: Sums) -> Markup:
    grand = [div(span(row.label), row.value, cls="grand") for row, name in rows if name == "grand"]
    rest = [div(tag("i", row.label), row.value) for row, name in rows if name != "grand"]
    return div(*grand, div(*rest, cls="rest") if rest else "", cls="s s-bar")


_TOTALS: dict[str, Callable[[Quill, Sums], Markup]] = {
    "right": _as_table("right"),
    "full": _as_table("full"),
    "left_lines": _as_lines("left_lines"),
    "boxes": _as_cells("boxes"),
    "big": _as_lines("big"),
    "head_row": _head_row,
    "leader": _as_lines("leader", leader="u"),
    "centred": _as_lines("centred"),
    "quarters": _as_cells("quarters"),
    "sentence": _sentence,
    "side_card": _as_lines("side_card"),
    "bar": _bar,
    "ladder": _as_lines("ladder"),
    "dotted_box": _as_table("dotted_box"),
}
