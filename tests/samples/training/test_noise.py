from random import Random

from samples.training.corpora import Sample
from samples.training.noise import learn_noise, spoil_page
from schemas.geometry import Box
from schemas.readings import Source
from tests.extractors.understanding.builders import make_page

ROWS = tuple(f"Ligne numero {n} de la facture 2026" for n in range(12))


def make_sample(*rows):
    page = make_page(*rows, source=Source.TESSERACT, confidence=0.5)
    printed = [(word.text, Box(*word.box)) for word in make_page(*ROWS).words]
    return Sample({}, (page,), {1: printed})


def test_what_was_misread_and_lost_is_learned():
    noise = learn_noise([make_sample(*(row.replace("facture", "faclure") for row in ROWS[:11]))])
    [page] = noise.pages
    assert noise.confusions["t"]["l"] >= 11
    assert page.lost == 1 / 12
    assert page.wrong == 1 / 7


def test_a_spoiled_page_is_a_picture_with_errors_and_the_same_seed_spoils_alike():
    noise = learn_noise([make_sample(*(row.replace("facture", "faclure") for row in ROWS[:11]))])
    clean = make_page(*ROWS)
    spoiled = spoil_page(Random(1), clean, noise)
    assert spoiled == spoil_page(Random(1), clean, noise)
    assert spoiled.source is Source.TESSERACT
    assert len(spoiled.words) < len(clean.words)
    assert {word.text for word in spoiled.words} - {word.text for word in clean.words}


def test_nothing_is_learned_from_a_page_that_is_another():
    noise = learn_noise([make_sample(*(["tout autre chose"] * 12))])
    assert not noise.pages or noise.pages[0].wrong > 0.5
