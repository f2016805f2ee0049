"""Layouts put together from parts drawn at random; each split has parts, fonts and words of its own."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.bills import compose_bill
from samples.layouts.composed.html import Chooser
from samples.layouts.composed.papers import COMPOSERS
from samples.layouts.composed.quill import Quill
from samples.layouts.style import HAND_SIZES, Style
from samples.papers.values import Bill, Paper

_FORM_INKS = ("#9c5a3c", "#37598a", "#6b5590", "#2f6b4f", "#555", "#b0472f")


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
        The style sheet of this page (measures and colours; the rest is in ``templates/composed.html``), the body, and
        the names of the parts that were drawn.
    """
    choose = Chooser(style.seed, style.split, narrow=size[0] < 100)
    pen = Quill(style)
    if paper.type in COMPOSERS:
        body = COMPOSERS[paper.type](choose, pen, paper, size, inked=inked)
    else:
        assert isinstance(paper, Bill)
        body = compose_bill(choose, pen, paper, size, inked=inked)
    return _measure(choose, style, size[0]), body, tuple(choose.drawn)


def _measure(choose: Chooser, style: Style, width: float) -> str:
    pad = 3 if width < 100 else choose.rng.uniform(7, 11) if width < 180 else choose.rng.uniform(9, 22)
    tall = HAND_SIZES[style.hand.split(",")[0]]
    values = {
        "accent": style.accent,
        "pad": f"{pad:.1f}mm",
        "fill": f"{choose.rng.randint(8, 60)}mm",
        "hand": style.hand,
        "ink": style.ink,
        "handsize": f"{tall}%",
        "form": choose.pick(_FORM_INKS),
    }
    tight = "th, td { padding: .5mm 1mm; }" if choose.toss(0.3) else ""
    return "\n".join(
        (
            ":root { " + " ".join(f"--{name}: {value};" for name, value in values.items()) + " }",
            f"body {{ line-height: {choose.rng.choice((1.2, 1.28, 1.35, 1.45))}; }}",
            f".page {{ padding: {pad * 0.9:.1f}mm var(--pad) 16mm; }}",
            f".hand, .paid.hand {{ font-size: {tall}%; line-height: 1; white-space: nowrap; }}",
            tight,
        )
    )
