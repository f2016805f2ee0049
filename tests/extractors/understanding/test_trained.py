import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.understanding.candidates import find_source
from extractors.understanding.features import FEATURES
from extractors.understanding.kinds import TYPE_FEATURES, load_type_model, read_type_model
from extractors.understanding.sheet import take_apart
from extractors.understanding.trained import (
    KINDS,
    MODELS,
    OCR,
    TEXT,
    Line,
    load_choice_model,
    read_choice_model,
    source_kind,
)
from schemas.errors import ConfigurationError
from schemas.readings import Source
from schemas.vocabulary import DocumentType, FieldName
from tests.extractors.understanding.builders import make_page


def test_shipped_models_load_and_are_small():
    load_choice_model()
    load_type_model()
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) < 40_000_000


def test_every_shipped_model_has_a_card():
    for path in MODELS.glob("*.json"):
        assert path.with_suffix(".md").stat().st_size > 500


@pytest.mark.parametrize(("name", "read"), [("choice", read_choice_model), ("type", read_type_model)])
def test_a_model_for_other_features_is_refused(tmp_path, name, read):
    data = json.loads((MODELS / f"{name}.json").read_text())
    data["features"] = [*data["features"][1:], data["features"][0]]
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(data))
    with pytest.raises(ConfigurationError, match="liasse train"):
        read(path)
    with pytest.raises(ConfigurationError, match="liasse train"):
        read(tmp_path / "missing.json")


def test_features_are_named_in_the_files_in_their_order():
    assert json.loads((MODELS / "choice.json").read_text())["features"] == list(FEATURES)
    assert json.loads((MODELS / "type.json").read_text())["features"] == TYPE_FEATURES


@given(st.sampled_from(sorted(FieldName)), st.sampled_from(sorted(Source)), st.floats(-8, 8), st.floats(0, 4))
def test_confidence_rises_with_the_score_of_the_model(name, source, logit, more):
    model = load_choice_model()
    assert model.calibrate(name, source, logit) <= model.calibrate(name, source, logit + more)


@given(st.lists(st.floats(0, 1), min_size=len(FEATURES), max_size=len(FEATURES)), st.floats(0, 1))
def test_a_surer_reader_never_lowers_the_belief(values, more):
    trees = load_choice_model().trees
    row = np.array([values, values])
    row[1, list(FEATURES).index("conf_min")] += more
    low, high = trees.judge(row)
    assert low <= high + 1e-9


def test_thresholds_come_from_the_file(tmp_path):
    from extractors.understanding.deciding import decide_fields
    from extractors.understanding.understand import find_papers

    page = make_page("#NOTE D'HONORAIRES", "Marie Basse", "Ostéopathe D.O.", "12 rue Haute", "Facture n° F2026-114",
                     "Date : 03/03/2026", "Total : 55,00 €")  # fmt: skip
    [paper] = find_papers([page], load_type_model(), None)
    data = json.loads((MODELS / "choice.json").read_text())
    held = {}
    for accept in (0.0, 1.0):
        data["accept"] = dict.fromkeys(data["accept"], accept)
        path = tmp_path / f"{accept}.json"
        path.write_text(json.dumps(data))
        held[accept] = decide_fields(paper.evidence, read_choice_model(path))[FieldName.TOTAL_AMOUNT].held_back
    assert held == {0.0: None, 1.0: "low_confidence"}


def test_calibration_knows_every_field_and_source():
    model = load_choice_model()
    for name in FieldName:
        assert {TEXT, OCR} <= set(model.calibration[name]) <= set(KINDS)
        assert all(line.slope > 0 for line in model.calibration[name].values())
        assert 0 < model.answer[name] < model.accept[name] <= 1


def test_a_blank_page_is_of_no_known_type():
    from extractors.understanding.understand import find_papers

    [paper] = find_papers([make_page("Bonjour", "merci de votre visite au musée")], load_type_model(), None)
    assert paper.guess.type is DocumentType.AUTRE


def test_each_reader_has_its_own_kind_and_a_model_without_it_leans_on_the_first_reader():
    assert [source_kind(source) for source in (Source.TEXT_LAYER, Source.TESSERACT, Source.SECOND_READER)] == list(
        KINDS
    )
    line = Line(1.0, 0.5)
    lines = {FieldName.NIR: {TEXT: Line(1.0, 2.0), OCR: line}}
    model = replace(load_choice_model(), calibration=lines)
    assert model.calibrate(FieldName.NIR, Source.SECOND_READER, 0.0) == line.apply(0.0)


def test_a_value_is_of_the_reader_that_read_its_words():
    words = [word.model_copy(update={"source": source}) for word, source in
             zip(make_page("un deux").words, (None, Source.TESSERACT), strict=True)]  # fmt: skip
    sheet = take_apart(make_page("un deux").model_copy(update={"words": tuple(words)}))
    assert find_source(sheet, words[:1]) is Source.TEXT_LAYER
    assert find_source(sheet, words) is Source.TESSERACT
