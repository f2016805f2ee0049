"""Ways to show labelled values: every split has its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Row, div, join, span, table, tag
from samples.layouts.style import Style

ROW_KINDS = {
    "train": ("lines", "pairs", "above", "ruled", "head_row", "leader", "sentence", "bold_value", "boxed_pairs"),
    "calibration": ("pills", "legend", "right_labels"),
    "test": ("below", "four_cells", "bold_label", "checker"),
}


def render_rows(choose: Chooser, style: Style, rows: Sequence[Row], slot: str = "rows") -> Markup:
    """Labelled values in one of the ways of the split."""
    if not rows:
        return Markup("")
    return _KINDS[choose.part(slot, ROW_KINDS)](style, rows)


def _label(style: Style, row: Row) -> str:
    return f"{row.label}{style.colon}" if row.label else ""


def _lines(style: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(_label(style, row), " ", row.value) for row in rows), cls="r-lines")


def _bold_value(style: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(_label(style, row), " ", tag("b", row.value)) for row in rows), cls="r-lines")


def _pairs(style: Style, rows: Sequence[Row]) -> Markup:
    return table([(_label(style, row), row.value) for row in rows], cls="r-pairs")


def _right_labels(style: Style, rows: Sequence[Row]) -> Markup:
    return table([(_label(style, row), row.value) for row in rows], cls="r-right_labels")


def _ruled(_: Style, rows: Sequence[Row]) -> Markup:
    return table([(row.label, row.value) for row in rows], cls="r-ruled")


def _boxed_pairs(_: Style, rows: Sequence[Row]) -> Markup:
    return table([(row.label, row.value) for row in rows], cls="r-boxed_pairs")


def _above(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(tag("i", row.label), row.value) for row in rows), cls="r-above")


def _below(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(row.value, tag("i", row.label)) for row in rows), cls="r-below")


def _head_row(_: Style, rows: Sequence[Row]) -> Markup:
    parts = [rows[start : start + 3] for start in range(0, len(rows), 3)]
    return join(
        table([[row.value for row in part]], head=[row.label for row in part], cls="r-head_row") for part in parts
    )


def _leader(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(row.label, tag("u"), row.value) for row in rows), cls="r-leader")


def _sentence(style: Style, rows: Sequence[Row]) -> Markup:
    mark = style.pick("sentence", (" – ", " / ", ", ", " | ", "  "))
    return div(join((span(_label(style, row), " ", row.value) for row in rows), mark), cls="r-sentence")


def _pills(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(tag("b", row.label), row.value) for row in rows), cls="r-pills")


def _legend(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(tag("em", row.label), row.value) for row in rows), cls="r-legend")


def _four_cells(_: Style, rows: Sequence[Row]) -> Markup:
    cells = [cell for row in rows for cell in (row.label, row.value)]
    if len(cells) % 4:
        cells += ["", ""]
    made = [cells[start : start + 4] for start in range(0, len(cells), 4)]
    return table([[tag("td", cell) for cell in row] for row in made], cls="r-four_cells")


def _bold_label(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(tag("b", row.label), row.value) for row in rows), cls="r-bold_label")


def _checker(_: Style, rows: Sequence[Row]) -> Markup:
    return div(*(div(span(row.label, cls="small"), row.value) for row in rows), cls="r-checker")


_KINDS: dict[str, Callable[[Style, Sequence[Row]], Markup]] = {
    "lines": _lines,
    "bold_value": _bold_value,
    "pairs": _pairs,
    "right_labels": _right_labels,
    "ruled": _ruled,
    "boxed_pairs": _boxed_pairs,
    "above": _above,
    "below": _below,
    "head_row": _head_row,
    "leader": _leader,
    "sentence": _sentence,
    "pills": _pills,
    "legend": _legend,
    "four_cells": _four_cells,
    "bold_label": _bold_label,
    "checker": _checker,
}
