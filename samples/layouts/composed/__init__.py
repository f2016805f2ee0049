"""Layouts put together from parts drawn at random; each split has parts, fonts and words of its own."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.bills import BILLS_CSS, compose_bill
from samples.layouts.composed.heads import HEADS_CSS
from samples.layouts.composed.html import Chooser
from samples.layouts.composed.ink import INK_CSS
from samples.layouts.composed.papers import COMPOSERS, PAPERS_CSS
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import ROWS_CSS
from samples.layouts.composed.tables import TABLES_CSS
from samples.layouts.style import HAND_SIZES, Style
from samples.papers.values import Bill, Paper

_ROLL_CSS = """
body { font-size: 8pt; } .page { padding: 4mm 3mm 8mm; } .cols, .end { flex-wrap: wrap; gap: 1.5mm; } .to { min-width: 0; }
.foot { position: static; margin-top: 4mm; }
"""


def compose(
    paper: Paper, style: Style, size: tuple[float, float], *, inked: bool
) -> tuple[str, Markup, tuple[str, ...]]:
    """The page of a paper.

    Args:
        paper: the content.
        style: how it looks; its split decides which parts may be drawn.
        size: of the sheet in millimetres; height 0 for a roll.
        inked: whether hands and stamps may have touched the paper (not so on a file that was never printed).

    Returns:
        The style sheet, the body, and the names of the parts that were drawn.
    """
    choose = Chooser(style.seed, style.split, narrow=size[0] < 100)
    pen = Quill(style)
    body = _body(choose, pen, paper, size, inked=inked)
    return _css(choose, style, size), body, tuple(choose.drawn)


def _body(choose: Chooser, pen: Quill, paper: Paper, size: tuple[float, float], *, inked: bool) -> Markup:
    if paper.type in COMPOSERS:
        return COMPOSERS[paper.type](choose, pen, paper, size, inked=inked)
    assert isinstance(paper, Bill)
    return compose_bill(choose, pen, paper, size, inked=inked)


def _css(choose: Chooser, style: Style, size: tuple[float, float]) -> str:
    width = size[0]
    pad = 3 if width < 100 else choose.rng.uniform(7, 11) if width < 180 else choose.rng.uniform(9, 22)
    family = style.hand.split(",")[0]
    grow = HAND_SIZES[family]
    line = choose.rng.choice((1.2, 1.28, 1.35, 1.45))
    return (
        f":root {{ --accent: {style.accent}; --pad: {pad:.1f}mm; --fill: {choose.rng.randint(8, 60)}mm; --hand: {style.hand}; --ink: {style.ink}; --handsize: {grow}%; --form: {choose.pick(('#9c5a3c', '#37598a', '#6b5590', '#2f6b4f', '#555', '#b0472f'))}; }}\n"
        f"body {{ line-height: {line}; }} .page {{ padding: {pad * 0.9:.1f}mm var(--pad) 16mm; }}\n"
        f".hand, .paid.hand {{ font-size: {grow}%; line-height: 1; white-space: nowrap; }}\n"
        + ("th, td { padding: .5mm 1mm; }\n" if choose.toss(0.3) else "")
        + HEADS_CSS
        + ROWS_CSS
        + TABLES_CSS
        + BILLS_CSS
        + PAPERS_CSS
        + INK_CSS
        + (_ROLL_CSS if width < 100 else "")
    )  # fmt: skip
