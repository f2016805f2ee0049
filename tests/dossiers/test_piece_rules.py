import pytest

from schemas.errors import RefusalCode
from schemas.readings import FileReading, PageReading, Source
from schemas.vocabulary import Legibility, LegibilityReason
from tests.dossiers.builders import field, finding_of, invoice, judge, outcome_of, prescription, reading, rib, statement

CODES = {
    "facture": "invoice_present",
    "devis": "quote_present",
    "ordonnance": "prescription_present",
    "decompte_am": "statement_present",
    "rib": "bank_details_present",
}


def test_a_dossier_with_everything_is_complete():
    decision = judge(invoice(), prescription(), statement(), rib(), teletransmission=False, rib_on_file=False)
    assert decision.decision == "complete"
    assert {outcome_of(decision, code) for code in CODES.values()} == {"passed", None}


@pytest.mark.parametrize(
    ("kind", "papers", "member", "missing"),
    [
        ("optique", [prescription()], {}, ["facture"]),
        ("optique", [invoice()], {}, ["ordonnance"]),
        ("optique", [invoice(), prescription()], {"teletransmission": False}, ["decompte_am"]),
        ("optique", [invoice(), prescription()], {"rib_on_file": False}, ["rib"]),
        ("optique", [invoice()], {"rib_on_file": False}, ["ordonnance", "rib"]),
        ("optique", [reading("devis_optique"), prescription()], {}, ["facture"]),
        ("optique", [invoice("facture_dentaire"), prescription()], {}, ["facture"]),
        ("soins", [reading("feuille_de_soins")], {}, ["facture"]),
        ("soins", [reading("autre")], {}, ["facture"]),
        ("devis", [invoice()], {}, ["devis"]),
        ("devis", [], {"rib_on_file": False, "teletransmission": False}, ["devis"]),
        ("consultation", [], {"teletransmission": False}, ["decompte_am"]),
        ("consultation", [reading("feuille_de_soins")], {"teletransmission": False}, ["decompte_am"]),
        ("medecine_douce", [], {"teletransmission": False}, ["facture"]),
    ],
)
def test_what_is_absent_is_asked_for(kind, papers, member, missing):
    decision = judge(*papers, kind=kind, **member)
    assert list(decision.missing) == missing
    assert decision.decision == "incomplete"
    for piece in missing:
        assert outcome_of(decision, CODES[piece]) == "failed"


@pytest.mark.parametrize(
    ("kind", "papers", "member"),
    [
        ("dentaire", [invoice("facture_dentaire")], {}),
        ("medecine_douce", [invoice("note_honoraires", total_amount=None, lines=())], {"teletransmission": False}),
        ("consultation", [], {}),
    ],
)
def test_what_is_not_needed_is_not_asked_for(kind, papers, member):
    assert judge(*papers, kind=kind, **member).missing == ()


def test_the_member_is_told_that_a_quote_is_no_invoice():
    decision = judge(reading("devis_optique"), prescription())
    assert "annonce un prix" in decision.message_fr
    assert "facture d’optique" in decision.message_fr


@pytest.mark.parametrize("confidence", [0.3, 0.94])
def test_nothing_is_asked_while_a_paper_may_be_the_missing_one(confidence):
    decision = judge(invoice(), reading("autre", type_confidence=confidence))
    assert outcome_of(decision, "prescription_present") == "inconclusive"
    assert (decision.decision, decision.missing, decision.reasons) == ("to_review", (), ("lecture_incertaine",))


def test_a_paper_surely_of_another_kind_is_not_the_missing_one():
    assert judge(invoice(), reading("autre", type_confidence=0.96)).missing == ("ordonnance",)


def test_a_paper_taken_for_a_needed_piece_does_not_stand_for_another():
    # the invoice is accepted at 0.9: it cannot be the prescription as well
    assert judge(invoice(type_confidence=0.9)).missing == ("ordonnance",)


def test_an_invoice_not_surely_one_is_looked_at():
    decision = judge(invoice(type_confidence=0.84), prescription())
    assert decision.reasons == ("lecture_incertaine",)


def test_a_quote_that_says_it_was_paid_is_looked_at_by_a_person():
    decision = judge(invoice("devis_optique"), prescription())
    assert outcome_of(decision, "invoice_present") == "inconclusive"
    assert decision.missing == ()


def test_a_page_in_no_paper_may_be_the_missing_one():
    page = PageReading(page=1, width=10, height=10, unit="px")
    loose = FileReading(id="loose", file="loose.jpg", sha256="x", pages=(page,))
    assert judge(invoice(), loose).reasons == ("lecture_incertaine",)


# --- legibility ---


def illegible(kind: str = "facture_optique", confidence: float = 0.95, name: str = "bad") -> FileReading:
    page = PageReading(
        page=1, width=10, height=10, unit="px", legibility=Legibility.ILLEGIBLE, reasons=(LegibilityReason.FLOU,)
    )
    return reading(kind, id=name, type_confidence=confidence, legible=False, page_readings=(page,))


def test_an_illegible_invoice_is_sent_again_and_not_asked_for_as_absent():
    decision = judge(illegible(), prescription())
    assert decision.missing == ("piece_illisible",)
    assert outcome_of(decision, "invoice_present") == "passed"
    assert "photo est floue" in decision.message_fr


def test_an_illegible_paper_of_unknown_kind_stands_for_the_only_absent_piece():
    assert judge(invoice(), illegible("autre", 0.3)).missing == ("piece_illisible",)


def test_one_illegible_paper_cannot_stand_for_two_absent_pieces():
    decision = judge(illegible("autre", 0.3))
    assert (decision.missing, decision.reasons) == ((), ("lecture_incertaine",))


def test_an_illegible_paper_nobody_needs_bothers_nobody():
    decision = judge(invoice(), prescription(), illegible("autre", 0.3))
    assert decision.decision == "complete"
    assert finding_of(decision, "required_pieces_legible").evidence[0].file == "bad"


def test_what_is_surely_missing_is_asked_beside_what_is_illegible():
    assert judge(illegible(), rib_on_file=False).missing == ("ordonnance", "rib", "piece_illisible")


def test_a_blank_back_is_no_paper():
    blank = PageReading(
        page=2, width=10, height=10, unit="px", legibility=Legibility.ILLEGIBLE,
        reasons=(LegibilityReason.PAGE_BLANCHE,),
    )  # fmt: skip
    front = invoice()
    both = front.model_copy(update={"pages": (*front.pages, blank)})
    assert judge(both).missing == ("ordonnance",)


def test_a_refused_file_is_sent_again_when_a_piece_lacks():
    refused = FileReading(id="r", file="r.pdf", sha256="y", refusal=RefusalCode.ENCRYPTED)
    decision = judge(invoice(), refused)
    assert decision.missing == ("piece_illisible",)
    assert "mot de passe" in decision.message_fr
    assert judge(invoice(), prescription(), refused).decision == "complete"


def test_a_file_that_took_too_long_is_looked_at():
    late = FileReading(id="r", file="r.pdf", sha256="y", refusal=RefusalCode.TIMEOUT)
    for papers in ((invoice(), late), (invoice(), prescription(), late)):
        decision = judge(*papers)
        assert (decision.missing, decision.reasons) == ((), ("lecture_incertaine",))


def test_an_illegible_page_within_a_required_paper_is_looked_at():
    pages = tuple(
        PageReading(page=n, width=10, height=10, unit="px", source=Source.TEXT_LAYER, legibility=legibility)
        for n, legibility in ((1, Legibility.LEGIBLE), (2, Legibility.ILLEGIBLE))
    )
    decision = judge(invoice(pages=(1, 2), page_readings=pages), prescription())
    assert outcome_of(decision, "required_pieces_legible") == "inconclusive"


# --- pages ---


def test_a_page_that_the_print_announces_is_asked_for():
    cut = invoice(page_number_printed=1, page_count_printed=2, missing_pages=True, lines=())
    decision = judge(cut, prescription())
    assert decision.missing == ("page_manquante",)


def test_the_second_page_may_come_in_a_file_of_its_own():
    first = invoice(page_number_printed=1, page_count_printed=2, missing_pages=True)
    second = invoice(id="p2", page_number_printed=2, page_count_printed=2)
    assert judge(first, second, prescription()).decision == "complete"


def test_no_mention_of_payment_is_asked_for_before_the_last_page_is_there():
    cut = invoice(page_number_printed=1, page_count_printed=2, missing_pages=True, paid=None)
    assert judge(cut, prescription()).missing == ("page_manquante",)
    due = invoice(page_number_printed=1, page_count_printed=2, missing_pages=True, paid=False)
    assert judge(due, prescription()).missing == ("facture_acquittee", "page_manquante")


def test_a_paper_numbered_two_may_be_the_missing_page():
    cut = invoice(page_number_printed=1, page_count_printed=2)
    other = reading("autre", page_number_printed=2, page_count_printed=2)
    assert judge(cut, prescription(), other).reasons == ("lecture_incertaine",)


# --- payment ---


@pytest.mark.parametrize(
    ("paid", "source", "outcome"),
    [
        (True, Source.TEXT_LAYER, "passed"),
        (False, Source.TEXT_LAYER, "failed"),
        (None, Source.TEXT_LAYER, "failed"),
        (True, Source.TESSERACT, "passed"),
        (False, Source.TESSERACT, "failed"),
        (None, Source.TESSERACT, "inconclusive"),  # a stamp may have been overlooked
        (field(True, 0.93, Source.TESSERACT), Source.TESSERACT, "passed"),
        (field(True, 0.92, Source.TESSERACT), Source.TESSERACT, "inconclusive"),
        (field(False, 0.92, Source.TESSERACT), Source.TESSERACT, "inconclusive"),
        (field(True, 1.0, Source.TESSERACT, held_back="stamp_unclear"), Source.TESSERACT, "inconclusive"),
        (field(None, 0.97, Source.TESSERACT), Source.TESSERACT, "failed"),  # looked for, surely not there
        (field(None, 0.5, Source.TESSERACT), Source.TESSERACT, "inconclusive"),
        (field(None, 0.97, Source.TESSERACT, held_back="unreadable"), Source.TESSERACT, "inconclusive"),
        (field(True, 0.1, Source.HANDLER), Source.TESSERACT, "passed"),
    ],
)
def test_mention_of_payment(paid, source, outcome):
    decision = judge(invoice(source=source, paid=paid), prescription())
    assert outcome_of(decision, "invoice_is_paid") == outcome
    assert decision.missing == (("facture_acquittee",) if outcome == "failed" else ())


def test_one_paid_copy_of_the_invoice_is_enough():
    assert judge(invoice(paid=None), invoice(id="copy"), prescription()).decision == "complete"


def test_every_invoice_must_be_paid():
    other = invoice(id="other", document_number="F2026-119", paid=None)
    assert judge(invoice(), other, prescription()).missing == ("facture_acquittee",)


def test_a_quote_need_not_be_paid():
    decision = judge(invoice("devis_optique", paid=None), kind="devis")
    assert outcome_of(decision, "invoice_is_paid") is None
    assert decision.decision == "complete"


def test_a_total_on_the_page_that_is_missing_is_no_doubt():
    cut = invoice(page_number_printed=1, page_count_printed=2, missing_pages=True, total_amount=None, lines=())
    decision = judge(cut, prescription())
    assert (decision.decision, decision.missing) == ("incomplete", ("page_manquante",))
    whole = invoice(total_amount=None, lines=())
    assert judge(whole, prescription()).reasons == ("lecture_incertaine",)


@pytest.mark.parametrize("kind", ["autre", "decompte_am", "feuille_de_soins"])
def test_a_paper_that_says_what_was_paid_is_not_asked_for_as_an_invoice(kind):
    """The reader is sure of another kind, and wrong: nobody is asked for what they sent."""
    decision = judge(invoice(kind), prescription())
    assert (decision.decision, decision.missing) == ("to_review", ())
    assert "lecture_incertaine" in decision.reasons
    unpaid = judge(invoice(kind, paid=None), prescription())
    assert unpaid.missing == ("facture",)
    card_slip = judge(invoice(kind, patient_name=None), prescription())
    assert card_slip.missing == ("facture",)
