from datetime import date
from decimal import Decimal

from bench.items import align_items, score_items
from bench.scoring import judge_set
from bench.truth import TrueLine
from schemas.readings import LineItem
from tests.bench.builders import file, paper, read, reading

FRAME = LineItem(label="Monture", amount=Decimal("100.00"))
RIGHT = LineItem(label="Verre", location="OD", amount=Decimal("80.00"), date=date(2026, 1, 2))
LEFT = LineItem(label="Verre", location="OG", amount=Decimal("80.00"), date=date(2026, 1, 2))


def score(expected, got):
    return score_items(judge_set([file(paper(items=expected))], {"s1": reading(read(items=got))}).papers)


def test_lines_read_as_printed_are_exact():
    told = score((FRAME, RIGHT), (FRAME.model_copy(update={"label": "MONTURE."}), RIGHT))
    assert (told.printed, told.exact, told.read) == (2, 2, 2)
    assert told.right == told.cells


def test_one_wrong_cell_spoils_its_line_alone():
    told = score((FRAME, RIGHT), (FRAME, RIGHT.model_copy(update={"amount": Decimal("8.00")})))
    assert told.exact == 1
    assert told.cells["amount"] - told.right["amount"] == 1
    assert told.right["label"] == 2


def test_a_lost_line_does_not_shift_the_others():
    assert align_items((FRAME, RIGHT, LEFT), (FRAME, LEFT)) == [(FRAME, FRAME), (RIGHT, None), (LEFT, LEFT)]


def test_a_line_too_many_is_passed_over():
    extra = LineItem(label="Total", amount=Decimal("260.00"))
    told = score((FRAME, LEFT), (FRAME, extra, LEFT))
    assert (told.printed, told.exact, told.read) == (2, 2, 3)


def test_lines_that_agree_in_nothing_are_not_paired():
    assert align_items((FRAME,), (LineItem(label="Étui", amount=Decimal(1)),)) == [(FRAME, None)]


def test_a_cell_that_is_not_printed_is_told_apart_and_spoils_nothing():
    told = score((FRAME,), (FRAME.model_copy(update={"quantity": Decimal(1)}),))
    assert told.exact == 1
    assert told.spare == {"quantity": 1}


def test_illegible_papers_have_no_lines():
    papers = judge_set([file(paper(items=(FRAME,), legible=False))], {"s1": reading(read(items=(FRAME,)))}).papers
    assert score_items(papers).printed == 0


def test_a_wording_is_right_with_or_without_the_detail_under_it():
    printed = TrueLine(label="Monture", detail="Pépite B880 bleu", amount=Decimal("100.00"))
    assert score((printed,), (FRAME,)).exact == 1
    assert score((printed,), (FRAME.model_copy(update={"label": "Monture Pépite B880 bleu"}),)).exact == 1
    assert score((printed,), (FRAME.model_copy(update={"label": "Monture bleu"}),)).exact == 0
