from decimal import Decimal

from bench.scoring import Verdict, judge_set
from schemas.vocabulary import DocumentType, FieldName
from tests.bench.builders import NUMBER, TOTAL, answer, file, judge, paper, read, reading

NAME = FieldName.PATIENT_NAME


def verdict_of(true, got, name=TOTAL):
    return judge(file(true), reading(got))[name].verdict


def test_each_verdict():
    true = paper({TOTAL: Decimal("10.00")})
    assert verdict_of(true, read({TOTAL: answer(Decimal(10))})) is Verdict.CORRECT
    assert verdict_of(true, read({TOTAL: answer(Decimal("10.01"))})) is Verdict.WRONG
    assert verdict_of(true, read()) is Verdict.MISSED
    assert verdict_of(paper(), read({TOTAL: answer(Decimal(10))})) is Verdict.SPURIOUS
    assert verdict_of(paper(legible=False), read({TOTAL: answer(Decimal(10))})) is Verdict.INVENTED
    assert verdict_of(paper(legible=False), read(legible=False)) is Verdict.RIGHTLY_ABSENT


def test_an_answer_that_the_paper_allows_is_neither_spurious_nor_wrong():
    allowed = {TOTAL: (Decimal("0.00"),)}
    assert verdict_of(paper(accepted=allowed), read({TOTAL: answer(Decimal(0))})) is Verdict.RIGHTLY_ABSENT
    assert (
        verdict_of(paper({TOTAL: Decimal(5)}, accepted=allowed), read({TOTAL: answer(Decimal(0))})) is Verdict.CORRECT
    )


def test_what_is_doubtful_may_be_missed_but_not_be_wrong():
    true = paper({TOTAL: Decimal(5)}, doubtful=frozenset({TOTAL}))
    assert verdict_of(true, read()) is Verdict.RIGHTLY_ABSENT
    assert verdict_of(true, read({TOTAL: answer(Decimal(6))})) is Verdict.WRONG


def test_names_are_compared_without_titles_accents_and_order():
    true = paper({NAME: "Zoé LEBŒUF"})
    assert verdict_of(true, read({NAME: answer("Mme LEBOEUF Zoe")}), NAME) is Verdict.CORRECT
    assert verdict_of(true, read({NAME: answer("Mme LEBEUF Zoe")}), NAME) is Verdict.WRONG


def test_the_punctuation_of_a_document_number_counts_its_spaces_do_not():
    true = paper({NUMBER: "F-12 3"})
    assert verdict_of(true, read({NUMBER: answer("f-123")}), NUMBER) is Verdict.CORRECT
    assert verdict_of(true, read({NUMBER: answer("F123")}), NUMBER) is Verdict.WRONG


def test_a_field_that_could_not_be_read_is_missed_and_has_no_answer():
    judged = judge(file(paper({TOTAL: Decimal(5)})), reading(read({TOTAL: answer(None, 0.2)})))[TOTAL]
    assert judged.verdict is Verdict.MISSED
    assert judged.got is None


def test_two_papers_in_the_other_order_are_paired_by_their_pages():
    first, second = paper({TOTAL: Decimal(1)}, pages=(1,)), paper({TOTAL: Decimal(2)}, pages=(2,))
    got = reading(read({TOTAL: answer(Decimal(2))}, pages=(2,)), read({TOTAL: answer(Decimal(1))}, pages=(1,)))
    scores = judge_set([file(first, second)], {"s1": got})
    assert [j.verdict for j in scores.judgements if j.field is TOTAL] == [Verdict.CORRECT, Verdict.CORRECT]
    assert [same for _, same in scores.grouped] == [True]


def test_papers_put_together_are_grouped_wrong_and_one_of_them_is_lost():
    first, second = paper({TOTAL: Decimal(1)}, pages=(1,)), paper({TOTAL: Decimal(2)}, pages=(2,))
    scores = judge_set([file(first, second)], {"s1": reading(read({TOTAL: answer(Decimal(1))}, pages=(1, 2)))})
    assert [same for _, same in scores.grouped] == [False]
    assert [j.verdict for j in scores.judgements if j.field is TOTAL] == [Verdict.CORRECT, Verdict.MISSED]


def test_other_papers_count_for_type_and_grouping_alone():
    other = paper(kind=DocumentType.AUTRE)
    scores = judge_set([file(other)], {"s1": reading(read(kind=DocumentType.AUTRE))})
    assert scores.judgements == ()
    assert [one.read.type for one in scores.papers] == [DocumentType.AUTRE]


def test_a_file_without_reading_misses_everything():
    scores = judge_set([file(paper({TOTAL: Decimal(1)}))], {})
    assert {j.verdict for j in scores.judgements if j.field is TOTAL} == {Verdict.MISSED}


def test_two_papers_on_one_page_have_keys_of_their_own():
    papers = [paper({TOTAL: Decimal(1)}), paper({TOTAL: Decimal(2)})]
    scores = judge_set([file(*papers)], {})
    assert [j.key for j in scores.judgements if j.field is TOTAL] == ["s1/1/total_amount", "s1/2/total_amount"]
