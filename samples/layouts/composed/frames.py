"""Where the blocks of a bill stand on the page: every split has frames of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Html, div, join

FRAME_KINDS = {
    "train": ("flow", "window", "side_left", "side_right", "title_first", "halves", "patient_late", "letter"),
    "calibration": ("data_last", "panel", "stripe"),
    "test": ("quadrants", "split_columns", "totals_first"),
}
#: Frames that need the width of a large sheet.
WIDE_FRAMES = ("side_left", "side_right", "split_columns", "halves", "window", "quadrants")


@dataclass
class Blocks:
    """The blocks of a bill, ready to be put somewhere.

    Attributes:
        make_lines: lines from one number to another.
        end: payment, stamp, signature, notes.
    """

    head: Markup
    title: Markup
    meta: Markup
    patient: Markup
    address: Markup
    correction: Markup
    make_lines: Callable[[int, int], Markup]
    totals: Markup
    end: Markup
    foot: list[Html]


Frame = Callable[[Chooser, Blocks, Markup, bool], Markup]


def _tail(blocks: Blocks, last: bool) -> tuple[Html, ...]:
    return (blocks.totals, blocks.end) if last else ()


def _flow(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    middle: list[Html] = [join((b.title, b.meta)), b.patient]
    if b.address:
        middle.append(b.address)
    if choose.toss(0.4):
        middle.reverse()
    return join(
        (b.head, *(div(block, css="margin-bottom:3mm") for block in middle), b.correction, lines, *_tail(b, last))
    )


def _window(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    right = div(b.address or b.patient, css=f"margin-top:{choose.pick(('0', '14mm', '28mm'))}")
    rest = b.patient if b.address else ""
    return join(
        (
            div(div(b.head, cls="grow"), right, cls="cols"),
            div(div(b.title, b.meta), div(rest), cls="cols"),
            b.correction,
            lines,
            *_tail(b, last),
        )
    )


def _title_first(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    top = div(b.title, css=f"text-align:{choose.pick(('center', 'left', 'right'))}")
    sides: list[Html] = [div(b.head), div(b.meta, div(cls="gap"), b.patient)]
    if choose.toss(0.4):
        sides.reverse()
    return join((top, div(*sides, cls="cols"), b.address, b.correction, lines, *_tail(b, last)))


def _halves(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    sides: list[Html] = [
        div(b.head, b.meta, cls="grow"),
        div(b.title, b.patient, div(cls="gap"), b.address, cls="grow"),
    ]
    if choose.toss(0.35):
        sides.reverse()
    return join((div(*sides, cls="cols"), b.correction, lines, *_tail(b, last)))


def _side(left: bool) -> Frame:
    def frame(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
        dark = choose.toss(0.35)
        edge = "left:0" if left else "right:0"
        inside: tuple[Html, ...] = (b.head, b.address) if left else (b.title, b.meta, div(cls="gap"), b.patient)
        main: tuple[Html, ...] = (b.title, b.meta, div(cls="gap"), b.patient) if left else (b.head, b.address)
        margin = "margin-left:58mm" if left else "margin-right:58mm"
        side = div(*inside, cls=f"side {'left' if left else 'right'}{' dark' if dark else ''}", css=edge)
        return join((side, div(*main, b.correction, lines, *_tail(b, last), css=margin)))

    return frame


def _patient_late(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join(
        (
            b.head,
            b.title,
            b.meta,
            b.correction,
            lines,
            b.totals if last else "",
            b.patient,
            b.end if last else "",
            b.address,
        )
    )


def _letter(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join(
        (
            b.head,
            div(b.address, css="margin:6mm 0 6mm auto;width:80mm"),
            b.meta,
            b.title,
            b.patient,
            b.correction,
            lines,
            *_tail(b, last),
        )
    )


def _data_last(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join(
        (
            b.title,
            lines,
            b.totals if last else "",
            div(b.head, b.patient, cls="cols"),
            b.meta,
            b.correction,
            b.end if last else "",
        )
    )


def _panel(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join(
        (
            div(div(b.title, b.meta), b.head, cls="cols"),
            div(b.patient, b.address, cls="panel"),
            div(b.correction, lines, cls="panel"),
            *_tail(b, last),
        )
    )


def _stripe(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    blocks: list[Html] = [b.head, b.patient, b.title, b.meta, b.correction, lines]
    return join((*(div(block, cls="stripe") for block in blocks if block), *_tail(b, last)))


def _quadrants(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    quad = div(div(b.title, b.meta), div(b.head), div(b.address or b.correction), div(b.patient), cls="quad")
    return join((quad, lines, *_tail(b, last)))


def _split_columns(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    left = div(b.patient, b.correction, b.meta, b.end if last else "", css="width:62mm;flex:none")
    right = div(b.title, lines, b.totals if last else "", cls="grow")
    return join((div(left, right, cls="cols"), b.head))


def _totals_first(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    top = (div(b.title, b.totals if last else "", cls="cols"),)
    return join((*top, div(b.patient, b.meta, cls="cols"), lines, b.correction, b.end if last else "", b.head))


FRAMES: dict[str, Frame] = {
    "flow": _flow,
    "window": _window,
    "side_left": _side(True),
    "side_right": _side(False),
    "title_first": _title_first,
    "halves": _halves,
    "patient_late": _patient_late,
    "letter": _letter,
    "data_last": _data_last,
    "panel": _panel,
    "stripe": _stripe,
    "quadrants": _quadrants,
    "split_columns": _split_columns,
    "totals_first": _totals_first,
}
