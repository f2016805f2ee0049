"""The design tokens reach WCAG AA in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import portal

CSS = (Path(portal.__file__).parent / "static" / "portal" / "site.css").read_text()
INKS = ("ink", "ink-2", "link", "accent", "ok", "wait", "act", "bad")
GROUNDS = ("paper", "sheet", "sheet-2")
PAIRS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ok", "ok-ground"),
    ("wait", "wait-ground"),
    ("act", "act-ground"),
    ("bad", "bad-ground"),
]
#: Edges of controls and the focus ring are not text: 3:1 is asked of them.
EDGES = [("edge", "sheet"), ("edge", "sheet-2"), ("edge", "paper"), ("focus", "sheet"), ("focus", "paper")]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


THEMES = dict(zip(("light", "dark"), map(_tokens, re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)), strict=True))


def _luminance(colour: str) -> float:
    def channel(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[index : index + 2], 16) for index in (1, 3, 5))
    return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme):
    tokens = THEMES[theme]
    weak = {pair: round(ratio, 2) for pair in PAIRS if (ratio := contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_controls_can_be_seen(theme):
    tokens = THEMES[theme]
    weak = {pair: round(ratio, 2) for pair in EDGES if (ratio := contrast(tokens[pair[0]], tokens[pair[1]])) < 3}
    assert weak == {}


def test_both_themes_name_the_same_tokens():
    assert THEMES["dark"].keys() == THEMES["light"].keys()
