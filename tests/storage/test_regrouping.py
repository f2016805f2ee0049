"""Papers split and merged by a person: events laid over the reading, under the lease, undone like any correction."""

import pytest

from schemas.errors import LeaseLostError, RefusedActError, StalePageError
from schemas.readings import DocumentReading, FieldValue, FileReading, PageReading, Source
from schemas.rules import load_rules
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import DecisionKind, DocumentType, FieldName
from storage.events import rebuild_status
from storage.holding import Ticket, hold_dossier, read_version
from storage.models import Dossier, Event, EventContent, Reading
from storage.moving import move_held_piece
from storage.regrouping import cut_pages, merge_papers, split_paper
from storage.reviewing import Correction, Place, correct_field, correct_type, undo_correction
from storage.work import claim_dossiers, claim_pieces, load_dossier, save_decision, save_reading
from tests.storage.build import LEASE, NOW, SETTLE, add_piece, at, make_decision, make_dossier

pytestmark = pytest.mark.django_db
RULES = load_rules()
TODAY = NOW.date()


def paper(*pages, number="F-1"):
    value = FieldValue(value=number, raw_text=number, confidence=0.99, source=Source.TESSERACT, page=pages[0])
    return DocumentReading(
        type=DocumentType.FACTURE_OPTIQUE,
        type_confidence=0.99,
        pages=pages,
        fields={FieldName.DOCUMENT_NUMBER: value},
    )


def decide(now):
    for claimed in claim_dossiers("w", 50, now, LEASE):
        loaded = load_dossier(claimed.id, RULES)
        save_decision(claimed, make_decision(loaded.dossier.claim.id, DecisionKind.TO_REVIEW), worker="w", now=now)


@pytest.fixture
def piece(store):
    """Four pages read as a paper of three and one of one, waiting for a person."""
    piece = add_piece(make_dossier(), store)
    (claimed,) = claim_pieces("reader", 50, NOW, LEASE)
    reading = FileReading(
        id="x",
        file="x.pdf",
        sha256=claimed.sha256,
        pages=tuple(PageReading(page=number, width=600, height=800, unit="pt") for number in (1, 2, 3, 4)),
        documents=(paper(1, 2, 3), paper(4, number="F-4")),
    )
    save_reading(claimed, reading, worker="reader", seconds=0.1, now=NOW, settle=SETTLE)
    decide(at(600))
    return piece


def ticket(dossier_id, user=7):
    hold = hold_dossier(dossier_id, user, at(700))
    return Ticket(dossier_id, hold.token, read_version(dossier_id), user, "odile", "Odile")


def papers(piece):
    return load_dossier(piece.dossier_id, RULES).dossier.readings[0].documents


def split(piece, *parts, document=0, shown=None, why=""):
    return split_paper(
        shown or ticket(piece.dossier_id), Place(piece.pk, document), parts, RULES, at(701), TODAY, why=why
    )


def test_pages_are_cut_where_asked():
    assert cut_pages((1, 2, 3, 4), (3, 1, 1)) == ((1,), (2, 3), (4,))
    for starts in ((), (0,), (4,), (-1, 2)):
        with pytest.raises(RefusedActError):
            cut_pages((1, 2, 3, 4), starts)


def test_a_split_lies_over_the_reading_and_decides_again(piece):
    line = Reading.objects.get(piece=piece).line
    decisions = Dossier.objects.get(pk=piece.dossier_id).decisions.count()
    split(piece, paper(1), paper(2, number="F-2"), paper(3, number="F-3"), why="trois factures")
    assert papers(piece) == (paper(1), paper(2, number="F-2"), paper(3, number="F-3"), paper(4, number="F-4"))
    assert Reading.objects.get(piece=piece).line == line
    dossier = Dossier.objects.get(pk=piece.dossier_id)
    assert dossier.decisions.count() == decisions + 1
    assert dossier.status == DossierStatus.TO_REVIEW.value == rebuild_status(dossier).value
    event = Event.objects.get(kind=EventKind.PAPER_SPLIT.value)
    assert (event.actor, event.before["pages"], event.after["parts"]) == ("odile", [1, 2, 3], [[1], [2], [3]])
    assert event.content.after["why"] == "trois factures"
    assert "F-2" not in str(event.after)  # what is printed stands where it can be erased


def test_later_corrections_count_by_the_new_papers_and_all_is_undone_in_turn(piece):
    before = papers(piece)
    split(piece, paper(1, 2), paper(3, number="F-3"))
    place = Place(piece.pk, 2)
    correct_field(
        ticket(piece.dossier_id), place, Correction(FieldName.DOCUMENT_NUMBER, "F-44"), RULES, at(702), TODAY
    )  # fmt: skip
    assert papers(piece)[2].value_of(FieldName.DOCUMENT_NUMBER) == "F-44"
    merged = paper(3, 4, number="F-44")
    merge_papers(ticket(piece.dossier_id), place, Place(piece.pk, 1), merged, RULES, at(703), TODAY)
    assert papers(piece) == (paper(1, 2), merged)
    for left in (3, 3, 2):
        undo_correction(ticket(piece.dossier_id), RULES, at(704), TODAY)
        assert len(papers(piece)) == left
    assert papers(piece) == before
    assert undo_correction(ticket(piece.dossier_id), RULES, at(705), TODAY) is None


def test_a_stale_page_or_a_lost_lease_writes_nothing(piece):
    shown = ticket(piece.dossier_id)
    correct_type(shown, Place(piece.pk, 0), DocumentType.ORDONNANCE, RULES, at(701), TODAY)
    with pytest.raises(StalePageError):
        split(piece, paper(1), paper(2, 3), shown=shown)
    with pytest.raises(StalePageError):
        merge_papers(
            shown, Place(piece.pk, 0), Place(piece.pk, 1), paper(1, 2, 3, 4), RULES, at(702), TODAY
        )  # fmt: skip
    lost = ticket(piece.dossier_id)
    Dossier.objects.filter(pk=piece.dossier_id).update(lease_token=None)
    with pytest.raises(LeaseLostError):
        split(piece, paper(1), paper(2, 3), shown=lost)
    assert not Event.objects.filter(kind__in=("paper_split", "papers_merged")).exists()


def test_parts_are_the_pages_of_the_paper(piece):
    for parts in ((paper(1, 2, 3),), (paper(1), paper(2)), (paper(1), paper(2, 3, 4))):
        with pytest.raises(RefusedActError):
            split(piece, *parts)
    for other, merged in ((0, paper(1, 2, 3)), (1, paper(1, 4)), (2, paper(1, 2, 3, 4))):
        with pytest.raises(RefusedActError):
            merge_papers(
                ticket(piece.dossier_id), Place(piece.pk, 0), Place(piece.pk, other), merged, RULES, at(702), TODAY
            )


def test_a_split_goes_where_its_file_goes_and_is_gone_with_what_was_erased(piece):
    split(piece, paper(1), paper(2, 3))
    source = Dossier.objects.get(pk=piece.dossier_id)
    target = make_dossier()
    Dossier.objects.filter(pk=target.pk).update(member=source.member)
    move_held_piece(ticket(source.pk), piece.pk, target.reference, "", at(710))
    piece.refresh_from_db()
    assert [one.pages for one in papers(piece)] == [(1,), (2, 3), (4,)]
    EventContent.objects.filter(event__piece=piece).delete()
    assert [one.pages for one in papers(piece)] == [(1, 2, 3), (4,)]
