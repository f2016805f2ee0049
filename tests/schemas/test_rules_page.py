"""The page for analysts names everything that a rule file may say."""

from pathlib import Path

import pytest

from schemas.checks import USUAL_REASONS, RuleCode
from schemas.legal import KNOWN_UNITS, Unit
from schemas.messages import EMAIL_NAMES, MESSAGE_NAMES, PIECE_NAMES
from schemas.pieces import ClaimRules, Condition, RequiredPiece
from schemas.rules import InsurerRules, Routing
from schemas.vocabulary import ClaimType

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "names",
    [RuleCode, Condition, Unit, ClaimType, KNOWN_UNITS, RequiredPiece.model_fields, ClaimRules.model_fields,
     Routing.model_fields, EMAIL_NAMES, MESSAGE_NAMES, PIECE_NAMES],
    ids=lambda names: getattr(names, "__name__", ""),
)  # fmt: skip
def test_every_name_stands_on_the_page(names):
    assert not [name for name in map(str, names) if name not in PAGE]


def test_every_part_of_a_file_stands_on_the_page():
    assert (
        not set(InsurerRules.model_fields)
        - {"name", "valid_from"}
        - {part for part in InsurerRules.model_fields if part in PAGE}
    )


def test_usual_reasons_stand_beside_their_check():
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
    for code, reason in USUAL_REASONS.items():
        assert f"`{reason.value}`" in rows[code.value]
