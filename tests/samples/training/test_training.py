import json

import pytest

from extractors.understanding.kinds import read_type_model
from extractors.understanding.trained import read_choice_model
from samples.training.corpora import Corpus
from samples.training.train import MODELS, Plan, draw_plan, train_models

TINY = Plan(
    train=(Corpus("train", False, 1, 34), Corpus("train", True, 11, 4)),
    calibration=(Corpus("calibration", False, 2, 40), Corpus("calibration", True, 12, 4)),
    test=(Corpus("test", False, 3, 8),),
    names=(Corpus("train", False, 21, 17),),
    noisy=1,
)


def test_the_splits_of_a_plan_never_meet():
    plan = draw_plan(100, 10, 1)
    for name in ("train", "calibration", "test"):
        assert {corpus.split for corpus in getattr(plan, name)} == {name}
    assert {corpus.split for corpus in plan.names} == {"train"}
    assert len({corpus.seed for corpus in plan.corpora}) == len(plan.corpora)


@pytest.mark.service
@pytest.mark.timeout(900)
def test_training_ends_with_models_that_load_and_cards(tmp_path):
    said = set()
    written = train_models(
        tmp_path / "models", tmp_path / "cache", TINY, jobs=2, report=lambda what, done, total: said.add(what)
    )
    assert {path.name for path in written} >= {f"{name}.md" for name in MODELS} | {
        "type.json",
        "choice.json",
        "meta.json",
    }
    read_type_model(tmp_path / "models" / "type.json")
    read_choice_model(tmp_path / "models" / "choice.json")
    assert "seed 12" in (tmp_path / "models" / "choice.md").read_text()
    assert any(what.startswith("papers") for what in said)
    first = (tmp_path / "models" / "choice.json").read_bytes()
    train_models(tmp_path / "models", tmp_path / "cache", TINY, jobs=2, only=("choice",), report=lambda *_: None)
    assert json.loads(first) == json.loads((tmp_path / "models" / "choice.json").read_bytes())
