"""Parts, fonts and words of composed layouts: every split has its own."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from samples.layouts import LAYOUTS, SPLITS
from samples.layouts.composed.bills import FRAME_KINDS
from samples.layouts.composed.care_sheets import SHEET_KINDS
from samples.layouts.composed.heads import HEAD_KINDS
from samples.layouts.composed.html import Chooser
from samples.layouts.composed.others import OTHER_KINDS
from samples.layouts.composed.prescriptions import PRESCRIPTION_KINDS
from samples.layouts.composed.rights import RIGHTS_KINDS
from samples.layouts.composed.rows import ROW_KINDS
from samples.layouts.composed.slips import SLIP_KINDS
from samples.layouts.composed.statements import STATEMENT_KINDS
from samples.layouts.composed.tables import TABLE_KINDS, TOTAL_KINDS
from samples.layouts.labels import words_of
from samples.layouts.style import FONTS, HAND_SIZES, HANDS, draw_composed_style
from schemas.vocabulary import DocumentType

POOLS = {
    "frames": FRAME_KINDS,
    "heads": HEAD_KINDS,
    "rows": ROW_KINDS,
    "tables": TABLE_KINDS,
    "totals": TOTAL_KINDS,
    "prescriptions": PRESCRIPTION_KINDS,
    "statements": STATEMENT_KINDS,
    "slips": SLIP_KINDS,
    "rights": RIGHTS_KINDS,
    "sheets": SHEET_KINDS,
    "others": OTHER_KINDS,
    "hands": HANDS,
}


@pytest.mark.parametrize("name", POOLS)
def test_no_part_serves_two_splits(name: str) -> None:
    pools = POOLS[name]
    assert set(pools) == set(SPLITS)
    for one, other in combinations(SPLITS, 2):
        assert not set(pools[one]) & set(pools[other])
    assert len(pools["train"]) >= 4
    assert min(len(pools["calibration"]), len(pools["test"])) >= 2


def test_fonts_beyond_the_two_most_common_are_not_shared() -> None:
    for one, other in combinations(SPLITS, 2):
        assert len(set(FONTS[one]) & set(FONTS[other])) == 2
    assert {hand for hands in HANDS.values() for hand in hands} == set(HAND_SIZES)


@pytest.mark.parametrize("group", ["labels", "titles", "payment"])
def test_words_beyond_the_two_most_common_are_not_shared(group: str) -> None:
    dealt = {split: words_of(group, split) for split in SPLITS}
    for key in dealt["train"]:
        for one, other in combinations(SPLITS, 2):
            assert len(set(dealt[one][key]) & set(dealt[other][key])) == 2, key
        assert len(set(dealt["train"][key])) >= 4, key


def test_every_type_has_composed_layouts_of_every_split() -> None:
    for split in SPLITS:
        own = [layout for layout in LAYOUTS if layout.composed and layout.split == split]
        assert {kind for layout in own for kind in layout.types} == set(DocumentType)


def test_a_chooser_keeps_to_its_split_and_to_what_fits_a_roll() -> None:
    wide = {Chooser(str(seed), "test").part("head", HEAD_KINDS) for seed in range(60)}
    assert wide == set(HEAD_KINDS["test"])
    narrow = Counter(Chooser(str(seed), "train", narrow=True).part("table", TABLE_KINDS) for seed in range(60))
    assert set(narrow) == {"stacked", "list_leader"}


def test_styles_of_composed_layouts_repeat_and_vary() -> None:
    assert draw_composed_style(Random(1), "train") == draw_composed_style(Random(1), "train")
    styles = [draw_composed_style(Random(seed), "train") for seed in range(200)]
    assert len({style.font for style in styles}) == len(set(FONTS["train"]))
    assert len({style.date_format for style in styles}) >= 12
    assert len({style.call("total") for style in styles}) >= 10
