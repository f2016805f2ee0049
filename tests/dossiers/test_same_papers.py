from datetime import date
from decimal import Decimal

import pytest

from dossiers import remember
from dossiers.same_paper import hash_distance, text_similarity
from schemas.readings import PageReading, Source
from tests.dossiers.builders import CHILD, RULES, dossier, field, finding_of, invoice, judge, prescription

WORDS = tuple(range(100))


def pages(fingerprint: str | None) -> tuple[PageReading, ...]:
    return (PageReading(page=1, width=1, height=1, unit="px", source=Source.TEXT_LAYER, fingerprint=fingerprint),)


FIRST = invoice(sha256="one", text_fingerprint=WORDS, page_readings=pages("ffff0000ffff0000"))


def past(paper=FIRST, **changes):
    return remember(dossier(paper, prescription(), id="D0", upload_date=date(2026, 4, 1), **changes), RULES)


def decide_again(paper, before=FIRST, **changes):
    return judge(paper, prescription(), history=[past(before, **changes)])


def unlike(**changes):
    """Another scan: other bytes, other picture, other words."""
    return invoice(**({"sha256": "two", "text_fingerprint": tuple(range(500, 600))} | changes))


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (unlike(sha256="one", document_number="other", total_amount=Decimal(5), lines=("5",)), "même fichier"),
        (unlike(issue_date=date(2026, 3, 1), care_dates=(date(2026, 3, 1),)), "numéro et montant"),
        (unlike(document_number="f 2026 118"), "numéro et montant"),
        (unlike(document_number=None), "professionnel, dates et montant"),
        (unlike(document_number=None, total_amount=None, text_fingerprint=WORDS), "nouvelle image"),
        (
            unlike(
                document_number=None, care_dates=None, issue_date=None, practitioner_name=None,
                text_fingerprint=WORDS[:40] + (0,) * 60, page_readings=pages("ffff0000ffff000f"),
            ),
            "nouvelle image",
        ),
    ],
)  # fmt: skip
def test_the_same_paper_is_recognised(paper, why):
    decision = decide_again(paper)
    assert "doublon" in decision.reasons
    found = finding_of(decision, "invoice_not_sent_before")
    assert why in found.handler_fr
    assert "D0" in {evidence.dossier for evidence in found.evidence}
    assert decision.queue == "controle"


@pytest.mark.parametrize(
    "paper",
    [
        unlike(document_number="F2026-119"),
        unlike(total_amount=Decimal("310.00"), lines=("310.00",), amo_amount=None, patient_due=None),
        # the next session of a series: same looks, same amount, another day
        unlike(document_number=None, care_dates=(date(2026, 3, 25),), issue_date=date(2026, 3, 25),
               text_fingerprint=WORDS, page_readings=pages("ffff0000ffff0000")),
        # looks alike and says something else
        unlike(document_number=None, practitioner_name="Autre Opticien", text_fingerprint=WORDS[:39] + (0,) * 61,
               page_readings=pages("ffff0000ffff0000")),
    ],
)  # fmt: skip
def test_another_paper_is_not(paper):
    assert decide_again(paper).decision == "complete"


def test_what_would_settle_it_but_is_doubtful_goes_to_a_person():
    decision = decide_again(unlike(document_number=field("F2026-11B", 0.4), practitioner_name=None, care_dates=None))
    assert decision.reasons == ("lecture_incertaine",)


def test_the_prescription_and_the_rib_may_come_again():
    other = unlike(document_number="Z9", care_dates=(date(2026, 4, 2),), issue_date=date(2026, 4, 2))
    assert decide_again(other).decision == "complete"  # the same prescription is in both dossiers


def test_other_members_have_no_part_in_it():
    assert decide_again(invoice(sha256="one"), member_number="99").decision == "complete"


def test_a_dossier_decided_anew_is_no_duplicate_of_itself():
    again = past().model_copy(update={"id": "D1"})
    assert judge(FIRST, prescription(), history=[again]).decision == "complete"


def test_only_sure_values_are_remembered_and_never_the_nir():
    paper = invoice(document_number=field("F1", 0.3), nir="185072A00401252", total_amount=field(Decimal(9), 0.99))
    kept = past(paper).papers[0]
    assert (kept.document_number, kept.total_amount) == (None, Decimal(9))
    assert "185072" not in kept.model_dump_json()


def test_measures():
    assert hash_distance("00000000000000ff", "00000000000000fe") == 1
    assert text_similarity((1, 2, 3, 4), (1, 2, 9, 9)) == 0.5
    assert text_similarity((), ()) == 0.0
    assert text_similarity((1, 2), (1, 2, 3)) == 0.0


def test_a_brothers_note_of_the_same_form_day_and_price_is_another_paper():
    theirs = unlike(
        document_number=None, patient_name="Hugo VASSEUR", text_fingerprint=WORDS,
        page_readings=pages("ffff0000ffff0000"),
    )  # fmt: skip
    decision = judge(theirs, prescription(), history=[past()], patient=CHILD)
    assert decision.decision == "complete"
    misread = unlike(document_number=None, patient_name="Lea VASSEUP", text_fingerprint=WORDS)
    assert judge(misread, prescription(), history=[past()]).reasons == ("doublon",)
