"""Moving papers between dossiers on the review screen, and papers that came without a request."""

import re

import pytest

from schemas.rules import load_rules
from schemas.statuses import STATUS_LABELS_FR, Door, DossierStatus
from storage.assembling import open_unattached, place_papers, settle_papers
from storage.intake import receive_piece
from storage.models import Dossier
from storage.work import claim_dossiers
from tests.portal import build
from tests.portal.test_reviewing import act, desk  # noqa: F401 - the fixture

RULES = load_rules()


@pytest.fixture
def mail(world):
    """A scan of the mail room that fits two open dossiers of Maëlys alike, in the hand of Odile."""
    Dossier.objects.filter(pk=world.dossier.pk).update(status=DossierStatus.INCOMPLETE.value)
    second, _ = build.make_decided_dossier(world.member)
    papers = open_unattached("COURRIER-1", "04417725", build.NOW.date(), now=build.NOW, actor="folder")
    receive_piece(papers, b"%PDF-1.7 scan", "scan 1.pdf", Door.FOLDER, "mail-1", build.NOW)
    build.read_pieces()
    later = build.NOW + build.LEASE
    for claimed in claim_dossiers("w", 10, later, build.LEASE):
        settle_papers(claimed, place_papers(claimed.id, RULES, later.date()), RULES, worker="w", now=later)
    papers.refresh_from_db()
    assert papers.status == DossierStatus.TO_REVIEW.value
    world.first, world.second, world.dossier = world.dossier, second, papers
    world.as_handler.post(f"/gestion/dossiers/{papers.pk}/prendre")
    return world


def test_a_paper_is_moved_and_both_histories_say_so(desk):  # noqa: F811
    other, _ = build.make_decided_dossier(desk.member)
    answer = act(desk, acte="deplacer", papier=desk.piece.pk, vers=other.reference, pourquoi="facture de lunettes")
    assert answer.status_code == 302
    assert other.pieces.count() == 2
    desk.dossier.refresh_from_db()
    assert desk.dossier.status == DossierStatus.JOINED.value
    there = desk.as_handler.get(f"/gestion/dossiers/{other.pk}").content.decode()
    assert f"venu du dossier {desk.dossier.reference}" in there
    assert "facture de lunettes" in there
    mine = desk.as_member.get(f"/dossiers/{desk.dossier.pk}").content.decode()
    assert f"déplacé vers le dossier {other.reference}" in mine
    assert "facture de lunettes" not in mine
    assert STATUS_LABELS_FR[DossierStatus.JOINED] in mine


def test_a_wrong_reference_is_explained_and_changes_nothing(desk):  # noqa: F811
    answer = act(desk, acte="deplacer", papier=desk.piece.pk, vers="2026-RIEN-0000")
    page = desk.as_handler.get(answer.url).content.decode()
    assert "Aucun dossier ne porte cette référence." in page
    answer = act(desk, acte="deplacer", papier="?", vers=desk.dossier.reference)
    assert "Choisissez le document" in desk.as_handler.get(answer.url).content.decode()
    assert desk.dossier.pieces.count() == 1


def test_another_members_dossier_is_out_of_reach(desk):  # noqa: F811
    answer = act(desk, acte="deplacer", papier=desk.piece.pk, vers=desk.other_dossier.reference)
    assert "autre adhérent" in desk.as_handler.get(answer.url).content.decode()
    assert desk.other_dossier.pieces.count() == 1


def test_papers_without_a_request_show_where_they_may_belong(mail):
    html = mail.as_handler.get(f"/gestion/dossiers/{mail.dossier.pk}").content.decode()
    actions = html[html.index('data-part="actions"') : html.index('data-part="verdict"')]
    assert set(re.findall(r'name="vers" value="([^"]+)"', actions)) == {mail.first.reference, mail.second.reference}
    assert "concorde" in actions
    assert "Documents sans demande" in html
    assert "Accepter" not in actions
    answer = act(mail, acte="deplacer", papier=mail.dossier.pieces.get().pk, vers=mail.first.reference)
    assert answer.status_code == 302
    assert mail.first.pieces.count() == 2


def test_nothing_else_is_done_with_papers_without_a_request(mail):
    for said in (
        {"acte": "accepter", "pourquoi": "x"},
        {"acte": "demander", "texte": "x"},
        {"acte": "refuser", "motif": "not_covered", "pourquoi": "x", "texte": "x"},
    ):
        answer = act(mail, **said)
        page = mail.as_handler.get(answer.url).content.decode()
        assert "ne répondent encore à aucune demande" in page
        mail.as_handler.post(f"/gestion/dossiers/{mail.dossier.pk}/prendre")
    mail.dossier.refresh_from_db()
    assert mail.dossier.status == DossierStatus.TO_REVIEW.value


def test_lists_and_queue_show_them(mail):
    assert "Documents sans demande" in mail.as_handler.get("/gestion?q=COURRIER-1").content.decode()
    assert "Documents sans demande" in mail.as_member.get("/dossiers").content.decode()
    assert "COURRIER-1" in mail.as_member.get(f"/dossiers/{mail.dossier.pk}").content.decode()
