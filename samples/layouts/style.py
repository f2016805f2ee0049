"""What varies inside a layout: fonts, sizes, colours, formats, wordings."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from samples.formats import (
    AMOUNT_FORMATS,
    CELL_AMOUNTS,
    CELL_DATES,
    DATE_FORMATS,
    MORE_AMOUNTS,
    MORE_DATES,
    MORE_NAMES,
    NAME_FORMATS,
)
from samples.layouts.labels import words_of
from samples.layouts.wordings import WORDINGS

SANS = (
    "'Liberation Sans', Arial, sans-serif",
    "Carlito, Calibri, 'Liberation Sans', sans-serif",
    "'DejaVu Sans', Verdana, sans-serif",
    "'Open Sans', 'DejaVu Sans', sans-serif",
    "Lato, 'Liberation Sans', sans-serif",
    "'Liberation Sans Narrow', 'Arial Narrow', 'Liberation Sans', sans-serif",
)
SERIF = (
    "'Liberation Serif', 'Times New Roman', serif",
    "Caladea, Cambria, 'Liberation Serif', serif",
    "'DejaVu Serif', serif",
)
MONO = (
    "'Liberation Mono', 'Courier New', monospace",
    "'Courier Prime', 'Liberation Mono', monospace",
    "'DejaVu Sans Mono', monospace",
)
HAND = ("femkeklaver, 'Comic Neue', cursive", "'Comic Neue', cursive", "'Dancing Script', 'Comic Neue', cursive")
#: Fonts of composed layouts, other ones for each split; the first ones are those that everybody's software uses.
_COMMON = SANS[:2]
FONTS = {
    "train": (*_COMMON, *SANS[2:], *SERIF, "Roboto, sans-serif", "Cantarell, sans-serif", "'URW Gothic', sans-serif",
              "'TeX Gyre Heros Cn', sans-serif", "'TeX Gyre Pagella', serif", "'URW Bookman', serif", *MONO),
    "calibration": (*_COMMON, "Inter, sans-serif", "'EB Garamond', serif", "'TeX Gyre Cursor', monospace"),
    "test": (*_COMMON, "Quicksand, sans-serif", "'Roboto Slab', serif", "Play, sans-serif", "'TeX Gyre Schola', serif"),
}  # fmt: skip
HANDS = {
    "train": (
        "Breip",
        "DkgHandwriting",
        "Kristi",
        "Delphine",
        "'Domestic Manners'",
        "'Comic Neue'",
        "'Dancing Script'",
    ),
    "calibration": ("'El Abogado Loco'", "'Yusei Magic'"),
    "test": ("Steve", "'Klee One'"),
}
#: The size at which a handwriting font looks as tall as print, in percent.
HAND_SIZES = {"Breip": 130, "DkgHandwriting": 105, "Kristi": 185, "Delphine": 175, "'Domestic Manners'": 118,
              "'Comic Neue'": 118, "'Dancing Script'": 130, "'El Abogado Loco'": 160, "'Yusei Magic'": 115,
              "Steve": 105, "'Klee One'": 120}  # fmt: skip
PENS = ("#1a2f8a", "#111133", "#22228f", "#151515", "#2a3bb0", "#0b1c66", "#3b3b3b", "#7a1018")
ACCENTS = ("#1d4e89", "#7a1f3d", "#23693f", "#444444", "#b3541e", "#0b7285", "#5b3a8c", "#000000", "#2f5d50", "#94215a")
INKS = ("#1a2f8a", "#111133", "#22228f", "#101010")


@dataclass(frozen=True)
class Style:
    """How one paper looks, drawn once.

    Attributes:
        seed: decides every wording.
        test: True on layouts kept for testing, which may use words that no other layout uses.
        points: body size in points.
    """

    seed: str
    test: bool
    font: str
    hand: str
    ink: str
    accent: str
    points: float
    date_format: str
    cell_date_format: str
    amount_format: str
    cell_amount_format: str
    name_format: str
    logo: int
    colon: str
    upper_titles: bool
    stamp_tilt: float
    split: str = ""

    def call(self, key: str) -> str:
        """The label of a value in a composed layout, from the words of its split; the same all over the paper."""
        return Random(f"{self.seed}:{key}").choice(words_of("labels", self.split)[key])

    def say(self, key: str) -> str:
        """The wording of a label; the same all over the paper."""
        words = WORDINGS[key]
        if not self.test and len(words) >= 4:
            words = words[:-1]
        return Random(f"{self.seed}:{key}").choice(words)

    def toss(self, key: str, chance: float) -> bool:
        """A yes or no that stays the same all over the paper."""
        return Random(f"{self.seed}?{key}").random() < chance

    def pick(self, key: str, options: tuple[str, ...]) -> str:
        """One of some options; the same all over the paper."""
        return Random(f"{self.seed}!{key}").choice(options)

    def signature(self) -> str:
        """An SVG path that looks like a hurried signature."""
        rng = Random(f"{self.seed}~")
        x, path = 15.0, "M 15 70"
        for _ in range(rng.randint(5, 8)):
            step = rng.uniform(22, 48)
            path += f" C {x + step * 0.2:.0f} {rng.uniform(5, 60):.0f} {x + step * 1.3:.0f} {rng.uniform(60, 125):.0f} "
            x += step
            path += f"{x:.0f} {rng.uniform(45, 85):.0f}"
        return f"{path} C {x} 120 60 110 {rng.uniform(40, 120):.0f} 100"


def draw_style(rng: Random, *, test: bool, fonts: tuple[str, ...] = SANS + SERIF[:1]) -> Style:
    """A style for one paper.

    Args:
        rng: source of chance.
        test: the layout is kept for testing.
        fonts: font stacks to choose from.
    """
    amount = rng.choice(AMOUNT_FORMATS)
    cell = rng.choice((amount, "bare", "bare")) if amount not in ("point", "euro_inside") else amount
    day = rng.choice(DATE_FORMATS)
    return Style(
        seed=f"{rng.getrandbits(48):x}",
        test=test,
        font=rng.choice(fonts),
        hand=rng.choice(HAND),
        ink=rng.choice(INKS),
        accent=rng.choice(ACCENTS),
        points=rng.choice((8.5, 9, 9.5, 10, 10.5)),
        date_format=day,
        cell_date_format=day if day in ("slash", "dash", "dot", "short") else "slash",
        amount_format=amount,
        cell_amount_format=cell,
        name_format=rng.choice(NAME_FORMATS),
        logo=rng.randrange(6),
        colon=rng.choice((" :", " :", ":", "")),
        upper_titles=rng.random() < 0.3,
        stamp_tilt=rng.uniform(-16, 9),
    )


def draw_composed_style(rng: Random, split: str, fonts: tuple[str, ...] = ()) -> Style:
    """A style for one composed paper, with the fonts, hands and words of its split.

    Args:
        rng: source of chance.
        split: of the layout.
        fonts: font stacks to choose from instead of those of the split.
    """
    amount = rng.choice(MORE_AMOUNTS)
    hand = rng.choice(HANDS[split])
    return Style(
        seed=f"{rng.getrandbits(48):x}",
        test=split == "test",
        font=rng.choice(fonts or FONTS[split]),
        hand=f"{hand}, 'Comic Neue', cursive",
        ink=rng.choice(PENS),
        accent=f"hsl({rng.randrange(360)} {rng.randint(25, 80)}% {rng.randint(22, 42)}%)"
        if rng.random() < 0.75
        else "#111",
        points=rng.choice((8, 8.5, 9, 9.5, 10, 10, 10.5, 11, 12)),
        date_format=rng.choice(MORE_DATES),
        cell_date_format=rng.choice(CELL_DATES),
        amount_format=amount,
        cell_amount_format=rng.choice((amount, *CELL_AMOUNTS)) if amount != "euro_inside" else amount,
        name_format=rng.choice(MORE_NAMES),
        logo=rng.randrange(9),
        colon=rng.choice((" :", " :", ":", "", " :", ".")),
        upper_titles=rng.random() < 0.3,
        stamp_tilt=rng.uniform(-28, 24),
        split=split,
    )
