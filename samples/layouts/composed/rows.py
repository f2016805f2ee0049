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

ROWS_CSS = """
.r-pairs td, .r-right_labels td { padding: .4mm 2.5mm .4mm 0; } .r-pairs, .r-right_labels { width: auto; }
.r-above, .r-below, .r-legend { display: flex; flex-wrap: wrap; gap: 1.6mm 5mm; } .r-above i, .r-below i { font-style: normal; font-size: 78%; display: block; opacity: .75; }
.r-ruled td { border-bottom: .2mm solid #999; padding: .7mm 1.6mm; } .r-boxed_pairs td { border: .2mm solid #777; padding: .6mm 1.6mm; }
.r-head_row th { background: #e9e9e9; font-size: 84%; border: .2mm solid #999; padding: .7mm 1.5mm; } .r-head_row td { border: .2mm solid #999; padding: .8mm 1.5mm; }
.r-leader > div { display: flex; align-items: baseline; gap: 1mm; } .r-leader u { flex: 1; border-bottom: .25mm dotted #444; text-decoration: none; min-width: 6mm; }
.r-pills { display: flex; flex-wrap: wrap; gap: 1.5mm; } .r-pills > div { background: #eeeef2; border-radius: 1.5mm; padding: .8mm 2.2mm; } .r-pills b { font-size: 80%; font-weight: normal; color: #445; margin-right: 1mm; }
.r-legend > div { border: .25mm solid #888; padding: 1.8mm 2.4mm 1mm; position: relative; margin-top: 1.6mm; } .r-legend em { position: absolute; top: -1.9mm; left: 1.6mm; background: #fff; font-size: 72%; font-style: normal; padding: 0 .8mm; white-space: nowrap; } .r-legend > div { min-width: 30mm; }
.r-right_labels td:first-child { text-align: right; color: #555; }
.r-below i { border-top: .2mm solid #777; padding-top: .3mm; }
.r-four_cells td { border: .2mm solid #aaa; padding: .8mm 1.5mm; } .r-four_cells td:nth-child(odd) { background: #efece4; font-size: 84%; }
.r-bold_label > div { border-left: .9mm solid #999; padding-left: 2mm; margin-bottom: 1.2mm; } .r-bold_label b { display: block; font-size: 80%; text-transform: uppercase; letter-spacing: .04em; }
.r-checker { display: grid; grid-template-columns: 1fr 1fr; } .r-checker > div { border: .15mm solid #999; padding: .8mm 1.6mm; display: flex; justify-content: space-between; gap: 2mm; flex-wrap: wrap; }
"""  # noqa: E501


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


def _leader(style: Style, rows: Sequence[Row]) -> Markup:
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
