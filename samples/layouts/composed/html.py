"""Small helpers that write HTML, and the rows that composed layouts are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from markupsafe import Markup, escape

Html = str | Markup
_T = TypeVar("_T")
#: Parts that fit a roll of 58 to 80 mm.
_NARROW = frozenset(
    {
        "lines",
        "leader",
        "bold_value",
        "stacked",
        "list_leader",
        "left_lines",
        "big",
        "centred",
        "flow",
        "patient_late",
        "cards",
        "right_labels",
        "data_last",
        "dashed",
        "bold_label",
        "two_tier",
        "ladder",
        "dotted_box",
        "left",
        "plate",
        "stripe",
        "totals_first",
        "caps",
        "framed",
        "underscore",
    }
)


@dataclass(frozen=True)
class Row:
    """A labelled value; ``strong`` for the one that matters most."""

    label: str
    value: Markup
    strong: bool = False


class Chooser:
    """Draws the parts of a layout from the pools of its split, and remembers what was drawn."""

    def __init__(self, seed: str, split: str, *, narrow: bool = False) -> None:
        self.narrow = narrow
        self.rng = Random(f"{seed}*compose")
        self.split = split
        self.drawn: list[str] = []

    def part(self, slot: str, pools: Mapping[str, tuple[str, ...]]) -> str:
        """The name of one of the parts that the split has for a slot."""
        names = pools[self.split]
        if self.narrow:
            names = tuple(name for name in names if name in _NARROW) or names
        name = self.rng.choice(names)
        self.drawn.append(f"{slot}={name}")
        return name

    def toss(self, chance: float) -> bool:
        """True with a chance."""
        return self.rng.random() < chance

    def pick(self, options: tuple[_T, ...]) -> _T:
        """One of some options."""
        return self.rng.choice(options)


def tag(name: str, *children: Html, css: str = "", cls: str = "") -> Markup:
    """An element with its children; strings are escaped."""
    attributes = Markup(' class="{}"').format(cls) if cls else Markup("")
    if css:
        attributes += Markup(' style="{}"').format(css)
    return Markup("<{}{}>{}</{}>").format(Markup(name), attributes, join(children), Markup(name))


def div(*children: Html, css: str = "", cls: str = "") -> Markup:
    """A ``div``."""
    return tag("div", *children, css=css, cls=cls)


def span(*children: Html, css: str = "", cls: str = "") -> Markup:
    """A ``span``."""
    return tag("span", *children, css=css, cls=cls)


def join(children: Iterable[Html], separator: Html = "") -> Markup:
    """Pieces of HTML one after another; strings are escaped."""
    return Markup("{}").format(escape(separator)).join(escape(child) for child in children if child)


def table(rows: Iterable[Iterable[Html]], *, head: Iterable[Html] = (), cls: str = "", css: str = "") -> Markup:
    """A table of ready cells (``td`` elements, or contents that get one)."""

    def cell(content: Html, name: str) -> Markup:
        made = escape(content)
        return made if made.startswith(("<td", "<th")) else tag(name, made)

    body = join(tag("tr", *(cell(c, "td") for c in row)) for row in rows)
    top = tag("tr", *(cell(c, "th") for c in head)) if head else Markup("")
    return tag("table", tag("thead", top) if top else "", tag("tbody", body), cls=cls, css=css)
