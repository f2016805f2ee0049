"""Papers from abroad, and files that somebody changed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dossiers import decide
from schemas.edited_files import EditedFiles
from schemas.readings import NOT_STRUCK_OUT, Check, Provenance, Source
from schemas.vocabulary import DecisionKind, FieldName
from tests.dossiers.builders import RULES, UPLOAD, dossier, field, invoice, prescription


def judge(code, paper, rules=RULES):
    decision = decide(dossier(paper, prescription()), rules, today=UPLOAD)
    found = [finding for finding in decision.findings if finding.code == code]
    return decision, found[0] if found else None


def made(*programs, created=None, modified=None, written_over=()):
    said = Provenance(programs=programs, created=created, modified=modified, written_over=written_over)
    return invoice(id="inv").model_copy(update={"provenance": said})


def test_a_paper_from_abroad_goes_to_a_person_with_what_tells_it():
    decision, finding = judge("papers_are_from_france", invoice(id="inv", foreign_signs=("CHF 118.50",)))
    assert (decision.decision, decision.reasons) == (DecisionKind.TO_REVIEW, ("facture_etrangere",))
    assert "« CHF 118.50 »" in finding.handler_fr
    assert finding.evidence[0].file == "inv"


def test_nothing_is_asked_for_while_a_foreign_paper_may_be_it():
    foreign = invoice("autre", id="inv", fields={}, lines=(), foreign_signs=("CHF 118.50",))
    decision, _ = judge("papers_are_from_france", foreign)
    assert decision.decision is DecisionKind.TO_REVIEW
    assert decision.missing == ()
    assert "facture_etrangere" in decision.reasons


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (made("Sejda 5.3.7 (sejda.com)"), "« Sejda 5.3.7 (sejda.com) »"),
        (made("adobe photoshop 2026"), "« adobe photoshop 2026 »"),
        (made("Ivoire", written_over=(1,)), "ajoutés sur une page"),
    ],
)
def test_a_changed_file_goes_to_a_person(paper, said):
    decision, finding = judge("files_are_as_made", paper)
    assert (decision.decision, decision.reasons) == (DecisionKind.TO_REVIEW, ("fichier_modifie",))
    assert said in finding.handler_fr


@pytest.mark.parametrize("paper", [made("EPSON Scan 2"), made("PDFsam Basic"), made(), invoice(id="inv")])
def test_a_file_like_others_does_not(paper):
    decision, finding = judge("files_are_as_made", paper)
    assert decision.decision is DecisionKind.COMPLETE
    assert (finding is None) == (paper.provenance is None)


@pytest.mark.parametrize(("days", "kind"), [(None, "complete"), (31, "complete"), (30, "to_review")])
def test_days_between_making_and_changing_count_where_the_insurer_says_so(days, kind):
    rules = RULES.model_copy(update={"edited_files": EditedFiles(days_after=days)})
    paper = made(created=datetime(2026, 3, 1, tzinfo=UTC), modified=datetime(2026, 3, 31, tzinfo=UTC))
    assert judge("files_are_as_made", paper, rules)[0].decision == kind


def struck(value):
    return field(value, checks=(Check(name=NOT_STRUCK_OUT, passed=False),), held_back=f"check_failed:{NOT_STRUCK_OUT}")


def test_a_struck_out_total_goes_to_a_person():
    paper = invoice(id="inv", total_amount=struck(Decimal("300.00")))
    decision, finding = judge("figures_are_not_struck_out", paper)
    assert decision.decision is DecisionKind.TO_REVIEW
    assert "correction_manuscrite" in decision.reasons
    assert finding.handler_fr == "Valeur raturée sur le document : Montant total."
    assert [(place.file, place.field) for place in finding.evidence] == [("inv", FieldName.TOTAL_AMOUNT)]


def test_what_a_gestionnaire_settled_is_settled():
    settled = struck(Decimal("300.00")).model_copy(update={"source": Source.HANDLER, "held_back": None})
    decision, finding = judge("figures_are_not_struck_out", invoice(id="inv", total_amount=settled))
    assert finding.outcome == "passed"
    assert decision.decision is DecisionKind.COMPLETE
