"""Papers that change their dossier, and papers that came without a request."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers import decide
from schemas.errors import KeyConflictError, LeaseLostError, RefusedActError, UnattachedError
from schemas.readings import FieldValue, Source
from schemas.rules import load_rules
from schemas.statuses import Door, DossierStatus, EventKind, PieceState
from schemas.vocabulary import ClaimType, DecisionKind, FieldName
from storage.amending import standing_corrections
from storage.assembling import UNATTACHED, guess_dossiers, open_unattached, place_papers, settle_papers
from storage.events import rebuild_status
from storage.holding import Ticket, hold_dossier, read_version
from storage.intake import receive_piece
from storage.models import Dossier, Event, Piece
from storage.moving import move_held_piece
from storage.reviewing import Correction, Place, change_claim_type, correct_field
from storage.work import claim_dossiers, claim_pieces, load_dossier, save_decision, save_reading
from tests.storage.build import (
    LEASE,
    NOW,
    SETTLE,
    add_piece,
    at,
    make_decision,
    make_dossier,
    make_member,
    make_reading,
)

RULES = load_rules()
LATER = at(600)
SENT = at(300)


def read_all(now=NOW, **fields):
    """Read every waiting paper as an invoice of an optician for Amélie Nôtre."""
    for claimed in claim_pieces("reader", 50, now, LEASE):
        reading = make_reading(claimed, number=f"F-{claimed.name}")
        document = reading.documents[0]
        values = {FieldName.PATIENT_NAME: "Amélie NÔTRE", **{FieldName(name): said for name, said in fields.items()}}
        read = {
            name: FieldValue(value=said, confidence=0.99, source=Source.TESSERACT, page=1)
            for name, said in values.items()
            if said is not None
        }
        document = document.model_copy(update={"fields": {**document.fields, **read}})
        reading = reading.model_copy(update={"documents": (document,)})
        save_reading(claimed, reading, worker="reader", seconds=0.1, now=now, settle=SETTLE)


def decide_all(now, kind=DecisionKind.TO_REVIEW):
    """Decide whatever is ready, a member's earlier dossiers before the later ones."""
    while ready := claim_dossiers("w", 50, now, LEASE):
        for claimed in ready:
            if claimed.unattached:
                placement = place_papers(claimed.id, RULES, now.date())
                settle_papers(claimed, placement, RULES, worker="w", now=now)
            else:
                save_decision(claimed, make_decision(claimed.reference, kind), worker="w", now=now)


def in_hand(dossier, now=LATER):
    hold = hold_dossier(dossier.pk, 7, now)
    return Ticket(dossier.pk, hold.token, read_version(dossier.pk), 7, "odile", "Odile")


def status_of(dossier):
    dossier.refresh_from_db()
    assert rebuild_status(dossier) is DossierStatus(dossier.status)
    return DossierStatus(dossier.status)


@pytest.fixture
def two(database, folder_store):
    """Two dossiers of one member that wait for a person, the first with two papers."""
    first, second = make_dossier(), make_dossier(now=at(60))
    for dossier in (first, first, second):
        add_piece(dossier, folder_store)
    read_all()
    decide_all(at(120))
    return first, second


def test_a_moved_paper_is_in_one_dossier_and_both_are_decided_again(two):
    first, second = two
    piece = first.pieces.first()
    target = move_held_piece(in_hand(first), piece.pk, f" {second.reference.lower()} ", "autre patient", LATER)
    assert target.pk == second.pk
    assert (first.pieces.count(), second.pieces.count()) == (1, 2)
    assert (status_of(first), status_of(second)) == (DossierStatus.RECEIVED, DossierStatus.RECEIVED)
    left = Event.objects.get(kind=EventKind.PIECE_LEFT.value)
    assert (left.dossier, left.piece, left.actor, left.after["dossier"]) == (first, piece, "odile", second.reference)
    assert left.content.after["why"] == "autre patient"
    decide_all(at(700))
    assert (first.decisions.count(), second.decisions.count()) == (2, 2)
    assert str(piece.pk) in load_dossier(second.pk, RULES).dossier.claim.files


def test_a_dossier_without_papers_is_closed(two):
    first, second = two
    move_held_piece(in_hand(second), second.pieces.get().pk, first.reference, "", LATER)
    assert status_of(second) is DossierStatus.JOINED
    assert (second.settled_after, second.priority, second.due) == (None, None, None)
    with pytest.raises(RefusedActError, match="closed"):
        move_held_piece(in_hand_after(first), first.pieces.first().pk, second.reference, "", at(900))


def in_hand_after(dossier):
    decide_all(at(800))
    return in_hand(dossier, at(850))


def test_what_people_said_of_a_paper_goes_with_it(two):
    first, second = two
    piece = first.pieces.first()
    correction = Correction(FieldName.DOCUMENT_NUMBER, "FA-77", "FA-77")
    correct_field(in_hand(first), Place(piece.pk, 0), correction, RULES, LATER, LATER.date())
    move_held_piece(in_hand(first), piece.pk, second.reference, "", LATER)
    second = Dossier.objects.get(pk=second.pk)
    [carried] = standing_corrections(second)
    assert (carried.actor, carried.content.after["value"]) == ("odile", "FA-77")
    readings = load_dossier(second.pk, RULES).dossier.readings
    moved = next(reading for reading in readings if reading.id == str(piece.pk))
    assert moved.documents[0].value_of(FieldName.DOCUMENT_NUMBER) == "FA-77"


def test_whoever_holds_the_other_dossier_loses_it(two):
    first, second = two
    theirs = hold_dossier(second.pk, 8, LATER)
    stale = Ticket(second.pk, theirs.token, read_version(second.pk), 8, "basile", "Basile")
    move_held_piece(in_hand(first), first.pieces.first().pk, second.reference, "", LATER)
    with pytest.raises(LeaseLostError):
        move_held_piece(stale, second.pieces.first().pk, first.reference, "", LATER)


@pytest.mark.parametrize(
    ("reference", "says"), [("2026-RIEN-0000", "no such dossier"), ("self", "same"), ("other", "somebody else")]
)
def test_a_paper_goes_nowhere_it_cannot_be(two, reference, says):
    first, _ = two
    stranger = make_dossier(member=make_member("M-2"))
    named = {"self": first.reference, "other": stranger.reference}.get(reference, reference)
    with pytest.raises(RefusedActError, match=says) as caught:
        move_held_piece(in_hand(first), first.pieces.first().pk, named, "", LATER)
    assert caught.value.message_fr
    with pytest.raises(RefusedActError, match="no such paper"):
        move_held_piece(in_hand(first), uuid.uuid4(), two[1].reference, "", LATER)
    assert first.pieces.count() == 2


def test_a_paper_that_is_not_read_yet_stays(two, folder_store):
    first, second = two
    Piece.objects.filter(dossier=first).update(state=PieceState.RECEIVED.value)
    with pytest.raises(RefusedActError, match="not read"):
        move_held_piece(in_hand(first), first.pieces.first().pk, second.reference, "", LATER)


class TestWithoutRequest:
    """Papers of the mail room."""

    def drop(self, store, *, number=None, reference="COURRIER-1", now=SENT, names=("a.jpg",)):
        dossier = open_unattached(reference, number, now.date(), now=now, actor="folder")
        for name in names:
            data = f"{reference}/{name}".encode()
            receive_piece(dossier, data, name, Door.FOLDER, f"{reference}/{name}", now, store=store, settle=SETTLE)
        return dossier

    def test_they_join_the_open_dossier_that_they_belong_to(self, database, folder_store):
        request = make_dossier()
        add_piece(request, folder_store)
        read_all()
        decide_all(at(120))
        papers = self.drop(folder_store, number="M-1")
        read_all(at(300), member_number="M-1")
        decide_all(at(400))
        assert status_of(papers) is DossierStatus.JOINED
        assert request.pieces.count() == 2
        assert request.decisions.count() == 2
        joined = Event.objects.get(kind=EventKind.PIECE_JOINED.value)
        assert (joined.dossier, joined.actor, joined.after["dossier"]) == (request, "w", "COURRIER-1")

    def test_the_number_on_the_paper_finds_the_member(self, database, folder_store):
        request = make_dossier()
        papers = self.drop(folder_store)
        read_all(at(300), member_number="M-1")
        decide_all(at(400))
        assert status_of(papers) is DossierStatus.JOINED
        assert request.pieces.count() == 1

    def test_what_fits_two_alike_goes_to_a_person_with_both(self, database, folder_store):
        one, other = make_dossier(), make_dossier(now=at(60))
        papers = self.drop(folder_store, number="M-1")
        read_all(at(300))
        decide_all(at(400))
        assert status_of(papers) is DossierStatus.TO_REVIEW
        assert papers.queue == RULES.assembly.queue
        assert papers.decisions.get().reasons == [UNATTACHED]
        [guesses] = guess_dossiers(papers, RULES, at(400).date()).values()
        assert {guess.claim_id for guess in guesses} == {one.reference, other.reference}
        target = move_held_piece(in_hand(papers), papers.pieces.get().pk, one.reference, "", LATER)
        assert target.pk == one.pk
        assert status_of(papers) is DossierStatus.JOINED

    def test_the_days_of_care_choose_between_two_requests(self, database, folder_store):
        """Two requests of one patient that were asked for nothing: only their papers' care tells which one it is."""
        days = {"D-SPRING": date(2026, 4, 14), "D-AUTUMN": date(2026, 10, 6)}
        for reference, day in days.items():
            add_piece(make_dossier(reference), folder_store)
            read_all(care_dates=(day,))
        decide_all(at(120))
        papers = self.drop(folder_store)
        read_all(at(300), member_number="M-1", care_dates=(days["D-AUTUMN"],))
        [guesses] = guess_dossiers(papers, RULES, at(400).date()).values()
        assert [guess.claim_id for guess in guesses] == ["D-AUTUMN", "D-SPRING"]
        decide_all(at(400))
        assert status_of(papers) is DossierStatus.JOINED
        assert Dossier.objects.get(reference="D-AUTUMN").pieces.count() == 2

    def test_placing_takes_as_many_queries_among_many_requests(self, database, folder_store):
        make_dossier()
        papers = self.drop(folder_store, number="M-1")
        counts = []
        for _ in range(3):
            add_piece(make_dossier(), folder_store)
            read_all(at(300))
            with CaptureQueriesContext(connection) as captured:
                place_papers(papers.pk, RULES, NOW.date())
            counts.append(len(captured))
        papers.refresh_from_db()
        [guesses] = guess_dossiers(papers, RULES, NOW.date()).values()
        assert len(guesses) == 4
        assert len(set(counts)) == 1

    def test_each_paper_goes_its_own_way(self, database, folder_store):
        request = make_dossier()
        papers = self.drop(folder_store, number="M-1", names=("a.jpg", "b.jpg"))
        [first, second] = claim_pieces("reader", 2, at(300), LEASE)
        for claimed, who in ((first, "Amélie NÔTRE"), (second, "Sébastien DUROC")):
            reading = make_reading(claimed)
            name = FieldValue(value=who, confidence=0.99, source=Source.TESSERACT, page=1)
            document = reading.documents[0]
            document = document.model_copy(
                update={"fields": {FieldName.PATIENT_NAME: name, FieldName.MEMBER_NUMBER: name.model_copy(
                    update={"value": "M-1"})}}
            )  # fmt: skip
            reading = reading.model_copy(update={"documents": (document,)})
            save_reading(claimed, reading, worker="r", seconds=0.1, now=at(300), settle=SETTLE)
        decide_all(at(400))
        assert request.pieces.get().pk == first.id
        assert papers.pieces.get().pk == second.id
        assert status_of(papers) is DossierStatus.TO_REVIEW
        assert papers.decisions.get().reasons == [UNATTACHED]

    def test_a_closed_dossier_takes_nothing_by_itself(self, database, folder_store):
        request = make_dossier()
        add_piece(request, folder_store)
        read_all()
        decide_all(at(120), DecisionKind.COMPLETE)
        papers = self.drop(folder_store, number="M-1")
        read_all(at(300), member_number="M-1")
        decide_all(at(400))
        assert status_of(papers) is DossierStatus.TO_REVIEW
        assert status_of(request) is DossierStatus.COMPLETE

    def test_a_dossier_closed_meanwhile_takes_nothing(self, database, folder_store):
        request = make_dossier()
        papers = self.drop(folder_store, number="M-1")
        read_all(at(300), member_number="M-1")
        claimed = next(one for one in claim_dossiers("w", 9, at(400), LEASE) if one.unattached)
        placement = place_papers(claimed.id, RULES, NOW.date())
        assert set(placement.targets.values()) == {request.pk}
        Dossier.objects.filter(pk=request.pk).update(status=DossierStatus.REFUSED.value)
        assert settle_papers(claimed, placement, RULES, worker="w", now=at(401)) is not None
        assert papers.pieces.count() == 1

    def test_a_lost_lease_moves_nothing(self, database, folder_store):
        request = make_dossier()
        papers = self.drop(folder_store, number="M-1")
        read_all(at(300), member_number="M-1")
        claimed = next(one for one in claim_dossiers("w", 9, at(400), LEASE) if one.unattached)
        placement = place_papers(claimed.id, RULES, NOW.date())
        assert claim_dossiers("w2", 9, at(400) + LEASE + timedelta(seconds=1), LEASE)
        with pytest.raises(LeaseLostError):
            settle_papers(claimed, placement, RULES, worker="w", now=at(500))
        assert (papers.pieces.count(), request.pieces.count()) == (1, 0)

    def test_nothing_is_decided_on_them_until_somebody_says_of_what_care(self, database, folder_store):
        papers = self.drop(folder_store)
        read_all(at(300))
        decide_all(at(400))
        with pytest.raises(UnattachedError):
            load_dossier(papers.pk, RULES)
        place, ticket = Place(papers.pieces.get().pk, 0), in_hand(papers)
        correction = Correction(FieldName.DOCUMENT_NUMBER, "FA-77")
        with pytest.raises(RefusedActError):
            correct_field(ticket, place, correction, RULES, LATER, LATER.date())
        change_claim_type(in_hand(papers), ClaimType.OPTIQUE, RULES, LATER, LATER.date())
        loaded = load_dossier(papers.pk, RULES)
        assert decide(loaded.dossier, RULES, loaded.history, today=LATER.date()).id == papers.reference

    def test_the_same_drop_twice_is_one_and_a_request_is_not_overwritten(self, database, folder_store):
        papers = self.drop(folder_store)
        again = open_unattached("COURRIER-1", None, NOW.date(), now=LATER)
        assert again.pk == papers.pk
        request = make_dossier()
        with pytest.raises(KeyConflictError):
            open_unattached(request.reference, None, NOW.date(), now=LATER)
